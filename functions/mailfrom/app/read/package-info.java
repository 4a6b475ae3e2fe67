/** Asking SES and the DNS: a Region at once, or some identities by name. */
@NullMarked
package mailfrom.app.read;

import org.jspecify.annotations.NullMarked;
