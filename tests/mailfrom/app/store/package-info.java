@NullMarked
package mailfrom.app.store;

import org.jspecify.annotations.NullMarked;
