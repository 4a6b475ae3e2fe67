/** The door of the dashboard: the function page, which draws the fleet for people. */
@NullMarked
package mailfrom.page;

import org.jspecify.annotations.NullMarked;
