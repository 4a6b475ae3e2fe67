@NullMarked
package mailfrom.app.settings;

import org.jspecify.annotations.NullMarked;
