package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * Until when somebody waits for an answer, by the machine's clock. It is handed down to all that
 * waits or calls on the way: what would come after it is cut, what was accepted is not.
 */
public record Deadline(MachineClock clock, Instant at) {

  /** So long from now on. */
  public static Deadline in(MachineClock clock, Duration time) {
    return new Deadline(clock, clock.now().plus(time));
  }

  /** What is left of it; nothing when it is over. */
  public Duration left() {
    Duration left = Duration.between(clock.now(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** So much of it, or what is left. */
  public Duration atMost(Duration time) {
    Duration left = left();
    return left.compareTo(time) < 0 ? left : time;
  }

  public boolean isOver() {
    return !clock.now().isBefore(at);
  }

  /** So much later. */
  public Deadline plus(Duration time) {
    return new Deadline(clock, at.plus(time));
  }

  /** This instant, or its end when that comes first. */
  public Instant atLatest(Instant instant) {
    return instant.isBefore(at) ? instant : at;
  }

  /** The earlier of this one and so long from now on. */
  public Deadline orIn(Duration time) {
    Instant other = clock.now().plus(time);
    return other.isBefore(at) ? new Deadline(clock, other) : this;
  }
}
