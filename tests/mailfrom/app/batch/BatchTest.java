package mailfrom.app.batch;

import static mailfrom.app.batch.BatchItem.State.APPLIED;
import static mailfrom.app.batch.BatchItem.State.CANCELLED;
import static mailfrom.app.batch.BatchItem.State.INVALID;
import static mailfrom.app.batch.BatchItem.State.REFUSED;
import static mailfrom.app.batch.BatchItem.State.UNCHANGED;
import static mailfrom.app.batch.BatchItem.State.VALID;
import static mailfrom.app.batch.BatchItem.State.WAITING;
import static mailfrom.app.batch.BatchWorld.REGION;
import static mailfrom.app.batch.BatchWorld.ask;
import static mailfrom.app.batch.BatchWorld.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Tasks;
import mailfrom.app.run.FailingPorts;
import mailfrom.app.run.World;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches from their order to their end. */
class BatchTest {
  private final BatchWorld world = new BatchWorld(1);

  private void known(String... names) {
    for (String name : names) {
      world.ses.addDomain(REGION, name, true);
    }
  }

  private List<String> codes(String id) {
    return world.items(id).stream()
        .map(item -> item.broken().isEmpty() ? "" : item.broken().getFirst().code())
        .toList();
  }

  @Test
  void anApplyRunChecksAppliesAndEnds() {
    known("a.example", "b.example");
    String id =
        world.order(
            false, ask("a.example", "bounce.a.example"), ask("b.example", "bounce.b.example"));
    assertEquals(2, world.head(id).count(BatchItem.State.CHECKING));
    world.apply();
    assertEquals(List.of(APPLIED, APPLIED), world.states(id));
    assertEquals(Batch.State.DONE, world.head(id).state());
    assertNotNull(world.head(id).endedAt());
    assertEquals(List.of(), world.batches.open());
    assertEquals(Map.of("a.example", 1, "b.example", 1), world.sets());
    DesiredState desiredState =
        world.identities.find(key("a.example")).map(IdentityState::desiredState).orElseThrow();
    assertEquals(BatchWorld.CALLER, desiredState.progress().by());
  }

  /** A POST, each of whose calls of the table fails; and the same POST, sent again. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void anOrderThatWasRecordedIsAcceptedWhereverTheTableFails(boolean after) {
    known("a.example");
    BatchApi.Order order =
        new BatchApi.Order(List.of(ask("a.example", "bounce.a.example")), false, "key", "body");
    for (int from = 0; from < 2; from++) {
      FailingPorts failing = new FailingPorts(new FailingPorts.Fault(from, 1, after));
      BatchStore kept = new InMemoryBatchStore();
      BatchService service =
          new BatchService(
              failing.around(BatchStore.class, kept),
              world.identities,
              () -> ManagedPatterns.ALL,
              () -> "b");
      boolean accepted;
      try {
        BatchApi.Created _ = service.create(order, world.caller());
        accepted = true;
      } catch (FailingPorts.TableDown e) {
        accepted = false;
      }
      assertEquals(accepted, kept.find("b", world.clock.now()).isPresent());
      assertInstanceOf(BatchApi.Created.Accepted.class, service.create(order, world.caller()));
      assertEquals(List.of("b"), kept.open());
    }
  }

  @Test
  void aBatchEndsWhenItsLastItemIsSetAndNotWhenTheRunBegan() {
    known("a.example", "b.example", "c.example");
    String id =
        world.order(
            false,
            ask("a.example", "bounce.a.example"),
            ask("b.example", "bounce.b.example"),
            ask("c.example", "bounce.c.example"));
    world.apply();
    Instant ended = world.head(id).endedAt();
    Instant lastSet =
        world.ses.calls("SetIdentityMailFromDomain").stream()
            .map(LocalSes.Call::at)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    assertNotNull(ended);
    assertTrue(!ended.isBefore(lastSet), () -> "ended at " + ended + ", last Set at " + lastSet);
  }

  @Test
  void eachItemGetsItsOwnVerdict() {
    known("same.example", "wrong.example", "twice.example", "fights.example", "adopted.example");
    world.ses.put(
        REGION,
        "same.example",
        "bounce.same.example",
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        TestingIdentity.T0);
    world.ses.put(
        REGION,
        "adopted.example",
        "m.adopted.example",
        LocalSes.OnMxFailure.REJECT_MESSAGE,
        LocalSes.Status.SUCCESS,
        TestingIdentity.T0);
    String id =
        world.order(
            false,
            ask("same.example", "bounce.same.example"),
            ask("wrong.example", "bounce.other.example"),
            ask("nobody.example", "bounce.nobody.example"),
            ask("x.denied.example", "bounce.x.denied.example"),
            ask("twice.example", "bounce.twice.example"),
            ask("twice.example", "bounce.twice.example"),
            ask("fights.example", "one.fights.example"),
            ask("fights.example", "two.fights.example"),
            new BatchApi.Ask(key("adopted.example"), null));
    world.apply();
    assertEquals(
        List.of(UNCHANGED, INVALID, INVALID, INVALID, APPLIED, APPLIED, INVALID, INVALID, APPLIED),
        world.states(id));
    assertEquals(
        List.of(
            "",
            "NOT_A_SUBDOMAIN",
            "UNKNOWN_IDENTITY",
            "NOT_MANAGED",
            "",
            "",
            "CONFLICTING_ITEMS",
            "CONFLICTING_ITEMS",
            ""),
        codes(id));
    assertEquals(Map.of("twice.example", 1), world.sets());
    world.apply();
    assertEquals(Map.of("twice.example", 1), world.sets(), "nothing is left to be done");
  }

  /** Of the wrong Region, say: no place is left in the call for one that is known. */
  @ParameterizedTest
  @CsvSource({"100, there.example", "100, ''", "1, ''", "101, there.example"})
  void whomSesDoesNotKnowIsInvalidHoweverManyTheyAre(int many, String there) {
    if (!there.isEmpty()) {
      known(there);
    }
    world.world.read();
    String id =
        world.order(
            false,
            IntStream.range(0, many)
                .mapToObj(
                    i -> ask("n%03d.example".formatted(i), "bounce.n%03d.example".formatted(i)))
                .toArray(BatchApi.Ask[]::new));
    world.apply();
    assertEquals(Set.of(INVALID), Set.copyOf(world.states(id)));
    assertEquals(Batch.State.DONE, world.head(id).state());
  }

