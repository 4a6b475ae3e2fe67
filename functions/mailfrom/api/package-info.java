/** The HTTP door: routes, JSON, and the one switch from outcomes to HTTP. */
@NullMarked
package mailfrom.api;

import org.jspecify.annotations.NullMarked;
