package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.Ses;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.FaultPlan;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The read run. */
class ReadRunTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final World world = new World();

  private void fleet(int size) {
    for (int i = 0; i < size; i++) {
      world.healthy(name(i));
    }
  }

  private static String name(int i) {
    return "x%04d.example".formatted(i);
  }

  private List<Integer> batches(String operation) {
    return world.ses.calls(operation).stream().map(call -> call.identities()).toList();
  }

  @Test
  void everyPageIsListedAndAHundredAreReadACall() {
    fleet(1150);
    RunReport.RegionReadReport read = world.read(Duration.ofHours(1));
    assertEquals(1150, read.read());
    assertTrue(read.complete());
    assertEquals(2, world.ses.calls("ListIdentities").size());
    List<Integer> batches = batches("GetIdentityMailFromDomainAttributes");
    assertEquals(12, batches.size());
    assertEquals(List.of(100, 50), batches.subList(10, 12));
  }

  @Test
  void onlyChangedRowsAreWritten() {
    fleet(30);
    world.read();
    world.read();
    world.identities.saved.clear();
    assertEquals(0, world.read().stored());
    assertEquals(List.of(), world.identities.saved);
    world.mx(name(7), Mx.NONE);
    assertEquals(1, world.read().stored());
    // The effect with what it owes, and then what was delivered.
    assertEquals(List.of(World.key(name(7)), World.key(name(7))), world.identities.saved);
  }

  @Test
  void aThrottledReadChangesNothing() {
    fleet(3);
    world.read();
    List<IdentityState> before = rows();
    world.mx(name(1), Mx.NONE);
    world.faults.add(
        FaultPlan.Service.SES,
        "GetIdentityMailFromDomainAttributes",
        FaultPlan.Kind.THROTTLING,
        1000);
    RunReport.RegionReadReport read = world.read(Duration.ofMinutes(2));
    assertFalse(read.complete());
    assertEquals(3, read.couldNotAsk());
    assertEquals(before, rows());
  }

  private List<IdentityState> rows() {
    try (Stream<IdentityState> rows = world.identities.ofRegion(World.REGION)) {
      return rows.sorted((a, b) -> a.key().name().compareTo(b.key().name())).toList();
    }
  }

  @Test
  void absentFromTwoCompleteListingsIsDeletedAndOneIsNot() {
    fleet(30);
    world.mx(name(3), Mx.NONE);
    world.read();
    world.ses.delete(World.REGION, name(3));
    world.read();
    assertEquals(1, world.row(name(3)).sesView().absences());
    assertEquals(List.of(), world.taken.reasons(name(3)));
    world.read();
    assertEquals(List.of("GONE"), world.taken.reasons(name(3)));
    world.read();
    assertEquals(List.of("GONE"), world.taken.reasons(name(3)));
  }

  @Test
  void anIdentityThatWasMissingOnceIsTheSame() {
    fleet(30);
    world.read();
    world.ses.delete(World.REGION, name(3));
    world.read();
    world.healthy(name(3));
    world.read();
    assertEquals(0, world.row(name(3)).sesView().absences());
    assertEquals(List.of(), world.taken.reasons(name(3)));
  }

  /** Two lists in a row have to lack it: one between them that has it counts, read or not. */
  @Test
  void whoIsListedAndNotAnsweredForBetweenTwoListsWithoutItIsNotDeleted() {
    fleet(30);
    world.read();
    for (int i = 0; i < 2; i++) {
      world.ses.leaveOut(World.REGION, "ListIdentities", name(3));
      world.ses.leaveOut(World.REGION, "GetIdentityMailFromDomainAttributes", name(3));
      world.read();
      world.ses.leaveOutNothing(World.REGION);
      world.ses.leaveOut(World.REGION, "GetIdentityMailFromDomainAttributes", name(3));
      world.read();
    }
    assertFalse(world.row(name(3)).isGone());
    assertEquals(List.of(), world.taken.reasons(name(3)));
  }

  /** No human has to say that it is meant, however many they are. */
  @ParameterizedTest
  @CsvSource({"11, 2", "20, 1", "100, 60", "200, 199"})
  void whoeverIsDeletedOnPurposeIsBelievedToBe(int fleet, int deleted) {
    fleet(fleet);
    world.read();
    for (int i = 0; i < deleted; i++) {
      world.ses.delete(World.REGION, name(i));
    }
    assertTrue(world.read().complete());
    assertFalse(world.row(name(0)).isGone(), "one listing is not enough");
    assertTrue(world.read().complete());
    for (int i = 0; i < deleted; i++) {
      assertTrue(world.row(name(i)).isGone());
    }
    assertFalse(world.row(name(fleet - 1)).isGone());
    assertEquals(List.of("BASELINE"), world.taken.reasons(""), "nobody was blind");
  }

  @Test
  void whoIsMissingFromTheListAndKnownByNameIsWatchedAndNamed() {
    fleet(30);
    world.read();
    world.ses.leaveOut(World.REGION, "ListIdentities", name(3));
    world.ses.leaveOut(World.REGION, "ListIdentities", name(4));
    world.mx(name(3), Mx.NONE);
    for (int i = 0; i < 3; i++) {
      assertTrue(world.read().complete());
    }
    assertFalse(world.row(name(3)).isGone());
    assertEquals(List.of("STARTED"), world.taken.reasons(name(3)));
    assertEquals(List.of("BASELINE", "MISSING"), world.taken.reasons(""));
    assertTrue(
        world.taken.alerts().stream()
            .anyMatch(alert -> alert.text().contains("\n     " + name(4))));
    world.ses.leaveOutNothing(World.REGION);
    world.read();
    assertNull(world.regions.find(World.REGION).notAsked().missing());
    assertEquals(List.of("BASELINE", "MISSING", "MISSING_OVER"), world.taken.reasons(""));
    assertTrue(world.taken.alerts().getLast().text().contains("\n     " + name(4)));
  }

  @Test
  void whoCannotBeWatchedIsNamedOnceAndItsEndIsTold() {
    fleet(3);
    world.ses.addAddress(World.REGION, "mia@", true);
    world.read();
    world.read();
    assertEquals(List.of("BASELINE", "MISSING"), world.taken.reasons(""));
    world.ses.delete(World.REGION, "mia@");
    world.read();
    world.read();
    assertEquals(List.of("BASELINE", "MISSING", "MISSING_OVER"), world.taken.reasons(""));
  }

  /** Two lists without it, and a read by name without anybody: that proves nothing. */
  @Test
  void theOnlyIdentityOfARegionIsNotBelievedToBeDeletedAtOnce() {
    fleet(1);
    world.read();
    world.ses.delete(World.REGION, name(0));
    for (int i = 0; i < 4; i++) {
      assertFalse(world.read().complete(), "nobody was read");
    }
    assertFalse(world.row(name(0)).isGone());
    assertEquals(List.of("BASELINE", "BLIND", "MISSING"), world.taken.reasons(""));
  }

  private void reads(int runs) {
    for (int i = 0; i < runs; i++) {
      world.read();
    }
  }

  @Test
  void theLastIdentityOfARegionIsDeletedAfterADayOfListsWithNobodyAndTwoReadsByName() {
    fleet(1);
    world.read();
    world.ses.delete(World.REGION, name(0));
    reads(97);
    assertFalse(world.row(name(0)).isGone());
    assertEquals(List.of(), world.taken.reasons(name(0)));
    assertTrue(world.read().complete(), "all that was known is known to be gone");
    assertTrue(world.row(name(0)).isGone());
    assertEquals(List.of("GONE"), world.taken.reasons(name(0)));
    assertEquals(
        List.of("BASELINE", "BLIND", "MISSING", "BLIND_OVER", "MISSING_OVER"),
        world.taken.reasons(""));
  }

  @Test
  void aReadByNameThatFailsProvesNothingHoweverLongTheListsHadNobody() {
    fleet(1);
    world.read();
    world.ses.delete(World.REGION, name(0));
    reads(97);
    for (int i = 0; i < 4; i++) {
      world.faults.add(
          FaultPlan.Service.SES,
          "GetIdentityMailFromDomainAttributes",
          FaultPlan.Kind.FAIL_BEFORE,
          3);
      world.read();
    }
    assertFalse(world.row(name(0)).isGone());
  }

  private void answersNobody() {
    for (int i = 0; i < 3; i++) {
      world.ses.leaveOut(World.REGION, "ListIdentities", name(i));
      world.ses.leaveOut(World.REGION, "GetIdentityMailFromDomainAttributes", name(i));
    }
  }

  /** That one name was missing for long says nothing about an answer that is empty now. */
  @Test
  void emptyAnswersAfterADayWithOneMissingNameDeleteNobody() {
    fleet(3);
    world.read();
    world.ses.leaveOut(World.REGION, "ListIdentities", name(0));
    reads(100);
    answersNobody();
    for (int i = 0; i < 3; i++) {
      assertFalse(world.read().complete());
    }
    for (int i = 0; i < 3; i++) {
      assertFalse(world.row(name(i)).isGone(), name(i));
      assertEquals(List.of(), world.taken.reasons(name(i)));
    }
    world.ses.leaveOutNothing(World.REGION);
    assertTrue(world.read().complete());
  }

  @Test
  void aListWithSomebodyEndsTheDayOfThoseWithNobody() {
    fleet(3);
    world.read();
    answersNobody();
    reads(90);
    world.ses.leaveOutNothing(World.REGION);
    world.ses.leaveOut(World.REGION, "ListIdentities", name(0));
    world.read();
    answersNobody();
    reads(50);
    for (int i = 0; i < 3; i++) {
      assertFalse(world.row(name(i)).isGone(), name(i));
    }
  }

  /** Nobody answers for one of thirty: the run is complete, and says nothing of that one. */
  @Test
  void whoIsMissingEverywhereWasNotReadByACompleteRun() {
    fleet(30);
    world.read();
    world.ses.leaveOut(World.REGION, "ListIdentities", name(3));
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return real instanceof Ses ses ? port.cast(new SilentAbout(ses, name(3))) : real;
          }
        };
    assertTrue(world.read().complete());
    assertTrue(world.row(name(3)).sesView().unanswered());
    assertFalse(world.row(name(4)).sesView().unanswered());
  }

  /** An SES that fails each call in which one identity is asked for. */
  private static final class SilentAbout extends ForwardingSes {
    private final IdentityName name;

    SilentAbout(Ses to, String name) {
      super(to);
      this.name = IdentityName.of(name);
    }

    @Override
    public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
      return names.contains(name)
          ? new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "500")
          : super.mailFrom(slot, region, names);
    }
  }

  @Test
  void fivePercentMissingAreDeleted() {
    fleet(100);
    world.read();
    for (int i = 0; i < 5; i++) {
      world.ses.delete(World.REGION, name(i));
    }
    world.read();
    world.read();
    assertEquals(2, world.row(name(0)).sesView().absences());
  }

  @Test
  void whoComesBackAfterADeletionGetsNoneOfTheOldSettings() {
    fleet(30);
    world.read();
    world.put(name(3), World.wants("bounce." + name(3), "UseDefaultValue", Activation.STAGED));
    assertTrue(world.row(name(3)).desiredState() != null);
    world.ses.delete(World.REGION, name(3));
    world.read();
    world.read();
    world.ses.addDomain(World.REGION, name(3), true);
    world.ses.forgetCalls();
    world.read();
    world.apply();
    assertNull(world.row(name(3)).desiredState());
    assertEquals(Effect.DEFAULT, world.row(name(3)).effectState().effect());
    assertEquals("none", world.live(name(3)));
    assertEquals(0, world.sets());
  }

  @Test
  void whoIsDeletedAndVerifiedAgainDuringARunGetsNoneOfTheOldSettings() {
    Interrupted table = new Interrupted();
    World meanwhile = new World(World.clock(), table);
    meanwhile.healthy(name(3));
    meanwhile.read();
    meanwhile.put(name(3), World.wants("bounce." + name(3), "UseDefaultValue", Activation.STAGED));
    meanwhile.ses.delete(World.REGION, name(3));
    meanwhile.ses.addDomain(World.REGION, name(3), true);
    // A delete event that waited in the queue is worked off while the run is about to store.
    table.next = row -> Evaluation.deleted(row, null, meanwhile.time.instant().minus(MOMENT), true);
    meanwhile.read();
    meanwhile.apply();
    assertNull(meanwhile.row(name(3)).desiredState());
    assertEquals(Effect.DEFAULT, meanwhile.row(name(3)).effectState().effect());
    assertEquals(0, meanwhile.row(name(3)).sesView().absences());
    assertEquals("none", meanwhile.live(name(3)));
    assertEquals(0, meanwhile.sets());
  }

  @Test
  void aDeletionAfterTheTimeOfARunIsNotUndoneByIt() {
    Interrupted table = new Interrupted();
    World meanwhile = new World(World.clock(), table);
    meanwhile.healthy(name(3));
    meanwhile.read();
    meanwhile.mx(name(3), Mx.NONE);
    table.next = row -> Evaluation.deleted(row, null, meanwhile.time.instant().plus(MOMENT), true);
    meanwhile.read();
    assertTrue(meanwhile.row(name(3)).isGone());
  }

  @Test
  void whatWasAskedForOneThatWasDeletedIsNotDoneToOneThatIsVerifiedAgain() {
    world.healthy(name(3));
    world.read();
    world.put(name(3), World.wants("mail." + name(3), "UseDefaultValue", Activation.WHEN_READY));
    IdentityState asked = world.row(name(3));
    world.identities.save(
        Evaluation.deleted(asked, null, world.time.instant(), true),
        List.of(),
        world.time.instant());
    world.dns.put("mail." + name(3), Mx.RIGHT);
    world.ses.delete(World.REGION, name(3));
    world.ses.addDomain(World.REGION, name(3), true);
    world.apply();
    assertEquals("none", world.live(name(3)));
    assertEquals(0, world.sets());
    assertEquals(List.of(), world.identities.queued(World.REGION));
  }

  /** A table in which somebody else changes a row just before it is written. */
  private static final class Interrupted extends ForwardingIdentityStore {
    private @Nullable UnaryOperator<IdentityState> next;

    Interrupted() {
      super(new InMemoryIdentityStore());
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      UnaryOperator<IdentityState> change = next;
      if (change != null) {
        next = null;
        find(state.key()).ifPresent(row -> super.save(change.apply(row), List.of(), null));
      }
      return super.save(state, history, queuedAt);
    }
  }

  /** A table that does something before each row is written. */
  private static final class Noticing extends ForwardingIdentityStore {
    private Runnable beforeSave = () -> {};

    Noticing() {
      super(new InMemoryIdentityStore());
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      beforeSave.run();
      return super.save(state, history, queuedAt);
    }
  }

  @Test
  void aRegionThatIsNotEnabledIsToldOnce() {
    world.ses.enabled(World.REGION, false);
    for (int i = 0; i < 4; i++) {
      world.read();
    }
    assertEquals(List.of("BLIND"), world.taken.reasons(""));
  }

  @Test
  void aRegionThatIsNotEnabledAnyMoreCouldBeAsked() {
    fleet(3);
    world.read();
    List<IdentityState> before = rows();
    world.ses.enabled(World.REGION, false);
    RunReport.RegionReadReport read = world.read();
    assertEquals(0, read.listed(), "nobody was listed");
    assertEquals(0, read.couldNotAsk());
    assertFalse(read.complete());
    assertEquals(before, rows());
  }

  @Test
  void theFirstReportCountsAsToldAndThenOnlyNewTroubleIs() {
    fleet(3);
    world.mx(name(0), Mx.NONE);
    world.read();
    assertEquals(List.of("BASELINE"), world.taken.reasons(""));
    assertEquals(1, world.taken.alerts().size());
    world.mx(name(1), Mx.NONE);
    world.read();
    world.read();
    assertEquals(List.of(), world.taken.reasons(name(0)));
    assertEquals(List.of("STARTED"), world.taken.reasons(name(1)));
    assertEquals(2, world.taken.alerts().size());
    world.mx(name(0), Mx.RIGHT);
    world.read();
    world.read();
    assertEquals(List.of("RECOVERED"), world.taken.reasons(name(0)));
  }

  @Test
  void whoRemovesTheSettingBehindOurBackCausesOneNotice() {
    fleet(3);
    world.read();
    world.ses.clearMailFrom(World.REGION, name(1));
    world.read();
    world.read();
    IdentityState row = world.row(name(1));
    assertEquals(Effect.FALLBACK, row.effectState().effect());
    assertEquals(Cause.REMOVED, row.effectState().cause());
    assertEquals(List.of("STARTED"), world.taken.reasons(name(1)));
  }

  @Test
  void theNextRunBeginsWhereTheLastOneStopped() {
    fleet(400);
    RunReport.RegionReadReport first = world.read(Duration.ofMillis(1500));
    assertFalse(first.complete());
    assertTrue(first.read() > 0 && first.read() < 400, "read " + first.read());
    String next = String.valueOf(world.regions.find(World.REGION).reading().readFirst());
    world.ses.forgetCalls();
    RunReport.RegionReadReport second = world.read();
    assertTrue(second.complete(), () -> String.valueOf(second));
    assertEquals(
        next, world.ses.calls("GetIdentityMailFromDomainAttributes").getFirst().identity());
    assertEquals(400, rows().size());
    assertNull(world.regions.find(World.REGION).reading().readFirst());
  }

  @Test
  void nobodyStarvesWhenEachRunIsShort() {
    fleet(1000);
    Set<String> read = new HashSet<>();
    int runs = 0;
    while (read.size() < 10 && runs < 20) {
      world.ses.forgetCalls();
      RunReport.RegionReadReport part = world.read(Duration.ofMillis(3500));
      runs++;
      assertTrue(part.read() >= 200, "read " + part.read());
      world.ses.calls("GetIdentityMailFromDomainAttributes").stream()
          .map(LocalSes.Call::identity)
          .forEach(read::add);
    }
    // Ten batches, two a run at least: nothing is read again before all were.
    assertTrue(runs <= 5, "runs " + runs);
    assertEquals(10, read.size());
  }

  @Test
  void aBatchThatSesCannotAnswerDoesNotComeFirstInEachRun() {
    fleet(300);
    world.read();
    world.faults.add(
        FaultPlan.Service.SES,
        "GetIdentityMailFromDomainAttributes",
        FaultPlan.Kind.FAIL_BEFORE,
        3);
    RunReport.RegionReadReport read = world.read();
    assertEquals(100, read.couldNotAsk());
    assertNull(world.regions.find(World.REGION).reading().readFirst());
  }

  @Test
  void whatWasReadIsStoredWhileTheRestIsRead() {
    List<Integer> readWhenStored = new ArrayList<>();
    Noticing table = new Noticing();
    World early = new World(World.clock(), table);
    table.beforeSave =
        () -> readWhenStored.add(early.ses.calls("GetIdentityMailFromDomainAttributes").size());
    for (int i = 0; i < 500; i++) {
      early.healthy(name(i));
    }
    early.read();
    for (int i = 0; i < 500; i++) {
      early.mx(name(i), Mx.NONE);
    }
    readWhenStored.clear();
    assertEquals(500, early.identities.saved.size());
    early.ses.forgetCalls();
    early.read();
    assertEquals(5, early.ses.calls("GetIdentityMailFromDomainAttributes").size());
    assertFalse(readWhenStored.isEmpty());
    assertTrue(
        readWhenStored.getFirst() < 5, () -> "first stored after " + readWhenStored.getFirst());
  }

  @Test
  void aRunThatAnotherOneOverlapsIsSkipped() {
    fleet(1);
    assertTrue(world.leases.hold(World.REGION + "#read", "another", Duration.ofHours(1)));
    assertTrue(world.read().skipped());
    assertEquals(0, world.ses.callCount());
  }

  @Test
  void theLeaseIsKeptWhileRowsAreStoredHoweverLongThatTakes() {
    List<Boolean> taken = new ArrayList<>();
    Noticing table = new Noticing();
    World slow = new World(World.clock(), table);
    table.beforeSave =
        () -> {
          slow.time.advance(Duration.ofSeconds(5));
          taken.add(slow.leases.hold(World.REGION + "#read", "another", MOMENT));
        };
    for (int i = 0; i < 30; i++) {
      slow.healthy(name(i));
    }
    assertEquals(30, slow.read(Duration.ofHours(1)).stored());
    assertEquals(Collections.nCopies(30, false), taken);
    assertTrue(slow.leases.hold(World.REGION + "#read", "another", MOMENT));
  }

  @ParameterizedTest
  @CsvSource({"PT59M59S, 0", "PT1H, 0", "PT1H1S, 1", "PT24H, 1"})
  void aChangeThatWaitsForMoreThanAnHourIsAPromiseNotKept(Duration waits, int overdue) {
    fleet(1);
    world.read();
    IdentityState state = world.identities.find(World.key(name(0))).orElseThrow();
    // The next run comes a quarter of an hour from now.
    Instant queued = world.time.instant().plus(Duration.ofMinutes(15)).minus(waits);
    IdentityStore.Saved _ = world.identities.save(state, List.of(), queued);
    assertEquals(overdue, world.read().overdue());
  }

  @Test
  void whatReachesNobodyIsToldOnceAndToldAsOver() {
    fleet(1);
    world.read();
    world.taken.listeners(0);
    world.read();
    world.read();
    world.taken.listeners(1);
    world.read();
    assertEquals(
        List.of("UNHEARD", "UNHEARD_OVER"),
        world.taken.reasons("").stream().filter(reason -> reason.startsWith("UNHEARD")).toList());
  }

  @Test
  void nobodyListening() {
    fleet(1);
    world.taken.listeners(0);
    RunReport.RegionReadReport unheard = world.read();
    assertTrue(unheard.alertsReachNobody() && unheard.operationsReachNobody());
    world.taken.listeners(1);
    assertFalse(world.read().alertsReachNobody());
  }

  /** As one that is too large for the table. */
  @Test
  void aRowThatCannotBeStoredHoldsUpNeitherTheOthersNorWhatIsOwed() {
    World world = new World();
    for (String name : List.of("a.example", "b.example", "c.example")) {
      world.healthy(name);
    }
    var _ = world.read();
    boolean[] refuses = {true};
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return real instanceof IdentityStore rows && port == IdentityStore.class
                ? port.cast(
                    new ForwardingIdentityStore(rows) {
                      @Override
                      public Saved save(
                          IdentityState state,
                          List<HistoryEntry> history,
                          @Nullable Instant queuedAt) {
                        if (refuses[0] && state.key().equals(World.key("b.example"))) {
                          throw new IllegalStateException("the row is too large");
                        }
                        return super.save(state, history, queuedAt);
                      }
                    })
                : real;
          }
        };
    for (String name : List.of("a.example", "b.example", "c.example")) {
      world.mx(name, Mx.NONE);
    }
    world.time.advance(Duration.ofHours(1));
    assertThrows(IllegalStateException.class, world::read);
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"));
    assertEquals(List.of(), world.taken.reasons("b.example"));
    assertEquals(List.of("STARTED"), world.taken.reasons("c.example"));
    assertFalse(
        Objects.requireNonNull(world.regions.find(World.REGION).reading().last()).complete(),
        "not all was stored");
    refuses[0] = false;
    assertTrue(world.read().complete());
    assertEquals(List.of("STARTED"), world.taken.reasons("b.example"));
  }
}
