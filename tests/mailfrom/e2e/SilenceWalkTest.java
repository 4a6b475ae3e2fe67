package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.Test;

/** A silence over HTTP, on the local cloud: nothing is told in its time, once at its end. */
class SilenceWalkTest {
  @Test
  void aSilenceIsAskedForHoldsAndIsTakenBackOverHttp() {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      Http http = new Http(cloud.url());
      cloud.ses().addDomain("us-east-1", "example.com", true);
      http.watch();
      String until = cloud.clock().instant().plusSeconds(86_400).toString();
      Http.Answer made =
          http.post(
              "/v1/silences",
              "{\"match\":{\"name\":\"example.com\"},\"until\":\"%s\",\"reason\":\"a test\"}"
                  .formatted(until));
      assertEquals(201, made.status(), made::body);
      String id = made.json().path("id").asText();
      assertTrue(id.matches("[0-9a-f-]{36}"), id);
      JsonNode listed = http.get("/v1/silences").json().path("items");
      assertEquals(1, listed.size());
      assertEquals("ACTIVE", listed.path(0).path("state").asText());
      assertEquals(
          "arn:aws:iam::123456789012:user/local", listed.path(0).path("by").asText(), "who");

      http.put("/v1/identities/example.com/mail-from", "{\"mailFromDomain\":\"m.example.com\"}");
      http.put(
          "/local/dns/m.example.com", "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"]}");
      http.watch();
      http.delete("/local/dns/m.example.com");
      http.advance("PT15M");
      http.watch();
      assertEquals("FALLBACK TEMPORARY_FAILURE", http.effect("example.com"));
      assertEquals(List.of("READY"), http.reasons("example.com"));

      assertEquals(200, http.delete("/v1/silences/" + id).status());
      http.advance("PT15M");
      http.watch();
      assertEquals(List.of("READY", "STARTED"), http.reasons("example.com"));
      assertEquals(1, http.alertsNaming("when a silence ended").size());
      http.advance("PT15M");
      http.watch();
      assertEquals(1, http.alertsNaming("when a silence ended").size());
      assertEquals(404, http.delete("/v1/silences/none").status());
    }
  }
}
