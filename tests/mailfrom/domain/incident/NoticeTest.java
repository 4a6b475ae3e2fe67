package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;

import mailfrom.domain.effect.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
          """)
  void aPagerOpensOnlyWhatTheEndOfAnIncidentCloses(
      Reason reason, PagerAction ofIncident, PagerAction ofNone) {
    Notice notice = named("example.com").build().notice(reason, Severity.WARNING, null, T0, 0, T0);
    Trouble trouble = new Trouble(TroubleKind.FALLBACK, Cause.FAILED, Severity.WARNING);
    assertEquals(
        ofIncident, PagerAction.of(notice.about(Incident.opened(key("example.com"), trouble, T0))));
    assertEquals(ofNone, PagerAction.of(notice.about(null)));
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
