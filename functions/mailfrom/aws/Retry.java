package mailfrom.aws;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import mailfrom.app.pace.MachineClock;

/**
 * Trying again when somebody else wrote a row in between: at once at first, then after pauses that
 * grow and differ from writer to writer, and twenty times at most.
 *
 * @param jitter what part of a pause is kept, from 0 to 1, another one each time
 */
public record Retry(MachineClock clock, DoubleSupplier jitter) {
  /** Of this many writers of one row that begin together, the last one gets through. */
  static final int TRIES = 20;

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(320);

  /** The tries of one change, of which the first has begun. */
  Tries of(String row) {
    return new Tries(row);
  }

  /** How often a change was tried. */
  final class Tries {
    private final String row;
    private int tries = 1;
    private Duration pause = Duration.ZERO;

    private Tries(String row) {
      this.row = row;
    }

    /**
     * Begins the next try, after its pause.
     *
     * @throws IllegalStateException when there were too many
     * @throws mailfrom.app.pace.Interrupted when the work of this thread is ended meanwhile
     */
    void again() {
      if (tries++ == TRIES) {
        throw new IllegalStateException("others kept writing the row of " + row);
      }
      clock.sleepUntil(clock.now().plusNanos(Math.round(pause.toNanos() * jitter.getAsDouble())));
      pause = pause.isZero() ? PAUSE : pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }
}
