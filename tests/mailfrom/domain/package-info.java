/** The domain's rules as tables, with both sides of each boundary. */
@NullMarked
package mailfrom.domain;

import org.jspecify.annotations.NullMarked;
