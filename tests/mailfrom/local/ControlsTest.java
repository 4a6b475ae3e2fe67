package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlsTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final List<Map<String, Object>> events = new ArrayList<>();
  private final LocalClock clock = new LocalClock(InstantSource.fixed(START));
  private final FaultPlan faults = new FaultPlan();
  private final LocalDns dns = new LocalDns();
  private final LocalSes ses = new LocalSes(clock, dns);
  private final Functions functions =
      new Functions() {
        @Override
        public String page(String event) {
          return "\"\"";
        }

        @Override
        public APIGatewayV2HTTPResponse settings(APIGatewayV2HTTPEvent event) {
          throw new AssertionError("no control calls settings");
        }

        @Override
        public Object watch(Map<String, Object> event) {
          events.add(event);
          return Map.of("complete", true);
        }
      };
  private final WatchRuns runs =
      new WatchRuns(
          functions, (job, time) -> Map.of("job", job.word(), "time", time.toString()), clock);
  private final Controls controls =
      new Controls(clock, dns, ses, new LocalSns(clock), faults, runs, List.of("us-east-1"));

  @AfterEach
  void stop() {
    runs.close();
    dns.close();
  }

  private JsonNode ok(String method, String path, String body) {
    Controls.Answer answer = controls.answer(method, path, body);
    assertEquals(200, answer.status(), () -> String.valueOf(answer.body()));
    JsonNode json = answer.body();
    assertNotNull(json);
    return json;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PUT  | /local/dns/a.example.com | {"MX":"10 host"}              | MX is a list of texts
          PUT  | /local/dns/a.example.com | {"MX":["host"]}               | priority host
          PUT  | /local/dns/a.example.com | {"SPF":["v=spf1"]}            | SPF is not known here
          PUT  | /local/dns/a.example.com | {"fault":"BROKEN"}            | SERVFAIL, TIMEOUT, REFUSED
          PUT  | /local/dns/a.example.com | MX                            | not JSON
          POST | /local/clock             | {"advance":"72h"}             | PT72H
          POST | /local/clock             | {"advance":"PT-1H"}           | only moves forward
          POST | /local/clock             | {}                            | advance is required
          POST | /local/faults            | {"service":"s3","fault":"TIMEOUT"} | ses, sns, table, dns
          POST | /local/faults            | {"service":"ses","fault":"SLOW"}   | THROTTLING, FAIL_BEFORE
          POST | /local/faults            | {"service":"ses","fault":"TIMEOUT","times":0} | whole number from 1
          POST | /local/switches          | {"setResetsSucces":true}      | setResetsSuccess
          POST | /local/switches          | {"sharedPace":"yes"}          | true or false
          """,
      delimiter = '|')
  void whatCannotBeUnderstoodIsRefusedWithWhatToSend(
      String method, String path, String body, String told) {
    Controls.Answer answer = controls.answer(method, path, body);
    assertEquals(400, answer.status());
    assertTrue(String.valueOf(answer.body()).contains(told), () -> String.valueOf(answer.body()));
  }

  @Test
  void aCallThatDoesNotExistIsToldWhichDo() {
    Controls.Answer answer = controls.answer("GET", "/local/nothing", "");
    assertEquals(404, answer.status());
    assertTrue(String.valueOf(answer.body()).contains("POST /local/watch"));
  }

  @Test
  void dnsRecordsAreReplacedAndRemoved() {
    String path = "/local/dns/bounce.example.com";
    assertEquals(
        204,
        controls
            .answer("PUT", path, "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"]}")
            .status());
    assertEquals(MxLookup.Seen.RIGHT, dns.look("bounce.example.com"));
    assertEquals(204, controls.answer("PUT", path, "{\"TXT\":[\"one\"]}").status());
    assertEquals(MxLookup.Seen.WRONG, dns.look("bounce.example.com"));
    assertEquals(204, controls.answer("PUT", path, "{\"fault\":\"SERVFAIL\"}").status());
    assertEquals(MxLookup.Seen.UNKNOWN, dns.look("bounce.example.com"));
    assertEquals(204, controls.answer("DELETE", path, "").status());
    assertEquals(MxLookup.Seen.WRONG, dns.look("bounce.example.com"));
  }

  @Test
  void theClockMovesAndRunsNothing() {
    assertEquals(
        "2026-11-27T10:00:00.000Z",
        ok("POST", "/local/clock", "{\"advance\":\"PT72H\"}").path("now").asText());
    assertEquals(List.of(), events);
  }

  @Test
  void watchReadsThenAppliesAtTheLocalTime() {
    JsonNode answer = ok("POST", "/local/watch", "");
    assertTrue(answer.path("read").path("complete").asBoolean());
    assertTrue(answer.path("apply").path("complete").asBoolean());
    assertEquals(
        List.of(
            Map.of("job", "read", "time", "2026-11-24T10:00:00Z"),
            Map.of("job", "apply", "time", "2026-11-24T10:00:00Z")),
        events);
  }

  @Test
  void faultsArePlannedAndSwitchesTurned() {
    ok("POST", "/local/faults", "{\"service\":\"ses\",\"fault\":\"THROTTLING\",\"times\":2}");
    assertEquals(
        List.of(new FaultPlan.Fault(FaultPlan.Service.SES, "*", FaultPlan.Kind.THROTTLING, 2)),
        faults.planned());
    assertTrue(
        ok("POST", "/local/switches", "{\"setResetsSuccess\":true}")
            .path("setResetsSuccess")
            .asBoolean());
    assertTrue(ses.is(Switch.SET_RESETS_SUCCESS));
  }

  @Test
  void sendingShowsTheEnvelopeSender() {
    ses.addDomain("us-east-1", "example.com", true);
    JsonNode sent = ok("POST", "/local/send", "{\"from\":\"news@example.com\"}");
    assertTrue(sent.path("sent").asBoolean());
    assertEquals("amazonses.com", sent.path("envelopeSender").asText());
  }
}
