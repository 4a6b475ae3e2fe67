package mailfrom.app.text;

import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a message says first of one identity, when it tells several things of it. */
class ToldTest {
  private static Severity severity(Reason reason) {
    return switch (reason.kind()) {
      case TROUBLE -> Severity.CRITICAL;
      case SETTINGS, WARNING, RUN -> Severity.WARNING;
      case END, DONE -> Severity.INFO;
    };
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STARTED,                                        STARTED,       CRITICAL
          STARTED WORSE,                                  WORSE,         CRITICAL
          STARTED RECOVERED,                              RECOVERED,     INFO
          STARTED RECOVERED STARTED,                      STARTED,       CRITICAL
          STARTED DRIFT,                                  STARTED,       CRITICAL
          DRIFT STARTED,                                  STARTED,       CRITICAL
          # what is over beside what is not is not what is to be acted on
          STARTED DRIFT_OVER,                             STARTED,       CRITICAL
          DRIFT_OVER STARTED,                             STARTED,       CRITICAL
          DRIFT DRIFT_OVER,                               DRIFT_OVER,    INFO
          DRIFT DRIFT_OVER DRIFT,                         DRIFT,         WARNING
          DRIFT NOT_APPLIED DRIFT_OVER,                   NOT_APPLIED,   WARNING
          NOT_APPLIED DRIFT NOT_APPLIED_OVER DRIFT_OVER,  DRIFT_OVER,    INFO
          STARTED RECOVERED DRIFT,                        DRIFT,         WARNING
          STARTED DRIFT RECOVERED,                        DRIFT,         WARNING
          STARTED DRIFT RECOVERED DRIFT_OVER,             RECOVERED,     INFO
          EARLY_WARNING STARTED RECOVERED,                RECOVERED,     INFO
          EARLY_WARNING EARLY_WARNING_OVER,               EARLY_WARNING_OVER, INFO
          STARTED DRIFT GONE,                             GONE,          INFO
          EARLY_WARNING GONE,                             GONE,          INFO
          READY,                                          READY,         INFO
          """)
  void itIsWhatItsReaderHasToActOnElseWhatIsOver(String reasons, Reason main, Severity severity) {
    IdentityState state = named("example.com").build();
    Told told =
        Told.of(
            Arrays.stream(reasons.split(" ", -1))
                .map(Reason::valueOf)
                .map(reason -> Situations.told(state, reason, severity(reason)))
                .toList());
    assertEquals(main, told.main().reason());
    assertEquals(severity, told.severity());
  }
}
