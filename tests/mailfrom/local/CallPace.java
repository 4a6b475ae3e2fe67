package mailfrom.local;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The pace that SES allows: one call a second, an operation and Region. */
final class CallPace {
  private final LongSupplier nanoTime;
  private int factor = 1;

  CallPace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes the slot of a call when it is free: only a call that got through counts. */
  boolean allows(SesRegion region, String operation, boolean isShared) {
    long now = nanoTime.getAsLong();
    String budget = isShared ? LocalSes.ALL_OPERATIONS : operation;
    Long last = region.lastCalls.get(budget);
    if (last != null && now - last < Duration.ofSeconds(1).toNanos() / factor) {
      return false;
    }
    region.lastCalls.put(LocalSes.ALL_OPERATIONS, now);
    region.lastCalls.put(operation, now);
    return true;
  }

  /** Allows so many calls a second. */
  void speedUp(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("the pace is divided by 1 or more, not by " + times);
    }
    factor = times;
  }
}
