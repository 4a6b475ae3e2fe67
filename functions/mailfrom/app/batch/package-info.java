/** Up to 10,000 items at once: taking them in, checking them, handing them over, following them. */
@NullMarked
package mailfrom.app.batch;

import org.jspecify.annotations.NullMarked;
