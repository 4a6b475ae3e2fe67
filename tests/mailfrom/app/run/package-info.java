@NullMarked
package mailfrom.app.run;

import org.jspecify.annotations.NullMarked;
