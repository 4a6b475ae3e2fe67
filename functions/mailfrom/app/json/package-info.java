/**
 * Writes the JSON that others read: one writer, and the parts of an identity that answers and
 * notices share.
 */
@NullMarked
package mailfrom.app.json;

import org.jspecify.annotations.NullMarked;
