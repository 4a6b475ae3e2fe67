package mailfrom.app.read;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the runs look at once in a while: each name in a run at a time of its own, so that each run
 * has its part of all. Nothing is kept for it.
 */
final class Rotation {
  private final Duration every;
  private final @Nullable Instant last;
  private final Instant now;

  /**
   * Makes one for a run.
   *
   * @param last the time of the run before; null: there was none, and it is nobody's turn
   * @param now the time of the run's event
   */
  Rotation(Duration every, @Nullable Instant last, Instant now) {
    this.every = every;
    this.last = last;
    this.now = now;
  }

  /** Whether a name's time lies between the run before and this one. */
  boolean isTurnOf(String name) {
    return last != null && round(name, last) != round(name, now);
  }

  private long round(String name, Instant at) {
    return Math.floorDiv(at.getEpochSecond() + name.hashCode(), every.toSeconds());
  }
}
