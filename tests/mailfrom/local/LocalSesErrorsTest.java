package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import mailfrom.local.FaultPlan.Kind;
import mailfrom.local.FaultPlan.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.ses.model.SesException;

/** What the local SES refuses, and how, seen through the SDK's own client. */
class LocalSesErrorsTest {
  private final LocalSesFixture at = new LocalSesFixture();

  @AfterEach
  void close() {
    at.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # identity           | MAIL FROM domain         | how the message ends
          example.com          | bounce.example.org       | is not subdomain of the domain of the identity example.com.
          example.com          | example.com              | is not subdomain of the domain of the identity example.com.
          example.com          | evilexample.com          | is not subdomain of the domain of the identity example.com.
          example.com          | a.evilexample.com        | is not subdomain of the domain of the identity example.com.
          deep.example.com     | bounce.example.com       | is not subdomain of the domain of the identity deep.example.com.
          user@example.com     | bounce.example.org       | is not subdomain of the domain of the identity user@example.com.
          user@example.com     | example.com              | is not subdomain of the domain of the identity user@example.com.
          unverified.org       | bounce.unverified.org    | or its parents are not verified for identity unverified.org.
          example.com          | a..example.com           | is not valid.
          example.com          | -a.example.com           | is not valid.
          """)
  void aDomainThatBreaksTheRulesIsRefused(String identity, String domain, String end) {
    identities();

    SesException refused = assertThrows(SesException.class, () -> at.set(identity, domain));

    assertEquals(400, refused.statusCode());
    assertEquals("InvalidParameterValue", refused.awsErrorDetails().errorCode());
    assertEquals(
        "Provided MAIL-FROM domain " + domain + " " + end,
        refused.awsErrorDetails().errorMessage());
    assertEquals("null null UseDefaultValue", at.live(identity));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com,      bounce.example.com",
    "EXAMPLE.com,      Bounce.Example.COM",
    "example.com,      a.b.c.example.com",
    "deep.example.com, bounce.deep.example.com",
    "user@example.com, bounce.example.com"
  })
  void aSubdomainIsTaken(String identity, String domain) {
    identities();

    at.set(identity, domain);

    assertEquals(domain.toLowerCase(Locale.ROOT) + " Pending UseDefaultValue", at.live(identity));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody.com", "User@example.com"})
  void anUnknownIdentityIsNamed(String identity) {
    identities();

    SesException refused =
        assertThrows(SesException.class, () -> at.set(identity, "bounce.example.com"));

    assertEquals("InvalidParameterValue", refused.awsErrorDetails().errorCode());
    assertEquals(
        "Identity " + identity + " does not exist.", refused.awsErrorDetails().errorMessage());
  }

  @Test
  void anUnknownBehaviourIsRefused() {
    identities();

    SesException refused =
        assertThrows(
            SesException.class,
            () ->
                at.client.setIdentityMailFromDomain(
                    set ->
                        set.identity("example.com")
                            .mailFromDomain("bounce.example.com")
                            .behaviorOnMXFailure("Bounce")));

    assertEquals("ValidationError", refused.awsErrorDetails().errorCode());
    assertEquals(
        "1 validation error detected: Value at 'behaviorOnMXFailure' failed to satisfy constraint:"
            + " Member must satisfy enum value set: [RejectMessage, UseDefaultValue]",
        refused.awsErrorDetails().errorMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "SetIdentityMailFromDomain,           identity",
    "GetIdentityMailFromDomainAttributes, identities",
    "GetIdentityVerificationAttributes,   identities",
    "VerifyDomainIdentity,                domain",
    "VerifyEmailIdentity,                 emailAddress",
    "DeleteIdentity,                      identity",
    "SendEmail,                           source",
    "CreateReceiptRuleSet,                ruleSetName"
  })
  void aMissingParameterIsNamed(String operation, String parameter) {
    QueryAnswer answer =
        at.ses.call(LocalSesFixture.REGION, operation, new QueryParameters(Map.of()));

    assertEquals(
        QueryAnswer.refused(
            "ValidationError",
            "1 validation error detected: Value null at '"
                + parameter
                + "' failed to satisfy constraint: Member must not be null"),
        answer);
  }

  @Test
  void anUnknownOperationIsRefused() {
    SesException refused = assertThrows(SesException.class, () -> at.client.getSendQuota());

    assertEquals("InvalidAction", refused.awsErrorDetails().errorCode());
  }

  @ParameterizedTest
  @CsvSource({"100, true", "101, false"})
  void aBatchHoldsAHundred(int size, boolean taken) {
    List<String> names = IntStream.range(0, size).mapToObj(i -> "d" + i + ".com").toList();

    if (taken) {
      assertTrue(
          at.client
              .getIdentityMailFromDomainAttributes(get -> get.identities(names))
              .mailFromDomainAttributes()
              .isEmpty());
    } else {
      SesException refused =
          assertThrows(
              SesException.class,
              () -> at.client.getIdentityMailFromDomainAttributes(get -> get.identities(names)));
      assertEquals("ValidationError", refused.awsErrorDetails().errorCode());
      assertTrue(
          refused.awsErrorDetails().errorMessage().endsWith("length less than or equal to 100"));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, ValidationError", "1, OK", "1000, OK", "1001, ValidationError"})
  void aPageHoldsOneToAThousand(int size, String outcome) {
    at.ses.call(
        LocalSesFixture.REGION,
        "ListIdentities",
        new QueryParameters(Map.of("MaxItems", Integer.toString(size))));

    assertEquals(outcome, at.ses.calls().getLast().outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "1,   999999999, false",
    "1,  1000000000, true",
    "100,   9999999, false",
    "100,  10000000, true"
  })
  void aCallThatComesTooSoonIsThrottled(int factor, long nanosLater, boolean taken) {
    at.ses.paceFactor(factor);
    at.client.listIdentities();
    at.between = Duration.ofNanos(nanosLater);

    if (taken) {
      at.client.listIdentities();
    } else {
      SesException refused = assertThrows(SesException.class, () -> at.client.listIdentities());
      assertEquals(400, refused.statusCode());
      assertEquals("Throttling", refused.awsErrorDetails().errorCode());
      assertEquals("Rate exceeded", refused.awsErrorDetails().errorMessage());
      assertTrue(refused.isThrottlingException());
    }
  }

  @Test
  void aThrottledCallDoesNotPutTheNextOneOff() {
    at.client.listIdentities();
    at.between = Duration.ofMillis(500);

    assertThrows(SesException.class, () -> at.client.listIdentities());
    at.client.listIdentities();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theBudgetIsOneForAnOperationOrOneForARegion(boolean shared) {
    at.ses.set(Switch.SHARED_PACE, shared);
    at.between = Duration.ZERO;
    at.client.listIdentities();

    if (shared) {
      assertThrows(SesException.class, () -> at.client.describeActiveReceiptRuleSet(_ -> {}));
    } else {
      at.client.describeActiveReceiptRuleSet(_ -> {});
    }
    try (SesClient elsewhere = at.client("eu-west-1")) {
      elsewhere.listIdentities();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"THROTTLING", "FAIL_BEFORE", "FAIL_AFTER", "TIMEOUT"})
  void aPlannedFaultHitsItsCallsAndNoMore(Kind kind) {
    identities();
    at.faults.add(Service.SES, "SetIdentityMailFromDomain", kind, 1);
    at.faults.add(Service.SNS, "*", kind, 1);

    switch (kind) {
      case THROTTLING -> assertEquals("Throttling", refusal());
      case FAIL_BEFORE, FAIL_AFTER -> assertEquals("InternalFailure", refusal());
      case TIMEOUT -> timesOut();
      case EMPTY_BODY, PROXY_PAGE, EMPTY_ANSWER -> throw new AssertionError(kind);
    }

    String after =
        kind == Kind.FAIL_AFTER
            ? "bounce.example.com Pending UseDefaultValue"
            : "null null UseDefaultValue";
    assertEquals(after, at.live("example.com"));
    at.set("example.com", "bounce.example.com");
    assertEquals("bounce.example.com Pending UseDefaultValue", at.live("example.com"));
    assertEquals(1, at.faults.planned().size());
  }

  private String refusal() {
    SesException refused =
        assertThrows(SesException.class, () -> at.set("example.com", "bounce.example.com"));
    return refused.awsErrorDetails().errorCode();
  }

  private void timesOut() {
    assertEquals(
        new QueryAnswer.Silence(),
        at.ses.call(
            LocalSesFixture.REGION,
            "SetIdentityMailFromDomain",
            new QueryParameters(
                Map.of("Identity", "example.com", "MailFromDomain", "bounce.example.com"))));
    assertEquals("TIMEOUT", at.ses.calls().getLast().outcome());
  }

  @Test
  void aClientGivesUpOnACallThatIsHeld() {
    at.faults.add(Service.SES, "*", Kind.TIMEOUT, 1);
    try (SesClient impatient =
        LocalSesFixture.plain(SesClient.builder(), at.endpoint.url(), LocalSesFixture.REGION)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMillis(50)))
            .build()) {
      assertThrows(SdkClientException.class, () -> impatient.listIdentities());
    }
  }

  @Test
  void aHeldCallIsClosedInTheEnd() throws IOException {
    at.faults.add(Service.SES, "*", Kind.TIMEOUT, 1);
    String request =
        """
        POST / HTTP/1.1
        Host: localhost
        Authorization: AWS4-HMAC-SHA256 Credential=any/20261124/us-east-1/ses/aws4_request
        Content-Length: 21

        Action=ListIdentities
        """;
    try (LocalSesEndpoint hasty = new LocalSesEndpoint(at.ses, 0, Duration.ofMillis(1));
        Socket socket = new Socket(hasty.url().getHost(), hasty.url().getPort())) {
      socket
          .getOutputStream()
          .write(request.strip().replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));

      assertEquals(-1, socket.getInputStream().read());
    }
    assertEquals("TIMEOUT", at.ses.calls().getLast().outcome());
  }

  @Test
  void aCallThatIsNotSignedHasNoRegion() throws IOException, InterruptedException {
    try (HttpClient plain = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          plain.send(
              HttpRequest.newBuilder(at.endpoint.url())
                  .POST(HttpRequest.BodyPublishers.ofString("Action=ListIdentities"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertEquals(403, answer.statusCode());
      assertTrue(answer.body().contains("<Code>MissingAuthenticationToken</Code>"));
    }
  }

  @Test
  void aRegionThatIsNotEnabledKnowsNobody() {
    at.ses.enabled(LocalSesFixture.REGION, false);

    SesException refused = assertThrows(SesException.class, () -> at.client.listIdentities());

    assertEquals(403, refused.statusCode());
    assertEquals("InvalidClientTokenId", refused.awsErrorDetails().errorCode());
  }

  @Test
  void whatIsDeniedIsRefusedUntilItIsAllowed() {
    at.ses.deny(LocalSesFixture.REGION, "ListIdentities");
    SesException refused = assertThrows(SesException.class, () -> at.client.listIdentities());
    assertEquals("AccessDenied", refused.awsErrorDetails().errorCode());
    at.client.describeActiveReceiptRuleSet(_ -> {});

    at.ses.allow(LocalSesFixture.REGION, "ListIdentities");
    at.client.listIdentities();
  }

  private void identities() {
    at.ses.addDomain(LocalSesFixture.REGION, "example.com", true);
    at.ses.addDomain(LocalSesFixture.REGION, "deep.example.com", true);
    at.ses.addDomain(LocalSesFixture.REGION, "unverified.org", false);
    at.ses.addAddress(LocalSesFixture.REGION, "user@example.com", true);
  }
}
