package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import mailfrom.domain.name.IdentityName;

/**
 * The pace of calls to SES: before each call a slot of (account, Region, operation) is taken in the
 * table, shared by both functions and all their processes.
 */
public final class Pace {
  private static final Duration SET_GAP = Duration.ofMillis(1100);
  private static final Duration READ_GAP = Duration.ofMillis(1010);

  /** Where each call may be of another process, which knows not how late the one before left. */
  private static final Duration READ_GAP_AMONG_MANY = Duration.ofMillis(1100);

  /** SES takes one call a second of an operation. */
  private static final Duration SES_GAP = Duration.ofSeconds(1);

  /** Of two calls that took equally long one may have been longer on the way there. */
  private static final Duration WAYS_DIFFER = Duration.ofMillis(20);

  private static final Duration LATE_AT_MOST = Duration.ofMillis(100);

  /**
   * A slot that is free now has already aged by the table's answer time, so at least this much
   * lateness is allowed.
   */
  private static final Duration LATE_AT_LEAST = Duration.ofMillis(50);

  private static final Duration SLOW_FOR = Duration.ofMinutes(1);

  /** Time to write down who is in a turn: what comes later waits for the next one. */
  private static final Duration CLOSED_BEFORE = Duration.ofMillis(150);

  /** Whoever leads a turn and has not told in this time what it gave is taken for dead. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(3);

  /** How long a call takes, about: before, nobody looks for its answer. */
  private static final Duration CALL = Duration.ofMillis(200);

  /** A table that takes longer to answer has to be given a whole gap. */
  private static final Duration TABLE_TAKES_AT_MOST = Duration.ofMillis(500);

  private final SlotStore slots;
  private final MachineClock clock;
  private final double share;
  private final Duration readGap;
  private final Map<String, Course> courses = new ConcurrentHashMap<>();

  /** How long the table took lately: a slot that is free now is taken so much later. */
  private volatile Duration tableTakes = Duration.ZERO;

  /**
   * How the calls of an operation went.
   *
   * @param calls so many so far
   * @param shortest the least time from the begin of a slot to the end of its call
   * @param notBefore when the next call may begin
   */
  private record Course(int calls, Duration shortest, Instant notBefore) {
    /** The first calls of a process are long for what they load: none of them is a short one. */
    private static final int FIRST_CALLS = 10;

    static final Course NONE = new Course(0, Duration.ofDays(1), Instant.MIN);

    Course after(Slot slot, Duration took) {
      Duration least = Collections.min(List.of(shortest, took));
      Duration late = calls < FIRST_CALLS ? took : took.minus(least);
      return new Course(calls + 1, least, slot.from().plus(SES_GAP).plus(WAYS_DIFFER).plus(late));
    }
  }

  /**
   * Makes a pace.
   *
   * @param share the part of SES's pace that is ours: above 0, at most 1. Above 1 only where the
   *     SES is not the real one
   */
  public Pace(SlotStore slots, MachineClock clock, double share) {
    this(slots, clock, share, READ_GAP);
  }

  private Pace(SlotStore slots, MachineClock clock, double share, Duration readGap) {
    this.slots = slots;
    this.clock = clock;
    this.share = share;
    this.readGap = readGap;
  }

  /** The pace of a process among many that read at once: its reads keep the gap of a Set. */
  public Pace amongMany() {
    return new Pace(slots, clock, share, READ_GAP_AMONG_MANY);
  }

