@NullMarked
package mailfrom.app;

import org.jspecify.annotations.NullMarked;
