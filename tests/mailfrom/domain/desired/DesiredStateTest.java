package mailfrom.domain.desired;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.desired.Progress.State;
import mailfrom.domain.ses.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of what was asked for. */
class DesiredStateTest {
  private static final String BOUNCE = "bounce.example.com";
  private static final Settings REJECT = settings(BOUNCE, "RejectMessage");
  private static final Settings OTHER = settings("other.example.com", "UseDefaultValue");
  private static final Drift DRIFT = new Drift(OTHER, T0, null, T0);

  private static DesiredState asked(DesiredState before, Desired desired) {
    return DesiredState.asked(before, desired, "mia", T0);
  }

  @Test
  void eachAskingIsANewVersionOfWhichNothingIsAppliedYet() {
    DesiredState first = DesiredState.asked(null, staged(BOUNCE, "RejectMessage"), "mia", T0);
    assertEquals(1, first.version());
    assertEquals(true, first.isPending());
    assertEquals(false, first.wasApplied());
    DesiredState reached = first.reached(State.APPLIED).driftTold(DRIFT);
    assertEquals(false, reached.isPending());
    DesiredState second = asked(reached, staged(BOUNCE, "UseDefaultValue"));
    assertEquals(2, second.version());
    assertEquals(1, second.reachedVersion());
    assertEquals(true, second.isPending());
    assertEquals(null, second.drift());
    assertEquals(List.of(), second.driftsTold());
    assertEquals(new Progress(State.QUEUED, "mia", T0, 0, null, false, null), second.progress());
  }

  @Test
  void whatWasAppliedIsNoMoreOnceNothingIsWanted() {
    DesiredState domain = applied(staged(BOUNCE, "UseDefaultValue"));
    assertEquals(true, domain.wasApplied());
    assertEquals(true, asked(domain, staged("other.example.com", "RejectMessage")).wasApplied());
    DesiredState cleared = asked(domain, Desired.nothing(Map.of()));
    assertEquals(false, cleared.wasApplied());
    DesiredState again = asked(cleared.reached(State.APPLIED), staged(BOUNCE, "UseDefaultValue"));
    assertEquals(false, again.wasApplied());
    assertEquals(true, again.reached(State.APPLIED).wasApplied());
  }

  @Test
  void attemptsAreCountedAndAPromiseIsKept() {
    Progress progress =
        Progress.queued("mia", T0)
            .withPromise()
            .attempted(State.WAITING_FOR_VERIFICATION, "not verified")
            .attempted(State.QUEUED, null);
    assertEquals(new Progress(State.QUEUED, "mia", T0, 2, null, true, null), progress);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # what is to be done,              before,          after,           reached
          nothing ALREADY_SO,                QUEUED,          APPLIED,         true
          nothing REFUSED_BEFORE,            REFUSED,         REFUSED,         false
          wait REPAIR APPLIED,               APPLIED,         APPLIED,         false
          wait APPLY WAITING_FOR_DNS,        QUEUED,          WAITING_FOR_DNS, false
          wait PROMOTE WAITING_FOR_DNS,      QUEUED,          WAITING_FOR_DNS, true
          wait RESTART WAITING_FOR_DNS,      APPLIED,         APPLIED,         false
          call APPLY,                        WAITING_FOR_DNS, QUEUED,          false
          call APPLY,                        WAITING_FOR_VERIFICATION, WAITING_FOR_VERIFICATION, false
          call PROMOTE,                      QUEUED,          WAITING_FOR_DNS, true
          call RESTART,                      APPLIED,         APPLIED,         false
          call REPAIR,                       APPLIED,         APPLIED,         false
          """)
  void howFarItHasComeFollowsFromWhatIsStillToBeDone(
      String plan, State before, State after, boolean reached) {
    DesiredState state =
        DesiredState.asked(null, staged(BOUNCE, "RejectMessage"), "mia", T0).with(before);
    DesiredState then = state.after(plan(plan));
    assertEquals(after, then.progress().state());
    assertEquals(reached, !then.isPending());
  }

  @Test
  void driftsThatWereToldAreKeptTheNewestOfEachValue() {
    DesiredState state = applied(staged(BOUNCE, "RejectMessage"));
    for (int i = 0; i < 20; i++) {
      Settings other = settings("m%d.example.com".formatted(i % 8), "UseDefaultValue");
      state = state.driftTold(new Drift(other, T0.plusSeconds(i), null, T0.plusSeconds(i)));
    }
    assertEquals(
        List.of(14, 15, 16, 17, 18, 19),
        state.driftsTold().stream()
            .map(told -> told.since().getEpochSecond() - T0.getEpochSecond())
            .map(Long::intValue)
            .toList());
    assertEquals(state.driftsTold().getLast(), state.drift());
    assertEquals(null, state.drifted(null).drift());
    assertEquals(6, state.drifted(null).driftsTold().size(), "what was told is known still");
  }

  @Test
  void aLabelIsNoNewVersionOfTheSettings() {
    DesiredState state = applied(staged(BOUNCE, "RejectMessage"));
    Desired labelled =
        new Desired(
            state.desired().settings(),
            state.desired().activation(),
            Set.of(),
            Map.of("customer", "4711"));
    DesiredState after = state.annotated(labelled);
    assertEquals(labelled, after.desired());
    assertEquals(state.version(), after.version());
    assertEquals(state.progress(), after.progress());
    assertEquals(false, after.isPending());
  }

  private static Plan plan(String text) {
    String[] words = text.split(" ", -1);
    return switch (words[0]) {
      case "nothing" -> new Plan.Nothing(Plan.Why.valueOf(words[1]));
      case "call" ->
          new Plan.Call(PlanAction.valueOf(words[1]), REJECT, Plan.Why.NEWER_THAN_APPLIED);
      default ->
          new Plan.Wait(
              PlanAction.valueOf(words[1]),
              REJECT,
              State.valueOf(words[2]),
              Plan.Why.WAITS_FOR_SUCCESS);
    };
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # activation, wanted,          live,               pending, what is left is applied
          IMMEDIATE,    RejectMessage,   bounce.example.com, false,   true
          WHEN_READY,   RejectMessage,   bounce.example.com, false,   true
          STAGED,       RejectMessage,   bounce.example.com, false,   false
          IMMEDIATE,    UseDefaultValue, bounce.example.com, false,   false
          IMMEDIATE,    RejectMessage,   other.example.com,  false,   false
          IMMEDIATE,    RejectMessage,   bounce.example.com, true,    false
          """)
  void afterASetupWasStartedAgainWhatIsLeftOfItIsApplied(
      Activation activation, String wanted, String live, boolean pending, boolean left) {
    Desired desired = new Desired(settings(BOUNCE, wanted), activation, Set.of(), Map.of());
    DesiredState first = DesiredState.asked(null, desired, "mia", T0);
    DesiredState before = pending ? first : first.reached(State.APPLIED);
    DesiredState after = before.startedAgain(live(live, "UseDefaultValue", "Pending"));
    assertEquals(left || pending, after.isPending());
    assertEquals(left || pending ? State.QUEUED : State.APPLIED, after.progress().state());
    assertEquals(before.version(), after.version());
    assertEquals(before.everApplied(), after.everApplied());
  }
}
