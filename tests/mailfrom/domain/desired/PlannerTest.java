package mailfrom.domain.desired;

import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

  private static Planner.Facts facts(
      Activation activation, String behavior, boolean pending, Live live, MxCheck mx) {
    Desired desired = new Desired(settings(A, behavior(behavior)), activation, Set.of(), Map.of());
    return new Planner.Facts(
        desired, pending, false, live, live.isSuccess(), mx, false, true, true);
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
          STAGED,     default, bounce default TemporaryFailure, WRONG,       APPLY bounce default
          STAGED,     default, bounce reject Pending,           UNKNOWN,     APPLY bounce default
          STAGED,     reject,  bounce reject Success,           UNKNOWN,     nothing ALREADY_SO
          STAGED,     reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          STAGED,     reject,  bounce reject TemporaryFailure,  WRONG,       APPLY bounce default
          STAGED,     reject,  bounce default Pending,          UNKNOWN,     wait PROMOTE WAITS_FOR_SUCCESS
          STAGED,     reject,  bounce default Success,          RIGHT,       wait PROMOTE WAITS_FOR_SECOND_LOOK
          STAGED,     reject,  bounce default Success,          RIGHT_TWICE, PROMOTE bounce reject
          WHEN_READY, default, none,                            WRONG,       wait APPLY MX_NOT_RIGHT
          WHEN_READY, default, none,                            UNKNOWN,     wait APPLY MX_NOT_RIGHT
          WHEN_READY, default, none,                            RIGHT,       APPLY bounce default
          WHEN_READY, reject,  none,                            RIGHT_TWICE, APPLY bounce reject
          WHEN_READY, reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          IMMEDIATE,  reject,  none,                            WRONG,       APPLY bounce reject
          IMMEDIATE,  default, other default Success,           WRONG,       APPLY bounce default
          IMMEDIATE,  reject,  bounce reject Pending,           WRONG,       nothing ALREADY_SO
          IMMEDIATE,  reject,  bounce reject Failed,            WRONG,       APPLY bounce reject
          """)
  void whatIsNewerThanApplied(
      Activation activation, String wanted, String live, MxCheck mx, String plan) {
    assertEquals(plan, words(Planner.plan(facts(activation, wanted, true, of(live), mx))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STAGED,    default, bounce default Success,          UNKNOWN,     nothing ALREADY_SO
          STAGED,    default, bounce default TemporaryFailure, WRONG,       nothing ALREADY_SO
          STAGED,    default, bounce default Failed,           WRONG,       wait RESTART GAVE_UP_MX_NOT_RIGHT
          STAGED,    default, bounce default Failed,           UNKNOWN,     wait RESTART GAVE_UP_MX_NOT_RIGHT
          STAGED,    default, bounce default Failed,           RIGHT,       wait RESTART GAVE_UP_MX_NOT_RIGHT
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
    assertEquals(plan, words(Planner.plan(facts(activation, wanted, false, of(live), mx))));
  }

  private static String plan(
      @Nullable Desired desired,
      boolean refused,
      String live,
      boolean promotingStopped,
      boolean restart,
      boolean repair) {
    return words(
        Planner.plan(
            new Planner.Facts(
                desired,
                false,
                refused,
                of(live),
                false,
                MxCheck.RIGHT_TWICE,
                promotingStopped,
                restart,
                repair)));
  }

  private static Desired reject() {
    return new Desired(settings(A, "RejectMessage"), Activation.STAGED, Set.of(), Map.of());
  }

  @Test
  void whatIsNotAllowedIsNotPlannedAsACall() {
    assertEquals(
        "nothing RESTARTED_ENOUGH",
        plan(reject(), false, "bounce reject Failed", false, false, true));
    assertEquals(
        "nothing DRIFT_LEFT_ALONE",
        plan(reject(), false, "other default Success", false, true, false));
    assertEquals(
        "nothing PROMOTING_STOPPED",
        plan(reject(), false, "bounce default Success", true, true, true));
    assertEquals(
        "nothing REFUSED_BEFORE", plan(reject(), true, "bounce default Failed", false, true, true));
  }

  @Test
  void whatWasNeverAskedForHasAPlanOnlyWhenSesGaveUp() {
    assertEquals("nothing NEVER_ASKED", plan(null, false, "none", false, true, true));
    assertEquals(
        "nothing NEVER_ASKED", plan(null, false, "bounce default Pending", false, true, true));
    assertEquals(
        "RESTART bounce default", plan(null, false, "bounce default Failed", false, true, true));
  }

  @ParameterizedTest
  @EnumSource(MailFromStatus.class)
  void nothingWantedIsAppliedAtOnceWhateverTheStatus(MailFromStatus status) {
    Planner.Facts facts =
        new Planner.Facts(
            Desired.nothing(Map.of()),
            true,
            false,
            live(A, "RejectMessage", status.word()),
            status == MailFromStatus.SUCCESS,
            MxCheck.UNKNOWN,
            false,
            false,
            false);
    assertEquals("APPLY none", words(Planner.plan(facts)));
  }

  @Test
  void nothingWantedAndNothingSetIsNoCall() {
    assertEquals(
        "nothing ALREADY_SO",
        words(
            Planner.plan(
                new Planner.Facts(
                    Desired.nothing(Map.of()),
                    true,
                    false,
                    Live.NONE,
                    false,
                    MxCheck.UNKNOWN,
                    false,
                    true,
                    true))));
  }
}
