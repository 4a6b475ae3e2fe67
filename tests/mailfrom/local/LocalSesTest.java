package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.DescribeActiveReceiptRuleSetResponse;
import software.amazon.awssdk.services.ses.model.IdentityDkimAttributes;
import software.amazon.awssdk.services.ses.model.ListIdentitiesResponse;
import software.amazon.awssdk.services.ses.model.MailFromDomainNotVerifiedException;
import software.amazon.awssdk.services.ses.model.MessageRejectedException;
import software.amazon.awssdk.services.ses.model.SendEmailResponse;
import software.amazon.awssdk.services.ses.model.VerificationStatus;

/** What the local SES knows and sends, seen through the SDK's own client. */
class LocalSesTest {
  private static final String REGION = LocalSesFixture.REGION;

  private final LocalSesFixture at = new LocalSesFixture();

  @AfterEach
  void close() {
    at.close();
  }

  @Test
  void identitiesArePagedToTheLastOne() {
    for (int i = 0; i < 2500; i++) {
      at.ses.addDomain(REGION, "d%04d.com".formatted(i), true);
    }
    at.ses.addAddress(REGION, "Someone@d0001.com", true);

    List<Integer> sizes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      String from = token;
      ListIdentitiesResponse page =
          at.client.listIdentities(
              list -> list.identityType("Domain").maxItems(1000).nextToken(from));
      sizes.add(page.identities().size());
      names.addAll(page.identities());
      token = page.nextToken();
    } while (token != null);

