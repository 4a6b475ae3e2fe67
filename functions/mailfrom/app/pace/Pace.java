package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The pace of calls to SES: before each call a slot of (account, Region, operation) is taken in the
 * table, shared by both functions and all their processes.
 */
public final class Pace {
  private static final Duration SET_GAP = Duration.ofMillis(1100);
  private static final Duration READ_GAP = Duration.ofMillis(1010);

  /** SES takes one call a second of an operation. */
  private static final Duration SES_GAP = Duration.ofSeconds(1);

  private static final Duration LATE_AT_MOST = Duration.ofMillis(100);

  /**
   * A slot that is free now has already aged by the table's answer time, so at least this much
   * lateness is allowed.
   */
  private static final Duration LATE_AT_LEAST = Duration.ofMillis(50);

  private static final Duration SLOW_FOR = Duration.ofMinutes(1);

  private final SlotStore slots;
  private final MachineClock clock;
  private final double share;

  /**
   * Makes a pace.
   *
   * @param share the part of SES's pace that is ours: above 0, at most 1. Above 1 only where the
   *     SES is not the real one
   */
  public Pace(SlotStore slots, MachineClock clock, double share) {
    this.slots = slots;
    this.clock = clock;
    this.share = share;
  }

  /** The time between two calls of an operation. */
  public Duration gap(SesOperation operation) {
    Duration gap = operation == SesOperation.SET_MAIL_FROM ? SET_GAP : READ_GAP;
    return Duration.ofNanos(Math.round(gap.toNanos() / share));
  }

  /**
   * Takes a slot and waits for it.
   *
   * @return the slot, which has begun; empty when the deadline is over before one is free
   * @throws Interrupted when the work of this thread is ended meanwhile
   */
  public Optional<Slot> take(String region, SesOperation operation, Deadline deadline) {
    while (!deadline.isOver()) {
      Instant now = clock.now();
      Optional<Instant> reserved =
          slots.reserve(region, operation, now, gap(operation), deadline.left());
      if (reserved.isEmpty()) {
        return Optional.empty();
      }
      Slot slot = new Slot(reserved.get(), reserved.get().plus(tooLate(operation)));
      clock.sleepUntil(slot.from());
      if (!slot.isOver(clock.now())) {
        return Optional.of(slot);
      }
      if (slot.from().isAfter(now)) {
        // It was waited for and slept through. One that was late at once would be late again: a
        // table that is slow to answer has to be given time.
        slots.giveBack(region, operation, slot.from(), gap(operation));
      }
    }
    return Optional.empty();
  }

  /**
   * How late a call may leave and still use its slot; later, another may be about to. Half of what
   * our gap has more than SES's own: the other half is for the way to SES, which differs from call
   * to call.
   */
  private Duration tooLate(SesOperation operation) {
    Duration half = gap(operation).minus(SES_GAP).dividedBy(2);
    return Collections.max(List.of(LATE_AT_LEAST, Collections.min(List.of(LATE_AT_MOST, half))));
  }

  /** SES said Throttling: the operation's gap doubles for a minute. */
  public void throttled(String region, SesOperation operation) {
    slots.slowDown(region, operation, clock.now().plus(SLOW_FOR));
  }
}
