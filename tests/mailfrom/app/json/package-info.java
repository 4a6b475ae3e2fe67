/** Tests of the JSON that others read. */
@NullMarked
package mailfrom.app.json;

import org.jspecify.annotations.NullMarked;
