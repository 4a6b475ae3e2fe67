package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.AROUND;
import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.FAILED;
import static mailfrom.domain.identity.Steps.LOST;
import static mailfrom.domain.identity.Steps.PENDING;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.asked;
import static mailfrom.domain.identity.Steps.seen;
import static mailfrom.domain.identity.Steps.start;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.Steps.told;
import static mailfrom.domain.identity.Steps.verified;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.live;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Dkim;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one identity's reads make of its state, and what is owed for it. */
class EvaluationTest {
  @Test
  void whatIsSeenAtFirstBeganNobodyKnowsWhenAndWhatChangesLaterBetweenTwoReads() {
    IdentityState first = step(start(), 0, SUCCESS);
    assertEquals(T0, first.effectState().since());
    assertNull(first.effectState().notBefore());
    IdentityState same = step(first, 15, SUCCESS);
    assertEquals(T0, same.effectState().since());
    assertNull(same.effectState().notBefore());
    IdentityState lost = step(same, 30, LOST);
    assertEquals(T0.plus(Duration.ofMinutes(30)), lost.effectState().since());
    assertEquals(same.sesView().asOf(), lost.effectState().notBefore());
    assertEquals(same.sesView().asOf(), lost.effectState().statusNotBefore());
    assertEquals(
        same.sesView().asOf().plus(Duration.ofHours(72)),
        lost.deadline(),
        "SES may have begun to count right after the last good read");
  }

  @Test
  void theFirstSightIsOneWhateverIsSeen() {
    IdentityState unverified = Evaluation.evaluate(start(), verified(0, false, Live.NONE), AROUND);
    assertEquals(T0, unverified.effectState().since());
    assertNull(unverified.effectState().notBefore());
  }

  @Test
  void whatIsNotKnownToBeVerifiedIsNotSeenYet() {
    Observation seen = new Observation(T0, T0, null, SUCCESS, null, null, null);
    IdentityState unseen = start();
    assertSame(unseen, Evaluation.evaluate(unseen, seen, AROUND));
  }

