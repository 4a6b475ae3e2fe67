@NullMarked
package mailfrom.app.tell;

import org.jspecify.annotations.NullMarked;
