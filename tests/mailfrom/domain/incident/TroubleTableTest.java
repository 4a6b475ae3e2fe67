package mailfrom.domain.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
          # effect, cause,            phase, dkim,  spf,   trouble,     severity
          REJECTED, PENDING,           SETUP, true,  false, REJECTED,    CRITICAL
          REJECTED, FAILED,            SETUP, -,     false, REJECTED,    CRITICAL
          REJECTED, TEMPORARY_FAILURE, LIVE,  true,  false, REJECTED,    CRITICAL
          FALLBACK, TEMPORARY_FAILURE, LIVE,  true,  false, FALLBACK,    WARNING
          FALLBACK, TEMPORARY_FAILURE, LIVE,  -,     false, FALLBACK,    WARNING
          FALLBACK, TEMPORARY_FAILURE, LIVE,  false, false, FALLBACK,    CRITICAL
          FALLBACK, PENDING,           LIVE,  false, false, FALLBACK,    CRITICAL
          FALLBACK, FAILED,            LIVE,  true,  false, FALLBACK,    WARNING
          FALLBACK, REMOVED,           LIVE,  false, false, FALLBACK,    CRITICAL
          FALLBACK, REMOVED,           SETUP, true,  false, FALLBACK,    WARNING
          FALLBACK, PENDING,           SETUP, false, false, -,           -
          FALLBACK, FAILED,            SETUP, true,  false, FALLBACK,    WARNING
          FALLBACK, FAILED,            SETUP, false, false, FALLBACK,    WARNING
          FALLBACK, NOT_COVERED,       -,     false, false, NOT_COVERED, INFO
          CUSTOM,   -,                 LIVE,  true,  true,  SPF_BROKEN,  WARNING
          CUSTOM,   -,                 LIVE,  false, true,  SPF_BROKEN,  WARNING
          CUSTOM,   -,                 LIVE,  false, false, -,           -
          DEFAULT,  -,                 -,     false, true,  -,           -
          UNVERIFIED, -,               -,     false, true,  -,           -
          """)
  void eachRow(
      Effect effect,
      @Nullable Cause cause,
      @Nullable Phase phase,
      @Nullable Boolean dkim,
      boolean spf,
      @Nullable TroubleKind trouble,
      @Nullable Severity severity) {
    Optional<Trouble> ill =
        TroubleTable.decide(new TroubleTable.Facts(new Verdict(effect, cause), phase, dkim, spf));
    assertEquals(Optional.ofNullable(trouble), ill.map(Trouble::kind));
    assertEquals(Optional.ofNullable(severity), ill.map(Trouble::severity));
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
          """)
  void theSecondIsWorse(
      TroubleKind trouble, @Nullable Cause cause, TroubleKind worse, @Nullable Cause worseCause) {
    assertTrue(
        new Trouble(trouble, cause, Severity.WARNING).rank()
            < new Trouble(worse, worseCause, Severity.WARNING).rank());
  }
}
