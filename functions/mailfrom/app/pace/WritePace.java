package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The pace of a run's writes to the table, over all Regions: at most 250 a second. */
public final class WritePace {
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(4);

  private final MachineClock clock;
  private final AtomicLong next;
  private final @Nullable Lease lease;

  public WritePace(MachineClock clock) {
    this(clock, new AtomicLong(), null);
  }

  private WritePace(MachineClock clock, AtomicLong next, @Nullable Lease lease) {
    this.clock = clock;
    this.next = next;
    this.lease = lease;
  }

  /** The same pace, for a part of the run that holds a lease: its writes may take longer. */
  public WritePace under(Lease held) {
    return new WritePace(clock, next, held);
  }

  /** Waits until the next row may be written. */
  public void await() {
    long now = nanos(clock.now());
    long slot = next.getAndUpdate(free -> Math.max(free, now) + BETWEEN_WRITES.toNanos());
    try {
      clock.sleepUntil(Instant.ofEpochSecond(0, Math.max(slot, now)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (lease != null) {
      // Lost to somebody else or not: each row is written under its own condition.
      boolean _ = lease.keep();
    }
  }

  private static long nanos(Instant instant) {
    return Duration.between(Instant.EPOCH, instant).toNanos();
  }
}
