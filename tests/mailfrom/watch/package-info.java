/** The schedules' door, tested. */
@NullMarked
package mailfrom.watch;

import org.jspecify.annotations.NullMarked;
