/** The use cases, and the ports that they need. */
@NullMarked
package mailfrom.app;

import org.jspecify.annotations.NullMarked;
