package mailfrom.domain.desired;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final String A = "bounce.example.com";

  /** "NAME behaviour status", or "none". */
  private static Live of(String text) {
    if (text.equals("none")) {
      return Live.NONE;
    }
    String[] parts = text.split(" ", -1);
    return live(parts[0] + ".example.com", behavior(parts[1]), parts[2]);
  }

  private static String behavior(String word) {
    return word.equals("reject") ? "RejectMessage" : "UseDefaultValue";
  }

  private static DesiredState asked(Activation activation, String behavior) {
    Settings settings = settings(A, behavior(behavior));
    return DesiredState.asked(
        null, new Desired(settings, activation, Set.of(), Map.of()), "mia", T0);
  }

  private static String plan(DesiredState desired, String live, MxCheck mx) {
    Live now = of(live);
    return words(
        Planner.plan(
            new Planner.Facts(desired, now, now.isSuccess(), mx, EnumSet.allOf(PlanAction.class))));
  }

  private static String words(Plan plan) {
    return switch (plan) {
      case Plan.Nothing(Plan.Why why) -> "nothing " + why;
      case Plan.Call(PlanAction action, Settings settings, Plan.Why why) ->
          "%s %s".formatted(action, words(settings));
      case Plan.Wait(PlanAction action, Settings settings, Progress.State state, Plan.Why why) ->
          "wait %s %s".formatted(action, why);
    };
  }

  private static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "none"
        : settings.mailFromDomain().labels().getFirst()
            + (settings.behaviorOnMxFailure() == BehaviorOnMxFailure.REJECT_MESSAGE
                ? " reject"
                : " default");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # activation, wanted, live before,                   MX,          plan
          STAGED,     default, none,                            UNKNOWN,     APPLY bounce default
          STAGED,     reject,  none,                            RIGHT_TWICE, APPLY bounce default
          STAGED,     default, other default Success,           RIGHT,       APPLY bounce default
          STAGED,     reject,  other reject Success,            RIGHT,       APPLY bounce default
          STAGED,     default, other default Success,           WRONG,       wait APPLY MX_NOT_RIGHT
          STAGED,     default, other default Success,           UNKNOWN,     wait APPLY MX_NOT_RIGHT
          STAGED,     default, other default TemporaryFailure,  UNKNOWN,     APPLY bounce default
          STAGED,     default, bounce default Success,          UNKNOWN,     nothing ALREADY_SO
          STAGED,     default, bounce default Pending,          WRONG,       nothing ALREADY_SO
          STAGED,     default, bounce default Failed,           WRONG,       APPLY bounce default
          STAGED,     default, bounce default TemporaryFailure, WRONG,       nothing ALREADY_SO
          STAGED,     default, bounce reject Pending,           UNKNOWN,     APPLY bounce default
          STAGED,     reject,  bounce reject Success,           UNKNOWN,     nothing ALREADY_SO
          STAGED,     reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          STAGED,     reject,  bounce reject TemporaryFailure,  WRONG,       nothing ALREADY_SO
          STAGED,     reject,  bounce default Pending,          UNKNOWN,     wait PROMOTE WAITS_FOR_SUCCESS
          STAGED,     reject,  bounce default Success,          RIGHT,       wait PROMOTE WAITS_FOR_SECOND_LOOK
          STAGED,     reject,  bounce default Success,          RIGHT_TWICE, PROMOTE bounce reject
          WHEN_READY, default, none,                            WRONG,       wait APPLY MX_NOT_RIGHT
          WHEN_READY, default, none,                            UNKNOWN,     wait APPLY MX_NOT_RIGHT
          WHEN_READY, default, none,                            RIGHT,       APPLY bounce default
          WHEN_READY, reject,  none,                            RIGHT_TWICE, APPLY bounce reject
          WHEN_READY, reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          WHEN_READY, default, bounce reject TemporaryFailure,  WRONG,       APPLY bounce default
          WHEN_READY, default, bounce reject Failed,            WRONG,       APPLY bounce default
          WHEN_READY, default, other reject TemporaryFailure,   WRONG,       wait APPLY MX_NOT_RIGHT
          IMMEDIATE,  reject,  none,                            WRONG,       APPLY bounce reject
          IMMEDIATE,  default, other default Success,           WRONG,       APPLY bounce default
          IMMEDIATE,  reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          IMMEDIATE,  reject,  bounce reject Failed,            WRONG,       APPLY bounce reject
          """)
  void whatIsNewerThanApplied(
      Activation activation, String wanted, String live, MxCheck mx, String plan) {
    assertEquals(plan, plan(asked(activation, wanted), live, mx));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STAGED,    default, bounce default Success,          UNKNOWN,     nothing ALREADY_SO
          STAGED,    default, bounce default TemporaryFailure, WRONG,       nothing ALREADY_SO
          STAGED,    default, bounce default Failed,           WRONG,       wait RESTART GAVE_UP_MX_NOT_RIGHT
          STAGED,    default, bounce default Failed,           UNKNOWN,     wait RESTART MX_NOT_ANSWERED
          STAGED,    default, bounce default Failed,           SERVERS_DISAGREE, wait RESTART SERVERS_DISAGREE
          STAGED,    default, bounce default Failed,           RIGHT,       wait RESTART MX_MAY_BE_OLD
          STAGED,    default, bounce default Failed,           RIGHT_TWICE, RESTART bounce default
          STAGED,    reject,  bounce default Failed,           RIGHT_TWICE, RESTART bounce default
          STAGED,    reject,  bounce default Success,          UNKNOWN,     wait PROMOTE WAITS_FOR_SECOND_LOOK
          STAGED,    reject,  bounce default Success,          RIGHT_TWICE, PROMOTE bounce reject
          STAGED,    reject,  bounce reject TemporaryFailure,  WRONG,       nothing ALREADY_SO
          IMMEDIATE, reject,  bounce default Success,          RIGHT_TWICE, REPAIR bounce reject
          STAGED,    default, other default Success,           RIGHT_TWICE, REPAIR bounce default
          STAGED,    reject,  none,                            RIGHT_TWICE, REPAIR bounce default
          """)
  void whatKeepsAppliedSettings(
      Activation activation, String wanted, String live, MxCheck mx, String plan) {
    DesiredState applied = asked(activation, wanted).reached(Progress.State.APPLIED);
    assertEquals(plan, plan(applied, live, mx));
  }

  private static String without(PlanAction forbidden, @Nullable DesiredState desired, String live) {
    return words(
        Planner.plan(
            new Planner.Facts(
                desired,
                of(live),
                false,
                MxCheck.RIGHT_TWICE,
                EnumSet.complementOf(EnumSet.of(forbidden)))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          RESTART, bounce default Failed,  wait RESTART RESTARTED_ENOUGH
          PROMOTE, bounce default Failed,  RESTART bounce default
          REPAIR,  other default Success,  wait REPAIR DRIFT_LEFT_ALONE
          RESTART, other default Success,  REPAIR bounce default
          PROMOTE, bounce default Success, wait PROMOTE PROMOTING_STOPPED
          REPAIR,  bounce default Success, PROMOTE bounce reject
          """)
  void whatIsNotAllowedIsNotPlannedAsACall(PlanAction forbidden, String live, String plan) {
    DesiredState applied = asked(Activation.STAGED, "reject").reached(Progress.State.APPLIED);
    assertEquals(plan, without(forbidden, applied, live));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "bounce default Failed", "other default Success"})
  void whatSesRefusedIsNotPlannedAgain(String live) {
    DesiredState asked = asked(Activation.IMMEDIATE, "reject");
    DesiredState refused = asked.with(Progress.State.REFUSED);
    assertEquals("nothing REFUSED_BEFORE", plan(refused, live, MxCheck.RIGHT_TWICE));
    DesiredState later = asked.reached(Progress.State.APPLIED).with(Progress.State.REFUSED);
    assertEquals("nothing REFUSED_BEFORE", plan(later, live, MxCheck.RIGHT_TWICE));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          none,                    PROMOTE, nothing NEVER_ASKED
          bounce default Pending,  PROMOTE, nothing NEVER_ASKED
          bounce default Failed,   PROMOTE, RESTART bounce default
          bounce reject Failed,    PROMOTE, RESTART bounce reject
          bounce default Failed,   RESTART, wait RESTART RESTARTED_ENOUGH
          """)
  void whatWasNeverAskedForHasAPlanOnlyWhenSesGaveUp(
      String live, PlanAction forbidden, String plan) {
    assertEquals(plan, without(forbidden, null, live));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          none,                            nothing ALREADY_SO
          bounce reject Pending,           APPLY none
          bounce reject Success,           APPLY none
          bounce reject TemporaryFailure,  APPLY none
          bounce reject Failed,            APPLY none
          """)
  void nothingWantedIsAppliedAtOnceWhateverTheStatus(String live, String plan) {
    DesiredState nothing = DesiredState.asked(null, Desired.nothing(Map.of()), "mia", T0);
    assertEquals(plan, plan(nothing, live, MxCheck.UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({"APPLY, false", "PROMOTE, false", "RESTART, true", "REPAIR, true"})
  void theBrakeIsForWhatNobodyAskedFor(PlanAction action, boolean heals) {
    assertEquals(heals, new Plan.Call(action, Settings.NONE, Plan.Why.DRIFTED).heals());
  }

  @ParameterizedTest
  @CsvSource({"true, wait APPLY MX_NOT_RIGHT", "false, APPLY bounce default"})
  void aNewDomainWaitsForItsMxOnlyWhileAnotherOneIsWhatMailGets(boolean custom, String plan) {
    // Success of an identity that is not verified is nothing that mail gets.
    assertEquals(
        plan,
        words(
            Planner.plan(
                new Planner.Facts(
                    asked(Activation.STAGED, "default"),
                    of("other default Success"),
                    custom,
                    MxCheck.WRONG,
                    Set.of()))));
  }
}
