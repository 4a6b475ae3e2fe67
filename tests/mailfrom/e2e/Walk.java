package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.local.Functions;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README's walk over HTTP, against the started local cloud. How the functions run is open. */
abstract class Walk {
  private static final String IDENTITY = "example.com";
  private static final String MAIL_FROM = "bounce.example.com";
  private static final String RECORDS =
      "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"],"
          + "\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";
  private static final String SPF_ALONE = "{\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";

  private LocalCloud cloud;
  private Http http;

  /** Makes the functions, each for its environment. */
  abstract Functions functions(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page);

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests(), this::functions);
    http = new Http(cloud.url());
    cloud.plantSampleFleet();
    cloud.runSampleFleetsPast();
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static List<String> records(JsonNode seen) {
    List<String> records = new ArrayList<>();
    seen.path("records")
        .forEach(
            record ->
                records.add(record.path("state").asText() + " " + record.path("type").asText()));
    return records;
  }

  private Http.Answer put() {
    return http.put(
        "/v1/identities/" + IDENTITY + "/mail-from", "{\"mailFromDomain\":\"" + MAIL_FROM + "\"}");
  }

  private void putAndPublish() {
    Http.Answer put = put();
    assertEquals(200, put.status(), put::body);
    assertEquals(List.of("add MX", "add TXT"), records(put.json()));
    assertTrue(put.json().path("changed").asBoolean());
    assertEquals(204, http.put("/local/dns/" + MAIL_FROM, RECORDS).status());
    http.watch();
    assertEquals("CUSTOM", http.effect(IDENTITY));
    assertEquals(List.of("present MX", "present TXT"), records(http.mailFrom(IDENTITY)));
  }

  @Test
  void setBreakAndRepairIsToldOnceEach() {
    putAndPublish();
    assertEquals(List.of("READY"), http.reasons(IDENTITY));

    assertEquals(204, http.put("/local/dns/" + MAIL_FROM, SPF_ALONE).status());
    http.advance("PT15M");
    http.watch();
    assertEquals("FALLBACK TEMPORARY_FAILURE", http.effect(IDENTITY));
    assertEquals(List.of("READY", "STARTED"), http.reasons(IDENTITY));
    List<String> alerts = http.alertsNaming(MAIL_FROM);
    assertEquals(1, alerts.size(), alerts::toString);
    assertTrue(
        alerts.getFirst().contains("feedback-smtp.us-east-1.amazonses.com"), alerts::toString);

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED"), http.reasons(IDENTITY));
    assertEquals(1, http.alertsNaming(MAIL_FROM).size());

    assertEquals(204, http.put("/local/dns/" + MAIL_FROM, RECORDS).status());
    http.advance("PT15M");
    http.watch();
    assertEquals("CUSTOM", http.effect(IDENTITY));
    assertEquals(List.of("READY", "STARTED"), http.reasons(IDENTITY));

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED", "RECOVERED"), http.reasons(IDENTITY));
    assertEquals(2, http.alertsNaming(IDENTITY).size());

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED", "RECOVERED"), http.reasons(IDENTITY));
  }

  @Test
  void afterSesGaveUpAnotherPutStartsTheSetupAgain() {
    putAndPublish();
    assertEquals(204, http.delete("/local/dns/" + MAIL_FROM).status());
    http.advance("PT15M");
    http.watch();
    http.advance("PT72H");
    http.watch();
    assertEquals("FALLBACK FAILED", http.effect(IDENTITY));
    assertEquals(204, http.put("/local/dns/" + MAIL_FROM, RECORDS).status());

    // What SES makes of a domain that it gave up is documented nowhere: watch reads it.
    assertEquals(202, put().status());
    http.advance("PT15M");
    http.watch();
    http.advance("PT15M");
    http.watch();
    assertEquals("CUSTOM", http.effect(IDENTITY));
    assertEquals("RECOVERED", http.reasons(IDENTITY).getLast());
  }

  @Test
  void whatIsClearedThroughTheApiIsDefaultAndNotTold() {
    putAndPublish();
    Http.Answer deleted = http.delete("/v1/identities/" + IDENTITY + "/mail-from");
    assertEquals(200, deleted.status(), deleted::body);
    http.advance("PT15M");
    http.watch();
    http.advance("PT15M");
    http.watch();
    assertEquals("DEFAULT", http.effect(IDENTITY));
    assertEquals(List.of("READY"), http.reasons(IDENTITY));
  }

  @Test
  void whatIsClearedBehindOurBackFallsBackAndIsToldOnce() {
    putAndPublish();
    cloud.ses().clearMailFrom("us-east-1", IDENTITY);
    http.advance("PT15M");
    http.watch();
    assertEquals("FALLBACK REMOVED", http.effect(IDENTITY));
    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED"), http.reasons(IDENTITY));
  }
}
