package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import mailfrom.local.DnsRecords;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.QueueBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The door that the queue comes through: what SES changed is read at once, each identity once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueueEventsTest {
  private static final String US = "us-east-1";
  private static final String EU = "eu-west-1";
  private static final String READ = "GetIdentityMailFromDomainAttributes";
  private static final String SET = "queue-set-identity-mail-from-domain.json";
  private static final String DELETE = "queue-delete-identity.json";
  private static final String TERRAFORM =
      "arn:aws:sts::123456789012:assumed-role/deployers/terraform";

  private final List<Functions> functions = new ArrayList<>();
  private final LocalCloud cloud =
      new LocalCloud(
          LocalCloud.Options.forTests().in(List.of(US, EU)),
          (settings, watch, page) -> {
            functions.add(HandlersInProcess.of(settings, watch, page));
            return functions.getFirst();
          });
  private final Http http = new Http(cloud.url());

  @BeforeAll
  void firstRun() {
    for (String region : List.of(US, EU)) {
      IntStream.range(0, 110).forEach(i -> healthy(region, team(i)));
    }
    cloud.watch();
  }

  private static String team(int i) {
    return "team-%03d.example.org".formatted(i);
  }

  private void healthy(String region, String name) {
    cloud.dns().put("bounce." + name, DnsRecords.mailFrom(region));
    cloud
        .ses()
        .put(
            region,
            name,
            "bounce." + name,
            LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
            LocalSes.Status.SUCCESS,
            cloud.clock().instant().minus(Duration.ofDays(2)));
    cloud.ses().dkim(region, name, true);
  }

  @BeforeEach
  void aMinuteLater() {
    cloud.clock().advance(Duration.ofMinutes(1));
    cloud.ses().forgetCalls();
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  private Instant now() {
    return cloud.clock().instant();
  }

  /** The ids of the messages that are to come again. */
  private List<String> failed(QueueBatch batch) {
    if (functions.getFirst().watch(batch.event()) instanceof Map<?, ?> answer
        && answer.get("batchItemFailures") instanceof List<?> failures) {
      return failures.stream()
          .map(one -> String.valueOf(((Map<?, ?>) one).get("itemIdentifier")))
          .toList();
    }
    throw new AssertionError("no batchItemFailures");
  }

  /** How many identities each read of a Region was for. */
  private List<Integer> reads(String region) {
    return cloud.ses().calls(READ).stream()
        .filter(call -> call.region().equals(region))
        .map(LocalSes.Call::identities)
        .toList();
  }

  private String effect(String region, String name) {
    var row = http.get("/v1/identities/%s/mail-from?region=%s".formatted(name, region)).json();
    return row.path("effect").asText() + " " + row.path("cause").asText();
  }

  private List<String> history(String name) {
    var page = http.get("/v1/identities/%s/mail-from/history?region=%s".formatted(name, US)).json();
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .map(one -> one.path("what").asText() + " by " + one.path("by").asText())
        .toList();
  }

  @Test
  void theSameEventFiftyTimesIsOneReadAndItsCallerIsWhoChangedIt() {
    cloud.ses().clearMailFrom(US, team(0));
    Instant at = now();
    QueueBatch fifty = new QueueBatch();
    for (int i = 0; i < 50; i++) {
      fifty.add("m" + i, SET, US, team(0), at);
    }
    assertEquals(List.of(), failed(fifty));
    assertEquals(List.of(1), reads(US));
    // Brought once more, as SQS may: a read that began later has seen it.
    assertEquals(List.of(), failed(fifty));
    assertEquals(List.of(1), reads(US));
    assertEquals("FALLBACK REMOVED", effect(US, team(0)));
    assertTrue(history(team(0)).contains("settings by " + TERRAFORM), history(team(0))::toString);
    assertEquals(List.of("STARTED"), http.reasons(team(0)));
  }

  @Test
  void manyIdentitiesOfTwoRegionsAreReadAHundredACall() {
    QueueBatch batch = new QueueBatch();
    Instant at = now();
    for (int i = 0; i < 105; i++) {
      batch.add("us" + i, SET, US, "arn:aws:ses:us-east-1:123456789012:identity/" + team(i), at);
    }
    for (int i = 0; i < 100; i++) {
      batch.add("eu" + i, SET, EU, team(i), at);
    }
    assertEquals(List.of(), failed(batch));
    assertEquals(List.of(100, 6), reads(US));
    assertEquals(List.of(100), reads(EU));
    assertEquals(List.of(), cloud.ses().calls("ListIdentities"));
  }

  @Test
  void aBrokenMessageIsBroughtAgainAndTheOthersAreDone() {
    cloud.ses().clearMailFrom(US, team(1));
    QueueBatch batch =
        new QueueBatch()
            .addBody("broken", "{\"detail-type\":", now())
            .add("good", SET, US, team(1), now())
            .addBody("other", "{\"time\":\"2026-11-23T10:14:50Z\",\"detail-type\":\"?\"}", now());
    assertEquals(List.of("broken", "other"), failed(batch));
    assertEquals("FALLBACK REMOVED", effect(US, team(1)));
  }

  @Test
  void whatCouldNotBeReadIsBroughtAgainAndReadThen() {
    cloud.ses().clearMailFrom(US, team(2));
    cloud.ses().deny(US, READ);
    QueueBatch batch =
        new QueueBatch()
            .add("us-1", SET, US, team(2), now())
            .add("us-2", SET, US, team(2), now())
            .add("eu", SET, EU, team(2), now());
    assertEquals(List.of("us-1", "us-2"), failed(batch));
    assertEquals("CUSTOM null", effect(US, team(2)));
    cloud.ses().allow(US, READ);
    assertEquals(List.of(), failed(batch));
    assertEquals("FALLBACK REMOVED", effect(US, team(2)));
    assertEquals(List.of(2), reads(EU), "once, beside one that is known");
  }

  @Test
  void anEventOfHealthIsReadToo() {
    String name = "late.example.org";
    cloud
        .ses()
        .put(
            US,
            name,
            "bounce." + name,
            LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
            LocalSes.Status.PENDING,
            now());
    QueueBatch first = new QueueBatch().add("m1", "queue-health.json", US, name, now());
    assertEquals(List.of(), failed(first));
    assertEquals("FALLBACK PENDING", effect(US, name));
    cloud.dns().put("bounce." + name, DnsRecords.mailFrom(US));
    cloud.clock().advance(Duration.ofMinutes(1));
    QueueBatch second = new QueueBatch().add("m2", "queue-health.json", US, name, now());
    assertEquals(List.of(), failed(second));
    assertEquals("CUSTOM null", effect(US, name));
  }

  @Test
  void aDeletionThatAReadConfirmsIsToldAtOnceAndOneThatItDoesNotIsNone() {
    cloud.ses().clearMailFrom(US, team(3));
    assertEquals(List.of(), failed(new QueueBatch().add("m1", SET, US, team(3), now())));
    cloud.clock().advance(Duration.ofMinutes(1));
    cloud.ses().delete(US, team(3));
    QueueBatch deletes =
        new QueueBatch()
            .add("m2", DELETE, US, team(3), now())
            .add("m3", DELETE, US, team(4), now());
    assertEquals(List.of(), failed(deletes));
    assertEquals(List.of("STARTED", "GONE"), http.reasons(team(3)));
    assertEquals(
        404, http.get("/v1/identities/%s/mail-from?region=%s".formatted(team(3), US)).status());
    assertEquals(List.of(), http.reasons(team(4)));
    assertEquals("CUSTOM null", effect(US, team(4)));
  }

  @Test
  void otherRegionsAndCallsThatSesRefusedCauseNoRead() {
    QueueBatch batch =
        new QueueBatch()
            .add("elsewhere", SET, "ap-south-1", team(5), now())
            .addBody(
                "refused",
                "{\"time\":\"%s\",\"detail-type\":\"AWS API Call via CloudTrail\",\"region\":\"%s\",\"detail\":{\"errorCode\":\"AccessDenied\",\"requestParameters\":{\"identity\":\"%s\"}}}"
                    .formatted(now(), US, team(5)),
                now());
    assertEquals(List.of(), failed(batch));
    assertEquals(List.of(), cloud.ses().calls());
  }
}
