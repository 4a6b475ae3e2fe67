@NullMarked
package mailfrom.app.text;

import org.jspecify.annotations.NullMarked;
