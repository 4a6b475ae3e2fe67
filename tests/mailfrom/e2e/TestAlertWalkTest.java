package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.SnsMessage;
import org.junit.jupiter.api.Test;

/** A test alert over HTTP, on the local cloud, whose SNS is as strict as SNS. */
class TestAlertWalkTest {
  @Test
  void aTestAlertReachesEachTopicAndAFailureIsTold() {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      Http.Answer answer = http.post("/v1/test-alert", "");
      assertEquals(200, answer.status(), answer::body);
      JsonNode json = answer.json();
      assertEquals(
          cloud.sns().messages().stream().map(SnsMessage::id).toList(),
          json.path("sent").findValuesAsText("messageId"));
      assertEquals(
          List.of("alerts", "notices", "notices", "operations"),
          cloud.sns().messages().stream().map(SnsMessage::topic).toList());

      http.post(
          "/local/faults",
          "{\"service\":\"sns\",\"operation\":\"Publish\",\"fault\":\"FAIL_BEFORE\",\"times\":9}");
      Http.Answer failed = http.post("/v1/test-alert", "");
      assertEquals(503, failed.status(), failed::body);
    }
  }
}
