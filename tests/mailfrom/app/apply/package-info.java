@NullMarked
package mailfrom.app.apply;

import org.jspecify.annotations.NullMarked;
