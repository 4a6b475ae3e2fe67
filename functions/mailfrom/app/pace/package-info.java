/** When and by whom something may be done: SES's slots, leases, rates, and tasks side by side. */
@NullMarked
package mailfrom.app.pace;

import org.jspecify.annotations.NullMarked;
