@NullMarked
package mailfrom.app.batch;

import org.jspecify.annotations.NullMarked;
