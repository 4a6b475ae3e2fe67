package mailfrom.api;

import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls about batches; every answer is held against the contract. */
class BatchRequestsTest {
  private static final String ITEM =
      "{\"identity\":\"example.com\",\"mailFromDomain\":\"bounce.example.com\"}";
  private static final String PATH = "/v1/mail-from-batches";

  private final Door door = Door.ofOneRegion();

  private static TestEvents post(String json) {
    return request("POST", PATH)
        .header("content-type", "application/json")
        .header("idempotency-key", "k1")
        .body(json);
  }

  private static String items(String... items) {
    return "{\"items\":[" + String.join(",", items) + "]}";
  }

  @Test
  void anOrderIsHandedOverNormalisedAndAcceptedWithItsPlace() {
    String body =
        items(
            "{\"identity\":\"Example.COM\",\"mailFromDomain\":\"Bounce.Example.com.\","
                + "\"behaviorOnMxFailure\":\"RejectMessage\",\"labels\":{\"customer\":\"4711\"}}",
            "{\"identity\":\"news@example.org\",\"region\":\"us-east-1\",\"adopt\":true}");
    Door.Answer answer = door.ask(post(body).query("dryRun", "true"));
    assertEquals(202, answer.status());
    assertEquals(PATH + "/b1", answer.header("Location"));
    assertEquals("60", answer.header("Retry-After"));
    assertEquals(
        List.of(
            new BatchApi.Order(
                List.of(
                    new BatchApi.Ask(
                        Samples.key("example.com"),
                        new Desired(
                            new Settings(Samples.BOUNCE, BehaviorOnMxFailure.REJECT_MESSAGE),
                            Activation.STAGED,
                            Set.of(),
                            Map.of("customer", "4711"))),
                    new BatchApi.Ask(Samples.key("news@example.org"), null)),
                true,
                "k1",
                body)),
        door.batches.orders);
    assertEquals(
        Door.CONTRACT.read(
            """
            {"id":"b1","state":"CHECKING","reason":null,"dryRun":false,
             "by":"arn:aws:iam::123456789012:user/ada","createdAt":"2026-11-24T10:00:00.000Z","endedAt":null,
             "counts":{"CHECKING":2,"WAITING":0,"APPLIED":0,"UNCHANGED":0,"VALID":0,"INVALID":0,"REFUSED":0,"CANCELLED":0},"byEffect":null,
             "items":null,"nextCursor":null}
            """),
        answer.json());
  }

  @Test
  void aKeyIsNeededAndStandsForOneRequest() {
    Door.Answer without = door.ask(post(items(ITEM)).noHeader("idempotency-key"));
    assertEquals(400, without.status());
    assertEquals(List.of("REQUIRED null"), without.violations());
    Map<String, Integer> statuses =
        Map.of("", 400, "ü", 400, "k".repeat(256), 400, "k".repeat(255), 202);
    statuses.forEach(
        (key, status) ->
            assertEquals(
                status, door.ask(post(items(ITEM)).header("idempotency-key", key)).status(), key));
    door.batches.keyReused = true;
    Door.Answer reused = door.ask(post(items(ITEM)));
    assertEquals(422, reused.status());
    assertEquals(
        "urn:ses-mail-from:problem:idempotency-key-reused", reused.json().get("type").textValue());
  }

