@NullMarked
package mailfrom.app.pace;

import org.jspecify.annotations.NullMarked;
