package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import mailfrom.domain.effect.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NoticeTest {
  private static final Notice NOTICE =
      named("example.com").build().notice(Reason.STARTED, Severity.WARNING, null, T0, 0, T0);
  private static final RunNotice RUN =
      new RunNotice("id", Reason.BLIND, Severity.WARNING, "text", T0);

  @Test
  void itsIdIsTheSameInEveryVersionOfThisProgram() {
    // SHA-256 of 123456789012/us-east-1/example.com|2026-11-23T10:00:00Z|STARTED|0
    assertEquals("bbcad4a03556998cc0087f21a48d5848", NOTICE.id());
    assertEquals(NOTICE.id(), Notice.idOf(key("example.com"), T0, Reason.STARTED, 0));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # reason,     of an incident, of a set-up or of none
          STARTED,       TRIGGER, NONE
          WORSE,         TRIGGER, NONE
          BETTER,        TRIGGER, NONE
          LAST_CHANCE,   TRIGGER, NONE
          REMINDER,      TRIGGER, NONE
          FLAPPING,      TRIGGER, NONE
          RECOVERED,     RESOLVE, NONE
          GONE,          RESOLVE, NONE
          READY,         NONE,    NONE
          EARLY_WARNING, NONE,    NONE
          DRIFT,         NONE,    NONE
          NOT_APPLIED,   NONE,    NONE
          DRIFT_OVER,    NONE,    NONE
          """)
  void aPagerOpensOnlyWhatTheEndOfAnIncidentCloses(
      Reason reason, PagerAction ofIncident, PagerAction ofNone) {
    Notice notice = named("example.com").build().notice(reason, Severity.WARNING, null, T0, 0, T0);
    Trouble trouble = new Trouble(TroubleKind.FALLBACK, Cause.FAILED, Severity.WARNING);
    assertEquals(
        ofIncident, PagerAction.of(notice.about(Incident.opened(key("example.com"), trouble, T0))));
    assertEquals(ofNone, PagerAction.of(notice.about(null)));
  }

  /** What a reader acts on, and what tells that reader that it is over. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STARTED,       RECOVERED GONE
          WORSE,         RECOVERED GONE
          BETTER,        RECOVERED GONE
          LAST_CHANCE,   RECOVERED GONE
          REMINDER,      RECOVERED GONE
          FLAPPING,      RECOVERED GONE
          EARLY_WARNING, RECOVERED GONE EARLY_WARNING_OVER
          DRIFT,         GONE DRIFT_OVER
          NOT_APPLIED,   GONE NOT_APPLIED_OVER
          HELD,          HELD_OVER
          BLIND,         BLIND_OVER
          DNS_BLIND,     DNS_BLIND_OVER
          MISSING,       MISSING_OVER
          UNHEARD,       UNHEARD_OVER
          """)
  void whatIsToldIsToldAsOver(Reason told, String ends) {
    assertEquals(
        ends,
        Arrays.stream(Reason.values())
            .filter(reason -> reason.ends(told))
            .map(Enum::name)
            .collect(Collectors.joining(" ")));
    assertEquals(told.over().map(Enum::name), Optional.of(told + "_OVER").filter(ends::contains));
  }

  /** A report is about a moment. */
  @ParameterizedTest
  @EnumSource(names = {"BASELINE", "SILENCE_OVER", "WEEKLY", "READY", "RECOVERED", "GONE"})
  void aReportHasNoEnd(Reason report) {
    assertEquals(List.of(), Arrays.stream(Reason.values()).filter(r -> r.ends(report)).toList());
    assertEquals(false, report.isOver());
    assertEquals(report, report.begun());
  }

  @Test
  void itIsOwedUntilEachTopicTookIt() {
    assertEquals(true, NOTICE.isOwed());
    assertEquals(true, NOTICE.deliveredTo(Topic.ALERTS).deliveredTo(Topic.ALERTS).isOwed());
    assertEquals(false, NOTICE.deliveredTo(Topic.NOTICES).deliveredTo(Topic.ALERTS).isOwed());
    assertEquals(true, RUN.isOwed());
    assertEquals(true, RUN.deliveredTo(Topic.NOTICES).deliveredTo(Topic.NOTICES).isOwed());
    RunNotice both = RUN.deliveredTo(Topic.NOTICES).deliveredTo(Topic.ALERTS);
    assertEquals(false, both.isOwed());
    assertEquals("[ALERTS, NOTICES]", both.delivered().toString());
  }
}
