/**
 * One identity as a whole: all that is kept of it, and the step from one state of it to the next.
 */
@NullMarked
package mailfrom.domain.identity;

import org.jspecify.annotations.NullMarked;
