package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.local.Functions;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The README's walk over HTTP, against the started local cloud: each with an identity of its own.
 * How the functions run is open.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Walk {
  private static final String RECORDS =
      "{\"MX\":[\"10 feedback-smtp.us-east-1.amazonses.com\"],"
          + "\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";
  private static final String SPF_ALONE = "{\"TXT\":[\"v=spf1 include:amazonses.com ~all\"]}";

  private LocalCloud cloud;
  private Http http;
  private int walks;
  private String identity = "";
  private String mailFrom = "";

  /** Makes the functions, each for its environment. */
  abstract Functions functions(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page);

  @BeforeAll
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests(), this::functions);
    http = new Http(cloud.url());
    cloud.plantSampleFleet();
    cloud.runSampleFleetsPast();
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  @BeforeEach
  void verified() {
    walks++;
    identity = "walk%d.example.com".formatted(walks);
    mailFrom = "bounce." + identity;
    cloud.ses().addDomain("us-east-1", identity, true);
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
        "/v1/identities/" + identity + "/mail-from", "{\"mailFromDomain\":\"" + mailFrom + "\"}");
  }

  private void putAndPublish() {
    Http.Answer put = put();
    assertEquals(200, put.status(), put::body);
    assertEquals(List.of("add MX", "add TXT"), records(put.json()));
    assertTrue(put.json().path("changed").asBoolean());
    assertEquals(204, http.put("/local/dns/" + mailFrom, RECORDS).status());
    http.watch();
    assertEquals("CUSTOM", http.effect(identity));
    assertEquals(List.of("present MX", "present TXT"), records(http.mailFrom(identity)));
  }

  @Test
  void setBreakAndRepairIsToldOnceEach() {
    putAndPublish();
    assertEquals(List.of("READY"), http.reasons(identity));

    assertEquals(204, http.put("/local/dns/" + mailFrom, SPF_ALONE).status());
    http.advance("PT15M");
    http.watch();
    assertEquals("FALLBACK TEMPORARY_FAILURE", http.effect(identity));
    assertEquals(List.of("READY", "STARTED"), http.reasons(identity));
    List<String> alerts = http.alertsNaming(mailFrom);
    assertEquals(1, alerts.size(), alerts::toString);
    assertTrue(
        alerts.getFirst().contains("feedback-smtp.us-east-1.amazonses.com"), alerts::toString);

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED"), http.reasons(identity));
    assertEquals(1, http.alertsNaming(mailFrom).size());

    assertEquals(204, http.put("/local/dns/" + mailFrom, RECORDS).status());
    http.advance("PT15M");
    http.watch();
    assertEquals("CUSTOM", http.effect(identity));
    assertEquals(List.of("READY", "STARTED"), http.reasons(identity));

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED", "RECOVERED"), http.reasons(identity));
    assertEquals(2, http.alertsNaming(identity).size());

    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED", "RECOVERED"), http.reasons(identity));
  }

  @Test
  void afterSesGaveUpAnotherPutStartsTheSetupAgain() {
    putAndPublish();
    assertEquals(204, http.delete("/local/dns/" + mailFrom).status());
    http.advance("PT15M");
    http.watch();
    http.advance("PT72H");
    http.watch();
    assertEquals("FALLBACK FAILED", http.effect(identity));
    assertEquals(204, http.put("/local/dns/" + mailFrom, RECORDS).status());

    // What SES makes of a domain that it gave up is documented nowhere: watch reads it.
    assertEquals(202, put().status());
    http.advance("PT15M");
    http.watch();
    http.advance("PT15M");
    http.watch();
    assertEquals("CUSTOM", http.effect(identity));
    assertEquals("RECOVERED", http.reasons(identity).getLast());
  }

  @Test
  void whatIsClearedThroughTheApiIsDefaultAndNotTold() {
    putAndPublish();
    Http.Answer deleted = http.delete("/v1/identities/" + identity + "/mail-from");
    assertEquals(200, deleted.status(), deleted::body);
    http.advance("PT15M");
    http.watch();
    http.advance("PT15M");
    http.watch();
    assertEquals("DEFAULT", http.effect(identity));
    assertEquals(List.of("READY"), http.reasons(identity));
  }

  @Test
  void whatIsClearedBehindOurBackFallsBackAndIsToldOnce() {
    putAndPublish();
    cloud.ses().clearMailFrom("us-east-1", identity);
    http.advance("PT15M");
    http.watch();
    assertEquals("FALLBACK REMOVED", http.effect(identity));
    http.advance("PT15M");
    http.watch();
    assertEquals(List.of("READY", "STARTED"), http.reasons(identity));
  }
}
