package mailfrom.api;

import static mailfrom.api.TestEvents.encoded;
import static mailfrom.api.TestEvents.get;
import static mailfrom.api.TestEvents.mailFrom;
import static mailfrom.api.TestEvents.put;
import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mailfrom.app.settings.ETags;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.desired.WarningCode;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsHandlerTest {
  private static final String BODY = "{\"mailFromDomain\":\"Bounce.Example.com.\"}";
  private final Door door = Door.ofOneRegion();

  @Test
  void putHandsOverTheNormalisedSettingsTheCallerAndTheTimeOfTheRequest() {
    Door.Answer answer =
        door.ask(
            put(
                    "Example.COM",
                    """
                    {"mailFromDomain":"BÜCHER.example.com","behaviorOnMxFailure":"RejectMessage",
                     "activation":"whenReady","accept":["RECEIVES_MAIL"],"labels":{"customer":"4711"}}
                    """)
                .header("If-Match", "\"abc\"")
                .query("dryRun", "true"));
    assertEquals(200, answer.status());
    FakeSettingsApi.Made made = door.calls.made.getFirst();
    assertEquals(Samples.key("example.com"), made.key());
    assertEquals(
        new Desired(
            new Settings(
                DomainName.of("xn--bcher-kva.example.com"), BehaviorOnMxFailure.REJECT_MESSAGE),
            Activation.WHEN_READY,
            Set.of(ViolationCode.RECEIVES_MAIL),
            Map.of("customer", "4711")),
        made.desired());
    assertEquals("\"abc\"", made.ifMatch());
    assertTrue(made.dryRun());
    assertEquals(new Caller(TestEvents.CALLER, TestEvents.NOW), made.caller());
  }

  @Test
  void theAnswerIsTheRepresentationOfTheContract() {
    door.calls.outcome =
        new SettingsApi.Outcome.Shown(
            Samples.fallback(), false, true, List.of(Problem.of(WarningCode.WILDCARD, "…")));
    Door.Answer answer = door.ask(put("example.com", BODY));
    assertEquals(
        Door.CONTRACT.read(
            """
            {"account":"123456789012","region":"us-east-1","identity":"example.com",
             "effect":"FALLBACK","cause":"TEMPORARY_FAILURE","phase":"live","trouble":"FALLBACK","severity":"warning","recovering":false,
             "since":"2026-11-23T10:00:00.000Z","notBefore":"2026-11-23T09:45:00.000Z","deadline":"2026-11-26T09:45:00.000Z",
             "live":{"mailFromDomain":"bounce.example.com","behaviorOnMxFailure":"UseDefaultValue","status":"TemporaryFailure"},
             "asOf":"2026-11-23T10:15:00.000Z",
             "desired":{"mailFromDomain":"bounce.example.com","behaviorOnMxFailure":"UseDefaultValue","activation":"staged","accept":[],"labels":{"customer":"4711"}},
             "progress":{"state":"APPLIED","by":"arn:aws:iam::123456789012:user/ada","at":"2026-11-23T10:00:00.000Z","attempts":1,"lastError":null,"violations":[],"waitingFor":null},
             "drift":null,"plan":[],
             "records":[{"name":"bounce.example.com","type":"MX","zone":"example.com","host":"bounce","priority":10,"value":"feedback-smtp.us-east-1.amazonses.com","ttl":300,"state":"add"},
                        {"name":"bounce.example.com","type":"TXT","zone":"example.com","host":"bounce","priority":null,"value":"v=spf1 include:amazonses.com ~all","ttl":300,"state":"present"}],
             "findings":[{"code":"MX_MISSING","severity":"error","message":"There is no MX record. Publish it.","expected":"10 feedback-smtp.us-east-1.amazonses.com","actual":null,"asked":null,"dig":null}],
             "dmarc":{"spf":"fail","dkim":"pass"},
             "incident":{"id":"i1","startedAt":"2026-11-23T10:00:00.000Z","told":["STARTED"]},
             "telling":{"last":{"reason":"STARTED","at":"2026-11-23T10:00:00.000Z"},"quietBecause":"ALREADY_TOLD","silence":null,"nextReminderAt":"2026-11-24T10:00:00.000Z"},
             "silencedBy":[],
             "warnings":[{"code":"WILDCARD","message":"…"}],"changed":true,"wouldChange":null}
            """),
        answer.json());
    assertEquals(ETags.of(Samples.fallback().state().desired()), answer.header("ETag"));
    assertEquals("application/json", answer.header("Content-Type"));
  }

  @Test
  void whatIsQueuedIsAcceptedAndSaysWhenToComeBack() {
    door.calls.outcome =
        new SettingsApi.Outcome.Shown(Samples.queuedUnread(), true, true, List.of());
    Door.Answer answer = door.ask(put("example.com", BODY));
    assertEquals(202, answer.status());
    assertEquals("60", answer.header("Retry-After"));
    JsonNode json = answer.json();
    assertTrue(json.get("effect").isNull(), "nothing is known of an identity that was never read");
    assertTrue(json.get("since").isNull());
    assertEquals(
        Door.CONTRACT.read(
            """
            [{"action":"APPLY","mailFromDomain":"bounce.example.com","behaviorOnMxFailure":"RejectMessage",
              "when":"now","why":"NEWER_THAN_APPLIED","because":"What was asked for is newer than what was applied."}]
            """),
        json.get("plan"));
  }

  @Test
  void deleteWantsNothingForAnIdentityThatWasNeverAskedForToo() {
    assertEquals(200, door.ask(request("DELETE", mailFrom("example.com"))).status());
    assertEquals(Desired.nothing(Map.of()), door.calls.made.getFirst().desired());
  }

  @Test
  void everyRouteReachesItsOwnCall() {
    door.ask(get("example.com"));
    door.ask(request("DELETE", mailFrom("example.com") + "/desired").header("if-match", "*"));
    door.ask(request("POST", mailFrom("example.com") + "/check"));
    door.ask(request("GET", mailFrom("example.com") + "/history"));
    door.ask(request("GET", "/v1/identities"));
    door.ask(request("GET", "/v1/summary"));
    assertEquals(
        List.of("get", "stopManaging", "check", "history", "list", "summary"),
        door.calls.made.stream().map(FakeSettingsApi.Made::call).toList());
    assertEquals("*", door.calls.made.get(1).ifMatch());
  }

  @Test
  void readsSayNothingOfWarningsAndChange() {
    JsonNode json = door.ask(get("example.com")).json();
    assertTrue(json.get("warnings").isNull());
    assertTrue(json.get("changed").isNull());
    assertTrue(json.get("notBefore").isNull(), "it was so at first sight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com                         | example.com
          EXAMPLE.Com.                        | example.com
          bücher.example                      | xn--bcher-kva.example
          _dmarc.example.com                  | _dmarc.example.com
          Ada+News@Example.COM                | Ada+News@example.com
          foo/bar@example.com                 | foo/bar@example.com
          a/mail-from/check@example.com       | a/mail-from/check@example.com
          50%40off@example.com                | 50%40off@example.com
          "with space"@example.com            | "with space"@example.com
          =cmd@example.com                    | =cmd@example.com
          """,
      quoteCharacter = '\0')
  void oddNamesAreReadAsTheyAreAndEncoded(String given, String name) {
    assertEquals(200, door.ask(get(given)).status());
    assertEquals(200, door.ask(get(encoded(given))).status());
    for (FakeSettingsApi.Made made : door.calls.made) {
      assertEquals(Samples.key(name), made.key());
    }
  }

  @Test
  void aTildeOfItsOwnIsSentEncoded() {
    assertEquals(400, door.ask(get("~ada@example.com")).status());
    assertEquals(200, door.ask(get(encoded("~ada@example.com"))).status());
  }

  @Test
  void aBase64BodyIsReadToo() {
    String base64 = Base64.getEncoder().encodeToString(BODY.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, door.ask(put("example.com", "").base64(base64)).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        "application/json;charset=\"utf-8\""
      })
  void jsonIsTakenHoweverItIsSpelt(String contentType) {
    assertEquals(
        200, door.ask(put("example.com", BODY).header("content-type", contentType)).status());
  }

  @ParameterizedTest
  @CsvSource({"16384, 200", "16385, 413"})
  void aBodyMayHaveSixteenKibibytes(int bytes, int status) {
    String body = BODY + " ".repeat(bytes - BODY.length());
    assertEquals(status, door.ask(put("example.com", body)).status());
  }

  @Test
  void aRegionIsRequiredWhenThereAreTwoAndTheAnswerListsThem() {
    Door two = new Door("us-east-1", "eu-west-1");
    Door.Answer answer = two.ask(get("example.com"));
    assertEquals(List.of("REGION_REQUIRED null"), answer.violations());
    assertTrue(answer.text().contains("us-east-1, eu-west-1"), answer.text());
    assertEquals(200, two.ask(get("example.com").query("region", "eu-west-1")).status());
    assertEquals(
        List.of("REGION_NOT_WATCHED null"),
        two.ask(get("example.com").query("region", "eu-west-2")).violations());
    assertEquals(200, two.ask(request("GET", "/v1/identities")).status());
  }

  @Test
  void everyProblemIsToldAtOnce() {
    Door two = new Door("us-east-1", "eu-west-1");
    Door.Answer answer =
        two.ask(
            put(
                    "not a name",
                    """
                    {"mailFromDomain":"a..b","behaviorOnMxFailure":1,"activation":"soon","accept":["X",2,"NOT_A_SUBDOMAIN"],
                     "labels":{"1":"a","ok":7},"typo":null,"activation":"staged"}
                    """)
                .header("if-match", "abc")
                .query("dryRun", "yes")
                .query("force", "true"));
    assertEquals(400, answer.status());
    assertEquals(
        List.of(
            "MALFORMED_IDENTITY null",
            "REGION_REQUIRED null",
            "INVALID_VALUE null",
            "INVALID_VALUE null",
            "DUPLICATE_FIELD /activation",
            "MALFORMED_NAME /mailFromDomain",
            "WRONG_TYPE /behaviorOnMxFailure",
            "INVALID_VALUE /activation",
            "INVALID_VALUE /accept/0",
            "WRONG_TYPE /accept/1",
            "INVALID_VALUE /accept/2",
            "INVALID_VALUE /labels/1",
            "WRONG_TYPE /labels/ok",
            "UNKNOWN_FIELD /typo",
            "UNKNOWN_FIELD null"),
        answer.violations());
    assertEquals(List.of(), two.calls.made);
  }

  @Test
  void whoIsNotManagedIsReadAndNotWritten() {
    Door some = Door.managing("*.example.com");
    for (TestEvents write :
        List.of(
            put("example.com", BODY),
            put("secret.example.com", BODY),
            // Told before a rule is: the caller may not ask at all.
            put("example.com", "{\"mailFromDomain\":\"a..b\"}"),
            request("DELETE", mailFrom("example.com")),
            request("DELETE", mailFrom("example.com") + "/desired"),
            request("POST", mailFrom("example.com") + "/check"))) {
      Door.Answer answer = some.ask(write);
      assertEquals(403, answer.status());
      assertEquals("urn:ses-mail-from:problem:not-managed", answer.json().get("type").textValue());
    }
    assertEquals(List.of(), some.calls.made);
    assertEquals(200, some.ask(get("example.com")).status());
    assertEquals(200, some.ask(put("news.example.com", BODY)).status());
  }

  @Test
  void aRequestWithoutAnIamCallerReachesNothingButTheContract() {
    assertEquals(403, door.ask(get("example.com").caller(null)).status());
    assertEquals(List.of(), door.calls.made);
    Door.Answer contract = door.ask(request("GET", "/v1/openapi.yaml").caller(null));
    assertEquals(200, contract.status());
    assertTrue(contract.text().startsWith("openapi: 3.1"));
  }

  @Test
  void eachOutcomeHasItsStatus() {
    check(
        new SettingsApi.Outcome.RulesBroken(
            List.of(
                new Violation(ViolationCode.NOT_A_SUBDOMAIN, "Give a subdomain."),
                new Violation(ViolationCode.RECEIVES_MAIL, "It has an MX. Give another.")),
            List.of(Problem.of(WarningCode.COULD_NOT_ASK, "…"))),
        422,
        "rules-broken",
        List.of("NOT_A_SUBDOMAIN /mailFromDomain", "RECEIVES_MAIL /mailFromDomain"));
    check(
        new SettingsApi.Outcome.RefusedBySes("Provided MAIL-FROM domain is not subdomain"),
        422,
        "refused-by-ses",
        List.of("REFUSED /mailFromDomain"));
    check(new SettingsApi.Outcome.UnknownIdentity(), 404, "unknown-identity", List.of());
    check(new SettingsApi.Outcome.NotManaged(), 403, "not-managed", List.of());
    check(new SettingsApi.Outcome.PreconditionFailed(), 412, "precondition-failed", List.of());
    check(
        new SettingsApi.Outcome.CouldNotAskSes(Duration.ofMillis(1500)),
        503,
        "could-not-ask-ses",
        List.of());
    assertEquals("2", door.ask(put("example.com", BODY)).header("Retry-After"));
  }

  private void check(
      SettingsApi.Outcome outcome, int status, String slug, List<String> violations) {
    door.calls.outcome = outcome;
    Door.Answer answer = door.ask(put("example.com", BODY));
    assertEquals(status, answer.status());
    assertEquals("urn:ses-mail-from:problem:" + slug, answer.json().get("type").textValue(), slug);
    assertEquals(violations, answer.violations());
  }

  @Test
  void aMalformedMailFromDomainIsABrokenRule() {
    Door.Answer answer = door.ask(put("example.com", "{\"mailFromDomain\":\"-a.example.com\"}"));
    assertEquals(422, answer.status());
    assertEquals(List.of("MALFORMED_NAME /mailFromDomain"), answer.violations());
  }

  @Test
  void whatWasRecordedBeforeSomethingFailedIsAnsweredAsAccepted() {
    door.calls.outcome =
        new SettingsApi.Outcome.CutShort(
            new SettingsApi.Outcome.Shown(Samples.queuedUnread(), true, true, List.of()),
            new IllegalStateException("inner trouble"));
    Door.Answer answer = door.ask(put("example.com", BODY));
    assertEquals(202, answer.status());
    assertEquals("60", answer.header("Retry-After"));
  }

  @Test
  void whatNobodyPlannedIsThrownForThePlatformToCount() {
    IllegalStateException bug = new IllegalStateException("inner trouble");
    door.calls.failure = bug;
    TestEvents request = get("example.com");
    assertSame(bug, assertThrows(IllegalStateException.class, () -> door.ask(request)));
  }

  @Test
  void aDryRunChangesNothingAndSaysWhatItWouldDo() {
    JsonNode json = door.ask(put("example.com", BODY).query("dryRun", "true")).json();
    assertFalse(json.get("changed").booleanValue());
    assertTrue(json.get("wouldChange").booleanValue());
  }

  @Test
  void blanksAroundANameAreNotPartOfIt() {
    assertEquals(
        200,
        door.ask(put(" example.com", "{\"mailFromDomain\":\" bounce.example.com \"}")).status());
    FakeSettingsApi.Made made = door.calls.made.getFirst();
    assertEquals(Samples.key("example.com"), made.key());
    assertEquals(
        Samples.BOUNCE, Objects.requireNonNull(made.desired()).settings().mailFromDomain());
  }

  @Test
  void historyIsPaged() {
    door.calls.history =
        new IdentityStore.HistoryPage(
            List.of(
                new HistoryEntry(
                    TestEvents.NOW,
                    null,
                    HistoryEntry.What.EFFECT,
                    null,
                    "CUSTOM",
                    "FALLBACK (PENDING)")),
            "row 1");
    String path = mailFrom("example.com") + "/history";
    JsonNode page = door.ask(request("GET", path)).json();
    assertEquals("FALLBACK (PENDING)", page.get("items").get(0).get("after").textValue());
    String cursor = page.get("nextCursor").textValue();
    assertEquals(200, door.ask(request("GET", path).query("cursor", cursor)).status());
    assertEquals("row 1", door.calls.historyCursors.getLast());
    String other = mailFrom("example.org") + "/history";
    assertEquals(400, door.ask(request("GET", other).query("cursor", cursor)).status());
  }

  @Test
  void anotherMethodIsToldWhichThereAre() {
    Door.Answer answer = door.ask(request("PATCH", mailFrom("example.com")));
    assertEquals(405, answer.status());
    assertEquals("DELETE, GET, PUT", answer.header("Allow"));
  }

  @Test
  void theParametersOfASignedUrlAreNobodysTypo() {
    assertEquals(200, door.ask(get("example.com").query("X-Amz-Signature", "ab")).status());
  }
}
