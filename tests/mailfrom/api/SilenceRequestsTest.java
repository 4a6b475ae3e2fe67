package mailfrom.api;

import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.Silence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls about silences; every answer is held against the contract. Now is 10:00. */
class SilenceRequestsTest {
  private static final String PATH = "/v1/silences";
  private static final Instant NOW = TestEvents.NOW;
  private static final Silence.Match ALL = new Silence.Match(null, null, null, null);

  private static final String BODY =
      "{\"match\":{},\"until\":\"2026-11-25T10:00:00Z\",\"reason\":\"x\"}";

  private final Door door = Door.ofOneRegion();

  private static TestEvents post(String json) {
    return request("POST", PATH).header("content-type", "application/json").body(json);
  }

  private void keep(String id, Duration from, Duration until) {
    door.regions.keep(new Silence(id, ALL, NOW.plus(from), NOW.plus(until), "why", "arn:mia"));
  }

  @Test
  void aSilenceIsKeptWithWhoAndWhy() {
    Door.Answer answer =
        door.ask(
            post(
                """
                {"match":{"name":"*.example.com","region":"us-east-1","label":"customer=4711","cause":"FAILED"},
                 "from":"2026-11-24T11:00:00Z","until":"2026-11-25T12:00:00+01:00","reason":"move of the DNS"}
                """));
    assertEquals(201, answer.status());
    assertEquals("/v1/silences/s1", answer.header("Location"));
    assertEquals(
        Door.CONTRACT.read(
            """
            {"id":"s1","match":{"name":"*.example.com","region":"us-east-1","label":"customer=4711","cause":"FAILED"},
             "from":"2026-11-24T11:00:00.000Z","until":"2026-11-25T11:00:00.000Z","reason":"move of the DNS",
             "by":"arn:aws:iam::123456789012:user/ada","state":"PENDING",
             "matches":{"count":0,"first":[]},
             "warning":"No identity is meant now, so nothing is held back. Look whether name, label and cause are spelt as GET /v1/identities has them."}
            """),
        answer.json());
    assertEquals(
        List.of(
            new Silence(
                "s1",
                new Silence.Match("*.example.com", "us-east-1", "customer=4711", Cause.FAILED),
                NOW.plus(Duration.ofHours(1)),
                NOW.plus(Duration.ofHours(25)),
                "move of the DNS",
                TestEvents.CALLER)),
        door.regions.silences());
  }

  @Test
  void withoutAFromItBeginsNowAndWithoutPartsItMatchesAll() {
    Door.Answer answer =
        door.ask(post("{\"match\":{},\"until\":\"2026-11-24T10:00:01Z\",\"reason\":\"x\"}"));
    assertEquals(201, answer.status());
    assertEquals("ACTIVE", answer.json().get("state").textValue());
    Silence kept = door.regions.silences().getFirst();
    assertEquals(ALL, kept.match());
    assertEquals(NOW, kept.from());
  }

  @Test
  void theAnswerSaysWhomItMeansAndADryRunKeepsNothing() {
    for (String name : List.of("b.example.com", "a.example.com", "other.example")) {
      door.identities.save(
          Samples.neverAsked(Samples.key(name)).state().withRowVersion(0), List.of(), null);
    }
    String body =
        "{\"match\":{\"name\":\"*.example.com\"},\"until\":\"2026-11-25T10:00:00Z\",\"reason\":\"x\"}";
    Door.Answer dry = door.ask(post(body).query("dryRun", "true"));
    assertEquals(200, dry.status());
    assertTrue(dry.json().get("id").isNull());
    assertTrue(dry.json().get("warning").isNull());
    assertEquals(
        Door.CONTRACT.read(
            """
            {"count":2,"first":[{"identity":"a.example.com","region":"us-east-1"},
                                {"identity":"b.example.com","region":"us-east-1"}]}
            """),
        dry.json().get("matches"));
    assertTrue(door.regions.silences().isEmpty());
    assertEquals(dry.json().get("matches"), door.ask(post(body)).json().get("matches"));
    assertEquals(1, door.regions.silences().size());
  }

