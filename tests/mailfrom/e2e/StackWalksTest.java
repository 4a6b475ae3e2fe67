package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import mailfrom.api.SettingsHandler;
import mailfrom.api.TestEvents;
import mailfrom.local.DnsRecords;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.SnsMessage;
import mailfrom.local.Template;
import mailfrom.local.TemplateTable;
import mailfrom.watch.WatchHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** What an operator does to a stack, walked through. */
class StackWalksTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Functions> functions = new ArrayList<>();
  private LocalCloud cloud;
  private Http http;

  @BeforeEach
  void start() {
    cloud =
        new LocalCloud(
            LocalCloud.Options.forTests(),
            (settings, watch, page) -> {
              functions.add(HandlersInProcess.of(settings, watch, page));
              return functions.getFirst();
            });
    http = new Http(cloud.url());
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private Template.Rendered deployed(Map<String, String> parameters) {
    return Template.read().render(parameters, cloud::name);
  }

  private static Map<String, Object> event(String json) {
    return JSON.convertValue(json(json), new TypeReference<>() {});
  }

  private static JsonNode json(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  private int put(String name) {
    cloud.ses().addDomain("us-east-1", name, true);
    return http.put(
            "/v1/identities/" + name + "/mail-from",
            "{\"mailFromDomain\":\"bounce.%s\"}".formatted(name))
        .status();
  }

  @Test
  void patternsAsLongAsAParameterAreInForceWithTheNextApplyRunAndNoNewVersion() {
    assertEquals(200, put("a.example"));
    StringBuilder deny = new StringBuilder("*.denied.example");
    IntStream.iterate(0, i -> deny.length() + 24 <= 4096, i -> i + 1)
        .forEach(i -> deny.append(",x%d.denied%d.example".formatted(i, i)));
    assertTrue(deny.length() > 4050, deny::toString);
    Template.Rendered before = deployed(Map.of());
    Template.Rendered after =
        deployed(Map.of("ManagedAllow", "*.example", "ManagedDeny", deny.toString()));
    assertEquals(before.environment("SettingsFunction"), after.environment("SettingsFunction"));
    String time = cloud.clock().instant().toString();
    Object _ = functions.getFirst().watch(event(after.input("WatchFunction", "Apply", time)));
    assertEquals(200, put("b.example"));
    assertEquals(403, put("c.denied.example"));
    assertEquals(403, put("x7.denied7.example"));
    assertEquals(403, put("d.elsewhere"));
    Object _ = functions.getFirst().watch(event(before.input("WatchFunction", "Apply", time)));
    assertEquals(200, put("d.elsewhere"));
  }

  @Test
  void beforeTheFirstApplyRunNothingMayBeChanged() {
    try (DynamoDbClient client = cloud.table().client()) {
      client.deleteItem(
          r ->
              r.tableName(cloud.table().name())
                  .key(
                      Map.of(
                          "pk", AttributeValue.fromS("INSTALLATION#123456789012"),
                          "sk", AttributeValue.fromS("managed"))));
    }
    assertEquals(403, put("a.example"));
    http.watch();
    assertEquals(200, put("a.example"));
  }

  /** By the commands of OPERATIONS.md, to a point in time. */
  @Test
  void aRestoredTableGoesOnWhereTheOldOneStood() throws Exception {
    Standing before = standing();
    Runbook runbook = new Runbook(cloud.table());
    String arn = "arn:aws:dynamodb:ddblocal:000000000000:table/mailfrom-restored";
    runbook.run(
        Runbook.blocks("Restore").getLast(), Map.of("NAME", cloud.table().name(), "ARN", arn));
    Map<String, String> overrides = runbook.overrides();
    assertEquals(Map.of("ExistingTable", "mailfrom-restored"), overrides);
    JsonNode wanted = TemplateTable.read().properties();
    try (DynamoDbClient client = cloud.table().client()) {
      var restored = client.describeTable(r -> r.tableName("mailfrom-restored")).table();
      // What a restore leaves out is as the template has it.
      assertEquals(
          wanted.path("DeletionProtectionEnabled").asBoolean(),
          restored.deletionProtectionEnabled());
      var timeToLive =
          client.describeTimeToLive(r -> r.tableName("mailfrom-restored")).timeToLiveDescription();
      assertEquals(TimeToLiveStatus.ENABLED, timeToLive.timeToLiveStatus());
      assertEquals(
          wanted.path("TimeToLiveSpecification").path("AttributeName").asText(),
          timeToLive.attributeName());
      assertEquals(Set.of("mailfrom-restored"), runbook.restorable());
      assertEquals(Map.of("mailfrom-restored", "ses-mail-from"), runbook.tags());
      // The one before is removed, by the commands of that section.
      runbook.run(Runbook.blocks("Remove").getFirst(), Map.of("NAME", cloud.table().name()));
      assertEquals(List.of("mailfrom-restored"), client.listTables().tableNames());
    }
    goesOn(before, overrides);
  }

  /** By the command of OPERATIONS.md, after sam delete. */
  @Test
  @Tag("slow")
  void aTableThatWasKeptGoesOn() throws Exception {
    Standing before = standing();
    Runbook runbook = new Runbook(cloud.table());
    runbook.run(Runbook.blocks("Restore").getFirst(), Map.of("NAME", cloud.table().name()));
    goesOn(before, runbook.overrides());
  }

  @Test
  void aCommandThatNobodyKnowsIsFound() {
    Runbook runbook = new Runbook(cloud.table());
    for (String command :
        List.of(
            "aws dynamodb update-table --table-name NAME --deletion-protected",
            "aws dynamodb update-time-to-live --table-name NAME"
                + " --time-to-live-specification Enabled=true",
            "aws dynamodb update-table --table-name NOT-HERE --deletion-protection-enabled",
            "aws dynamodb export-table-to-point-in-time --table-arn ARN --s3-bucket b",
            "aws s3 ls")) {
      assertThrows(
          AssertionError.class,
          () -> runbook.run(command, Map.of("NAME", cloud.table().name())),
          command);
    }
  }

  /** What was told and asked for. */
  private record Standing(int told, String desired) {}

  /** An incident that people were told of, of an identity that something is asked for. */
  private Standing standing() {
    cloud.dns().put("bounce.a.example", DnsRecords.mailFrom("us-east-1"));
    assertEquals(200, put("a.example"));
    http.watch();
    http.advance("PT15M");
    http.watch();
    cloud.dns().remove("bounce.a.example");
    http.advance("PT1H");
    http.watch();
    return new Standing(
        cloud.sns().messages().size(),
        desired(http.get("/v1/identities/a.example/mail-from").json()));
  }

  /** What was told stays told, what was asked for stays asked for. */
  private void goesOn(Standing before, Map<String, String> overrides) {
    Template.Rendered stack = deployed(overrides);
    Map<String, String> watch = cloud.environment(stack, "WatchFunction");
    assertEquals(overrides.get("ExistingTable"), watch.get("MAILFROM_TABLE"));
    Map<String, String> environment = new HashMap<>(watch);
    environment.put("MAILFROM_PACE_SHARE", "90");
    try (Functions again =
        HandlersInProcess.of(
            cloud.environment(stack, "SettingsFunction"),
            environment,
            cloud.environment(stack, "PageFunction"))) {
      cloud.clock().advance(Duration.ofMinutes(15));
      String time = cloud.clock().instant().toString();
      Object report = again.watch(event(stack.input("WatchFunction", "Read", time)));
      assertTrue(String.valueOf(report).contains("complete=true"), () -> String.valueOf(report));
      assertEquals(before, new Standing(cloud.sns().messages().size(), desired(answer(again))));
    }
  }

  private static JsonNode answer(Functions functions) {
    return json(functions.settings(TestEvents.get("a.example").event()).getBody());
  }

  private static String desired(JsonNode identity) {
    assertFalse(identity.path("desired").isMissingNode(), identity::toString);
    assertEquals("FALLBACK", identity.path("effect").asText(), identity::toString);
    return identity.path("desired").toString();
  }

  @Test
  @Tag("slow")
  void aScannerThatOpensTheLinkIsNoticedOnTheOtherTopicInTheSummaryAndInTheNotices() {
    http.watch();
    for (String topic : List.of("alerts", "operations")) {
      assertFalse(reachesNobody(topic));
      cloud.sns().openUnsubscribeLinks(cloud.sns().topic(topic));
      http.advance("PT15M");
      http.watch();
      assertTrue(reachesNobody(topic), topic);
      cloud.sns().subscribe(cloud.sns().topic(topic), "email", "again@example.com", true);
      http.advance("PT15M");
      http.watch();
      assertFalse(reachesNobody(topic), topic);
    }
    for (String topic : List.of("alerts", "notices")) {
      List<String> told =
          cloud.sns().messages().stream()
              .filter(message -> message.topic().equals(topic))
              .map(SnsMessage::message)
              .filter(text -> text.contains("listens") || text.contains("UNHEARD"))
              .toList();
      assertEquals(4, told.size(), told::toString);
    }
  }

  private boolean reachesNobody(String topic) {
    return http.get("/v1/summary").json().path(topic + "ReachNobody").asBoolean();
  }

  @Test
  void nothingIsInTheEnvironmentThatNobodyReads() {
    // What the JVM and Powertools read: no Map of ours shows it.
    Set<String> platform =
        Set.of("JAVA_TOOL_OPTIONS", "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME");
    Reading settings = new Reading(cloud.environment(deployed(Map.of()), "SettingsFunction"));
    var _ = new SettingsHandler(settings);
    Reading watch = new Reading(cloud.environment(deployed(Map.of()), "WatchFunction"));
    var _ = new WatchHandler(watch);
    for (Reading reading : List.of(settings, watch)) {
      Set<String> unread = new TreeSet<>(reading.keySet());
      unread.removeAll(reading.asked);
      unread.removeAll(platform);
      unread.removeIf(name -> name.startsWith("AWS_"));
      assertEquals(Set.of(), unread);
    }
  }

  /** An environment that knows what it was asked for. */
  private static final class Reading extends HashMap<String, String> {
    private static final long serialVersionUID = 1;
    private final transient Set<String> asked = new ConcurrentSkipListSet<>();

    Reading(Map<String, String> environment) {
      super(environment);
    }

    @Override
    public @Nullable String get(Object name) {
      asked.add(String.valueOf(name));
      return super.get(name);
    }

    @Override
    public String getOrDefault(Object name, String other) {
      asked.add(String.valueOf(name));
      return super.getOrDefault(name, other);
    }
  }
}
