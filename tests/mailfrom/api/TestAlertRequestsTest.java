package mailfrom.api;

import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import mailfrom.app.tell.TestAlertApi;
import mailfrom.app.tell.Topics;
import org.junit.jupiter.api.Test;

/** The call that sends test messages; every answer is held against the contract. */
class TestAlertRequestsTest {
  private final Door door = Door.ofOneRegion();

  @Test
  void theAnswerSaysWhatWasSentAndWhoListens() {
    assertEquals(
        Door.CONTRACT.read(
            """
            {"sent":[{"topic":"alerts","form":"PEOPLE","messageId":"m1"}],
             "listeners":{"alerts":0,"notices":2,"operations":null},"alertsReachNobody":true}
            """),
        door.ask(request("POST", "/v1/test-alert")).json());
  }

  @Test
  void whoCannotBeAskedForIsNotNobody() {
    door.testAlert = new TestAlertApi.Outcome.AllSent(List.of(), Map.of());
    assertTrue(
        door.ask(request("POST", "/v1/test-alert")).json().get("alertsReachNobody").isNull());
  }

  @Test
  void whatSnsDoesNotTakeIsItsOwnProblem() {
    door.testAlert =
        new TestAlertApi.Outcome.NotTaken(
            Topics.Name.NOTICES, "AuthorizationError: no", List.of(), Duration.ofSeconds(10));
    Door.Answer answer = door.ask(request("POST", "/v1/test-alert"));
    assertEquals(503, answer.status());
    assertEquals("10", answer.header("Retry-After"));
    assertEquals(
        "urn:ses-mail-from:problem:could-not-publish", answer.json().get("type").textValue());
    assertTrue(answer.json().get("detail").textValue().contains("The topic notices"));
  }

  @Test
  void itTakesNoParametersAndNeedsACaller() {
    assertEquals(400, door.ask(request("POST", "/v1/test-alert").query("x", "1")).status());
    assertEquals(403, door.ask(request("POST", "/v1/test-alert").caller(null)).status());
    assertEquals(405, door.ask(request("GET", "/v1/test-alert")).status());
  }
}