  @Test
  void everyProblemIsToldAtOnce() {
    Door.Answer answer =
        door.ask(
            post(
                """
                {"match":{"name":"","region":"mars-1","label":7,"cause":"LOST","names":"x"},
                 "from":"tomorrow","until":7,"reason":" ","untill":"x","reason":"y"}
                """));
    assertEquals(400, answer.status());
    assertEquals(
        Set.of(
            "INVALID_VALUE /match/name",
            "REGION_NOT_WATCHED /match/region",
            "WRONG_TYPE /match/label",
            "INVALID_VALUE /match/cause",
            "UNKNOWN_FIELD /match/names",
            "INVALID_VALUE /from",
            "WRONG_TYPE /until",
            "INVALID_VALUE /reason",
            "UNKNOWN_FIELD /untill",
            "DUPLICATE_FIELD /reason"),
        Set.copyOf(answer.violations()));
    assertTrue(door.regions.silences().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                       | REQUIRED /match
          {"match":[],"until":"2026-11-25T10:00:00Z","reason":"x"} | WRONG_TYPE /match
          {"match":{"name":null},"until":"2026-11-25T10:00:00Z","reason":"x"} | WRONG_TYPE /match/name
          {"match":{"label":"customer:c105"},"until":"2026-11-25T10:00:00Z","reason":"x"} | INVALID_VALUE /match/label
          {"match":{},"reason":"x"}                                | REQUIRED /until
          {"match":{},"until":"2026-11-25T10:00:00Z"}              | REQUIRED /reason
          {"match":{},"until":"2026-11-25","reason":"x"}           | INVALID_VALUE /until
          {"match":{},"until":"+1000000000-12-31T23:59:59.999999999Z","reason":"x"} | INVALID_VALUE /until
          {"match":{},"from":"-1000000000-01-01T00:00:00Z","until":"2026-11-25T10:00:00Z","reason":"x"} | INVALID_VALUE /until
          []                                                       | WRONG_TYPE
          silence                                                  | INVALID_JSON
          """)
  void anIllFormedSilenceIsToldWhatIsWrong(String body, String violation) {
    Door.Answer answer = door.ask(post(body));
    assertEquals(400, answer.status());
    assertEquals(violation, answer.violations().getFirst().strip());
    assertTrue(door.regions.silences().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # from,               until,                status
          2026-11-24T10:00:00Z, 2026-12-24T10:00:00Z, 201
          2026-11-24T10:00:00Z, 2026-12-24T10:00:01Z, 400
          ,                     2026-12-24T10:00:00Z, 201
          ,                     2026-12-24T10:00:01Z, 400
          ,                     2026-11-24T10:00:01Z, 201
          ,                     2026-11-24T10:00:00Z, 400
          2026-11-20T10:00:00Z, 2026-11-24T10:00:00Z, 400
          2026-11-20T10:00:00Z, 2026-11-24T10:00:01Z, 201
          2026-11-26T10:00:00Z, 2026-11-26T10:00:00Z, 400
          2026-11-26T10:00:00Z, 2026-11-25T10:00:00Z, 400
          2027-11-24T10:00:00Z, 2027-12-24T10:00:00Z, 201
          2027-11-24T10:00:01Z, 2027-12-24T10:00:00Z, 400
          """)
  void itEndsAfterNowAndAtMostThirtyDaysAfterItBegins(String from, String until, int status) {
    String body =
        "{\"match\":{},%s\"until\":\"%s\",\"reason\":\"x\"}"
            .formatted(from == null ? "" : "\"from\":\"" + from + "\",", until);
    assertEquals(status, door.ask(post(body)).status());
  }

  @ParameterizedTest
  @CsvSource({"500, 201", "501, 400"})
  void aReasonHasFiveHundredCharacters(int length, int status) {
    String body =
        "{\"match\":{},\"until\":\"2026-11-25T10:00:00Z\",\"reason\":\"%s\"}"
            .formatted("x".repeat(length));
    assertEquals(status, door.ask(post(body)).status());
  }

  @Test
  void aSilenceIsJsonOfSixteenKibibytesAtMost() {
    assertEquals(415, door.ask(post(BODY).noHeader("content-type")).status());
    assertEquals(413, door.ask(post(BODY + " ".repeat(16 * 1024))).status());
    assertEquals(400, door.ask(post(BODY).query("dryrun", "true")).status());
    assertEquals(403, door.ask(post(BODY).caller(null)).status());
  }

  @Test
  void whereSeveralRegionsAreWatchedASilenceMayMeanAll() {
    Door two = new Door("us-east-1", "eu-west-1");
    assertEquals(201, two.ask(post(BODY)).status());
  }

  @Test
  void theyAreListedInPagesTheLastToEndFirst() {
    keep("a", Duration.ofHours(-2), Duration.ofHours(-1));
    keep("b", Duration.ofHours(-1), Duration.ofHours(1));
    keep("c", Duration.ofHours(1), Duration.ofHours(2));
    keep("d", Duration.ofHours(-1), Duration.ofHours(1));
    List<String> seen = new ArrayList<>();
    TestEvents next = request("GET", PATH).query("limit", "1");
    while (true) {
      JsonNode page = door.ask(next).json();
      page.get("items")
          .forEach(item -> seen.add(item.get("id").asText() + " " + item.get("state").textValue()));
      if (page.get("nextCursor").isNull()) {
        break;
      }
      next =
          request("GET", PATH)
              .query("limit", "1")
              .query("cursor", page.get("nextCursor").textValue());
    }
    assertEquals(List.of("c PENDING", "b ACTIVE", "d ACTIVE", "a ENDED"), seen);
    assertEquals(400, door.ask(request("GET", PATH).query("cursor", "x")).status());
    assertEquals(400, door.ask(request("GET", PATH).query("limit", "0")).status());
  }

  @Test
  void anActiveOneEndsNowAPendingOneIsForgottenAndAnEndedOneStays() {
    keep("pending", Duration.ofHours(1), Duration.ofHours(2));
    keep("active", Duration.ofHours(-1), Duration.ofHours(2));
    keep("ended", Duration.ofHours(-2), Duration.ofHours(-1));
    for (String id : List.of("pending", "active", "ended")) {
      Door.Answer answer = door.ask(request("DELETE", PATH + "/" + id));
      assertEquals(200, answer.status());
      assertEquals("ENDED", answer.json().get("state").textValue(), id);
    }
    assertEquals(
        List.of("active 2026-11-24T10:00:00Z", "ended 2026-11-24T09:00:00Z"),
        door.regions.silences().stream().map(one -> one.id() + " " + one.until()).toList());
    assertEquals(404, door.ask(request("DELETE", PATH + "/pending")).status());
    assertEquals(405, door.ask(request("GET", PATH + "/active")).status());
  }

  @Test
  void aThousandAreKeptAndNotOneMore() {
    for (int i = 1; i < SilenceApi.MAX_KEPT; i++) {
      keep("k" + i, Duration.ofHours(-2), Duration.ofHours(-1));
    }
    assertEquals(201, door.ask(post(BODY)).status());
    Door.Answer tooMany = door.ask(post(BODY));
    assertEquals(422, tooMany.status());
    assertEquals(
        "urn:ses-mail-from:problem:too-many-silences", tooMany.json().get("type").textValue());
  }
}
