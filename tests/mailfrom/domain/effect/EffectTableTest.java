package mailfrom.domain.effect;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EffectTableTest {
  private static final String BOUNCE = "bounce.example.com";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          Success,          RejectMessage,   CUSTOM,   -
          Success,          UseDefaultValue, CUSTOM,   -
          Pending,          RejectMessage,   REJECTED, PENDING
          Failed,           RejectMessage,   REJECTED, FAILED
          TemporaryFailure, RejectMessage,   REJECTED, TEMPORARY_FAILURE
          Pending,          UseDefaultValue, FALLBACK, PENDING
          Failed,           UseDefaultValue, FALLBACK, FAILED
          TemporaryFailure, UseDefaultValue, FALLBACK, TEMPORARY_FAILURE
          """)
  void whatSesHasDecidesWhateverWasAskedOrIsAround(
      String status, String behavior, Effect effect, @Nullable Cause cause) {
    for (Asked asked : Asked.values()) {
      assertEquals(
          new Verdict(effect, cause),
          EffectTable.decide(
              new EffectTable.Facts(
                  true, true, live(BOUNCE, behavior, status), asked.state(true), true, true)));
    }
  }

  /** The three cases that are never mixed up. */
  enum Asked {
    NEVER,
    DOMAIN,
    NOTHING;

    /** Applied: a domain has reached SES, and what is asked for now is not read back yet. */
    @Nullable DesiredState state(boolean applied) {
      DesiredState domain = DesiredState.asked(null, staged(BOUNCE, "UseDefaultValue"), "mia", T0);
      DesiredState before = applied ? domain.reached(Progress.State.APPLIED) : domain;
      return switch (this) {
        case NEVER -> null;
        case DOMAIN -> before;
        case NOTHING -> DesiredState.asked(before, Desired.nothing(Map.of()), "mia", T0);
      };
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # asked, applied, had,  ancestor is CUSTOM
          DOMAIN,  true,  false, false, FALLBACK, REMOVED
          DOMAIN,  true,  true,  true,  FALLBACK, REMOVED
          DOMAIN,  false, true,  true,  DEFAULT,  -
          DOMAIN,  false, false, false, DEFAULT,  -
          NEVER,   false, true,  false, FALLBACK, REMOVED
          NEVER,   false, true,  true,  FALLBACK, REMOVED
          NEVER,   false, false, true,  FALLBACK, NOT_COVERED
          NEVER,   false, false, false, DEFAULT,  -
          NOTHING, true,  true,  true,  DEFAULT,  -
          NOTHING, false, true,  true,  DEFAULT,  -
          NOTHING, false, false, false, DEFAULT,  -
          """)
  void withoutADomainWhatWasAskedDecides(
      Asked asked,
      boolean applied,
      boolean had,
      boolean ancestor,
      Effect effect,
      @Nullable Cause cause) {
    assertEquals(
        new Verdict(effect, cause),
        EffectTable.decide(
            new EffectTable.Facts(true, true, Live.NONE, asked.state(applied), had, ancestor)));
  }

  @ParameterizedTest
  @EnumSource(MailFromStatus.class)
  void whatIsNotVerifiedCannotSendAsItselfWhateverElseIsSo(MailFromStatus status) {
    for (boolean was : List.of(true, false)) {
      assertEquals(
          new Verdict(Effect.UNVERIFIED, was ? Cause.VERIFICATION_LOST : null),
          EffectTable.decide(
              new EffectTable.Facts(
                  false, was, live(BOUNCE, "RejectMessage", status.word()), null, true, true)));
    }
  }

  @Test
  void whatIsNotVerifiedIsNotCoveredByNobody() {
    assertEquals(
        new Verdict(Effect.UNVERIFIED, null),
        EffectTable.decide(new EffectTable.Facts(false, false, Live.NONE, null, true, true)));
  }
}