  /** Each item named all others of its identity: 10,000 lists of 10,000 places. */
  @Test
  void aConflictOfTenThousandItemsNamesTheFirstOfThem() {
    known("a.example");
    BatchApi.Ask[] asks =
        IntStream.range(0, BatchApi.MAX_ITEMS)
            .mapToObj(i -> ask("a.example", i == 9_000 ? "other.a.example" : "bounce.a.example"))
            .toArray(BatchApi.Ask[]::new);
    String id = world.order(false, asks);
    assertEquals(
        Set.of(
            "The items [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] and 9990 more ask different things for this"
                + " identity. Keep one of them."),
        world.items(id).stream()
            .flatMap(item -> item.broken().stream())
            .map(Problem::message)
            .collect(Collectors.toSet()));
  }

  @Test
  void aDryRunChangesNothing() {
    known("a.example");
    String id =
        world.order(true, ask("a.example", "bounce.a.example"), ask("b.example", "m.b.example"));
    world.apply();
    assertEquals(List.of(VALID, INVALID), world.states(id));
    assertEquals(Batch.State.DONE, world.head(id).state());
    assertEquals(Map.of(), world.sets());
    assertTrue(world.identities.find(key("a.example")).isEmpty());
  }

  @Test
  void theSameKeyMeansTheSameRequest() {
    var order = new BatchApi.Order(List.of(ask("a.example", "m.a.example")), false, "k", "body");
    BatchApi.Created first = world.intake.create(order, world.caller());
    world.apply();
    assertEquals(first, world.intake.create(order, world.caller()), "the first answer");
    assertInstanceOf(
        BatchApi.Created.KeyReused.class,
        world.intake.create(
            new BatchApi.Order(order.items(), false, "k", "another"), world.caller()));
    assertInstanceOf(
        BatchApi.Created.KeyReused.class,
        world.intake.create(new BatchApi.Order(order.items(), true, "k", "body"), world.caller()));
  }

  @Test
  void twentyRefusalsInARowStopIt() {
    String[] names =
        IntStream.range(0, 50).mapToObj("n%02d.example"::formatted).toArray(String[]::new);
    known(names);
    world.ses.deny(REGION, "SetIdentityMailFromDomain");
    String id = world.order(false, all(names));
    world.apply();
    Batch head = world.head(id);
    assertEquals(Batch.State.STOPPED, head.state());
    assertEquals(20, head.count(REFUSED));
    assertEquals(30, head.count(CANCELLED));
    assertTrue(String.valueOf(head.reason()).contains("20 items in a row"));
    assertNotNull(world.items(id).getFirst().lastError());
  }

  private static BatchApi.Ask[] all(String... names) {
    BatchApi.Ask[] asks = new BatchApi.Ask[names.length];
    for (int i = 0; i < names.length; i++) {
      asks[i] = ask(names[i], "bounce." + names[i]);
    }
    return asks;
  }

