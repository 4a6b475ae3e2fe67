package mailfrom.app;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The pace of a run's writes to the table, over all Regions: at most 250 a second. */
final class WritePace {
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(4);

  private final MachineClock clock;
  private final AtomicLong next = new AtomicLong();

  WritePace(MachineClock clock) {
    this.clock = clock;
  }

  /** Waits until the next row may be written. */
  void await() {
    long now = nanos(clock.now());
    long slot = next.getAndUpdate(free -> Math.max(free, now) + BETWEEN_WRITES.toNanos());
    try {
      clock.sleepUntil(Instant.ofEpochSecond(0, Math.max(slot, now)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long nanos(Instant instant) {
    return Duration.between(Instant.EPOCH, instant).toNanos();
  }
}
