/** Measurements: programs that print figures, run by {@code mvn -q -Pbench -Dbench=...}. */
@NullMarked
package mailfrom.bench;

import org.jspecify.annotations.NullMarked;
