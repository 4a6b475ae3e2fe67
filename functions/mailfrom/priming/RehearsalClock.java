package mailfrom.priming;

import java.time.Duration;
import java.time.Instant;
import mailfrom.app.pace.MachineClock;

/**
 * The clock of a rehearsal. It stands still while a request is answered, however long its classes
 * take to load: no slot is missed, and nothing is waited for.
 */
final class RehearsalClock implements MachineClock {
  private volatile Instant now = Instant.EPOCH;

  /** The next request comes later: a row refuses older observations. */
  Instant next() {
    now = now.plus(Duration.ofMinutes(1));
    return now;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void sleepUntil(Instant instant) {
    if (instant.isAfter(now)) {
      now = instant;
    }
  }
}