  /** The time between two calls of an operation. */
  private Duration gap(SesOperation operation) {
    Duration gap = operation == SesOperation.SET_MAIL_FROM ? SET_GAP : readGap;
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
      Instant earliest = earliest(region, operation, now);
      if (earliest.isAfter(deadline.at())) {
        return Optional.empty();
      }
      Duration gap = gap(operation);
      Optional<Instant> reserved =
          slots.reserve(
              region, operation, earliest, gap, Duration.between(earliest, deadline.at()));
      if (reserved.isEmpty()) {
        return Optional.empty();
      }
      Slot slot = slot(reserved.get(), gap);
      if (isInTime(region, operation, slot, now, earliest)) {
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }

  /** When the next call may begin, once the table has answered. */
  private Instant earliest(String region, SesOperation operation, Instant now) {
    Instant notBefore = courses.getOrDefault(courseOf(region, operation), Course.NONE).notBefore();
    return Collections.max(List.of(answered(now), notBefore));
  }

  /** When the table will have answered who asks now. */
  private Instant answered(Instant now) {
    return now.plus(Collections.min(List.of(tableTakes, TABLE_TAKES_AT_MOST)));
  }

  /**
   * Waits for a slot that was reserved.
   *
   * @param asked when the table was asked for it
   * @param earliest the slot that is free at once
   * @return false when it was over before: then it was given back, unless the table needs so long
   *     that the next one would be late again. That one has to be given time.
   */
  private boolean isInTime(
      String region, SesOperation operation, Slot slot, Instant asked, Instant earliest) {
    tableTakes = Duration.between(asked, clock.now());
    boolean isGivenBack =
        slot.from().isAfter(earliest) || tableTakes.compareTo(TABLE_TAKES_AT_MOST) < 0;
    return waitFor(region, operation, slot, isGivenBack);
  }

  private static String courseOf(String region, SesOperation operation) {
    return region + " " + operation;
  }

  /**
   * A call in a slot has ended. What it took longer than the shortest one may have passed before it
   * came to SES: the next one leaves so much later that they come a second apart all the same.
   */
  public void ended(String region, SesOperation operation, Slot slot) {
    Duration took = Duration.between(slot.from(), clock.now());
    courses.compute(
        courseOf(region, operation),
        (_, course) -> (course == null ? Course.NONE : course).after(slot, took));
  }

  /** Takes a slot that is free now; empty when others wait, or one has to be waited for. */
  public Optional<Slot> takeNow(String region, SesOperation operation) {
    Instant now = clock.now();
    Instant answered = answered(now);
    if (earliest(region, operation, now).isAfter(answered)) {
      return Optional.empty();
    }
    Duration gap = gap(operation);
    return slots
        .reserve(region, operation, answered, gap, Duration.ZERO)
        .map(from -> slot(from, gap))
        .filter(slot -> isInTime(region, operation, slot, now, answered));
  }

  private static Slot slot(Instant from, Duration gap) {
    return new Slot(from, from.plus(tooLate(gap)), gap);
  }

  /** Waits for a slot; false when it was slept through. */
  private boolean waitFor(String region, SesOperation operation, Slot slot, boolean isGivenBack) {
    clock.sleepUntil(slot.from());
    boolean inTime = !slot.isOver(clock.now());
    if (!inTime && isGivenBack) {
      missed(region, operation, slot);
    }
    return inTime;
  }

  /** No call was made in a slot: while nobody has a later one, it is given back. */
  public void missed(String region, SesOperation operation, Slot slot) {
    slots.giveBack(region, operation, slot.from(), slot.gap());
  }

  /** How long it is until the next turn of an operation. */
  public Duration untilFree(String region, SesOperation operation) {
    Duration wait = Duration.between(clock.now(), slots.free(region, operation));
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** Where somebody stands who waits for an operation together with others. */
  public sealed interface Place {
    /** The slot is free now, and nobody else waits. */
    record Alone(Slot slot) implements Place {}

    /** Who reserved the turn asks for all who joined it. */
    record Leads(SlotStore.Turn turn) implements Place {}

    /** Somebody else asks. */
    record Joined(SlotStore.Turn turn) implements Place {}

    /** No turn comes before the deadline. */
    record TooLate() implements Place {}
  }

  /** Takes a place among those who wait for an operation: of them, one asks for all. */
  public Place line(
      String region, SesOperation operation, List<IdentityName> names, Deadline deadline) {
    Duration gap = gap(operation);
    String mine = null;
    String full = null;
    while (!deadline.isOver()) {
      Instant now = clock.now();
      Instant earliest = earliest(region, operation, now);
      if (earliest.isAfter(deadline.at())) {
        return new Place.TooLate();
      }
      // Nothing is reserved for later before there is a turn that others can join.
      Duration wait = mine == null ? Duration.ZERO : Duration.between(earliest, deadline.at());
      switch (slots.reserveTurn(
          region, operation, earliest, gap, wait, mine == null ? "" : mine, full)) {
        case SlotStore.Reservation.Made(Instant at) -> {
          if (mine != null && at.isAfter(earliest)) {
            return new Place.Leads(new SlotStore.Turn(mine, at));
          }
          Slot slot = slot(at, gap);
          if (isInTime(region, operation, slot, now, earliest)) {
            return new Place.Alone(slot);
          }
        }
        case SlotStore.Reservation.Open(SlotStore.Turn turn) -> {
          if (turn.at().isAfter(deadline.at())) {
            return new Place.TooLate();
          }
          if (slots.join(turn.id(), names)) {
            return new Place.Joined(turn);
          }
          full = turn.id();
        }
        case SlotStore.Reservation.Full(Instant free) -> {
          if (mine != null || free.isAfter(deadline.at())) {
            return new Place.TooLate();
          }
          mine = slots.open(names);
        }
      }
    }
    return new Place.TooLate();
  }

  /**
   * Waits for the turn that one leads, and ends the joining just before it.
   *
   * @param asksFor takes the names of all, before the slot begins
   * @return the slot; empty when it was slept through
   */
  public Optional<Slot> lead(
      String region,
      SesOperation operation,
      SlotStore.Turn turn,
      Consumer<List<IdentityName>> asksFor) {
    clock.sleepUntil(turn.at().minus(CLOSED_BEFORE));
    asksFor.accept(slots.close(turn.id()));
    Slot slot = slot(turn.at(), gap(operation));
    return waitFor(region, operation, slot, true) ? Optional.of(slot) : Optional.empty();
  }

  /** Tells those who joined a turn what its call gave. */
  public void answer(SlotStore.Turn turn, Record answer) {
    slots.answer(turn.id(), answer);
  }

  /**
   * Waits for what the call of a turn gives.
   *
   * @return empty when who leads it died, or takes too long, or the deadline is over
   */
  public <T extends Record> Optional<T> await(
      SlotStore.Turn turn, Class<T> type, Deadline deadline) {
    Instant last = turn.at().plus(ANSWERED_WITHIN);
    Duration pause = CALL;
    clock.sleepUntil(deadline.atLatest(turn.at().plus(CALL)));
    while (true) {
      Optional<T> answer = slots.answer(turn.id(), type);
      Instant now = clock.now();
      if (answer.isPresent() || deadline.isOver() || now.isAfter(last)) {
        return answer;
      }
      clock.sleepUntil(deadline.atLatest(now.plus(pause)));
      // Where the answer is late, the table is asked less often by all who wait.
      pause = pause.multipliedBy(2);
    }
  }

  /**
   * How late a call may leave and still use its slot; later, another may be about to. Half of what
   * our gap has more than SES's own: the other half is for the way to SES, which differs from call
   * to call.
   */
  private static Duration tooLate(Duration gap) {
    Duration half = gap.minus(SES_GAP).dividedBy(2);
    return Collections.max(List.of(LATE_AT_LEAST, Collections.min(List.of(LATE_AT_MOST, half))));
  }

  /** SES said Throttling: the operation's gap doubles for a minute. */
  public void throttled(String region, SesOperation operation) {
    slots.slowDown(region, operation, clock.now().plus(SLOW_FOR));
  }
}
