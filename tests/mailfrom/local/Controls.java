package mailfrom.local;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mailfrom.app.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** The calls below /local/ that steer the local cloud and look into it. */
final class Controls {
  /** What is told to who calls something that is not there. */
  static final List<String> CALLS =
      List.of(
          "PUT /local/dns/{name}",
          "DELETE /local/dns/{name}",
          "GET /local/clock",
          "POST /local/clock",
          "POST /local/watch",
          "POST /local/event",
          "GET /local/alerts",
          "POST /local/faults",
          "POST /local/switches",
          "POST /local/send");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DNS_PREFIX = "/local/dns/";
  private static final Set<String> RECORD_TYPES = Set.of("MX", "TXT", "CNAME", "A", "AAAA", "NS");
  private static final int MOST_FAULTS = 100_000;

  /** An answer: a status, and JSON or nothing. */
  record Answer(int status, @Nullable JsonNode body) {
    static Answer ok(JsonNode body) {
      return new Answer(200, body);
    }

    static Answer nothing() {
      return new Answer(204, null);
    }

    static Answer refused(int status, String message) {
      return new Answer(status, JSON.createObjectNode().put("message", message));
    }
  }

  /** A request that cannot be understood; the message says what to send instead. */
  private static final class Malformed extends Exception {
    Malformed(String message) {
      super(message);
    }
  }

  private final LocalClock clock;
  private final LocalDns dns;
  private final LocalSes ses;
  private final LocalSns sns;
  private final FaultPlan faults;
  private final WatchRuns runs;
  private final List<String> regions;

  Controls(
      LocalClock clock,
      LocalDns dns,
      LocalSes ses,
      LocalSns sns,
      FaultPlan faults,
      WatchRuns runs,
      List<String> regions) {
    this.clock = clock;
    this.dns = dns;
    this.ses = ses;
    this.sns = sns;
    this.faults = faults;
    this.runs = runs;
    this.regions = List.copyOf(regions);
  }

