@NullMarked
package mailfrom.app.advice;

import org.jspecify.annotations.NullMarked;
