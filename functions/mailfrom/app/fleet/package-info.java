/** The fleet as it is listed and counted: whom an identity needs, what it can be found by. */
@NullMarked
package mailfrom.app.fleet;

import org.jspecify.annotations.NullMarked;
