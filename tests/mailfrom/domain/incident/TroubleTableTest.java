package mailfrom.domain.incident;

import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
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
      @Nullable Trouble trouble,
      @Nullable Severity severity) {
    Optional<Ill> ill =
        TroubleTable.decide(new TroubleTable.Facts(new Verdict(effect, cause), phase, dkim, spf));
    assertEquals(Optional.ofNullable(trouble), ill.map(Ill::trouble));
    assertEquals(Optional.ofNullable(severity), ill.map(Ill::severity));
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
      Trouble trouble, @Nullable Cause cause, Trouble worse, @Nullable Cause worseCause) {
    assertTrue(
        new Ill(trouble, cause, Severity.WARNING).rank()
            < new Ill(worse, worseCause, Severity.WARNING).rank());
  }
}
