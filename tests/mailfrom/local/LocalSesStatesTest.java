package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ses.model.IdentityMailFromDomainAttributes;
import software.amazon.awssdk.services.ses.model.SesException;

/** How the MAIL FROM state of an identity moves with DNS, the clock and the calls. */
class LocalSesStatesTest {
  private static final String DOMAIN = "example.com";
  private static final String BOUNCE = "bounce.example.com";

  private final LocalSesFixture at = new LocalSesFixture();

  LocalSesStatesTest() {
    at.ses.addDomain(LocalSesFixture.REGION, DOMAIN, true);
  }

  @AfterEach
  void close() {
    at.close();
  }

  @Test
  void anIdentityWithNothingConfiguredHasOnlyABehaviour() {
    IdentityMailFromDomainAttributes found =
        at.client
            .getIdentityMailFromDomainAttributes(get -> get.identities(DOMAIN, "unknown.org"))
            .mailFromDomainAttributes()
            .get(DOMAIN);

    assertEquals(
        IdentityMailFromDomainAttributes.builder().behaviorOnMXFailure("UseDefaultValue").build(),
        found);
  }

  @Test
  void whatWasSetIsReadBackAndSucceedsAtTheNextCall() {
    at.publish(BOUNCE);
    at.client.setIdentityMailFromDomain(
        set -> set.identity(DOMAIN).mailFromDomain(BOUNCE).behaviorOnMXFailure("RejectMessage"));

    assertEquals(
        IdentityMailFromDomainAttributes.builder()
            .mailFromDomain(BOUNCE)
            .mailFromDomainStatus("Success")
            .behaviorOnMXFailure("RejectMessage")
            .build(),
        at.client
            .getIdentityMailFromDomainAttributes(get -> get.identities(DOMAIN))
            .mailFromDomainAttributes()
            .get(DOMAIN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # MX records of the MAIL FROM domain                                              | status
          10 feedback-smtp.us-east-1.amazonses.com                                          | Success
          10 FEEDBACK-smtp.eu-west-1.AmazonSES.com.                                         | Success
          50 feedback-smtp.us-east-1.amazonses.com                                          | Success
          10 feedback-smtp.us-east-1.amazonaws.com                                          | Pending
          10 inbound-smtp.us-east-1.amazonaws.com                                           | Pending
          10 feedback-smtp.amazonses.com                                                    | Pending
          10 a.feedback-smtp.us-east-1.amazonses.com                                        | Pending
          10 feedback-smtp.us-east-1.amazonses.com,20 feedback-smtp.us-east-1.amazonses.com | Pending
          10 feedback-smtp.us-east-1.amazonses.com,20 mail.example.com                      | Pending
          """)
  void exactlyOneFeedbackHostIsRight(String mx, String status) {
    at.dns.put(BOUNCE, DnsRecords.mx(mx.split(",", -1)));
    at.set(DOMAIN, BOUNCE);

    assertEquals(BOUNCE + " " + status + " UseDefaultValue", at.live(DOMAIN));
  }

  @Test
  void aWildcardsMxIsSeenAndAnAliasIsNot() {
    at.publish("*.example.com");
    at.publish("target.example.org");
    at.dns.put("alias.example.com", DnsRecords.cname("target.example.org"));
    at.set(DOMAIN, BOUNCE);
    assertEquals(BOUNCE + " Success UseDefaultValue", at.live(DOMAIN));

    at.set(DOMAIN, "alias.example.com");
    assertEquals("alias.example.com Pending UseDefaultValue", at.live(DOMAIN));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,           PT71H59M59.999999999S, PENDING",
    "PENDING,           PT72H,                 FAILED",
    "TEMPORARY_FAILURE, PT71H59M59.999999999S, TEMPORARY_FAILURE",
    "TEMPORARY_FAILURE, PT72H,                 FAILED",
    "FAILED,            PT9000H,               FAILED"
  })
  void sesGivesUpAfterSeventyTwoHours(Status from, Duration later, Status to) {
    put(from);

    at.clock.advance(later);

    Instant since =
        to == from ? LocalSesFixture.START : LocalSesFixture.START.plus(LocalSes.LOOKS_FOR);
    assertEquals(Optional.of(live(to, since)), at.ses.live(LocalSesFixture.REGION, DOMAIN));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,           PT71H59M59.999999999S, SUCCESS",
    "PENDING,           PT72H,                 FAILED",
    "TEMPORARY_FAILURE, PT71H59M59.999999999S, SUCCESS",
    "TEMPORARY_FAILURE, PT72H,                 FAILED",
    "FAILED,            PT0S,                  FAILED"
  })
  void anMxHealsOnlyWhileSesLooks(Status from, Duration later, Status to) {
    put(from);
    at.clock.advance(later);

    at.publish(BOUNCE);
    at.clock.advance(Duration.ofHours(1000));

    assertEquals(to, at.ses.live(LocalSesFixture.REGION, DOMAIN).orElseThrow().status());
  }

  @Test
  void aLongMoveGoesThroughEveryState() {
    at.publish(BOUNCE);
    put(Status.SUCCESS);
    at.clock.advance(Duration.ofDays(365));
    assertEquals(
        Optional.of(live(Status.SUCCESS, LocalSesFixture.START)),
        at.ses.live(LocalSesFixture.REGION, DOMAIN));

    Instant lost = at.clock.instant();
    at.dns.remove(BOUNCE);
    at.clock.advance(Duration.ofDays(365));

    assertEquals(
        Optional.of(live(Status.FAILED, lost.plus(LocalSes.LOOKS_FOR))),
        at.ses.live(LocalSesFixture.REGION, DOMAIN));
  }

  @Test
  void aLostMxIsATemporaryFailureFromTheNextCallOnAndHeals() {
    at.publish(BOUNCE);
    put(Status.SUCCESS);
    at.dns.put(BOUNCE, DnsRecords.none());
    assertEquals(BOUNCE + " TemporaryFailure UseDefaultValue", at.live(DOMAIN));

    at.publish(BOUNCE);
    assertEquals(BOUNCE + " Success UseDefaultValue", at.live(DOMAIN));
  }

  @ParameterizedTest
  @EnumSource(
      value = DnsFault.class,
      names = {"SERVFAIL", "TIMEOUT", "REFUSED"})
  void aDnsThatCannotBeAskedChangesNothing(DnsFault fault) {
    at.publish(BOUNCE);
    put(Status.SUCCESS);
    at.dns.fault(BOUNCE, fault);

    assertEquals(BOUNCE + " Success UseDefaultValue", at.live(DOMAIN));
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS,           false, UseDefaultValue, Success",
    "SUCCESS,           true,  UseDefaultValue, Pending",
    "SUCCESS,           false, RejectMessage,   Success",
    "SUCCESS,           true,  RejectMessage,   Pending",
    "PENDING,           true,  UseDefaultValue, Pending",
    "TEMPORARY_FAILURE, true,  UseDefaultValue, TemporaryFailure"
  })
  void settingTheSameAgainMayResetSuccess(Status from, boolean resets, String behavior, String to) {
    at.ses.set(Switch.SET_RESETS_SUCCESS, resets);
    put(from);
    if (from == Status.SUCCESS) {
      // The reset shows until SES has looked again, and it looks at the next call.
      at.publish(BOUNCE);
    }
    at.client.setIdentityMailFromDomain(
        set -> set.identity(DOMAIN).mailFromDomain(BOUNCE).behaviorOnMXFailure(behavior));
    at.dns.fault(BOUNCE, DnsFault.TIMEOUT);

    assertEquals(BOUNCE + " " + to + " " + behavior, at.live(DOMAIN));
  }

  @ParameterizedTest
  @CsvSource({"true, Pending", "false, Failed"})
  void settingAFailedOneAgainMayRestartIt(boolean restarts, String status) {
    at.ses.set(Switch.SET_RESTARTS_FAILED, restarts);
    put(Status.FAILED);

    at.set(DOMAIN, BOUNCE);
    assertEquals(BOUNCE + " " + status + " UseDefaultValue", at.live(DOMAIN));

    at.client.setIdentityMailFromDomain(set -> set.identity(DOMAIN));
    at.set(DOMAIN, BOUNCE);
    assertEquals(BOUNCE + " Pending UseDefaultValue", at.live(DOMAIN));
  }

  @Test
  void anotherDomainStartsAnewWhateverTheState() {
    put(Status.FAILED);
    at.ses.set(Switch.SET_RESTARTS_FAILED, false);

    at.set(DOMAIN, "other.example.com");

    assertEquals("other.example.com Pending UseDefaultValue", at.live(DOMAIN));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavingTheDomainOutClearsOrIsRefused(boolean needsEmptyString) {
    at.ses.set(Switch.CLEAR_NEEDS_EMPTY_STRING, needsEmptyString);
    put(Status.SUCCESS);

    if (needsEmptyString) {
      SesException refused =
          assertThrows(
              SesException.class,
              () -> at.client.setIdentityMailFromDomain(set -> set.identity(DOMAIN)));
      assertEquals("InvalidParameterValue", refused.awsErrorDetails().errorCode());
      at.set(DOMAIN, "");
    } else {
      at.client.setIdentityMailFromDomain(set -> set.identity(DOMAIN));
    }

    assertEquals("null null UseDefaultValue", at.live(DOMAIN));
  }

  @ParameterizedTest
  @CsvSource({"true, RejectMessage", "false, UseDefaultValue"})
  void leavingTheBehaviourOutMayKeepTheOldOne(boolean kept, String behavior) {
    at.ses.set(Switch.BEHAVIOR_KEPT_WHEN_LEFT_OUT, kept);
    at.client.setIdentityMailFromDomain(
        set -> set.identity(DOMAIN).mailFromDomain(BOUNCE).behaviorOnMXFailure("RejectMessage"));

    at.set(DOMAIN, "other.example.com");

    assertEquals("other.example.com Pending " + behavior, at.live(DOMAIN));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdentityThatIsNotVerifiedMayBeRefused(boolean required) {
    at.ses.set(Switch.VERIFIED_REQUIRED, required);
    at.ses.addDomain(LocalSesFixture.REGION, DOMAIN, false);

    if (required) {
      assertThrows(SesException.class, () -> at.set(DOMAIN, BOUNCE));
    } else {
      at.set(DOMAIN, BOUNCE);
      assertEquals(BOUNCE + " Pending UseDefaultValue", at.live(DOMAIN));
    }
  }

  @Test
  void everySwitchHasItsNameAndItsDefault() {
    for (Switch one : Switch.values()) {
      assertEquals(Optional.of(one), Switch.named(one.word()));
      assertEquals(one.byDefault(), at.ses.is(one));
    }
    assertEquals(Optional.empty(), Switch.named("unknown"));
  }

  private void put(Status status) {
    at.ses.put(
        LocalSesFixture.REGION,
        DOMAIN,
        BOUNCE,
        OnMxFailure.USE_DEFAULT_VALUE,
        status,
        LocalSesFixture.START);
  }

  private static LocalSes.Live live(Status status, Instant since) {
    return new LocalSes.Live(BOUNCE, OnMxFailure.USE_DEFAULT_VALUE, status, since);
  }
}
