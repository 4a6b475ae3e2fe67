@NullMarked
package mailfrom.app.read;

import org.jspecify.annotations.NullMarked;
