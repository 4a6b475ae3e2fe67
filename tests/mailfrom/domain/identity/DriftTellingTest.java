package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.AROUND;
import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.asked;
import static mailfrom.domain.identity.Steps.seen;
import static mailfrom.domain.identity.Steps.start;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.Steps.told;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.applied;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that somebody else made, and when they are told. */
class DriftTellingTest {
  private static final String OTHER_SET = " set other.example.com with UseDefaultValue; ";

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
}
