package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationTest {
  private static final String BOUNCE = "bounce.example.com";
  private static final Live SUCCESS = live(BOUNCE, "UseDefaultValue", "Success");
  private static final Live PENDING = live(BOUNCE, "UseDefaultValue", "Pending");
  private static final Live FAILED = live(BOUNCE, "UseDefaultValue", "Failed");
  private static final Live LOST = live(BOUNCE, "UseDefaultValue", "TemporaryFailure");
  private static final Live LOST_REJECTING = live(BOUNCE, "RejectMessage", "TemporaryFailure");
  private static final EvaluationContext AROUND = TestingIdentity.around();

  private static Observation seen(int minute, @Nullable Live live) {
    return seen(minute, live, null);
  }

  private static Observation seen(int minute, @Nullable Live live, @Nullable DnsView view) {
    Instant at = T0.plus(Duration.ofMinutes(minute));
    return new Observation(at, at, true, live, null, null, view);
  }

  private static IdentityState step(IdentityState before, int minute, Live live) {
    return Evaluation.evaluate(before, seen(minute, live), AROUND);
  }

  private static IdentityState step(
      IdentityState before, int minute, Live live, @Nullable DnsView view) {
    return Evaluation.evaluate(before, seen(minute, live, view), AROUND);
  }

  private static SetCall setAt(Instant at) {
    return new SetCall(Settings.NONE, PlanAction.APPLY, "watch", at, at, at);
  }

  private static IdentityState start() {
    return IdentityState.unseen(key("example.com"));
  }

  private static List<Reason> told(IdentityState state) {
    return state.incidentState().owed().stream().map(Notice::reason).toList();
  }

  @Test
  void whatIsSeenAtFirstBeganNobodyKnowsWhenAndWhatChangesLaterBetweenTwoReads() {
    IdentityState first = step(start(), 0, SUCCESS);
    assertEquals(T0, first.effectState().since());
    assertNull(first.effectState().notBefore());
    IdentityState same = step(first, 15, SUCCESS);
    assertEquals(T0, same.effectState().since());
    assertNull(same.effectState().notBefore());
    IdentityState lost = step(same, 30, LOST);
    assertEquals(T0.plus(Duration.ofMinutes(30)), lost.effectState().since());
    assertEquals(same.sesView().asOf(), lost.effectState().notBefore());
    assertEquals(same.sesView().asOf(), lost.effectState().statusNotBefore());
    assertEquals(
        same.sesView().asOf().plus(Duration.ofHours(72)),
        lost.deadline(),
        "SES may have begun to count right after the last good read");
  }

  @Test
  void theFirstSightIsOneWhateverIsSeen() {
    IdentityState unverified = Evaluation.evaluate(start(), verified(0, false, Live.NONE), AROUND);
    assertEquals(T0, unverified.effectState().since());
    assertNull(unverified.effectState().notBefore());
  }

  @Test
  void whatIsNotKnownToBeVerifiedIsNotSeenYet() {
    Observation seen = new Observation(T0, T0, null, SUCCESS, null, null, null);
    IdentityState unseen = start();
    assertSame(unseen, Evaluation.evaluate(unseen, seen, AROUND));
  }

  @Test
  void whatCouldNotBeAskedStaysAsItWas() {
    Observation all = new Observation(T0, T0, true, SUCCESS, Dkim.DOES_NOT_SIGN, true, null);
    IdentityState before = Evaluation.evaluate(start(), all, AROUND);
    Instant at = T0.plusSeconds(60);
    Observation some = new Observation(at, at, null, SUCCESS, null, null, null);
    SesView after = Evaluation.evaluate(before, some, AROUND).sesView();
    assertEquals(new SesView(true, SUCCESS, false, true, at, 0, false), after);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Success,          LIVE
          TemporaryFailure, LIVE
          Pending,          SETUP
          Failed,           SETUP
          """)
  void phaseAtFirstSight(String status, Phase phase) {
    assertEquals(
        phase, step(start(), 0, live(BOUNCE, "UseDefaultValue", status)).effectState().phase());
  }

  @Test
  void aNewDomainIsInSetupAgainAndTheOldOneIsRememberedNot() {
    IdentityState works = step(step(start(), 0, PENDING), 15, SUCCESS);
    assertEquals(Phase.LIVE, works.effectState().phase());
    IdentityState other = step(works, 30, live("other.example.com", "UseDefaultValue", "Pending"));
    assertEquals(Phase.SETUP, other.effectState().phase());
    assertEquals(List.of(Reason.READY), told(other), "of the set-up that was done before");
  }

  @Test
  void theDeadlineIs72HoursAfterTheStatusBeganAndEndsWithIt() {
    IdentityState pending = step(start(), 0, PENDING);
    assertEquals(T0.plus(Duration.ofHours(72)), pending.deadline());
    assertEquals(pending.deadline(), step(pending, 60, PENDING).deadline());
    assertNull(step(pending, 60, SUCCESS).deadline());
    assertNull(step(pending, 60, FAILED).deadline());
  }

  @Test
  void anOlderObservationChangesNothing() {
    IdentityState now = step(start(), 15, SUCCESS);
    assertSame(now, step(now, 14, LOST));
    assertNotEquals(now, step(now, 15, LOST));
  }

  @ParameterizedTest
  @CsvSource({"29, false", "30, true"})
  void aReadBegunBeforeOurLastSetDecidesNothing(int begun, boolean decides) {
    IdentityState before =
        step(start(), 0, SUCCESS)
            .withHealing(HealingState.NOTHING.set(setAt(T0.plus(Duration.ofMinutes(30)))));
    Observation seen =
        new Observation(
            T0.plus(Duration.ofMinutes(31)),
            T0.plus(Duration.ofMinutes(begun)),
            true,
            LOST,
            null,
            null,
            null);
    assertEquals(decides, !Evaluation.evaluate(before, seen, AROUND).equals(before));
  }

  @Test
  void mailFromFailedOfAVerifiedIdentityIsTold() {
    assertEquals(List.of(Reason.STARTED), told(step(start(), 0, FAILED)));
  }

  @Test
  void failedThenSuccessIsNoticed() {
    IdentityState failed = step(start(), 0, FAILED);
    IdentityState once = step(failed, 15, SUCCESS);
    assertEquals(Effect.CUSTOM, once.effectState().effect());
    assertEquals(List.of(Reason.STARTED, Reason.READY), told(once));
    assertEquals(
        List.of(Reason.STARTED, Reason.READY, Reason.RECOVERED), told(step(once, 25, SUCCESS)));
    assertEquals(
        List.of(Reason.STARTED),
        once.owed(Topic.ALERTS).stream().map(Notice::reason).toList(),
        "that it is ready is for machines");
  }

  @Test
  void anUnsetMailFromIsNotPendingWhateverTheStatusSays() {
    Live unset = new Live(null, BehaviorOnMxFailure.USE_DEFAULT_VALUE, MailFromStatus.PENDING);
    IdentityState state = step(start(), 0, unset);
    assertEquals(Effect.DEFAULT, state.effectState().effect());
    assertNull(state.deadline());
  }

  @Test
  void settingTheSameAgainIsNotPlannedWhileItWorks() {
    IdentityState state =
        named("example.com")
            .sight(true, SUCCESS, null)
            .wanted(settings(BOUNCE, "UseDefaultValue"))
            .build();
    assertEquals(
        new Plan.Nothing(Plan.Why.ALREADY_SO), state.plan(new HealPolicy(true, true), false, T0));
  }

  @Test
  void rejectMessageOfStagedSettingsWaitsForTheDns() {
    IdentityState asked = asked("RejectMessage", Activation.STAGED, Live.NONE);
    assertEquals(
        new Plan.Call(
            PlanAction.APPLY, settings(BOUNCE, "UseDefaultValue"), Plan.Why.NEWER_THAN_APPLIED),
        asked.plan(new HealPolicy(false, false), false, T0));
  }

  private static IdentityState asked(String behavior, Activation activation, Live live) {
    Desired desired = new Desired(settings(BOUNCE, behavior), activation, Set.of(), Map.of());
    IdentityState seen = step(start(), 0, live);
    return seen.withDesired(DesiredState.asked(null, desired, "mia", T0));
  }

  @Test
  void progressFollowsWhatIsRead() {
    IdentityState asked = asked("RejectMessage", Activation.STAGED, Live.NONE);
    IdentityState staged = step(asked, 15, PENDING);
    assertEquals(Progress.State.WAITING_FOR_DNS, state(staged));
    assertTrue(!wanted(staged).isPending());
    IdentityState done = step(staged, 30, live(BOUNCE, "RejectMessage", "Success"));
    assertEquals(Progress.State.APPLIED, state(done));
    assertTrue(wanted(done).everApplied());
  }

  @Test
  void whenReadyWaitsUntilTheMxIsRight() {
    IdentityState asked = asked("UseDefaultValue", Activation.WHEN_READY, Live.NONE);
    IdentityState waiting = step(asked, 15, Live.NONE, Views.with(""));
    assertEquals(Progress.State.WAITING_FOR_DNS, state(waiting));
    IdentityState ready = step(waiting, 30, Live.NONE, Views.healthy());
    assertEquals(Progress.State.QUEUED, state(ready));
    assertEquals(
        new Plan.Call(
            PlanAction.APPLY, settings(BOUNCE, "UseDefaultValue"), Plan.Why.NEWER_THAN_APPLIED),
        ready.plan(new HealPolicy(false, false), false, T0));
  }

  @Test
  void theRightMxOfTheOldNameSaysNothingOfTheNewOne() {
    IdentityState works = step(start(), 0, SUCCESS, Views.healthy());
    Desired other =
        new Desired(
            settings("other.example.com", "UseDefaultValue"),
            Activation.STAGED,
            Set.of(),
            Map.of());
    IdentityState asked = works.withDesired(DesiredState.asked(null, other, "mia", T0));
    assertTrue(
        asked.plan(new HealPolicy(false, false), false, T0) instanceof Plan.Wait wait
            && wait.action() == PlanAction.APPLY);
  }

  private static DesiredState wanted(IdentityState state) {
    DesiredState desiredState = state.desiredState();
    if (desiredState == null) {
      throw new AssertionError("never asked");
    }
    return desiredState;
  }

  private static Progress.State state(IdentityState state) {
    return wanted(state).progress().state();
  }

  @Test
  void clearedThroughUsIsDefaultAndNotToldAsTrouble() {
    IdentityState works = step(start(), 0, SUCCESS);
    IdentityState asked =
        works.withDesired(DesiredState.asked(null, Desired.nothing(Map.of()), "mia", T0));
    IdentityState cleared = step(asked, 15, Live.NONE);
    assertEquals(new Verdict(Effect.DEFAULT, null), cleared.effectState().verdict());
    assertEquals(List.of(), told(cleared));
    assertEquals(Progress.State.APPLIED, state(cleared));
  }

  @Test
  void whatWasClearedAndIsAskedForAgainIsNotRemoved() {
    IdentityState works = step(start(), 0, SUCCESS);
    IdentityState cleared = step(asking(works, Desired.nothing(Map.of())), 15, Live.NONE);
    IdentityState again = asking(cleared, staged(BOUNCE, "UseDefaultValue"));
    IdentityState read = step(again, 30, Live.NONE);
    assertEquals(new Verdict(Effect.DEFAULT, null), read.effectState().verdict());
    assertEquals(List.of(), told(read));
  }

  @Test
  void whatWasClearedThroughUsIsNotRemovedOnceItIsNotManagedAnyMore() {
    IdentityState works = step(start(), 0, SUCCESS);
    IdentityState cleared = step(asking(works, Desired.nothing(Map.of())), 15, Live.NONE);
    assertEquals(Effect.DEFAULT, step(cleared.neverAsked(), 30, Live.NONE).effectState().effect());
  }

  private static IdentityState asking(IdentityState state, Desired desired) {
    return state.withDesired(DesiredState.asked(state.desiredState(), desired, "mia", T0));
  }

  @Test
  void clearedBehindOurBackIsRemovedAndTold() {
    IdentityState neverAsked = step(step(start(), 0, SUCCESS), 15, Live.NONE);
    assertEquals(new Verdict(Effect.FALLBACK, Cause.REMOVED), neverAsked.effectState().verdict());
    assertEquals(Phase.LIVE, neverAsked.effectState().phase());
    assertEquals(List.of(Reason.STARTED), told(neverAsked));
    assertEquals(Cause.REMOVED, step(neverAsked, 30, Live.NONE).effectState().cause());
    IdentityState managed =
        step(
            named("example.com")
                .sight(true, SUCCESS, null)
                .standing(Effect.CUSTOM, null, Phase.LIVE)
                .wanted(settings(BOUNCE, "UseDefaultValue"))
                .build(),
            15,
            Live.NONE);
    assertEquals(Cause.REMOVED, managed.effectState().cause());
    assertEquals(List.of(Reason.STARTED), told(managed));
  }

  @Test
  void nothingWantedAnyMoreEndsTheIncidentAtOnceAndSaysSo() {
    IdentityState lost = step(step(start(), 0, SUCCESS), 15, LOST);
    IdentityState asked =
        lost.withDesired(DesiredState.asked(null, Desired.nothing(Map.of()), "mia", T0));
    IdentityState over = step(asked, 30, Live.NONE);
    assertEquals(List.of(Reason.STARTED, Reason.RECOVERED), told(over));
    String detail = over.incidentState().owed().getLast().detail();
    assertTrue(detail != null && detail.contains("as asked for"), detail);
  }

  @Test
  void betweenOurClearAndOurSetNothingIsDecided() {
    IdentityState restarting =
        step(start(), 0, FAILED)
            .withHealing(HealingState.NOTHING.withIntent(settings(BOUNCE, "UseDefaultValue")));
    IdentityState between = step(restarting, 15, Live.NONE);
    assertEquals(Cause.FAILED, between.effectState().cause());
    assertEquals(told(restarting), told(between));
  }

  @Test
  void notCoveredIsToldOnceAsInformationAndNeverReminded() {
    EvaluationContext below =
        new EvaluationContext(
            new Ancestor(true, false),
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of());
    IdentityState first = Evaluation.evaluate(start(), seen(0, Live.NONE), below);
    assertEquals(Cause.NOT_COVERED, first.effectState().cause());
    assertEquals(List.of(Reason.STARTED), told(first));
    assertEquals(Severity.INFO, first.incidentState().owed().getFirst().severity());
    IdentityState later = Evaluation.evaluate(first, seen(60 * 24 * 8, Live.NONE), below);
    assertEquals(List.of(Reason.STARTED), told(later));
  }

  /** An address, and a name below a domain, may be signed by keys that are not its own. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          example.com,      SIGNS,         NONE,     WARNING
          example.com,      DOES_NOT_SIGN, NONE,     CRITICAL
          example.com,      BARE,          NONE,     CRITICAL
          sub.example.com,  BARE,          SIGNS,    WARNING
          sub.example.com,  BARE,          NOT_SEEN, WARNING
          sub.example.com,  BARE,          UNSIGNED, CRITICAL
          sub.example.com,  DOES_NOT_SIGN, SIGNS,    CRITICAL
          news@example.com, BARE,          NONE,     WARNING
          news@example.com, BARE,          UNSIGNED, WARNING
          news@example.com, DOES_NOT_SIGN, SIGNS,    CRITICAL
          """)
  void bareDkimIsNotKnownWhereAnotherIdentityMaySign(
      String name, Dkim dkim, String above, Severity severity) {
    EvaluationContext around =
        new EvaluationContext(
            new Ancestor(false, above.equals("SIGNS") || above.equals("NOT_SEEN")),
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of());
    IdentityState works = step(IdentityState.unseen(key(name)), 0, SUCCESS);
    Instant at = T0.plus(Duration.ofMinutes(15));
    Observation lost = new Observation(at, at, null, LOST, dkim, null, null);
    IdentityState state = Evaluation.evaluate(works, lost, around);
    assertEquals(severity, state.incidentState().owed().getFirst().severity());
  }

  @Test
  void dkimThatIsKnownNotToSignMakesAFallbackCritical() {
    IdentityState works = step(start(), 0, SUCCESS);
    Instant at = T0.plus(Duration.ofMinutes(15));
    Observation lost = new Observation(at, at, null, LOST, Dkim.DOES_NOT_SIGN, null, null);
    IdentityState state = Evaluation.evaluate(works, lost, AROUND);
    assertEquals(Severity.CRITICAL, state.incidentState().owed().getFirst().severity());
  }

  @Test
  void driftIsToldOnceForEachOtherSetting() {
    IdentityState managed =
        named("example.com")
            .sight(true, SUCCESS, null)
            .standing(Effect.CUSTOM, null, Phase.LIVE)
            .wanted(settings(BOUNCE, "UseDefaultValue"))
            .build();
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    IdentityState drifted = step(managed, 15, other);
    assertEquals(List.of(Reason.DRIFT), told(drifted));
    assertEquals(List.of(Reason.DRIFT), told(step(drifted, 30, other)));
    IdentityState back = step(step(drifted, 30, SUCCESS), 45, other);
    assertEquals(List.of(Reason.DRIFT), told(back), "owners that take turns are known");
    IdentityState third = step(back, 60, live("third.example.com", "UseDefaultValue", "Success"));
    assertEquals(List.of(Reason.DRIFT, Reason.DRIFT), told(third));
    assertTrue(
        String.valueOf(third.incidentState().owed().getLast().detail())
            .contains("They take turns with others: Somebody else set other.example.com"));
    IdentityState aWeek = step(back, 15 + 7 * 24 * 60, other);
    assertEquals(List.of(Reason.DRIFT, Reason.DRIFT), told(aWeek));
    assertEquals(2, aWeek.incidentState().owed().stream().map(Notice::id).distinct().count());
  }

  private static final String OTHER_SET = " set other.example.com with UseDefaultValue; ";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          -,       0, Somebody else
          arn:joe, 0, arn:joe
          arn:joe, 1, arn:joe
          arn:joe, 2, arn:joe
          """)
  void aDriftSaysWhoSetWhatAndWhetherItIsLeftAloneNow(
      @Nullable String by, int repairs, String who) {
    IdentityState state = managed(staged(BOUNCE, "UseDefaultValue"));
    for (int i = 0; i < repairs; i++) {
      state = state.withHealing(state.healingState().repaired(T0));
    }
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    assertEquals(
        who
            + OTHER_SET
            + "asked for here: bounce.example.com with UseDefaultValue."
            + (repairs < 2
                ? ""
                : " It was set back twice and undone each time: it is left as it is now."),
        driftOf(Evaluation.evaluate(state, seen(15, other), AROUND, by)));
  }

  @Test
  void aDomainSetWhereNoneIsWantedIsDrift() {
    IdentityState nothing = managed(Desired.nothing(Map.of()));
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    assertEquals(
        "Somebody else" + OTHER_SET + "asked for here: no MAIL FROM domain.",
        driftOf(step(nothing, 15, other)));
  }

  private static IdentityState managed(Desired desired) {
    return step(start(), 0, Live.NONE).withDesired(applied(desired));
  }

  private static @Nullable String driftOf(IdentityState state) {
    assertEquals(List.of(Reason.DRIFT), told(state));
    return state.incidentState().owed().getFirst().detail();
  }

  @Test
  void noDriftIsToldBeforeTheBaselineAndItIsToldAfterIt() {
    IdentityState managed = managed(staged(BOUNCE, "UseDefaultValue"));
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    EvaluationContext first =
        new EvaluationContext(
            Ancestor.NONE, new TreeSet<>(List.of(TestingIdentity.REGION)), false, null, List.of());
    IdentityState drifted = Evaluation.evaluate(managed, seen(15, other), first);
    assertEquals(List.of(), told(drifted));
    assertEquals(List.of(Reason.DRIFT), told(step(drifted, 30, other)));
  }

  @Test
  void aDifferenceThatIsStillOursToApplyIsNotDrift() {
    IdentityState asked = asked("UseDefaultValue", Activation.IMMEDIATE, SUCCESS);
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    assertEquals(List.of(), told(step(asked, 15, other)));
  }

  private static DnsView spf(SpfVerdict verdict) {
    return Views.with(Views.spf(verdict));
  }

  @ParameterizedTest
  @CsvSource({"9, 0", "10, 1"})
  void brokenSpfIsToldWhenSeenInTwoRunsTenMinutesApart(int minutes, int notices) {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(once));
    assertEquals(notices, told(step(once, minutes, SUCCESS, spf(SpfVerdict.DUPLICATE))).size());
  }

  @Test
  void aRunThatCouldNotAskIsNotTheSecondOneThatSawSpfBroken() {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(step(once, 15, SUCCESS, spf(SpfVerdict.UNKNOWN))));
    assertEquals(List.of(), told(step(once, 15, SUCCESS)));
    IdentityState later = step(step(once, 15, SUCCESS), 30, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(Reason.STARTED), told(later));
  }

  @Test
  void aLookAtAnotherNameDoesNotEndABrokenSpf() {
    IdentityState broken =
        step(
            step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING)),
            15,
            SUCCESS,
            spf(SpfVerdict.MISSING));
    IdentityState elsewhere =
        step(
            broken,
            30,
            SUCCESS,
            DnsView.unavailable(DomainName.of("other.example.com"), "timeout"));
    assertEquals(List.of(Reason.STARTED), told(step(elsewhere, 60, SUCCESS)));
  }

  @Test
  void theBrokenSpfOfTheWantedNameSaysNothingOfTheLiveOne() {
    Live live = live("live.example.com", "UseDefaultValue", "Success");
    IdentityState asked = asking(step(start(), 0, live), staged(BOUNCE, "UseDefaultValue"));
    assertEquals(Optional.of(Views.NAME), asked.nameToLookAt());
    IdentityState once = step(asked, 15, live, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(step(once, 30, live, spf(SpfVerdict.MISSING))));
  }

  @ParameterizedTest
  @CsvSource({"MISSING, 1", "COVERS_SES, 0", "UNKNOWN, 0", ", 0"})
  void onlyALookThatSeesItMakesASecondRunOfABrokenSpf(@Nullable SpfVerdict second, int notices) {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    IdentityState twice = step(once, 15, SUCCESS, second == null ? null : spf(second));
    assertEquals(notices, told(twice).size());
  }

  @ParameterizedTest
  @CsvSource({"COVERS_SES, 1", "UNKNOWN, 0", ", 0"})
  void brokenSpfIsOverWhenTwoRunsSawItRightAndNoneThatCouldNotAskCounts(
      @Nullable SpfVerdict second, int ends) {
    IdentityState broken =
        step(
            step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING)),
            15,
            SUCCESS,
            spf(SpfVerdict.MISSING));
    IdentityState once = step(broken, 30, SUCCESS, spf(SpfVerdict.COVERS_SES));
    IdentityState twice = step(once, 45, SUCCESS, second == null ? null : spf(second));
    assertEquals(ends, told(twice).stream().filter(Reason.RECOVERED::equals).count());
    IdentityState later = step(twice, 60, SUCCESS, spf(SpfVerdict.COVERS_SES));
    assertEquals(1, told(later).stream().filter(Reason.RECOVERED::equals).count());
  }

  @ParameterizedTest
  @CsvSource({"MISSING, 1", "UNKNOWN, 0"})
  void brokenSpfIsRemindedOfOnlyWhenItIsSeen(SpfVerdict now, int reminders) {
    IdentityState broken =
        step(
            step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING)),
            15,
            SUCCESS,
            spf(SpfVerdict.MISSING));
    IdentityState dayLater = step(broken, 25 * 60, SUCCESS, spf(now));
    assertEquals(reminders, told(dayLater).stream().filter(Reason.REMINDER::equals).count());
  }

  private static DnsView mx(String records) {
    return Views.with(records);
  }

  @Test
  void aWorseMxAnswerUnderSuccessIsWarnedOfInTheSecondRunAndOnce() {
    IdentityState healthy = step(start(), 0, SUCCESS, Views.healthy());
    IdentityState once = step(healthy, 15, SUCCESS, mx("10 mail.example.net"));
    assertEquals(List.of(), told(once));
    IdentityState twice = step(once, 30, SUCCESS, mx("10 mail.example.net"));
    assertEquals(List.of(Reason.EARLY_WARNING), told(twice));
    assertEquals(
        List.of(Reason.EARLY_WARNING), told(step(twice, 45, SUCCESS, mx("10 mail.example.net"))));
  }

  @ParameterizedTest
  @CsvSource({"10 mail.example.net, 10 mail.example.net", "'', no record"})
  void anEarlyWarningSaysWhatTheMxIsNow(String records, String words) {
    IdentityState healthy = step(start(), 0, SUCCESS, Views.healthy());
    IdentityState warned = step(step(healthy, 15, SUCCESS, mx(records)), 30, SUCCESS, mx(records));
    assertEquals(
        "SES still says Success, but the MX answer is now: %s.".formatted(words),
        warned.incidentState().owed().getFirst().detail());
  }

  @Test
  void aRunThatCouldNotAskIsNotTheSecondOneThatSawAnotherMx() {
    IdentityState once =
        step(step(start(), 0, SUCCESS, Views.healthy()), 15, SUCCESS, mx("10 mail.example.net"));
    assertEquals(
        List.of(), told(step(once, 30, SUCCESS, DnsView.unavailable(Views.NAME, "timeout"))));
    assertEquals(List.of(), told(step(once, 30, SUCCESS)));
  }

  @Test
  void anAnswerThatWasAlreadyWrongWhenFirstSeenUnderSuccessIsNoChange() {
    IdentityState first = step(start(), 0, SUCCESS, mx("20 mail.example.net"));
    assertEquals(List.of(), told(step(first, 15, SUCCESS, mx("20 mail.example.net"))));
  }

  @Test
  void anotherDomainInSetupHasALastChanceOfItsOwn() {
    IdentityState first = step(step(start(), 0, PENDING), 61 * 60, PENDING);
    Live other = live("other.example.com", "UseDefaultValue", "Pending");
    IdentityState second = step(step(first, 62 * 60, other), (62 + 61) * 60, other);
    assertEquals(List.of(Reason.LAST_CHANCE, Reason.LAST_CHANCE), told(second));
    assertEquals(2, second.incidentState().owed().stream().map(Notice::id).distinct().count());
  }

  @Test
  void aNoticeIsForgottenWhenBothTopicsTookItAndItsDeliveryIsRemembered() {
    IdentityState lost = step(step(start(), 0, SUCCESS), 15, LOST);
    List<String> ids = lost.owed(Topic.ALERTS).stream().map(Notice::id).toList();
    Instant late = T0.plus(Duration.ofHours(1));
    IdentityState people = lost.delivered(Topic.ALERTS, ids, late);
    assertEquals(List.of(), people.owed(Topic.ALERTS));
    assertEquals(1, people.owed(Topic.NOTICES).size());
    Incident incident = people.incidentState().incident();
    assertEquals(late, incident == null ? null : incident.lastToldAt());
    IdentityState both = people.delivered(Topic.NOTICES, ids, late);
    assertEquals(List.of(), both.incidentState().owed());
    assertEquals(both, both.delivered(Topic.NOTICES, ids, late.plusSeconds(60)));
  }

  @Test
  void aStartStillOwedAtTheEndIsDeliveredBeforeIt() {
    IdentityState over =
        step(step(step(step(start(), 0, SUCCESS), 15, LOST), 30, SUCCESS), 45, SUCCESS);
    assertEquals(
        List.of(Reason.STARTED, Reason.RECOVERED),
        over.owed(Topic.NOTICES).stream().map(Notice::reason).toList());
  }

  @Test
  void aRecoveryIsNotToldOfAStartThatWasNotTold() {
    EvaluationContext silenced =
        new EvaluationContext(
            Ancestor.NONE,
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of(TestingIdentity.silence(new Silence.Match(null, null, null, null))));
    IdentityState state = step(start(), 0, SUCCESS);
    for (int minute = 15; minute < 60; minute += 15) {
      state = Evaluation.evaluate(state, seen(minute, LOST), silenced);
    }
    IdentityState over = step(step(state, 60, SUCCESS), 75, SUCCESS);
    assertEquals(List.of(), told(over));
    assertNull(over.incidentState().incident());
  }

  @Test
  void aDeletedIdentityWithAnOpenIncidentIsGone() {
    IdentityState lost = step(step(start(), 0, SUCCESS), 15, LOST_REJECTING);
    IdentityState gone = Evaluation.gone(lost, null, T0.plus(Duration.ofHours(1)), true);
    assertEquals(List.of(Reason.STARTED, Reason.GONE), told(gone));
    assertNull(gone.incidentState().incident());
  }

  @Test
  void aRefusalThatWasPromisedAsAppliedIsTold() {
    IdentityState state = asked("UseDefaultValue", Activation.STAGED, Live.NONE);
    assertEquals(
        List.of(Reason.NOT_APPLIED),
        told(Evaluation.notApplied(state, "Identity does not exist.", T0)));
  }

  private static IdentityState healing(Live before) {
    IdentityState failed =
        Evaluation.evaluate(
            named("example.com")
                .wanted(settings(BOUNCE, "RejectMessage"), Activation.IMMEDIATE, Map.of())
                .build(),
            seen(0, before),
            AROUND);
    return failed.withHealing(
        failed.healingState().withIntent(settings(BOUNCE, "UseDefaultValue")));
  }

  private static Observation verified(int minute, boolean verified, Live live) {
    Instant at = T0.plus(Duration.ofMinutes(minute));
    return new Observation(at, at, verified, live, null, null, null);
  }

  /**
   * What we cleared ourselves is no removal; all else is what it is, also while something heals.
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          true,  Failed, true,  Failed, FALLBACK,   true
          true,  Failed, true,  ,       FALLBACK,   true
          true,  Failed, false, Failed, UNVERIFIED, true
          true,  Failed, false, ,       UNVERIFIED, true
          false, Failed, true,  Failed, FALLBACK,   true
          false, Failed, true,  ,       UNVERIFIED, true
          true,  Failed, true,  Pending, FALLBACK,  false
          """)
  void whileSomethingHealsOnlyOurOwnClearingIsNotLookedAt(
      boolean verifiedBefore,
      String before,
      boolean verified,
      @Nullable String now,
      Effect effect,
      boolean goesOn) {
    IdentityState begun =
        Evaluation.evaluate(
            healing(live(BOUNCE, "RejectMessage", before)),
            verified(15, verifiedBefore, live(BOUNCE, "UseDefaultValue", before)),
            AROUND);
    Live live = now == null ? Live.NONE : live(BOUNCE, "UseDefaultValue", now);
    IdentityState after = Evaluation.evaluate(begun, verified(30, verified, live), AROUND);
    assertEquals(effect, after.effectState().effect());
    assertEquals(goesOn, after.healingState().intent() != null);
    assertEquals(live, after.sesView().live());
    assertTrue(told(after).stream().noneMatch(Reason.DRIFT::equals), () -> "told: " + told(after));
  }

  /** The process may die between the two calls, and nobody else goes on for hours. */
  @Test
  void whatGetsWorseBetweenOurClearAndOurSetIsToldThen() {
    IdentityState begun = step(step(start(), 0, SUCCESS), 15, FAILED);
    IdentityState clearing =
        begun.withHealing(begun.healingState().withIntent(settings(BOUNCE, "UseDefaultValue")));
    assertEquals(List.of(Reason.STARTED), told(clearing));
    Instant at = T0.plus(Duration.ofMinutes(30));
    IdentityState after =
        Evaluation.evaluate(
            clearing,
            new Observation(at, at, null, Live.NONE, Dkim.DOES_NOT_SIGN, null, null),
            AROUND);
    assertEquals(List.of(Reason.STARTED, Reason.WORSE), told(after));
    assertEquals(Optional.of(Severity.CRITICAL), after.severity());
  }
}
