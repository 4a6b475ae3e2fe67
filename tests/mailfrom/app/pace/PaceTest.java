package mailfrom.app.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final String REGION = "us-east-1";
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final LocalClock time = new LocalClock(InstantSource.fixed(START));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # share, operation,        gap in ms, late by at most
          1,       SET_MAIL_FROM,    1100,      50
          0.9,     SET_MAIL_FROM,    1222,      100
          0.5,     SET_MAIL_FROM,    2200,      100
          1,       GET_MAIL_FROM,    1010,      50
          0.9,     GET_MAIL_FROM,    1122,      61
          0.5,     GET_MAIL_FROM,    2020,      100
          """)
  void aSlotLastsHalfOfWhatTheGapHasMoreThanSesOwn(
      double share, SesOperation operation, long gap, long late) {
    Pace pace = new Pace(new InMemorySlotStore(), new MovingClock(time), share);

    Slot first = pace.take(REGION, operation, in(WAIT)).orElseThrow();
    Slot second = pace.take(REGION, operation, in(WAIT)).orElseThrow();

    assertEquals(START, first.from());
    assertEquals(late, Duration.between(first.from(), first.until()).toMillis());
    assertEquals(gap, Duration.between(first.from(), second.from()).toMillis());
  }

  @ParameterizedTest
  @CsvSource({"100, 0", "101, 101"})
  void whoWakesTooLateTakesAnotherSlot(long late, long slotAt) {
    Pace pace = new Pace(new InMemorySlotStore(), new Waking(time, late, 0), 0.9);

    Slot slot = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();

    assertEquals(slotAt, Duration.between(START, slot.from()).toMillis());
  }

  @ParameterizedTest
  @CsvSource({"100, 1222", "101, 1323", "500, 1722"})
  void whoSleepsThroughASlotThatNobodyFollowsHasTheNextAtOnce(long late, long slotAt) {
    Pace pace = new Pace(new InMemorySlotStore(), new Waking(time, 0, late, 0), 0.9);
    pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT));

    Slot slot = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();

    assertEquals(slotAt, Duration.between(START, slot.from()).toMillis());
    Slot next = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();
    assertEquals(1222, Duration.between(slot.from(), next.from()).toMillis());
  }

  private Deadline in(Duration time) {
    return Deadline.in(new MovingClock(this.time), time);
  }

  /** A slot that is free is taken for when the table will have answered, as it did before. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # the table takes in ms, slot at, the next one
          0,                       0,       1222
          100,                     0,       1222
          101,                     202,     1424
          400,                     800,     2022
          # No slot is free so long after the question: it waits for the next, which it can.
          600,                     1222,    2444
          """)
  void aTableThatIsSlowToAnswerCostsNoMoreThanItsOwnTime(long takes, long slotAt, long nextAt) {
    Pace pace = new Pace(new SlowToAnswer(time, takes), new MovingClock(time), 0.9);

    Slot slot = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();

    assertEquals(slotAt, Duration.between(START, slot.from()).toMillis());
    Slot next = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();
    assertEquals(nextAt, Duration.between(START, next.from()).toMillis());
  }

  @Test
  void aSlowTableTakesNobodysTurn() {
    Pace pace = new Pace(new SlowToAnswer(time, 200), new MovingClock(time), 0.9);

    assertEquals(400, Duration.between(START, alone(pace).from()).toMillis());
  }

  /** Of two processes neither knows how late the other's call left: they keep a Set's gap. */
  @ParameterizedTest
  @CsvSource({"1, 1100, 50", "0.9, 1222, 100", "0.5, 2200, 100"})
  void readsOfProcessesAmongManyAreFurtherApart(double share, long gap, long late) {
    InMemorySlotStore slots = new InMemorySlotStore();

    Slot first = alone(new Pace(slots, new MovingClock(time), share).amongMany());
    Pace other = new Pace(slots, new MovingClock(time), share).amongMany();
    Pace.Place place = line(other, WAIT);

    assertEquals(late, Duration.between(first.from(), first.until()).toMillis());
    SlotStore.Turn turn = assertInstanceOf(Pace.Place.Leads.class, place).turn();
    assertEquals(gap, Duration.between(first.from(), turn.at()).toMillis());
    Slot led = other.lead(REGION, SesOperation.GET_MAIL_FROM, turn, _ -> {}).orElseThrow();
    assertEquals(turn.at(), led.from());
    assertEquals(late, Duration.between(led.from(), led.until()).toMillis());
    other.missed(REGION, SesOperation.GET_MAIL_FROM, led);
    assertEquals(led.from(), slots.free(REGION, SesOperation.GET_MAIL_FROM), "given back whole");
    assertEquals(
        led.from(), other.take(REGION, SesOperation.GET_MAIL_FROM, in(WAIT)).orElseThrow().from());
    assertEquals(
        led.from().plusMillis(gap), slots.free(REGION, SesOperation.GET_MAIL_FROM), "a second try");
  }

  @Test
  void whoSharesReadsComesASecondAfterItsOwnLateOne() {
    Pace pace = new Pace(new InMemorySlotStore(), new MovingClock(time), 0.9);
    Slot slot = alone(pace);
    time.advance(Duration.ofMillis(500));
    pace.ended(REGION, SesOperation.GET_MAIL_FROM, slot);

    assertInstanceOf(Pace.Place.TooLate.class, line(pace, Duration.ofMillis(1019)));
    assertEquals(1520, Duration.between(slot.from(), alone(pace).from()).toMillis());
  }

  private Slot alone(Pace pace) {
    return assertInstanceOf(Pace.Place.Alone.class, line(pace, WAIT)).slot();
  }

  private Pace.Place line(Pace pace, Duration time) {
    return pace.line(
        REGION, SesOperation.GET_MAIL_FROM, List.of(IdentityName.of("shop.example")), in(time));
  }

  @Test
  void whatIsFreeNowIsFreeForWhoAsksASlowTableAgain() {
    Pace pace = new Pace(new SlowToAnswer(time, 200), new MovingClock(time), 0.9);

    assertEquals(Optional.empty(), pace.takeNow(REGION, SesOperation.SET_MAIL_FROM));
    Slot slot = pace.takeNow(REGION, SesOperation.SET_MAIL_FROM).orElseThrow();

    assertEquals(400, Duration.between(START, slot.from()).toMillis());
  }

  @Test
  void whatHasToBeWaitedForIsNotFreeNow() {
    Pace pace = new Pace(new InMemorySlotStore(), new MovingClock(time), 0.9);
    call(pace, 3000);

    assertEquals(Optional.empty(), pace.takeNow(REGION, SesOperation.GET_MAIL_FROM));
  }

  /**
   * A call that took long may have come late to SES, which counts from then; the first of a process
   * are no measure of what is long.
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # calls before, each of ms, then one of ms, and the next slot comes after ms
          0,              0,          102,            1122
          0,              0,          200,            1220
          9,              300,        310,            1330
          10,             300,        310,            1122
          10,             300,        402,            1122
          10,             300,        450,            1170
          10,             20,         500,            1500
          """)
  void theNextCallComesASecondAfterOneThatMayHaveBeenLate(
      int before, long each, long took, long next) {
    Pace pace = new Pace(new InMemorySlotStore(), new MovingClock(time), 0.9);
    for (int i = 0; i < before; i++) {
      call(pace, each);
    }
    Slot slot = call(pace, took);

    Slot after = pace.take(REGION, SesOperation.GET_MAIL_FROM, in(WAIT)).orElseThrow();

    assertEquals(next, Duration.between(slot.from(), after.from()).toMillis());
  }

  private Slot call(Pace pace, long took) {
    Slot slot = pace.take(REGION, SesOperation.GET_MAIL_FROM, in(WAIT)).orElseThrow();
    time.advance(Duration.ofMillis(took));
    pace.ended(REGION, SesOperation.GET_MAIL_FROM, slot);
    return slot;
  }

  @Test
  void whatCanNotComeBeforeTheDeadlineIsNotReserved() {
    InMemorySlotStore slots = new InMemorySlotStore();
    Pace pace = new Pace(slots, new MovingClock(time), 0.9);
    call(pace, 3000);

    assertEquals(
        Optional.empty(),
        pace.take(REGION, SesOperation.GET_MAIL_FROM, in(Duration.ofMillis(999))));
    assertEquals(START.plusMillis(1122), slots.free(REGION, SesOperation.GET_MAIL_FROM));
  }

  @Test
  void whoIsLateTwiceHasTheNextAtOnceToo() {
    Pace pace = new Pace(new InMemorySlotStore(), new Waking(time, 0, 500, 500, 0), 0.9);
    pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT));

    Slot slot = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow();

    assertEquals(1722 + 500, Duration.between(START, slot.from()).toMillis());
  }

  @Test
  void whoWaitsForAnothersAnswerDoesNotOversleepItsDeadline() {
    MovingClock clock = new MovingClock(time);
    Pace pace = new Pace(new InMemorySlotStore(), clock, 1);
    for (int millis : List.of(50, 1000, 2000)) {
      SlotStore.Turn turn = new SlotStore.Turn("of one who died", time.instant());
      Deadline deadline = in(Duration.ofMillis(millis));

      assertEquals(Optional.empty(), pace.await(turn, Answer.class, deadline));
      assertEquals(deadline.at(), time.instant());
    }
  }

  private record Answer() {}

  @Test
  void withoutASlotInTimeNothingIsReserved() {
    InMemorySlotStore slots = new InMemorySlotStore();
    Pace pace = new Pace(slots, new MovingClock(time), 1);
    pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT));

    assertEquals(
        Optional.empty(),
        pace.take(REGION, SesOperation.SET_MAIL_FROM, in(Duration.ofMillis(1099))));
    Slot next =
        pace.take(REGION, SesOperation.SET_MAIL_FROM, in(Duration.ofMillis(1100))).orElseThrow();

    assertEquals(START.plusMillis(1100), next.from());
  }

  @Test
  void aThrottledOperationTakesTwiceTheGapForAMinute() {
    Pace pace = new Pace(new InMemorySlotStore(), new MovingClock(time), 1);
    pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT));
    pace.throttled(REGION, SesOperation.SET_MAIL_FROM);

    Instant slow = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow().from();
    Instant slower = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow().from();
    pace.take(REGION, SesOperation.GET_MAIL_FROM, in(WAIT));
    Instant read = pace.take(REGION, SesOperation.GET_MAIL_FROM, in(WAIT)).orElseThrow().from();
    time.advance(Duration.ofMinutes(1));
    Instant after = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow().from();
    Instant asBefore = pace.take(REGION, SesOperation.SET_MAIL_FROM, in(WAIT)).orElseThrow().from();

    assertEquals(Duration.ofMillis(2200), Duration.between(slow, slower));
    assertEquals(Duration.ofMillis(1010), Duration.between(slower, read));
    assertEquals(Duration.ofMillis(1100), Duration.between(after, asBefore));
  }

  /** A table that needs so long to reserve a slot. */
  private static final class SlowToAnswer extends ForwardingSlotStore {
    private final LocalClock time;
    private final Duration takes;

    SlowToAnswer(LocalClock time, long takes) {
      super(new InMemorySlotStore());
      this.time = time;
      this.takes = Duration.ofMillis(takes);
    }

    @Override
    public Optional<Instant> reserve(
        String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
      Optional<Instant> reserved = super.reserve(region, operation, now, gap, maxWait);
      answer();
      return reserved;
    }

    @Override
    public Reservation reserveTurn(
        String region,
        SesOperation operation,
        Instant now,
        Duration gap,
        Duration maxWait,
        String turn,
        @Nullable String full) {
      Reservation reserved = super.reserveTurn(region, operation, now, gap, maxWait, turn, full);
      answer();
      return reserved;
    }

    private void answer() {
      if (takes.isPositive()) {
        time.advance(takes);
      }
    }
  }

  /** Wakes late by so many milliseconds, one after the other; then in time. */
  private static final class Waking implements MachineClock {
    private final LocalClock time;
    private final Queue<Long> late;

    Waking(LocalClock time, long... late) {
      this.time = time;
      this.late = new ArrayDeque<>(Arrays.stream(late).boxed().toList());
    }

    @Override
    public Instant now() {
      return time.instant();
    }

    @Override
    public void sleepUntil(Instant instant) {
      Duration left = Duration.between(time.instant(), instant);
      Long by = late.poll();
      Duration slept = (left.isNegative() ? Duration.ZERO : left).plusMillis(by == null ? 0 : by);
      if (slept.isPositive()) {
        time.advance(slept);
      }
    }
  }
}
