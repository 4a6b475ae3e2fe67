package mailfrom.domain.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleTableTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # effect,  cause,             phase, drift, dkim,  spf,   trouble,     severity
          UNVERIFIED, VERIFICATION_LOST, LIVE,  false, true,  true,  UNVERIFIED,  CRITICAL
          UNVERIFIED, VERIFICATION_LOST, -,     false, -,     false, UNVERIFIED,  CRITICAL
          UNVERIFIED, -,                 -,     false, false, true,  -,           -
          REJECTED,   PENDING,           SETUP, false, true,  false, REJECTED,    CRITICAL
          REJECTED,   FAILED,            SETUP, false, -,     false, REJECTED,    CRITICAL
          REJECTED,   TEMPORARY_FAILURE, LIVE,  true,  true,  false, REJECTED,    CRITICAL
          FALLBACK,   TEMPORARY_FAILURE, LIVE,  false, true,  false, FALLBACK,    WARNING
          FALLBACK,   TEMPORARY_FAILURE, LIVE,  false, -,     false, FALLBACK,    WARNING
          FALLBACK,   TEMPORARY_FAILURE, LIVE,  false, false, false, FALLBACK,    CRITICAL
          FALLBACK,   PENDING,           LIVE,  false, false, false, FALLBACK,    CRITICAL
          FALLBACK,   FAILED,            LIVE,  false, true,  false, FALLBACK,    WARNING
          FALLBACK,   REMOVED,           LIVE,  true,  false, false, FALLBACK,    CRITICAL
          FALLBACK,   REMOVED,           SETUP, true,  true,  false, FALLBACK,    WARNING
          FALLBACK,   PENDING,           SETUP, false, false, false, -,           -
          FALLBACK,   PENDING,           SETUP, true,  true,  false, FALLBACK,    WARNING
          FALLBACK,   PENDING,           SETUP, true,  false, false, FALLBACK,    CRITICAL
          FALLBACK,   TEMPORARY_FAILURE, SETUP, false, true,  false, -,           -
          FALLBACK,   FAILED,            SETUP, false, true,  false, FALLBACK,    WARNING
          FALLBACK,   FAILED,            SETUP, false, false, false, FALLBACK,    CRITICAL
          FALLBACK,   NOT_COVERED,       -,     false, true,  false, NOT_COVERED, INFO
          FALLBACK,   NOT_COVERED,       -,     false, -,     false, NOT_COVERED, INFO
          FALLBACK,   NOT_COVERED,       -,     false, false, false, NOT_COVERED, CRITICAL
          CUSTOM,     -,                 LIVE,  false, true,  true,  SPF_BROKEN,  WARNING
          CUSTOM,     -,                 LIVE,  false, -,     true,  SPF_BROKEN,  WARNING
          CUSTOM,     -,                 LIVE,  false, false, true,  SPF_BROKEN,  CRITICAL
          CUSTOM,     -,                 LIVE,  true,  false, false, -,           -
          DEFAULT,    -,                 -,     true,  false, true,  -,           -
          """)
  void eachRow(
      Effect effect,
      @Nullable Cause cause,
      @Nullable Phase phase,
      boolean drifted,
      @Nullable Boolean dkim,
      boolean spf,
      @Nullable TroubleKind trouble,
      @Nullable Severity severity) {
    Optional<Trouble> decided =
        TroubleTable.decide(
            new TroubleTable.Facts(new Verdict(effect, cause), phase, drifted, dkim, spf));
    assertEquals(Optional.ofNullable(trouble), decided.map(Trouble::kind));
    assertEquals(Optional.ofNullable(severity), decided.map(Trouble::severity));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          NOT_COVERED, NOT_COVERED,       SPF_BROKEN, -
          SPF_BROKEN,  -,                 FALLBACK,   PENDING
          FALLBACK,    PENDING,           FALLBACK,   FAILED
          FALLBACK,    TEMPORARY_FAILURE, FALLBACK,   FAILED
          FALLBACK,    TEMPORARY_FAILURE, FALLBACK,   REMOVED
          FALLBACK,    FAILED,            REJECTED,   PENDING
          REJECTED,    TEMPORARY_FAILURE, REJECTED,   FAILED
          REJECTED,    FAILED,            UNVERIFIED, VERIFICATION_LOST
          """)
  void theSecondIsWorse(
      TroubleKind trouble, @Nullable Cause cause, TroubleKind worse, @Nullable Cause worseCause) {
    Trouble first = new Trouble(trouble, cause, Severity.CRITICAL);
    Trouble second = new Trouble(worse, worseCause, Severity.WARNING);
    assertTrue(second.isWorseThan(first), "however severe");
    assertFalse(first.isWorseThan(second));
  }

  @ParameterizedTest
  @CsvSource({
    "WARNING, CRITICAL, true",
    "INFO, WARNING, true",
    "WARNING, WARNING, false",
    "CRITICAL, WARNING, false"
  })
  void theSameIsWorseOnceDmarcFailsToo(Severity before, Severity after, boolean worse) {
    assertEquals(
        worse,
        new Trouble(TroubleKind.FALLBACK, Cause.FAILED, after)
            .isWorseThan(new Trouble(TroubleKind.FALLBACK, Cause.REMOVED, before)));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          REJECTED,   FAILED,            FALLBACK,   FAILED,            true
          REJECTED,   PENDING,           SPF_BROKEN, -,                 true
          UNVERIFIED, VERIFICATION_LOST, REJECTED,   PENDING,           true
          UNVERIFIED, VERIFICATION_LOST, FALLBACK,   PENDING,           true
          REJECTED,   FAILED,            REJECTED,   PENDING,           false
          REJECTED,   FAILED,            UNVERIFIED, VERIFICATION_LOST, false
          FALLBACK,   FAILED,            SPF_BROKEN, -,                 false
          """)
  void theSecondIsBetterWhenMailWasLost(
      TroubleKind kind,
      @Nullable Cause cause,
      TroubleKind then,
      @Nullable Cause thenCause,
      boolean better) {
    assertEquals(
        better,
        new Trouble(then, thenCause, Severity.WARNING)
            .isBetterThan(new Trouble(kind, cause, Severity.CRITICAL)));
  }
}
