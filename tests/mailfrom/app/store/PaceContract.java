package mailfrom.app.store;

import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for the slots, turns and leases of each table. */
public interface PaceContract {
  Duration GAP = Duration.ofMillis(1100);

  SlotStore slots();

  LeaseStore leases();

  /** The time of leases. */
  LocalClock time();

  private Optional<Instant> reserve(Instant now, Duration maxWait) {
    return slots().reserve(REGION, SesOperation.SET_MAIL_FROM, now, GAP, maxWait);
  }

  @Test
  default void aFreeSlotIsNow() {
    assertEquals(Optional.of(T0), reserve(T0, Duration.ZERO));
    assertEquals(Optional.of(T0.plus(GAP)), reserve(T0.plus(GAP), Duration.ZERO));
    assertEquals(Optional.of(T0.plusSeconds(60)), reserve(T0.plusSeconds(60), Duration.ZERO));
  }

  @Test
  default void operationsAndRegionsHaveSlotsOfTheirOwn() {
    assertEquals(Optional.of(T0), reserve(T0, Duration.ZERO));
    assertEquals(
        Optional.of(T0),
        slots().reserve(REGION, SesOperation.GET_MAIL_FROM, T0, GAP, Duration.ZERO));
    assertEquals(
        Optional.of(T0),
        slots().reserve("eu-west-1", SesOperation.SET_MAIL_FROM, T0, GAP, Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PT2.2S,   PT2.2S
          PT2.201S, PT2.2S
          PT2.199S,
          PT0S,
          """)
  default void whoCannotWaitLongEnoughReservesNothing(Duration maxWait, @Nullable Duration slot) {
    reserve(T0, Duration.ZERO);
    assertEquals(Optional.of(T0.plus(GAP)), reserve(T0, Duration.ofSeconds(2)));
    assertEquals(
        Optional.ofNullable(slot).map(T0::plus), reserve(T0, maxWait), "the third in the queue");
    Duration next = slot == null ? GAP.multipliedBy(2) : GAP.multipliedBy(3);
    assertEquals(Optional.of(T0.plus(next)), reserve(T0, Duration.ofMinutes(1)));
  }

  @Test
  default void aSlotThatIsGivenBackIsFreeForWhoComesNext() {
    reserve(T0, Duration.ZERO);
    Instant second = reserve(T0, Duration.ofSeconds(2)).orElseThrow();
    slots().giveBack(REGION, SesOperation.SET_MAIL_FROM, second, GAP);
    Instant late = second.plusMillis(300);
    assertEquals(Optional.of(late), reserve(late, Duration.ZERO));
    assertEquals(Optional.of(late.plus(GAP)), reserve(late, Duration.ofSeconds(2)));
  }

  @Test
  default void aSlotIsNotGivenBackWhileSomebodyWaitsForALaterOne() {
    reserve(T0, Duration.ZERO);
    Instant second = reserve(T0, Duration.ofSeconds(2)).orElseThrow();
    Instant third = reserve(T0, Duration.ofSeconds(3)).orElseThrow();
    slots().giveBack(REGION, SesOperation.SET_MAIL_FROM, second, GAP);
    Instant late = second.plusMillis(300);
    assertEquals(Optional.of(third.plus(GAP)), reserve(late, Duration.ofSeconds(9)));
  }

  @Test
  default void theSlotOfASlowOperationIsNotGivenBack() {
    slots().slowDown(REGION, SesOperation.SET_MAIL_FROM, T0.plusSeconds(60));
    reserve(T0, Duration.ZERO);
    slots().giveBack(REGION, SesOperation.SET_MAIL_FROM, T0, GAP);
    assertEquals(Optional.of(T0.plus(GAP.multipliedBy(2))), reserve(T0, Duration.ofSeconds(9)));
  }

  @Test
  default void throttlingDoublesTheGapForAWhile() {
    slots().slowDown(REGION, SesOperation.SET_MAIL_FROM, T0.plusSeconds(60));
    Duration wait = Duration.ofMinutes(1);
    assertEquals(Optional.of(T0), reserve(T0, wait));
    assertEquals(Optional.of(T0.plus(GAP.multipliedBy(2))), reserve(T0, wait));
    Instant last = T0.plusSeconds(60).minusMillis(1);
    assertEquals(Optional.of(last), reserve(last, Duration.ZERO));
    Instant over = T0.plusSeconds(60);
    assertEquals(Optional.of(last.plus(GAP.multipliedBy(2))), reserve(over, wait));
    assertEquals(Optional.of(last.plus(GAP.multipliedBy(3))), reserve(over, wait));
  }

  @Test
  default void fiftyAtOnceGetSlotsAtLeastAGapApart() {
    ConcurrentLinkedQueue<Instant> got = new ConcurrentLinkedQueue<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 50)
          .forEach(
              i ->
                  threads.execute(() -> got.add(reserve(T0, Duration.ofMinutes(2)).orElseThrow())));
    }
    List<Instant> sorted = got.stream().sorted().toList();
    assertEquals(50, sorted.size());
    for (int i = 1; i < sorted.size(); i++) {
      assertFalse(
          Duration.between(sorted.get(i - 1), sorted.get(i)).compareTo(GAP) < 0,
          "two slots too close: " + sorted);
    }
  }

  private SlotStore.Reservation turn(
      String id, Instant now, Duration maxWait, @Nullable String full) {
    return slots().reserveTurn(REGION, SesOperation.GET_MAIL_FROM, now, GAP, maxWait, id, full);
  }

  private static List<IdentityName> names(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> IdentityName.of("d%03d.example".formatted(i)))
        .toList();
  }

  @Test
  default void ofThoseWhoWaitOneReservesAndTheOthersAreToldOfItsTurn() {
    Duration wait = Duration.ofSeconds(10);
    assertEquals(new SlotStore.Reservation.Made(T0), turn("", T0, Duration.ZERO, null));
    assertEquals(
        new SlotStore.Reservation.Full(T0.plus(GAP)),
        turn("", T0, Duration.ZERO, null),
        "a slot that was free at once is nobody's turn to join");
    Instant at = T0.plus(GAP);
    assertEquals(new SlotStore.Reservation.Made(at), turn("first", T0, wait, null));
    SlotStore.Turn first = new SlotStore.Turn("first", at);
    assertEquals(new SlotStore.Reservation.Open(first), turn("second", T0, wait, null));
    assertEquals(new SlotStore.Reservation.Open(first), turn("second", T0, wait, "another"));
    Instant next = at.plus(GAP);
    assertEquals(new SlotStore.Reservation.Made(next), turn("second", T0, wait, "first"));
    assertEquals(
        new SlotStore.Reservation.Open(new SlotStore.Turn("second", next)),
        turn("third", at, wait, "first"));
    assertEquals(next.plus(GAP), slots().free(REGION, SesOperation.GET_MAIL_FROM));
    assertEquals(
        new SlotStore.Reservation.Made(next.plus(GAP)),
        turn("third", next, wait, null),
        "a turn that has begun can be joined no more");
  }

  @Test
  default void fiftyAtOnceMakeOneTurn() {
    turn("", T0, Duration.ZERO, null);
    ConcurrentLinkedQueue<SlotStore.Reservation> got = new ConcurrentLinkedQueue<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 50)
          .forEach(
              i -> threads.execute(() -> got.add(turn("t" + i, T0, Duration.ofMinutes(2), null))));
    }
    assertEquals(1, got.stream().filter(one -> one instanceof SlotStore.Reservation.Made).count());
    assertEquals(
        1,
        got.stream().filter(one -> one instanceof SlotStore.Reservation.Open).distinct().count(),
        "all are told of the same");
  }

  @Test
  default void whoJoinedATurnBeforeItWasClosedIsAmongItsNamesAndNobodyElse() {
    String turn = slots().open(names(0, 1));
    assertTrue(slots().join(turn, names(0, 60)));
    assertFalse(slots().join(turn, names(60, 101)), "one call takes a hundred");
    assertTrue(slots().join(turn, names(60, 100)));
    assertFalse(slots().join(turn, names(100, 101)));
    assertEquals(Set.copyOf(names(0, 100)), Set.copyOf(slots().close(turn)));
    assertFalse(slots().join(turn, names(0, 1)));
    assertFalse(slots().join("nobody's", names(0, 1)));
    assertEquals(Set.copyOf(names(0, 100)), Set.copyOf(slots().close(turn)));
  }

  @Test
  default void whatATurnsCallGaveIsKeptForThoseWhoJoined() {
    String turn = slots().open(names(0, 1));
    assertEquals(Optional.empty(), slots().answer(turn, BatchStore.Request.class));
    slots().close(turn);
    BatchStore.Request answer = new BatchStore.Request("key", "content");
    slots().answer(turn, answer);
    assertEquals(Optional.of(answer), slots().answer(turn, BatchStore.Request.class));
    assertEquals(Optional.empty(), slots().answer("nobody's", BatchStore.Request.class));
  }

  @Test
  default void aLeaseHasOneHolderUntilItsEnd() {
    Duration minute = Duration.ofSeconds(60);
    assertTrue(leases().hold("read", "a", minute));
    assertFalse(leases().hold("read", "b", minute));
    assertTrue(leases().hold("apply", "b", minute), "another name");
    time().advance(Duration.ofSeconds(59));
    assertFalse(leases().hold("read", "b", minute));
    time().advance(Duration.ofSeconds(1));
    assertTrue(leases().hold("read", "b", minute));
    assertFalse(leases().hold("read", "a", minute));
  }

  @Test
  default void aRenewedLeaseGoesOn() {
    assertTrue(leases().hold("read", "a", Duration.ofSeconds(60)));
    time().advance(Duration.ofSeconds(20));
    assertTrue(leases().hold("read", "a", Duration.ofSeconds(60)));
    time().advance(Duration.ofSeconds(59));
    assertFalse(leases().hold("read", "b", Duration.ofSeconds(60)));
  }

  @Test
  default void onlyItsHolderReleasesALease() {
    assertTrue(leases().hold("read", "a", Duration.ofSeconds(60)));
    leases().release("read", "b");
    assertFalse(leases().hold("read", "b", Duration.ofSeconds(60)));
    leases().release("read", "a");
    leases().release("read", "a");
    assertTrue(leases().hold("read", "b", Duration.ofSeconds(60)));
  }
}
