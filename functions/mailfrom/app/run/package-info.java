/** The jobs of the schedules and of the queue: read, apply, and what an event calls for. */
@NullMarked
package mailfrom.app.run;

import org.jspecify.annotations.NullMarked;