  /** Answers one call; the path is decoded. */
  Answer answer(String method, String path, String body) {
    try {
      if (path.startsWith(DNS_PREFIX) && path.length() > DNS_PREFIX.length()) {
        String name = path.substring(DNS_PREFIX.length());
        return switch (method) {
          case "PUT" -> putDns(name, body);
          case "DELETE" -> {
            dns.remove(name);
            yield Answer.nothing();
          }
          default -> unknown(method, path);
        };
      }
      return switch (method + " " + path) {
        case "GET /local/clock" -> now();
        case "POST /local/clock" -> advance(body);
        case "POST /local/watch" -> Answer.ok(JSON.valueToTree(runs.readThenApply()));
        case "POST /local/event" -> Answer.ok(JSON.valueToTree(runs.event(event(body))));
        case "GET /local/alerts" -> Answer.ok(alerts());
        case "POST /local/faults" -> plan(body);
        case "POST /local/switches" -> turn(body);
        case "POST /local/send" -> send(body);
        default -> unknown(method, path);
      };
    } catch (Malformed | IllegalArgumentException e) {
      // What the clock and the DNS server refuse, they say in their own words.
      return Answer.refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static Answer unknown(String method, String path) {
    return Answer.refused(
        404, method + " " + path + " is not one of: " + String.join(", ", CALLS) + ".");
  }

  /** An event of EventBridge: of AWS Health, or of CloudTrail. */
  private static String event(String body) throws Malformed {
    ObjectNode event = object(body, "{\"detail-type\":\"AWS Health Event\",\"detail\":{…}}");
    if (!event.has("time") || !event.has("detail-type") || !event.has("detail")) {
      throw new Malformed("An event of EventBridge has time, detail-type and detail.");
    }
    return body;
  }

  // ---- DNS

  private Answer putDns(String name, String body) throws Malformed {
    ObjectNode fields = object(body, "{\"MX\":[\"10 host\"],\"TXT\":[\"text\"]}");
    if (fields.has("fault")) {
      only(fields, Set.of("fault"));
      dns.fault(name, word(fields, "fault", DnsFault.class));
      return Answer.nothing();
    }
    only(fields, RECORD_TYPES);
    DnsRecords records =
        DnsRecords.none()
            .andMx(texts(fields, "MX"))
            .andTxt(texts(fields, "TXT"))
            .andA(texts(fields, "A"))
            .andAaaa(texts(fields, "AAAA"))
            .andNs(texts(fields, "NS"));
    dns.put(name, fields.has("CNAME") ? records.andCname(text(fields, "CNAME")) : records);
    return Answer.nothing();
  }

  // ---- the clock

  private Answer now() {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("now", JsonWriter.time(clock.instant()));
    return Answer.ok(answer);
  }

  private Answer advance(String body) throws Malformed {
    ObjectNode fields = object(body, "{\"advance\":\"PT72H\"}");
    only(fields, Set.of("advance"));
    String text = text(fields, "advance");
    Duration by;
    try {
      by = Duration.parse(text);
    } catch (DateTimeException e) {
      throw new Malformed(
          "advance is a duration like \"PT72H\" or \"PT15M\", not \"" + text + "\".");
    }
    clock.advance(by);
    return now();
  }

  // ---- messages

  private ArrayNode alerts() {
    ArrayNode all = JSON.createArrayNode();
    for (SnsMessage message : sns.messages()) {
      ObjectNode one = all.addObject();
      one.put("topic", message.topic());
      one.put("at", JsonWriter.time(message.at()));
      one.put("subject", message.subject());
      JsonNode forms = forms(message);
      one.put("message", forms.path("default").asText(message.message()));
      if (forms.has("https")) {
        one.put("chat", forms.path("https").asText());
      }
      one.set("attributes", JSON.valueToTree(message.attributes()));
    }
    return all;
  }

  /** A message with a form for each protocol; people get the default by mail, chat gets https. */
  private static JsonNode forms(SnsMessage message) {
    try {
      return message.topic().equals("alerts")
          ? JSON.readTree(message.message())
          : JSON.createObjectNode();
    } catch (JacksonException e) {
      // One text for all.
      return JSON.createObjectNode();
    }
  }

  // ---- faults and switches

  private Answer plan(String body) throws Malformed {
    ObjectNode fields =
        object(
            body, "{\"service\":\"ses\",\"operation\":\"*\",\"fault\":\"THROTTLING\",\"times\":1}");
    only(fields, Set.of("service", "operation", "fault", "times"));
    FaultPlan.Service service = word(fields, "service", FaultPlan.Service.class);
    FaultPlan.Kind kind = word(fields, "fault", FaultPlan.Kind.class);
    String operation = fields.has("operation") ? text(fields, "operation") : "*";
    JsonNode times = fields.path("times");
    if (!times.isMissingNode()
        && !(times.isInt() && times.intValue() >= 1 && times.intValue() <= MOST_FAULTS)) {
      throw new Malformed("times is a whole number from 1 to " + MOST_FAULTS + ".");
    }
    faults.add(service, operation, kind, times.isMissingNode() ? 1 : times.intValue());
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode planned = answer.putArray("planned");
    for (FaultPlan.Fault fault : faults.planned()) {
      planned
          .addObject()
          .put("service", fault.service().name().toLowerCase(Locale.ROOT))
          .put("operation", fault.operation())
          .put("fault", fault.kind().name())
          .put("times", fault.times());
    }
    return Answer.ok(answer);
  }

  private Answer turn(String body) throws Malformed {
    ObjectNode fields = object(body, "{\"setResetsSuccess\":true}");
    Map<Switch, Boolean> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      Switch one =
          Switch.named(field.getKey())
              .orElseThrow(
                  () ->
                      new Malformed(
                          field.getKey()
                              + " is not a switch. There are: "
                              + Arrays.stream(Switch.values())
                                  .map(Switch::word)
                                  .collect(Collectors.joining(", "))
                              + "."));
      if (!field.getValue().isBoolean()) {
        throw new Malformed(field.getKey() + " is true or false.");
      }
      wanted.put(one, field.getValue().booleanValue());
    }
    wanted.forEach(ses::set);
    ObjectNode answer = JSON.createObjectNode();
    for (Switch one : Switch.values()) {
      answer.put(one.word(), ses.is(one));
    }
    return Answer.ok(answer);
  }

  // ---- mail

  private Answer send(String body) throws Malformed {
    ObjectNode fields = object(body, "{\"from\":\"news@example.com\"}");
    only(fields, Set.of("from", "region"));
    String from = text(fields, "from");
    String region = fields.has("region") ? text(fields, "region") : regions.getFirst();
    QueryParameters mail =
        new QueryParameters(
            Map.of(
                "Source",
                from,
                "Destination.ToAddresses.member.1",
                "somebody@receiver.test",
                "Message.Subject.Data",
                "A try",
                "Message.Body.Text.Data",
                "From the local cloud."));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("from", from);
    switch (ses.call(region, "SendEmail", mail)) {
      case QueryAnswer.Done done ->
          answer
              .put("sent", true)
              .put("envelopeSender", done.headers().get("x-local-envelope-sender"));
      case QueryAnswer.Refused refused ->
          answer.put("sent", false).put("error", refused.code()).put("message", refused.message());
      case QueryAnswer.Broken _, QueryAnswer.Silence _ ->
          answer.put("sent", false).put("error", "TIMEOUT").put("message", "SES did not answer.");
    }
    return Answer.ok(answer);
  }

  // ---- reading JSON

  private static ObjectNode object(String body, String example) throws Malformed {
    JsonNode read;
    try {
      read = body.isBlank() ? JSON.missingNode() : JSON.readTree(body);
    } catch (JacksonException e) {
      throw new Malformed("The body is not JSON. Send, for example, " + example);
    }
    if (read instanceof ObjectNode fields) {
      return fields;
    }
    throw new Malformed("The body is not a JSON object. Send, for example, " + example);
  }

  private static void only(ObjectNode fields, Set<String> known) throws Malformed {
    Set<String> unknown = new TreeSet<>();
    fields.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new Malformed(
          String.join(", ", unknown)
              + " is not known here. Use: "
              + String.join(", ", new TreeSet<>(known))
              + ".");
    }
  }

  private static String text(ObjectNode fields, String name) throws Malformed {
    JsonNode value = fields.path(name);
    if (!value.isTextual()) {
      throw new Malformed(name + " is required, and is a text.");
    }
    return value.textValue();
  }

  private static String[] texts(ObjectNode fields, String name) throws Malformed {
    List<String> texts = new ArrayList<>();
    JsonNode values = fields.path(name);
    if (!values.isMissingNode() && !values.isArray()) {
      throw new Malformed(name + " is a list of texts.");
    }
    for (JsonNode value : values) {
      if (!value.isTextual()) {
        throw new Malformed(name + " is a list of texts.");
      }
      texts.add(value.textValue());
    }
    return texts.toArray(String[]::new);
  }

  private static <E extends Enum<E>> E word(ObjectNode fields, String name, Class<E> type)
      throws Malformed {
    String text = fields.path(name).asText("");
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String all =
        Arrays.stream(type.getEnumConstants())
            .map(Enum::name)
            .collect(Collectors.joining(", "))
            .transform(words -> name.equals("service") ? words.toLowerCase(Locale.ROOT) : words);
    throw new Malformed(name + " is one of: " + all + ".");
  }
}