  @Test
  void cancellingStopsWhatIsNotHandedOver() {
    known("a.example", "b.example");
    String id = world.order(false, all("a.example", "b.example"));
    world.world.paused = true;
    world.apply();
    assertEquals(List.of(WAITING, WAITING), world.states(id), "checked, and nothing is sent");
    assertEquals(Batch.State.RUNNING, world.head(id).state());
    Batch cancelled = world.intake.cancel(id, world.caller()).orElseThrow();
    assertEquals(Batch.State.CANCELLED, cancelled.state());
    assertEquals(2, cancelled.count(CANCELLED));
    world.world.paused = false;
    world.apply();
    assertEquals(Map.of(), world.sets());
    assertEquals(cancelled, world.intake.cancel(id, world.caller()).orElseThrow());
    assertTrue(world.intake.cancel("none", world.caller()).isEmpty());
  }

  @Test
  void aBatchSetsItsRegionsSideBySide() {
    world.world.tasks = Tasks.threads();
    List<BatchApi.Ask> asks = new ArrayList<>();
    for (String region : List.of(REGION, BatchWorld.OTHER_REGION)) {
      for (int i = 0; i < 30; i++) {
        String name = "s%02d.example".formatted(i);
        world.ses.addDomain(region, name, true);
        asks.add(
            new BatchApi.Ask(
                new IdentityKey(World.ACCOUNT, region, IdentityName.of(name)),
                BatchWorld.wants("bounce." + name, Activation.STAGED)));
      }
    }
    String id = world.order(false, asks.toArray(BatchApi.Ask[]::new));
    // Time moves when any thread waits: an item that finds its time gone is set by the next run.
    world.applyUntilItEnds(id);

    assertEquals(60, world.head(id).count(APPLIED));
    assertEquals(Batch.State.DONE, world.head(id).state());
    Map<String, Long> ofRegion =
        world.ses.calls("SetIdentityMailFromDomain").stream()
            // Time moves when any thread waits: a slot may be long over when its thread goes on.
            .filter(call -> call.outcome().equals("OK"))
            .collect(Collectors.groupingBy(LocalSes.Call::region, Collectors.counting()));
    assertEquals(Map.of(REGION, 30L, BatchWorld.OTHER_REGION, 30L), ofRegion);
  }

  @Test
  void whatIsAdoptedTakesLabelsAndLabelsAloneAreNoNewVersion() {
    known("a.example");
    String first = world.order(false, new BatchApi.Ask(key("a.example"), null, Map.of("a", "b")));
    world.apply();
    long version = version("a.example");
    String second = world.order(false, new BatchApi.Ask(key("a.example"), null, Map.of("c", "d")));
    world.apply();
    assertEquals(List.of(APPLIED), world.states(first));
    assertEquals(List.of(APPLIED), world.states(second));
    assertEquals(
        Map.of("c", "d"), Objects.requireNonNull(world.world.row("a.example").desired()).labels());
    assertEquals(version, version("a.example"));
    assertEquals(0, world.world.sets());
  }

  private long version(String name) {
    return SettingsApplier.version(world.world.row(name));
  }

  private String orderWaiting(String name) {
    return world.order(
        false,
        new BatchApi.Ask(key(name), BatchWorld.wants("bounce." + name, Activation.WHEN_READY)));
  }

  @Test
  void whatWaitsForDnsIsFollowedForFourteenDays() {
    known("a.example");
    String id = orderWaiting("a.example");
    world.apply();
    assertEquals(List.of(WAITING), world.states(id));

    world.clock.sleepUntil(world.head(id).createdAt().plus(Duration.ofDays(14)).minusSeconds(61));
    world.apply();
    assertTrue(world.head(id).isOpen(), "14 days to the second");

    world.apply();
    Batch head = world.head(id);
    assertEquals(Batch.State.DONE, head.state());
    assertTrue(String.valueOf(head.reason()).contains("14 days"), head::toString);
    assertEquals(List.of(WAITING), world.states(id), "the identity itself goes on waiting");
    assertEquals(Map.of(), world.sets());
  }

  @Test
  void whatWaitsForVerificationIsAppliedOnceSesHasIt() {
    world.ses.addDomain(REGION, "a.example", false);
    String id = world.order(false, ask("a.example", "bounce.a.example"));
    world.apply();
    assertEquals(List.of(WAITING), world.states(id));

    known("a.example");
    world.apply();
    world.clock.sleepUntil(world.clock.now().plus(Duration.ofMinutes(15)));
    world.apply();

    assertEquals(List.of(APPLIED), world.states(id));
    assertEquals(Map.of("a.example", 1), world.sets());
  }

  @Test
  void killedTenTimesEveryItemEndsWithOneCall() {
    BatchKills.run(world, 40, 100, BatchKills.seed());
  }
}
