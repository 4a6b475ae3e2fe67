/** What the HTTP API does for one identity and for the fleet. */
@NullMarked
package mailfrom.app.settings;

import org.jspecify.annotations.NullMarked;
