/** Tests of the page. */
@NullMarked
package mailfrom.page;

import org.jspecify.annotations.NullMarked;
