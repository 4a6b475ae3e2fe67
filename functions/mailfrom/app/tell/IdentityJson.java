package mailfrom.app.tell;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.RecordToDo;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the parts that the API's representation and the notices share. Each method writes one
 * value; what is absent is null, not left out.
 */
public final class IdentityJson {
  private IdentityJson() {}

  /** What SES says now; null when it was never read. */
  public static void live(JsonGenerator json, @Nullable Live live) throws IOException {
    if (live == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    settings(json, live.settings());
    text(json, "status", live.status() == null ? null : live.status().word());
    json.writeEndObject();
  }

  /** Exactly the normalised PUT body; null when never asked. */
  public static void desired(JsonGenerator json, @Nullable Desired desired) throws IOException {
    if (desired == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    settings(json, desired.settings());
    json.writeStringField("activation", desired.activation().word());
    json.writeArrayFieldStart("accept");
    for (var code : desired.accept()) {
      json.writeString(code.name());
    }
    json.writeEndArray();
    json.writeFieldName("labels");
    labels(json, desired.labels());
    json.writeEndObject();
  }

  private static void settings(JsonGenerator json, Settings settings) throws IOException {
    var domain = settings.mailFromDomain();
    text(json, "mailFromDomain", domain == null ? null : domain.value());
    json.writeStringField("behaviorOnMxFailure", settings.behaviorOnMxFailure().word());
  }

  public static void labels(JsonGenerator json, Map<String, String> labels) throws IOException {
    json.writeStartObject();
    for (var label : labels.entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
  }

  public static void records(JsonGenerator json, List<RecordToDo> records) throws IOException {
    json.writeStartArray();
    for (RecordToDo item : records) {
      json.writeStartObject();
      json.writeStringField("name", item.name().value());
      json.writeStringField("type", item.type());
      Integer priority = item.priority();
      if (priority == null) {
        json.writeNullField("priority");
      } else {
        json.writeNumberField("priority", priority);
      }
      json.writeStringField("value", item.value());
      json.writeNumberField("ttl", item.ttlSeconds());
      json.writeStringField("state", lower(item.state()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  public static void findings(JsonGenerator json, List<Finding> findings) throws IOException {
    json.writeStartArray();
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("code", finding.code().name());
      json.writeStringField("severity", lower(finding.severity()));
      json.writeStringField("message", finding.message());
      text(json, "expected", finding.expected());
      text(json, "actual", finding.actual());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void text(JsonGenerator json, String field, @Nullable String value) throws IOException {
    if (value == null) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, value);
    }
  }

  static void instant(JsonGenerator json, String field, @Nullable Instant value)
      throws IOException {
    text(json, field, value == null ? null : value.toString());
  }

  /** An enum's name as the contract spells it where it is not a code in capitals. */
  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
