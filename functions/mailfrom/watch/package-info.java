/** The schedules' door: the function watch. */
@NullMarked
package mailfrom.watch;

import org.jspecify.annotations.NullMarked;