  @Test
  void everyProblemOfEveryItemIsToldAtOnce() {
    Door.Answer answer =
        door.ask(
            post(
                items(
                    ITEM,
                    "{\"mailFromDomain\":\"bounce.example.com\"}",
                    "{\"identity\":\"a b\",\"mailFromDomain\":7,\"region\":\"mars-1\",\"x/y\":1}",
                    "17",
                    "{\"identity\":\"example.com\"}",
                    "{\"identity\":\"example.com\",\"adopt\":true,\"mailFromDomain\":null}",
                    "{\"identity\":\"example.com\",\"adopt\":false}",
                    "{\"identity\":\"example.com\",\"mailFromDomain\":null,\"mailFromDomain\":null}",
                    "{\"identity\":\"example.com\",\"mailFromDomain\":null,\"accept\":[\"X\"],"
                        + "\"labels\":{\"region\":\"r\"}}")));
    assertEquals(400, answer.status());
    assertEquals(
        Set.of(
            "REQUIRED /items/1/identity",
            "MALFORMED_IDENTITY /items/2/identity",
            "WRONG_TYPE /items/2/mailFromDomain",
            "REGION_NOT_WATCHED /items/2/region",
            "UNKNOWN_FIELD /items/2/x~1y",
            "WRONG_TYPE /items/3",
            "REQUIRED /items/4/mailFromDomain",
            "UNKNOWN_FIELD /items/5/mailFromDomain",
            "INVALID_VALUE /items/6/adopt",
            "DUPLICATE_FIELD /items/7/mailFromDomain",
            "INVALID_VALUE /items/8/accept/0",
            "INVALID_VALUE /items/8/labels/region"),
        Set.copyOf(answer.violations()));
    assertTrue(door.batches.orders.isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                       | INVALID_JSON
          '{"items":[]}'           | INVALID_VALUE /items
          '{}'                     | REQUIRED /items
          '[]'                     | WRONG_TYPE
          '{"items":{}}'           | WRONG_TYPE /items
          '{"items":null}'         | WRONG_TYPE /items
          '{"items":[null]}'       | WRONG_TYPE /items/0
          '{"items":[[[[[[[[[1]'   | INVALID_JSON
          '{"items":[],"x":1}'     | UNKNOWN_FIELD /x
          'items'                  | INVALID_JSON
          """)
  void aHostileBodyIsToldWhatIsWrong(String body, String violation) {
    Door.Answer answer = door.ask(post(body));
    assertEquals(400, answer.status());
    assertEquals(violation.strip(), answer.violations().getFirst().strip());
    assertTrue(door.batches.orders.isEmpty());
  }

  @Test
  void aMalformedMailFromDomainIsABrokenRuleAtItsPlace() {
    Door.Answer answer =
        door.ask(post(items(ITEM, "{\"identity\":\"example.com\",\"mailFromDomain\":\"a..b\"}")));
    assertEquals(422, answer.status());
    assertEquals(List.of("MALFORMED_NAME /items/1/mailFromDomain"), answer.violations());
  }

  @Test
  void tenThousandItemsAreTakenAndNotOneMore() {
    assertEquals(202, door.ask(post(many(10_000))).status());
    Door.Answer tooMany = door.ask(post(many(10_001)));
    assertEquals(400, tooMany.status());
    assertEquals(List.of("INVALID_VALUE /items"), tooMany.violations());
  }

  private static String many(int count) {
    return items(Collections.nCopies(count, ITEM).toArray(String[]::new));
  }

  @Test
  void fourMebibytesAreTakenAndNotOneMore() {
    String body = items(ITEM);
    int most = 4 * 1024 * 1024;
    assertEquals(202, door.ask(post(body + " ".repeat(most - body.length()))).status());
    Door.Answer tooLarge = door.ask(post(body + " ".repeat(most + 1 - body.length())));
    assertEquals(413, tooLarge.status());
    assertEquals(415, door.ask(post(body).noHeader("content-type")).status());
  }

  @Test
  void moreProblemsThanAnAnswerHoldsAreCounted() {
    String wrong = IntStream.range(0, 10_000).mapToObj(i -> "1").collect(Collectors.joining(","));
    Door.Answer answer = door.ask(post(items(wrong)));
    assertEquals(400, answer.status());
    assertEquals(1_000, answer.violations().size());
    assertTrue(answer.json().get("detail").textValue().contains("9000 more"));
  }

  @Test
  void whereSeveralRegionsAreWatchedEachItemNamesOne() {
    Door two = new Door("us-east-1", "eu-west-1");
    Door.Answer answer = two.ask(post(items(ITEM)));
    assertEquals(List.of("REGION_REQUIRED /items/0/region"), answer.violations());
  }

  @Test
  void aPageHasTheItemsAndACursorOfItsOwn() {
    door.batches.items =
        List.of(
            new BatchItem(
                0,
                Samples.key("example.com"),
                null,
                null,
                BatchItem.State.INVALID,
                null,
                List.of(Problem.of(BatchItem.Invalid.NOT_MANAGED, "Leave it out.")),
                null,
                null,
                false,
                false));
    door.batches.nextCursor = "0.1";
    Door.Answer answer = door.ask(request("GET", PATH + "/b1").query("limit", "1"));
    assertEquals(200, answer.status());
    assertEquals(
        Door.CONTRACT.read(
            """
            [{"identity":"example.com","region":"us-east-1","state":"INVALID",
              "violations":[{"code":"NOT_MANAGED","message":"Leave it out."}],"lastError":null}]
            """),
        answer.json().get("items"));
    String cursor = answer.json().get("nextCursor").textValue();
    door.ask(request("GET", PATH + "/b1").query("cursor", cursor));
    assertEquals("0.1", door.batches.cursors.getLast());
    assertEquals(400, door.ask(request("GET", PATH + "/b2").query("cursor", cursor)).status());
    assertEquals(400, door.ask(request("GET", PATH + "/b1").query("limit", "1001")).status());
  }

  @Test
  void batchesAreListedAndTheirItemsAskedForByState() {
    JsonNode page = door.ask(request("GET", PATH).query("state", "DONE")).json();
    assertEquals("b1", page.get("items").get(0).get("id").textValue());
    assertTrue(page.get("items").get(0).get("items").isNull());
    door.ask(request("GET", PATH + "/b1").query("state", "INVALID").query("state", "REFUSED"));
    assertEquals(
        List.of(Set.of(Batch.State.DONE), Set.of(BatchItem.State.INVALID, BatchItem.State.REFUSED)),
        door.batches.asked);
    assertEquals(400, door.ask(request("GET", PATH).query("state", "INVALID")).status());
  }

  @Test
  void aBatchThatIsOverSaysWhatTheMailOfItsIdentitiesGets() {
    door.batches.byEffect = Map.of(Effect.CUSTOM, 275, Effect.FALLBACK, 20);
    JsonNode byEffect = door.ask(request("GET", PATH + "/b1")).json().get("byEffect");
    assertEquals(275, byEffect.get("CUSTOM").intValue());
    assertEquals(0, byEffect.get("REJECTED").intValue());
  }

  @Test
  void aProblemOfAnItemNamesItAndWhatIsAdoptedTakesLabels() {
    Door.Answer answer =
        door.ask(post(items("{\"identity\":\"shop.example\",\"mailFromDomain\":7}")));
    assertEquals(
        "\"shop.example\": mailFromDomain is a number. Give a string or null.",
        answer.json().get("violations").get(0).get("message").textValue());
    door.ask(
        post(items("{\"identity\":\" example.com\",\"adopt\":true,\"labels\":{\"a\":\"b\"}}")));
    assertEquals(
        List.of(new BatchApi.Ask(Samples.key("example.com"), null, Map.of("a", "b"))),
        door.batches.orders.getFirst().items());
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(404, door.ask(request("GET", PATH + "/b2")).status());
    assertEquals(404, door.ask(request("DELETE", PATH + "/b2")).status());
    Door.Answer cancelled = door.ask(request("DELETE", PATH + "/b1"));
    assertEquals(200, cancelled.status());
    assertEquals("CANCELLED", cancelled.json().get("state").textValue());
    assertEquals(405, door.ask(request("PUT", PATH + "/b1")).status());
  }
}
