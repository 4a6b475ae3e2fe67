package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.AROUND;
import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.FAILED;
import static mailfrom.domain.identity.Steps.LOST;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.seen;
import static mailfrom.domain.identity.Steps.start;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.Steps.told;
import static mailfrom.domain.identity.Steps.verified;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read while we set something ourselves. */
class HealingReadsTest {
  private static SetCall setAt(Instant at) {
    return new SetCall(Settings.NONE, PlanAction.APPLY, "watch", at, at, at);
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
  void betweenOurClearAndOurSetNothingIsDecided() {
    IdentityState restarting =
        step(start(), 0, FAILED)
            .withHealing(HealingState.NOTHING.withIntent(settings(BOUNCE, "UseDefaultValue")));
    IdentityState between = step(restarting, 15, Live.NONE);
    assertEquals(Cause.FAILED, between.effectState().cause());
    assertEquals(told(restarting), told(between));
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

  /**
   * What was read of it between our clear and our set was not told; what tells it is a read of it.
   */
  @Test
  void aVerificationThatCameBackBetweenOurClearAndOurSetIsToldByTheNextReadOfIt() {
    IdentityState lost =
        Evaluation.evaluate(
            healing(FAILED),
            verified(15, false, live(BOUNCE, "UseDefaultValue", "Failed")),
            AROUND);
    IdentityState cleared = Evaluation.evaluate(lost, verified(30, true, Live.NONE), AROUND);
    IdentityState set = cleared;
    for (int minute : List.of(45, 60)) {
      Instant at = T0.plus(Duration.ofMinutes(minute));
      set =
          Evaluation.evaluate(
              set, new Observation(at, at, null, SUCCESS, null, null, null), AROUND);
    }
    assertFalse(told(set).contains(Reason.RECOVERED), "nobody asked for its verification");
    Optional<TroubleKind> open = set.trouble().map(Trouble::kind);
    assertEquals(Optional.of(TroubleKind.UNVERIFIED), open);
    IdentityState read = set;
    for (int minute : List.of(75, 90)) {
      read = Evaluation.evaluate(read, verified(minute, true, SUCCESS), AROUND);
    }
    assertTrue(told(read).contains(Reason.RECOVERED), "it was read");
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
