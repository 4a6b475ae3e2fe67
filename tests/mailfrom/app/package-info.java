/** Tests of the use cases. */
@NullMarked
package mailfrom.app;

import org.jspecify.annotations.NullMarked;
