package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NoticeTest {
  private static final Notice NOTICE =
      named("example.com").build().notice(Reason.STARTED, Severity.WARNING, null, T0, 0, T0);
  private static final RunNotice RUN =
      new RunNotice("id", Reason.BLIND, Severity.WARNING, "text", T0, Set.of());

  @Test
  void itsIdIsTheSameInEveryVersionOfThisProgram() {
    // SHA-256 of 123456789012/us-east-1/example.com|2026-11-23T10:00:00Z|STARTED|0
    assertEquals("bbcad4a03556998cc0087f21a48d5848", NOTICE.id());
    assertEquals(NOTICE.id(), Notice.idOf(key("example.com"), T0, Reason.STARTED, 0));
  }

  @Test
  void itIsOwedUntilEachTopicTookIt() {
    assertEquals(true, NOTICE.isOwed());
    assertEquals(true, NOTICE.deliveredTo(Topic.ALERTS).deliveredTo(Topic.ALERTS).isOwed());
    assertEquals(
        false, NOTICE.deliveredTo(Topic.NOTICES).deliveredTo(Topic.ALERTS).isOwed());
    assertEquals(true, RUN.isOwed());
    assertEquals(true, RUN.deliveredTo(Topic.NOTICES).deliveredTo(Topic.NOTICES).isOwed());
    RunNotice both = RUN.deliveredTo(Topic.NOTICES).deliveredTo(Topic.ALERTS);
    assertEquals(false, both.isOwed());
    assertEquals("[ALERTS, NOTICES]", both.delivered().toString());
  }
}
