package mailfrom.app;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mailfrom.app.Ses.Operation;

/**
 * The pace of calls to SES: before each call a slot of (account, Region, operation) is taken in the
 * table, shared by both functions and all their processes.
 */
public final class Pace {
  private static final Duration SET_GAP = Duration.ofMillis(1100);
  private static final Duration READ_GAP = Duration.ofMillis(1010);

  /** Who wakes later than this after its slot drops it: another may be about to call. */
  private static final Duration TOO_LATE = Duration.ofMillis(100);

  private static final Duration SLOW_FOR = Duration.ofMinutes(1);

  private final SlotTable slots;
  private final MachineClock clock;
  private final double share;

  /**
   * Makes a pace.
   *
   * @param share the part of SES's pace that is ours: above 0, at most 1. Above 1 only where the
   *     SES is not the real one
   */
  public Pace(SlotTable slots, MachineClock clock, double share) {
    this.slots = slots;
    this.clock = clock;
    this.share = share;
  }

  /** The time between two calls of an operation. */
  public Duration gap(Operation operation) {
    Duration gap = operation == Operation.SET_MAIL_FROM ? SET_GAP : READ_GAP;
    return Duration.ofNanos(Math.round(gap.toNanos() / share));
  }

  /**
   * Takes a slot and waits for it.
   *
   * @return when the call may be made: now; empty when no slot was free within {@code maxWait}
   */
  public Optional<Instant> take(String region, Operation operation, Duration maxWait) {
    Instant last = clock.now().plus(maxWait);
    while (true) {
      Instant now = clock.now();
      Duration left = Duration.between(now, last);
      Optional<Instant> slot =
          slots.reserve(
              region, operation, now, gap(operation), left.isNegative() ? Duration.ZERO : left);
      if (slot.isEmpty()) {
        return Optional.empty();
      }
      try {
        clock.sleepUntil(slot.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      Instant woke = clock.now();
      if (!woke.isAfter(slot.get().plus(TOO_LATE))) {
        return Optional.of(woke);
      }
      if (woke.isAfter(last)) {
        return Optional.empty();
      }
    }
  }

  /** SES said Throttling: the operation's gap doubles for a minute. */
  public void throttled(String region, Operation operation) {
    slots.slowDown(region, operation, clock.now().plus(SLOW_FOR));
  }
}