  @Test
  void whatCouldNotBeAskedStaysAsItWas() {
    Observation all = new Observation(T0, T0, true, SUCCESS, Dkim.DOES_NOT_SIGN, true, null);
    IdentityState before = Evaluation.evaluate(start(), all, AROUND);
    Instant at = T0.plusSeconds(60);
    Observation some = new Observation(at, at, null, SUCCESS, null, null, null);
    SesView after = Evaluation.evaluate(before, some, AROUND).sesView();
    assertEquals(new SesView(true, SUCCESS, false, true, at, 0, false), after);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Success,          LIVE
          TemporaryFailure, LIVE
          Pending,          SETUP
          Failed,           SETUP
          """)
  void phaseAtFirstSight(String status, Phase phase) {
    assertEquals(
        phase, step(start(), 0, live(BOUNCE, "UseDefaultValue", status)).effectState().phase());
  }

  @Test
  void aNewDomainIsInSetupAgainAndTheOldOneIsRememberedNot() {
    IdentityState works = step(step(start(), 0, PENDING), 15, SUCCESS);
    assertEquals(Phase.LIVE, works.effectState().phase());
    IdentityState other = step(works, 30, live("other.example.com", "UseDefaultValue", "Pending"));
    assertEquals(Phase.SETUP, other.effectState().phase());
    assertEquals(List.of(Reason.READY), told(other), "of the set-up that was done before");
  }

  @Test
  void theDeadlineIs72HoursAfterTheStatusBeganAndEndsWithIt() {
    IdentityState pending = step(start(), 0, PENDING);
    assertEquals(T0.plus(Duration.ofHours(72)), pending.deadline());
    assertEquals(pending.deadline(), step(pending, 60, PENDING).deadline());
    assertNull(step(pending, 60, SUCCESS).deadline());
    assertNull(step(pending, 60, FAILED).deadline());
  }

  @Test
  void anOlderObservationChangesNothing() {
    IdentityState now = step(start(), 15, SUCCESS);
    assertSame(now, step(now, 14, LOST));
    assertNotEquals(now, step(now, 15, LOST));
  }

  @Test
  void mailFromFailedOfAVerifiedIdentityIsTold() {
    assertEquals(List.of(Reason.STARTED), told(step(start(), 0, FAILED)));
  }

  @Test
  void failedThenSuccessIsNoticed() {
    IdentityState failed = step(start(), 0, FAILED);
    IdentityState once = step(failed, 15, SUCCESS);
    assertEquals(Effect.CUSTOM, once.effectState().effect());
    assertEquals(List.of(Reason.STARTED, Reason.READY), told(once));
    assertEquals(
        List.of(Reason.STARTED, Reason.READY, Reason.RECOVERED), told(step(once, 25, SUCCESS)));
    assertEquals(
        List.of(Reason.STARTED),
        once.owed(Topic.ALERTS).stream().map(Notice::reason).toList(),
        "that it is ready is for machines");
  }

  @Test
  void anUnsetMailFromIsNotPendingWhateverTheStatusSays() {
    Live unset = new Live(null, BehaviorOnMxFailure.USE_DEFAULT_VALUE, MailFromStatus.PENDING);
    IdentityState state = step(start(), 0, unset);
    assertEquals(Effect.DEFAULT, state.effectState().effect());
    assertNull(state.deadline());
  }

  @Test
  void notCoveredIsToldOnceAsInformationAndNeverReminded() {
    EvaluationContext below =
        new EvaluationContext(
            new Ancestor(true, false),
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of());
    IdentityState first = Evaluation.evaluate(start(), seen(0, Live.NONE), below);
    assertEquals(Cause.NOT_COVERED, first.effectState().cause());
    assertEquals(List.of(Reason.STARTED), told(first));
    assertEquals(Severity.INFO, first.incidentState().owed().getFirst().severity());
    IdentityState later = Evaluation.evaluate(first, seen(60 * 24 * 8, Live.NONE), below);
    assertEquals(List.of(Reason.STARTED), told(later));
  }

  /** An address, and a name below a domain, may be signed by keys that are not its own. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          example.com,      SIGNS,         NONE,     WARNING
          example.com,      DOES_NOT_SIGN, NONE,     CRITICAL
          example.com,      BARE,          NONE,     CRITICAL
          sub.example.com,  BARE,          SIGNS,    WARNING
          sub.example.com,  BARE,          NOT_SEEN, WARNING
          sub.example.com,  BARE,          UNSIGNED, CRITICAL
          sub.example.com,  DOES_NOT_SIGN, SIGNS,    CRITICAL
          news@example.com, BARE,          NONE,     WARNING
          news@example.com, BARE,          UNSIGNED, WARNING
          news@example.com, DOES_NOT_SIGN, SIGNS,    CRITICAL
          """)
  void bareDkimIsNotKnownWhereAnotherIdentityMaySign(
      String name, Dkim dkim, String above, Severity severity) {
    EvaluationContext around =
        new EvaluationContext(
            new Ancestor(false, above.equals("SIGNS") || above.equals("NOT_SEEN")),
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of());
    IdentityState works = step(IdentityState.unseen(key(name)), 0, SUCCESS);
    Instant at = T0.plus(Duration.ofMinutes(15));
    Observation lost = new Observation(at, at, null, LOST, dkim, null, null);
    IdentityState state = Evaluation.evaluate(works, lost, around);
    assertEquals(severity, state.incidentState().owed().getFirst().severity());
  }

