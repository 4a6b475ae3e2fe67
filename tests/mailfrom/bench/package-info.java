/** Measurements: programs that print figures, run by {@code tests/bench}. */
@NullMarked
package mailfrom.bench;

import org.jspecify.annotations.NullMarked;