    assertEquals(List.of(1000, 1000, 500), sizes);
    assertEquals(2500, names.stream().distinct().count());
    assertEquals(
        List.of("Someone@d0001.com"),
        at.client.listIdentities(list -> list.identityType("EmailAddress")).identities());
  }

  @Test
  void aPageThatIsJustFullIsTheLast() {
    at.ses.addDomain(REGION, "a.com", true);
    at.ses.addDomain(REGION, "b.com", true);

    assertNull(at.client.listIdentities(list -> list.maxItems(2)).nextToken());
  }

  @Test
  void tenRegionsOfTenThousandAreLight() {
    for (int region = 0; region < 10; region++) {
      for (int i = 0; i < 10_000; i++) {
        String domain = "d" + i + ".com";
        at.ses.put(
            "eu-west-" + region,
            domain,
            "m." + domain,
            OnMxFailure.USE_DEFAULT_VALUE,
            Status.PENDING,
            LocalSesFixture.START.plusSeconds(i));
      }
    }
    at.publish("m.d77.com");

    at.clock.advance(Duration.ofHours(80));

    assertEquals(Status.SUCCESS, at.ses.live("eu-west-9", "d77.com").orElseThrow().status());
    assertEquals(
        LocalSesFixture.START.plusSeconds(9999).plus(LocalSes.LOOKS_FOR),
        at.ses.live("eu-west-9", "d9999.com").orElseThrow().since());
  }

  @Test
  void theRegionIsTheOneTheRequestWasSignedFor() {
    at.ses.addDomain("eu-west-1", "example.com", true);

    assertEquals(List.of(), at.client.listIdentities().identities());
    try (SesClient elsewhere = at.client("eu-west-1")) {
      assertEquals(List.of("example.com"), elsewhere.listIdentities().identities());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewIdentityMayBeVerifiedAtOnce(boolean atOnce) {
    at.ses.set(Switch.VERIFY_AT_ONCE, atOnce);
    at.client.verifyDomainIdentity(verify -> verify.domain("Example.COM"));
    at.client.verifyEmailIdentity(verify -> verify.emailAddress("Someone@Example.COM"));

    var found =
        at.client
            .getIdentityVerificationAttributes(
                get -> get.identities("example.com", "Someone@example.com", "someone@example.com"))
            .verificationAttributes();

    VerificationStatus status = atOnce ? VerificationStatus.SUCCESS : VerificationStatus.PENDING;
    assertEquals(2, found.size());
    found.values().forEach(one -> assertEquals(status, one.verificationStatus()));
  }

  @Test
  void aDeletedIdentityIsGoneWithItsMailFrom() {
    at.ses.addDomain(REGION, "example.com", true);
    at.set("example.com", "bounce.example.com");

    at.client.deleteIdentity(delete -> delete.identity("example.com"));
    at.client.deleteIdentity(delete -> delete.identity("example.com"));
    assertEquals(List.of(), at.ses.identities(REGION));

    at.client.verifyDomainIdentity(verify -> verify.domain("example.com"));
    assertEquals("null null UseDefaultValue", at.live("example.com"));
  }

  @Test
  void feedbackForwardingIsOnUntilItIsTurnedOff() {
    at.ses.addDomain(REGION, "example.com", true);
    assertTrue(forwarding());

    at.client.setIdentityFeedbackForwardingEnabled(
        set -> set.identity("example.com").forwardingEnabled(false));

    assertEquals(false, forwarding());
  }

  private boolean forwarding() {
    return Objects.requireNonNull(
            at.client
                .getIdentityNotificationAttributes(get -> get.identities("example.com"))
                .notificationAttributes()
                .get("example.com"))
        .forwardingEnabled();
  }

  @Test
  void dkimSignsForAnAddressWithTheKeysOfItsDomain() {
    at.ses.addDomain(REGION, "example.com", true);
    at.ses.addAddress(REGION, "someone@example.com", true);
    assertEquals("false NotStarted", dkim("someone@example.com"));

    at.client.verifyDomainDkim(verify -> verify.domain("example.com"));
    at.client.setIdentityDkimEnabled(set -> set.identity("example.com").dkimEnabled(true));
    assertEquals("true Success", dkim("example.com"));
    assertEquals("true Success", dkim("someone@example.com"));

    at.client.setIdentityDkimEnabled(set -> set.identity("someone@example.com").dkimEnabled(false));
    assertEquals("true Success", dkim("example.com"));
    assertEquals("false Success", dkim("someone@example.com"));
  }

  private String dkim(String identity) {
    IdentityDkimAttributes found =
        Objects.requireNonNull(
            at.client
                .getIdentityDkimAttributes(get -> get.identities(identity))
                .dkimAttributes()
                .get(identity));
    return found.dkimEnabled() + " " + found.dkimVerificationStatusAsString();
  }

  @Test
  void theActiveReceiptRuleSetIsDescribed() {
    assertNull(at.client.describeActiveReceiptRuleSet(_ -> {}).metadata());

    at.client.createReceiptRuleSet(create -> create.ruleSetName("inbound"));
    at.client.createReceiptRule(
        create ->
            create
                .ruleSetName("inbound")
                .rule(
                    rule ->
                        rule.name("all")
                            .enabled(true)
                            .recipients("bounce.example.com", ".example.org")));
    at.client.setActiveReceiptRuleSet(set -> set.ruleSetName("inbound"));
    at.ses.receiptRule(REGION, "off", false);

    DescribeActiveReceiptRuleSetResponse found = at.client.describeActiveReceiptRuleSet(_ -> {});
    assertEquals("inbound", found.metadata().name());
    assertEquals(
        List.of("bounce.example.com", ".example.org"), found.rules().getFirst().recipients());
    assertEquals(true, found.rules().getFirst().enabled());
    assertEquals(false, found.rules().getLast().enabled());
    assertEquals(List.of(), found.rules().getLast().recipients());
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS,           USE_DEFAULT_VALUE, bounce.example.com",
    "SUCCESS,           REJECT_MESSAGE,    bounce.example.com",
    "PENDING,           USE_DEFAULT_VALUE, amazonses.com",
    "PENDING,           REJECT_MESSAGE,",
    "TEMPORARY_FAILURE, USE_DEFAULT_VALUE, amazonses.com",
    "TEMPORARY_FAILURE, REJECT_MESSAGE,",
    "FAILED,            USE_DEFAULT_VALUE, amazonses.com",
    "FAILED,            REJECT_MESSAGE,"
  })
  void theEnvelopeSenderFollowsTheState(Status status, OnMxFailure behavior, String envelope) {
    if (status == Status.SUCCESS) {
      at.publish("bounce.example.com");
    }
    at.ses.put(
        REGION, "example.com", "bounce.example.com", behavior, status, LocalSesFixture.START);

    if (envelope == null) {
      assertThrows(MailFromDomainNotVerifiedException.class, () -> send("a@example.com"));
      assertEquals(List.of(), at.ses.sent());
    } else {
      SendEmailResponse sent = send("A Name <a@example.com>");
      assertEquals(envelope, at.ses.sent().getFirst().envelopeDomain());
      assertEquals(
          List.of(envelope), sent.sdkHttpResponse().headers().get("x-local-envelope-sender"));
      assertTrue(sent.messageId().endsWith("@" + envelope));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "own@example.com,        own@example.com,     amazonses.com",
    "unverified@example.com, example.com,         bounce.example.com",
    "OWN@example.com,        example.com,         bounce.example.com",
    "a@EXAMPLE.com,          example.com,         bounce.example.com",
    "a@deep.example.com,     deep.example.com,    amazonses.com",
    "a@b.deep.example.com,   deep.example.com,    amazonses.com",
    "a@shadow.example.com,   example.com,         bounce.example.com",
    "a@evilexample.com,,"
  })
  void theMostGranularVerifiedIdentityWins(String from, String winner, String envelope) {
    at.publish("bounce.example.com");
    at.ses.put(
        REGION,
        "example.com",
        "bounce.example.com",
        OnMxFailure.USE_DEFAULT_VALUE,
        Status.SUCCESS,
        LocalSesFixture.START);
    at.ses.addAddress(REGION, "own@example.com", true);
    at.ses.addAddress(REGION, "unverified@example.com", false);
    at.ses.addDomain(REGION, "deep.example.com", true);
    at.ses.addDomain(REGION, "shadow.example.com", false);

    if (winner == null) {
      assertThrows(MessageRejectedException.class, () -> send(from));
    } else {
      send(from);
      assertEquals(winner, at.ses.sent().getFirst().identity());
      assertEquals(envelope, at.ses.sent().getFirst().envelopeDomain());
    }
  }

  @Test
  void otherRegionsFallBackToTheirOwnNameBelowAmazonses() {
    at.ses.addDomain("eu-west-1", "example.com", true);
    try (SesClient elsewhere = at.client("eu-west-1")) {
      send(elsewhere, "a@example.com");
    }

    assertEquals("eu-west-1.amazonses.com", at.ses.sent().getFirst().envelopeDomain());
  }

  @Test
  void everyCallIsLogged() {
    at.ses.addDomain(REGION, "example.com", true);
    at.client.getIdentityMailFromDomainAttributes(get -> get.identities("example.com", "b.com"));

    assertEquals(
        List.of(
            new LocalSes.Call(
                LocalSesFixture.START,
                REGION,
                "GetIdentityMailFromDomainAttributes",
                2,
                "example.com",
                "OK")),
        at.ses.calls());
    assertEquals(1, at.ses.callCount());
  }

  private SendEmailResponse send(String from) {
    return send(at.client, from);
  }

  private static SendEmailResponse send(SesClient client, String from) {
    return client.sendEmail(
        email ->
            email
                .source(from)
                .destination(to -> to.toAddresses("someone@example.net"))
                .message(
                    message ->
                        message
                            .subject(subject -> subject.data("Hello"))
                            .body(body -> body.text(text -> text.data("Hello")))));
  }
}