  @Test
  void dkimThatIsKnownNotToSignMakesAFallbackCritical() {
    IdentityState works = step(start(), 0, SUCCESS);
    Instant at = T0.plus(Duration.ofMinutes(15));
    Observation lost = new Observation(at, at, null, LOST, Dkim.DOES_NOT_SIGN, null, null);
    IdentityState state = Evaluation.evaluate(works, lost, AROUND);
    assertEquals(Severity.CRITICAL, state.incidentState().owed().getFirst().severity());
  }

  @Test
  void anotherDomainInSetupHasALastChanceOfItsOwn() {
    IdentityState first = step(step(start(), 0, PENDING), 61 * 60, PENDING);
    Live other = live("other.example.com", "UseDefaultValue", "Pending");
    IdentityState second = step(step(first, 62 * 60, other), (62 + 61) * 60, other);
    assertEquals(List.of(Reason.LAST_CHANCE, Reason.LAST_CHANCE), told(second));
    assertEquals(2, second.incidentState().owed().stream().map(Notice::id).distinct().count());
  }

  @Test
  void aNoticeIsForgottenWhenBothTopicsTookItAndItsDeliveryIsRemembered() {
    IdentityState lost = step(step(start(), 0, SUCCESS), 15, LOST);
    List<String> ids = lost.owed(Topic.ALERTS).stream().map(Notice::id).toList();
    Instant late = T0.plus(Duration.ofHours(1));
    IdentityState people = lost.delivered(Topic.ALERTS, ids, late);
    assertEquals(List.of(), people.owed(Topic.ALERTS));
    assertEquals(1, people.owed(Topic.NOTICES).size());
    Incident incident = people.incidentState().incident();
    assertEquals(late, incident == null ? null : incident.lastToldAt());
    IdentityState both = people.delivered(Topic.NOTICES, ids, late);
    assertEquals(List.of(), both.incidentState().owed());
    assertEquals(both, both.delivered(Topic.NOTICES, ids, late.plusSeconds(60)));
  }

  @Test
  void aStartStillOwedAtTheEndIsDeliveredBeforeIt() {
    IdentityState over =
        step(step(step(step(start(), 0, SUCCESS), 15, LOST), 30, SUCCESS), 45, SUCCESS);
    assertEquals(
        List.of(Reason.STARTED, Reason.RECOVERED),
        over.owed(Topic.NOTICES).stream().map(Notice::reason).toList());
  }

  @Test
  void aRecoveryIsNotToldOfAStartThatWasNotTold() {
    EvaluationContext silenced =
        new EvaluationContext(
            Ancestor.NONE,
            new TreeSet<>(List.of(TestingIdentity.REGION)),
            true,
            null,
            List.of(TestingIdentity.silence(new Silence.Match(null, null, null, null))));
    IdentityState state = step(start(), 0, SUCCESS);
    for (int minute = 15; minute < 60; minute += 15) {
      state = Evaluation.evaluate(state, seen(minute, LOST), silenced);
    }
    IdentityState over = step(step(state, 60, SUCCESS), 75, SUCCESS);
    assertEquals(List.of(), told(over));
    assertNull(over.incidentState().incident());
  }

  @Test
  void aRefusalThatWasPromisedAsAppliedIsTold() {
    IdentityState state = asked("UseDefaultValue", Activation.STAGED, Live.NONE);
    assertEquals(
        List.of(Reason.NOT_APPLIED),
        told(Evaluation.notApplied(state, "Identity does not exist.", T0)));
    IdentityState broken =
        Evaluation.notApplied(
            state,
            List.of(
                new Violation(ViolationCode.NOT_A_SUBDOMAIN, "Give a subdomain."),
                new Violation(ViolationCode.RECEIVES_MAIL, "It has an MX. Give another.")),
            T0);
    assertEquals(List.of(Reason.NOT_APPLIED), told(broken));
    assertEquals(
        "The settings that were asked for break rules. NOT_A_SUBDOMAIN: Give a subdomain."
            + " RECEIVES_MAIL: It has an MX. Give another.",
        broken.incidentState().owed().getFirst().detail());
  }
}
