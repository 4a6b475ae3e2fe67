package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.LOST;
import static mailfrom.domain.identity.Steps.PENDING;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.asked;
import static mailfrom.domain.identity.Steps.asking;
import static mailfrom.domain.identity.Steps.start;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.Steps.told;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.Views;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Live;
import org.junit.jupiter.api.Test;

/**
 * What is asked for, as reads go by: its progress, its plan, and what it makes of an empty answer.
 */
class AskedForTest {
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
}
