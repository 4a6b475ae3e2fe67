package mailfrom.app.apply;

import static mailfrom.app.apply.HealingStage.REGION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.read.LooksOnly;
import mailfrom.app.run.Mortal;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Brake;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.local.LocalSes;
import mailfrom.local.Switch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HealingTest {
  private static final String NAME = "example.com";
  private static final BehaviorOnMxFailure DEFAULT = BehaviorOnMxFailure.USE_DEFAULT_VALUE;
  private static final BehaviorOnMxFailure REJECT = BehaviorOnMxFailure.REJECT_MESSAGE;
  private static final HealPolicy RESTARTS = new HealPolicy(true, false);
  private static final List<Switch> QUESTIONS =
      List.of(
          Switch.SET_RESTARTS_FAILED,
          Switch.CLEAR_NEEDS_EMPTY_STRING,
          Switch.SET_RESETS_SUCCESS,
          Switch.SHARED_PACE);

  private static HealingStage failedAndBack(BehaviorOnMxFailure behavior, Activation activation) {
    HealingStage stage = new HealingStage(RESTARTS);
    stage.managed(NAME, behavior, activation);
    stage.quarter();
    stage.givenUp(NAME, RecordsByHand.Mx.NONE);
    stage.quarter();
    stage.dns.put("bounce." + NAME, RecordsByHand.Mx.RIGHT);
    return stage;
  }

  static Stream<Arguments> answersOfSes() {
    List<Arguments> all = new ArrayList<>();
    for (int bits = 0; bits < 1 << QUESTIONS.size(); bits++) {
      for (String wanted : List.of("DEFAULT", "REJECT staged", "REJECT immediate")) {
        all.add(Arguments.of(bits, wanted));
      }
    }
    return all.stream();
  }

  private static HealingStage failedAndBack(String wanted) {
    return failedAndBack(
        wanted.startsWith("REJECT") ? REJECT : DEFAULT,
        wanted.endsWith("immediate") ? Activation.IMMEDIATE : Activation.STAGED);
  }

  @ParameterizedTest
  @MethodSource("answersOfSes")
  void whatFailedHealsOnceItsMxIsBackWhateverSesAnswers(int bits, String wanted) {
    HealingStage stage = failedAndBack(wanted);
    for (int i = 0; i < QUESTIONS.size(); i++) {
      stage.ses.set(QUESTIONS.get(i), (bits >> i & 1) == 1);
    }
    for (int i = 0; i < 6; i++) {
      stage.quarter();
    }
    assertEquals(
        "bounce.example.com Success " + (wanted.startsWith("REJECT") ? REJECT : DEFAULT).word(),
        stage.live(NAME));
    assertEquals(List.of(), stage.wrong);
    assertEquals(1, stage.row(NAME).healingState().restarts().size());
    assertEquals(Effect.CUSTOM, stage.row(NAME).effectState().effect());
    assertTrue(stage.table.queued(REGION).isEmpty());
  }

  @ParameterizedTest
  @CsvSource("REJECT staged, false")
  void killedAtAnyPointItEndsAsBeforeOrAsWanted(String wanted, boolean setRestarts) {
    killed(wanted, setRestarts);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({
    "DEFAULT, true",
    "DEFAULT, false",
    "REJECT immediate, true",
    "REJECT immediate, false"
  })
  void soItDoesWhateverIsWanted(String wanted, boolean setRestarts) {
    killed(wanted, setRestarts);
  }

  private static void killed(String wanted, boolean setRestarts) {
    int points = 0;
    for (boolean after : new boolean[] {false, true}) {
      for (int call = 0; ; call++) {
        HealingStage stage = failedAndBack(wanted);
        stage.ses.set(Switch.SET_RESTARTS_FAILED, setRestarts);
        stage.readRun();
        stage.mortal.killAt(call, after);
        try {
          var _ = stage.applyRun();
        } catch (Mortal.Killed e) {
          // That is what it is about.
        }
        if (!stage.mortal.isDead()) {
          break;
        }
        points++;
        stage.start();
        stage.time.advance(Duration.ofMinutes(2));
        for (int i = 0; i < 5; i++) {
          stage.quarter();
        }
        String point = (after ? "after" : "before") + " call " + call;
        assertEquals(List.of(), stage.wrong, point);
        assertEquals(
            "bounce.example.com Success " + (wanted.startsWith("REJECT") ? REJECT : DEFAULT).word(),
            stage.live(NAME),
            point);
      }
    }
    assertTrue(points > 20, "only " + points + " points");
  }

  /** The resolver has the record; the zone's own servers cannot be asked. */
  private static HealingStage givenUpAndSeenByAResolverOnly(Duration keptFor) {
    HealingStage stage = new HealingStage(RESTARTS);
    stage.world.seenDns =
        (LooksOnly)
            (name, depth) -> Views.from(stage.dns.look(name, depth), Views.resolver(keptFor, true));
    stage.managed(NAME, DEFAULT, Activation.STAGED);
    stage.quarter();
    stage.givenUp(NAME, RecordsByHand.Mx.RIGHT);
    return stage;
  }

  @Test
  void nothingIsSetBeforeTheOwnServersHaveTheRecord() {
    HealingStage stage = givenUpAndSeenByAResolverOnly(Duration.ofDays(1));
    long before = stage.sets();
    for (int i = 0; i < 4; i++) {
      stage.quarter();
    }
    assertEquals(before, stage.sets());
    assertEquals(Plan.Why.MX_MAY_BE_OLD, stage.plan(NAME).why());
    stage.world.seenDns = stage.dns;
    stage.quarter();
    assertEquals("bounce.example.com Success UseDefaultValue", stage.live(NAME));
  }

  @Test
  void whatAResolverFoundForLongerThanItMayKeepItIsBelieved() {
    HealingStage stage = givenUpAndSeenByAResolverOnly(Duration.ofMinutes(20));
    stage.quarter();
    stage.quarter();
    stage.quarter();
    assertEquals("bounce.example.com Success UseDefaultValue", stage.live(NAME));
  }

  @Test
  void atMostThreeRestartsADay() {
    HealingStage stage = new HealingStage(RESTARTS);
    stage.managed(NAME, DEFAULT, Activation.STAGED);
    stage.quarter();
    long before = stage.sets();
    for (int i = 0; i < 6; i++) {
      stage.givenUp(NAME, RecordsByHand.Mx.RIGHT);
      stage.quarter();
    }
    assertEquals(before + 3, stage.sets());
    stage.time.advance(Duration.ofHours(24));
    stage.quarter();
    assertEquals(before + 4, stage.sets());
  }

  @Test
  void neverAskedIsShownAPlanAndNeverWritten() {
    HealingStage stage = new HealingStage(new HealPolicy(true, true));
    stage.ses.addDomain(REGION, NAME, true);
    stage.ses.put(
        REGION,
        NAME,
        "bounce." + NAME,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.FAILED,
        HealingStage.START);
    stage.dns.put("bounce." + NAME, RecordsByHand.Mx.RIGHT);
    for (int i = 0; i < 4; i++) {
      stage.quarter();
    }
    assertEquals(0, stage.sets());
    assertTrue(
        stage.row(NAME).plan(RESTARTS, false, stage.time.instant())
                instanceof Plan.Call(PlanAction action, var settings, var why)
            && action == PlanAction.RESTART);
  }

  @Test
  void pausedNothingIsWritten() {
    HealingStage stage = failedAndBack(DEFAULT, Activation.STAGED);
    long before = stage.sets();
    stage.world.paused = true;
    for (int i = 0; i < 3; i++) {
      stage.quarter();
    }
    assertEquals(before, stage.sets());
    stage.world.paused = false;
    stage.quarter();
    assertEquals("bounce.example.com Success UseDefaultValue", stage.live(NAME));
  }

  @Test
  void driftIsLeftAloneUnlessRepairIsOn() {
    HealingStage stage = new HealingStage(RESTARTS);
    stage.managed(NAME, DEFAULT, Activation.STAGED);
    stage.quarter();
    drift(stage);
    stage.quarter();
    assertTrue(stage.live(NAME).startsWith("mail.example.com"));
    assertEquals(List.of("DRIFT"), stage.taken.reasons(NAME));
  }

  @Test
  void aRepairIsMadeOnceADayAndNotAgainWhenItWasUndoneTwice() {
    HealingStage stage = new HealingStage(new HealPolicy(true, true));
    stage.managed(NAME, DEFAULT, Activation.STAGED);
    stage.quarter();
    long before = stage.sets();
    for (int day = 1; day <= 5; day++) {
      drift(stage);
      stage.quarter();
      assertEquals(before + Math.min(day, 2), stage.sets(), "day " + day);
      if (day <= 2) {
        drift(stage);
        stage.quarter();
        assertEquals(before + day, stage.sets(), "a second time on day " + day);
      }
      stage.time.advance(Duration.ofHours(25));
      if (day == 1) {
        // Yesterday's second drift may be repaired today.
        stage.ses.put(
            REGION,
            NAME,
            "bounce." + NAME,
            LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
            LocalSes.Status.SUCCESS,
            stage.time.instant());
        stage.quarter();
      }
    }
    assertTrue(stage.live(NAME).startsWith("mail.example.com"));
    assertTrue(
        stage.table.find(HealingStage.key(NAME)).orElseThrow().healingState().isUndoneTooOften(),
        () -> stage.taken.alerts().toString());
  }

  private static void drift(HealingStage stage) {
    stage.dns.put("mail." + NAME, RecordsByHand.Mx.RIGHT);
    stage.ses.put(
        REGION,
        NAME,
        "mail." + NAME,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        stage.time.instant());
  }

  @Test
  void tenRunsInWhichNobodyCanBeAskedChangeNothingAndExecuteNoPlan() {
    HealingStage stage = new HealingStage(new HealPolicy(true, true));
    for (int i = 0; i < 30; i++) {
      stage.managed(
          "team-%d.example".formatted(i), i % 2 == 0 ? DEFAULT : REJECT, Activation.STAGED);
    }
    stage.quarter();
    for (int i = 0; i < 10; i++) {
      stage.givenUp("team-%d.example".formatted(i), RecordsByHand.Mx.NONE);
    }
    stage.quarter();
    List<String> effects = effects(stage);
    long before = stage.sets();
    int told = stage.taken.alerts().size();
    stage.dns.outage(true);
    for (int i = 0; i < 10; i++) {
      stage.quarter();
    }
    assertEquals(effects, effects(stage));
    assertEquals(before, stage.sets());
    assertEquals(told + 1, stage.taken.alerts().size(), "BLIND, and nothing else");
  }

  private static List<String> effects(HealingStage stage) {
    try (var rows = stage.table.ofRegion(REGION)) {
      return rows.map(row -> row.key().name() + " " + row.effectState().verdict())
          .sorted()
          .toList();
    }
  }

  @Test
  void aResolverThatKnowsNoNameAtAllLeadsToNoWrite() {
    HealingStage stage = new HealingStage(new HealPolicy(true, true));
    for (int i = 0; i < 30; i++) {
      stage.managed(
          "team-%d.example".formatted(i), i % 2 == 0 ? DEFAULT : REJECT, Activation.STAGED);
      stage.givenUp("team-%d.example".formatted(i), RecordsByHand.Mx.RIGHT);
    }
    long before = stage.sets();
    RecordsByHand nothing = new RecordsByHand(REGION);
    stage.world.seenDns = nothing;
    for (int i = 0; i < 4; i++) {
      stage.quarter();
    }
    assertEquals(before, stage.sets());
  }

  @ParameterizedTest
  @CsvSource({"20, 25, false", "21, 25, true", "21, 1049, true", "21, 1050, false"})
  void theBrakeHoldsMoreThanTwentyAndMoreThanTwoPercent(int planned, int identities, boolean held) {
    assertEquals(held, Brake.isPulled(planned, identities));
  }

  /** Each round of a run, of which a batch makes several, once had half a minute of its own. */
  @Test
  void healingTakesHalfAMinuteOfARunHoweverManyRoundsABatchMakesOfIt() {
    HealingStage stage = new HealingStage(RESTARTS);
    List<String> failed = IntStream.range(0, 60).mapToObj("team-%02d.example"::formatted).toList();
    List<String> asked = IntStream.range(0, 60).mapToObj("new-%02d.example"::formatted).toList();
    failed.forEach(stage.world::healthy);
    asked.forEach(name -> stage.ses.addDomain(REGION, name, true));
    var _ = stage.readRun();
    failed.forEach(stage::adopted);
    failed.forEach(name -> stage.givenUp(name, RecordsByHand.Mx.NONE));
    stage.quarter();
    failed.forEach(name -> stage.dns.put("bounce." + name, RecordsByHand.Mx.RIGHT));
    stage.time.advance(Duration.ofHours(1));
    var _ = stage.readRun();
    var _ = stage.settings().release(REGION, new Caller("arn:mia", stage.time.instant()));
    var _ = stage.readRun();
    stage.order(asked);
    stage.ses.forgetCalls();

    Instant begun = stage.time.instant();
    var _ = stage.applyRun();

    List<LocalSes.Call> sets = stage.ses.calls("SetIdentityMailFromDomain");
    List<Instant> healed =
        sets.stream()
            .filter(call -> failed.contains(call.identity()))
            .map(LocalSes.Call::at)
            .toList();
    assertEquals(
        asked.size(), sets.stream().filter(call -> asked.contains(call.identity())).count());
    assertTrue(healed.size() > 5, () -> "healed " + healed);
    assertTrue(
        healed.getLast().isBefore(begun.plus(Duration.ofSeconds(40))), () -> "healed " + healed);
    assertTrue(
        sets.getLast().at().isAfter(begun.plus(Duration.ofSeconds(60))), () -> "sets " + sets);
  }

  @Test
  @Tag("slow")
  void threeThousandThatComeBackAtOnceAreHeldAndHealAtThePaceOnceReleased() {
    HealingStage stage = new HealingStage(RESTARTS);
    int identities = 3000;
    for (int i = 0; i < identities; i++) {
      String name = "team-%04d.example".formatted(i);
      stage.dns.put("bounce." + name, RecordsByHand.Mx.RIGHT);
      stage.ses.put(
          REGION,
          name,
          "bounce." + name,
          LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
          LocalSes.Status.SUCCESS,
          HealingStage.START);
    }
    stage.readRun();
    for (int i = 0; i < identities; i++) {
      stage.adopted("team-%04d.example".formatted(i));
    }
    for (int i = 0; i < identities; i++) {
      stage.givenUp("team-%04d.example".formatted(i), RecordsByHand.Mx.NONE);
    }
    stage.quarter();
    for (int i = 0; i < identities; i++) {
      stage.dns.put("bounce.team-%04d.example".formatted(i), RecordsByHand.Mx.RIGHT);
    }
    long before = stage.sets();
    for (int i = 0; i < 3; i++) {
      stage.quarter();
    }
    assertEquals(before, stage.sets());
    assertEquals(1, stage.taken.reasons("").stream().filter("HELD"::equals).count());
    var released = stage.settings().release(REGION, new Caller("arn:mia", stage.time.instant()));
    assertTrue(released.heldSince() != null);
    assertFalse(
        stage.settings().release(REGION, new Caller("arn:mia", stage.time.instant())).heldSince()
            != null);
    var from = stage.time.instant();
    int quarters = 0;
    while (stage.sets() < before + identities && quarters < 40) {
      stage.quarter();
      quarters++;
    }
    assertEquals(before + identities, stage.sets());
    assertEquals(List.of("HELD", "HELD_OVER"), held(stage));
    // Half of SES's pace at most.
    Duration took = Duration.between(from, stage.time.instant());
    assertTrue(took.compareTo(Duration.ofSeconds(identities * 2L)) > 0, took.toString());
    stage.quarter();
    assertEquals(
        "bounce.team-0000.example Success UseDefaultValue", stage.live("team-0000.example"));
    assertTrue(stage.regions.find(REGION).held().releasedAt() == null);
    assertEquals(List.of("HELD", "HELD_OVER"), held(stage));
  }

  private static List<String> held(HealingStage stage) {
    return stage.taken.reasons("").stream().filter(reason -> reason.startsWith("HELD")).toList();
  }
}
