package mailfrom.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.app.advice.Links;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The life of an incident through the rules of pager.yaml, as EventBridge renders them, to a
 * receiver that holds each body against PagerDuty's documented schema and opens and closes by key.
 */
class PagerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PLACE = Pattern.compile("<([a-zA-Z]+)>");
  private static final String SCHEMA =
      """
      {"type":"object","required":["routing_key","event_action"],"additionalProperties":false,"properties":{
        "routing_key":{"type":"string","minLength":32,"maxLength":32},
        "event_action":{"enum":["trigger","acknowledge","resolve"]},
        "dedup_key":{"type":"string","minLength":1,"maxLength":255},
        "client":{"type":"string"},"client_url":{"type":"string"},
        "links":{"type":"array","items":{"type":"object","required":["href"],"properties":{"href":{"type":"string","pattern":"^https?://"},"text":{"type":"string"}}}},
        "payload":{"type":"object","required":["summary","source","severity"],"additionalProperties":false,"properties":{
          "summary":{"type":"string","minLength":1,"maxLength":1024},"source":{"type":"string","minLength":1},
          "severity":{"enum":["critical","error","warning","info"]},"timestamp":{"type":"string"},
          "component":{"type":"string"},"group":{"type":"string"},"class":{"type":"string"},"custom_details":{"type":"object"}}}},
       "if":{"properties":{"event_action":{"const":"trigger"}}},"then":{"required":["payload"]},"else":{"required":["dedup_key"]}}
      """;

  /** The body of incident.io's HTTP alert sources. */
  private static final String INCIDENT_IO =
      """
      {"type":"object","required":["title","deduplication_key","status"],"additionalProperties":false,"properties":{
        "title":{"type":"string","minLength":1},"description":{"type":"string"},
        "deduplication_key":{"type":"string","minLength":1},"status":{"enum":["firing","resolved"]},
        "source_url":{"type":"string","pattern":"^https?://"},"metadata":{"type":"object"}}}
      """;

  private static final Path GOLDEN = Path.of("tests/mailfrom/app/text/golden");

  /** Which of the two forms of a template. */
  private enum Receiver {
    PAGER_DUTY(1),
    INCIDENT_IO(2);

    /** In {@code !If [IsPagerDuty, one, other]}. */
    private final int place;

    Receiver(int place) {
      this.place = place;
    }
  }

  private final JsonNode template = yaml(Path.of("pager.yaml"));
  private final Map<String, String> open = new LinkedHashMap<>();
  private final List<String> log = new ArrayList<>();

  private static JsonNode yaml(Path file) {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** A notice as the pipe puts it on the bus. */
  private static ObjectNode notice(String reason, String action, String severity, String summary) {
    ObjectNode notice =
        JSON.createObjectNode()
            .put("schema", 1)
            .put("id", reason + "-1")
            .put("reason", reason)
            .put("severity", severity)
            .put("account", "123456789012")
            .put("region", "us-east-1")
            .put("source", "shop.example")
            .put("at", "2026-11-28T10:00:00Z")
            .put("incident", "4711")
            .put("action", action)
            .put("summary", summary)
            .put("link", "https://console.aws.amazon.com/cloudwatch/home#dashboards");
    return notice;
  }

  /** What PagerDuty does with what the rules make of an event. */
  private void put(ObjectNode notice) {
    for (ObjectNode body : bodies(notice, Receiver.PAGER_DUTY)) {
      // The connection adds it.
      body.put("routing_key", "0123456789abcdef0123456789abcdef");
      receive(body);
    }
  }

  /** What the rules make of an event. */
  private List<ObjectNode> bodies(ObjectNode notice, Receiver receiver) {
    List<ObjectNode> bodies = new ArrayList<>();
    ObjectNode event =
        JSON.createObjectNode()
            .put(
                "source",
                template.at("/Resources/OpenRule/Properties/EventPattern/source/0").asText());
    event.putObject("detail").set("notice", notice);
    for (String rule : List.of("OpenRule", "CloseRule")) {
      JsonNode properties = template.at("/Resources/" + rule + "/Properties");
      if (matches(properties.at("/EventPattern/detail/notice"), notice)) {
        JsonNode transformer = properties.at("/Targets/0/InputTransformer");
        bodies.add((ObjectNode) json(rendered(transformer, receiver, event)));
      }
    }
    return bodies;
  }

  private boolean matches(JsonNode pattern, JsonNode notice) {
    for (Map.Entry<String, JsonNode> field : pattern.properties()) {
      JsonNode wanted = field.getValue();
      List<String> words = new ArrayList<>();
      if (wanted.isArray()) {
        wanted.forEach(word -> words.add(word.asText()));
      } else {
        // A reference to a parameter that is a list with commas.
        String named = template.at("/Parameters/" + wanted.asText() + "/Default").asText();
        words.addAll(List.of(named.split(",")));
      }
      if (!words.contains(notice.path(field.getKey()).asText())) {
        return false;
      }
    }
    return true;
  }

  /** As EventBridge does it: whole values as JSON, and a missing one as nothing at all. */
  private static String rendered(JsonNode transformer, Receiver receiver, JsonNode event) {
    String template = transformer.path("InputTemplate").path(receiver.place).asText();
    Matcher places = PLACE.matcher(template);
    StringBuilder text = new StringBuilder();
    while (places.find()) {
      String path = transformer.path("InputPathsMap").path(places.group(1)).asText();
      JsonNode value = event.at(path.substring(1).replace('.', '/'));
      places.appendReplacement(
          text, Matcher.quoteReplacement(value.isMissingNode() ? "" : value.toString()));
    }
    return places.appendTail(text).toString();
  }

  private static void fits(String schema, JsonNode body) {
    var wrong =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(schema)
            .validate(body);
    assertEquals(List.of(), List.copyOf(wrong), body::toString);
  }

  private void receive(JsonNode body) {
    fits(SCHEMA, body);
    String key = body.path("dedup_key").asText();
    switch (body.path("event_action").asText()) {
      case "trigger" -> {
        String summary = body.path("payload").path("summary").asText();
        log.add((open.containsKey(key) ? "more: " : "opened: ") + summary);
        open.put(key, summary);
      }
      case "resolve" -> log.add(open.remove(key) == null ? "dropped" : "closed");
      default -> throw new AssertionError(body.toString());
    }
  }

  @Test
  void anIncidentIsOpenedAddedToAndClosed() {
    put(notice("STARTED", "trigger", "warning", "shop.example falls back"));
    put(notice("WORSE", "trigger", "critical", "shop.example is rejected"));
    put(notice("REMINDER", "trigger", "critical", "shop.example is still rejected"));
    put(notice("READY", "none", "info", "another is ready"));
    put(notice("RECOVERED", "resolve", "info", "shop.example is well"));
    assertEquals(
        List.of(
            "opened: shop.example falls back",
            "more: shop.example is rejected",
            "more: shop.example is still rejected",
            "closed"),
        log);
    assertEquals(Map.of(), open);
  }

  /** A notice as it is written to the topic, of one incident. */
  private static ObjectNode written(Reason reason, Severity severity) {
    Trouble trouble = new Trouble(TroubleKind.REJECTED, Cause.FAILED, severity);
    Incident incident =
        new Incident(
            "4711",
            TestingIdentity.T0,
            trouble,
            trouble,
            null,
            List.of(Reason.STARTED),
            TestingIdentity.T0,
            TestingIdentity.T0,
            null);
    IdentityState state =
        TestingIdentity.named("shop.example")
            .sight(
                true, TestingIdentity.live("bounce.shop.example", "RejectMessage", "Failed"), false)
            .standing(Effect.REJECTED, Cause.FAILED, Phase.LIVE)
            .build();
    Notice notice =
        TestingIdentity.notice(state, reason, severity, null, TestingIdentity.T0).about(incident);
    Links links = new Links("", "", "https://console.example/page");
    return (ObjectNode)
        json(
            new AlertTexts(TestingIdentity.ACCOUNT, links, new HealPolicy(true, false))
                .notice(state, notice)
                .text());
  }

  @Test
  void whatIsWrittenToTheTopicOpensAndCloses() {
    put(written(Reason.STARTED, Severity.WARNING));
    put(written(Reason.WORSE, Severity.CRITICAL));
    put(written(Reason.DRIFT, Severity.WARNING));
    assertEquals(1, open.size(), open::toString);
    put(written(Reason.RECOVERED, Severity.INFO));
    assertEquals(Map.of(), open);
    assertEquals(
        List.of("opened", "more", "closed"),
        log.stream().map(line -> line.replaceAll(":.*", "")).toList());
    assertTrue(
        log.stream().limit(2).allMatch(line -> line.contains("shop.example")), log::toString);
  }

  static Stream<String> situations() {
    return Situations.all().keySet().stream();
  }

  /** Also of a run, which is about no identity: without a source PagerDuty refuses an event. */
  @ParameterizedTest
  @MethodSource("situations")
  void eachNoticeReachesBothReceiversAsItsGoldenFileSays(String name) throws IOException {
    Situations.Situation what = Objects.requireNonNull(Situations.all().get(name), name).get();
    AlertTexts texts =
        new AlertTexts(
            TestingIdentity.ACCOUNT,
            new Links("", "", "https://console.example/page"),
            new HealPolicy(true, false));
    Message message =
        what.runs().isEmpty()
            ? texts.notice(what.told().getFirst().state(), what.told().getFirst().notice())
            : texts.notice(TestingIdentity.REGION, what.runs().getFirst());
    ObjectNode notice = (ObjectNode) json(message.text());
    ObjectNode golden = JSON.createObjectNode();
    for (Receiver receiver : Receiver.values()) {
      for (ObjectNode body : bodies(notice, receiver)) {
        switch (receiver) {
          case PAGER_DUTY -> {
            ObjectNode whole = body.deepCopy().put("routing_key", "0".repeat(32));
            fits(SCHEMA, whole);
            // The notice itself is long, and has tests of its own.
            if (body.get("payload") instanceof ObjectNode payload) {
              assertEquals(notice, payload.remove("custom_details"));
            }
          }
          case INCIDENT_IO -> {
            fits(INCIDENT_IO, body);
            assertEquals(notice, body.remove("metadata"));
          }
        }
        golden.set(receiver.name(), body);
      }
    }
    String text = golden.toPrettyString() + "\n";
    Path file = GOLDEN.resolve(name + ".pager.json");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, text);
    }
    assertEquals(Files.readString(file), text, name);
  }

  @Test
  void whatIsInfoOpensNothing() {
    put(notice("STARTED", "trigger", "info", "not covered"));
    assertEquals(List.of(), log);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"quoted\" and \\ and \n a line",
        "<notice> <incident>",
        "</script>'\u2028\u202e",
        "\",\"event_action\":\"resolve"
      })
  void aHostileTextStaysAText(String text) {
    put(notice("STARTED", "trigger", "critical", text));
    assertEquals(List.of("opened: " + text), log);
  }
}
