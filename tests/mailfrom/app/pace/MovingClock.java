package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import mailfrom.local.LocalClock;

/** A machine's clock on which who waits moves the time, so that nobody waits. */
public final class MovingClock implements MachineClock {
  private final LocalClock time;

  public MovingClock(LocalClock time) {
    this.time = time;
  }

  @Override
  public Instant now() {
    return time.instant();
  }

  @Override
  public void sleepUntil(Instant instant) {
    Duration left = Duration.between(time.instant(), instant);
    if (left.isPositive()) {
      time.advance(left);
    }
  }

  /** Nanoseconds since 1970, for what measures a pace. */
  public long nanos() {
    return Duration.between(Instant.EPOCH, now()).toNanos();
  }
}
