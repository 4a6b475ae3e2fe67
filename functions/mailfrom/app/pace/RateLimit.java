package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;

/** A rate within this process: whoever comes too early waits for a turn of its own. */
public final class RateLimit {
  private final MachineClock clock;
  private final Duration gap;
  private Instant free = Instant.EPOCH;

  /**
   * Makes one.
   *
   * @param gap the time from one turn to the next
   */
  public RateLimit(MachineClock clock, Duration gap) {
    this.clock = clock;
    this.gap = gap;
  }

  /**
   * Waits for the next turn.
   *
   * @throws Interrupted when the work of this thread is ended meanwhile
   */
  public void await() {
    clock.sleepUntil(turn());
  }

  private synchronized Instant turn() {
    Instant now = clock.now();
    Instant turn = now.isBefore(free) ? free : now;
    free = turn.plus(gap);
    return turn;
  }
}
