package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mailfrom.api.SettingsHandler;
import mailfrom.domain.effect.Cause;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.page.PageFunction;
import mailfrom.watch.WatchHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The template against what the functions do in a walk through all that they can do: the actions of
 * the roles, and the metrics that alarms and the dashboard name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TemplateTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the platform does in a role's name, so that no call of ours shows it; and why. */
  private static final Map<String, String> PLATFORM_OF_ALL =
      Map.of(
          "logs:CreateLogStream", "Lambda makes a stream for each process",
          "logs:PutLogEvents", "Lambda writes what a process prints");

  private static final Map<String, String> PLATFORM_OF_READERS =
      Map.of(
          "kms:Decrypt", "DynamoDB opens a data key in the caller's name (KeyArn)",
          "kms:DescribeKey", "DynamoDB looks at the table's key in the caller's name");

  private static final Map<String, String> PLATFORM_OF_TELLERS =
      Map.of(
          "kms:Decrypt", "SNS and DynamoDB open a data key in the caller's name (KeyArn)",
          "kms:DescribeKey", "DynamoDB looks at the table's key in the caller's name",
          "kms:Encrypt", "DynamoDB encrypts a data key in the caller's name",
          "kms:GenerateDataKey", "SNS and DynamoDB make a data key in the caller's name",
          "kms:ReEncryptFrom", "DynamoDB changes a data key's key in the caller's name",
          "kms:ReEncryptTo", "DynamoDB changes a data key's key in the caller's name");

  private static final Map<String, String> PLATFORM_OF_WATCH =
      Map.of(
          "sqs:ReceiveMessage", "Lambda polls the queue for the function",
          "sqs:DeleteMessage", "Lambda takes out what was handled",
          "sqs:GetQueueAttributes", "Lambda looks how full the queue is");

  private final Template template = Template.read();
  private final List<JsonNode> emitted = new ArrayList<>();
  private Set<String> settingsUsed = Set.of();
  private Set<String> watchUsed = Set.of();
  private Set<String> pageUsed = Set.of();
  private PrintStream out = System.out;

  @BeforeAll
  void walk() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    out = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    List<Recorder> recorders = new ArrayList<>();
    try (LocalCloud cloud =
        new LocalCloud(
            LocalCloud.Options.forTests(),
            (ofSettings, ofWatch, ofPage) -> {
              Recorder settings = new Recorder(ofSettings);
              Recorder watch = new Recorder(ofWatch);
              Recorder page = new Recorder(ofPage);
              recorders.addAll(List.of(settings, watch, page));
              return new HandlersInProcess(
                  new SettingsHandler(settings.environment()),
                  new WatchHandler(watch.environment()),
                  new PageFunction(page.environment()));
            })) {
      throughEverything(cloud);
      settingsUsed =
          withPlatform(
              withPlatform(recorders.get(0).actions(), PLATFORM_OF_ALL), PLATFORM_OF_TELLERS);
      pageUsed =
          withPlatform(
              withPlatform(recorders.get(2).actions(), PLATFORM_OF_ALL), PLATFORM_OF_READERS);
      watchUsed =
          withPlatform(
              withPlatform(
                  withPlatform(recorders.get(1).actions(), PLATFORM_OF_ALL), PLATFORM_OF_TELLERS),
              PLATFORM_OF_WATCH);
    } finally {
      System.setOut(out);
      recorders.forEach(Recorder::close);
    }
    printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("\"CloudWatchMetrics\""))
        .forEach(line -> emitted.add(json(line)));
  }

  @AfterAll
  void printAgain() {
    System.setOut(out);
  }

  private static void throughEverything(LocalCloud cloud) {
    Http http = new Http(cloud.url());
    cloud.plantSampleFleet();
    cloud.runSampleFleetsPast();
    cloud.ses().addDomain("us-east-1", "0.example", true);
    http.watch();
    String mailFrom = "/v1/identities/example.com/mail-from";
    ok(http.put(mailFrom, "{\"mailFromDomain\":\"bounce.example.com\"}"));
    ok(http.post(mailFrom + "/check", ""));
    // Not seen by watch yet: settings reads by itself whether it is verified.
    cloud.ses().addDomain("us-east-1", "unseen.example", true);
    ok(http.get("/v1/identities/unseen.example/mail-from"));
    ok(http.get(mailFrom));
    ok(http.get(mailFrom + "/history"));
    ok(http.get("/v1/identities"));
    ok(http.get("/v1/summary"));
    ok(http.get("/v1/senders/news@example.com"));
    ok(http.post("/v1/test-alert", ""));
    ok(http.post("/v1/held/us-east-1/release", ""));
    Http.Answer silence =
        http.post(
            "/v1/silences",
            "{\"match\":{\"name\":\"*.example.com\"},\"until\":\"%s\",\"reason\":\"a move\"}"
                .formatted(cloud.clock().instant().plusSeconds(3600)));
    ok(silence);
    ok(http.get("/v1/silences"));
    ok(http.delete("/v1/silences/" + silence.json().path("id").asText()));
    Http.Answer batch =
        http.order(
            "/v1/mail-from-batches",
            "{\"items\":[{\"identity\":\"example.com\",\"mailFromDomain\":\"b2.example.com\"}]}",
            "template-walk");
    ok(batch);
    ok(http.get("/v1/mail-from-batches/" + batch.json().path("id").asText()));
    for (int i = 0; i < 3; i++) {
      http.advance("PT15M");
      http.watch();
    }
    // Whom settings asks for beside others, and it is gone: the list names another one.
    cloud.ses().delete("us-east-1", "0.example");
    assertEquals(404, http.post("/v1/identities/0.example/mail-from/check", "").status());
    ok(http.delete(mailFrom));
    // What SES refuses is not left to watch.
    cloud.ses().deny("us-east-1", "SetIdentityMailFromDomain");
    assertEquals(422, http.put(mailFrom, "{\"mailFromDomain\":\"b3.example.com\"}").status());
    cloud.ses().allow("us-east-1", "SetIdentityMailFromDomain");
    ok(http.delete(mailFrom + "/desired"));
    for (String view :
        List.of(
            "\"fleet\"",
            "\"identity\",\"identity\":\"example.com\"",
            "\"sender\",\"address\":\"news@example.com\"",
            "\"batches\",\"id\":\"" + batch.json().path("id").asText() + "\"",
            "\"silences\"",
            "\"runs\"")) {
      ok(http.post("/local/page", "{\"view\":" + view + "}"));
    }
  }

  private static void ok(Http.Answer answer) {
    assertTrue(answer.status() / 100 == 2, answer::toString);
  }

  private static Set<String> withPlatform(Set<String> used, Map<String, String> platform) {
    Set<String> all = new TreeSet<>(used);
    all.addAll(platform.keySet());
    return all;
  }

  /** What is wrong with a role. */
  private static List<String> faults(Set<String> granted, Set<String> used) {
    return Stream.concat(
            used.stream()
                .filter(action -> !granted.contains(action))
                .map(action -> "missing: " + action),
            granted.stream()
                .filter(action -> !used.contains(action))
                .map(action -> "unused: " + action))
        .toList();
  }

  @Test
  void theRoleOfSettingsAllowsWhatItDoesAndNothingElse() {
    assertEquals(List.of(), faults(template.actionsOf("SettingsRole"), settingsUsed));
  }

  @Test
  void theRoleOfWatchAllowsWhatItDoesAndNothingElse() {
    assertEquals(List.of(), faults(template.actionsOf("WatchRole"), watchUsed));
  }

  @Test
  void theRoleOfPageReadsTheTableAndNothingElse() {
    assertEquals(List.of(), faults(template.actionsOf("PageRole"), pageUsed));
  }

  @Test
  void anActionTooMuchOrTooLittleIsFound() {
    Set<String> tooMuch = new TreeSet<>(template.actionsOf("WatchRole"));
    tooMuch.add("dynamodb:Scan");
    assertEquals(List.of("unused: dynamodb:Scan"), faults(tooMuch, watchUsed));
    for (String action : template.actionsOf("SettingsRole")) {
      Set<String> tooLittle = new TreeSet<>(template.actionsOf("SettingsRole"));
      tooLittle.remove(action);
      assertEquals(List.of("missing: " + action), faults(tooLittle, settingsUsed));
    }
  }

  @Test
  void everyMetricThatTheTemplateNamesIsEmittedWithItsDimensions() {
    Set<Template.Metric> sent = new HashSet<>();
    for (JsonNode line : emitted) {
      for (JsonNode directive : line.path("_aws").path("CloudWatchMetrics")) {
        assertEquals("SesMailFrom", directive.path("Namespace").asText());
        for (JsonNode dimensions : directive.path("Dimensions")) {
          Set<String> names = new HashSet<>();
          dimensions.forEach(
              name -> {
                names.add(name.asText());
                assertFalse(line.path(name.asText()).asText().isEmpty(), line::toString);
              });
          for (JsonNode metric : directive.path("Metrics")) {
            assertTrue(line.path(metric.path("Name").asText()).isNumber(), line::toString);
            sent.add(new Template.Metric(metric.path("Name").asText(), names));
          }
        }
      }
    }
    Set<Template.Metric> named = template.metrics();
    assertTrue(named.size() >= 8, named::toString);
    Set<Template.Metric> neverSent = new HashSet<>(named);
    neverSent.removeAll(sent);
    assertEquals(Set.of(), neverSent, () -> "sent: " + sent);
  }

  @Test
  void noMetricIsMadeOfALogField() {
    assertFalse(template.hasMetricFilters(), "name the filter's fields here, and see them logged");
  }

  @Test
  void eachAlarmAndEachCauseHasItsRunbook() throws IOException {
    Set<String> headings = new TreeSet<>();
    Files.readString(Path.of("OPERATIONS.md"))
        .lines()
        .filter(line -> line.startsWith("### Runbook: "))
        .forEach(line -> headings.add(line.substring("### Runbook: ".length()).strip()));
    Set<String> wanted = new TreeSet<>(template.runbookOfAlarms());
    for (Cause cause : Cause.values()) {
      wanted.add(cause.toString().toUpperCase(Locale.ROOT));
    }
    wanted.removeAll(headings);
    assertEquals(Set.of(), wanted);
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
