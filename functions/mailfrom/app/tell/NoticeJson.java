package mailfrom.app.tell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.RunNotice;

/** The JSON of a notice, as machines read it. Every field is always there. */
final class NoticeJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int SCHEMA = 1;

  private NoticeJson() {}

  /** With the records and findings that belong to the identity. */
  static String full(IdentityState state, Notice notice) {
    return write(json -> identity(json, state, notice, true));
  }

  /** The same, marked as a test by a field that no other notice has. */
  static String test(IdentityState state, Notice notice) {
    return write(
        json -> {
          identity(json, state, notice, true);
          json.writeBooleanField("test", true);
        });
  }

  /** Without what may be of any length or form: records, findings, desired settings, labels. */
  static String minimal(IdentityState state, Notice notice) {
    return write(json -> identity(json, state, notice, false));
  }

  private static void identity(JsonGenerator json, IdentityState state, Notice notice, boolean full)
      throws IOException {
    head(json, notice.id(), notice.reason().name(), IdentityJson.lower(notice.severity()));
    json.writeStringField("account", state.key().account());
    json.writeStringField("region", state.key().region());
    json.writeStringField("identity", state.key().name().value());
    json.writeStringField("effect", notice.effect().name());
    IdentityJson.text(json, "cause", notice.cause() == null ? null : notice.cause().name());
    var phase = notice.phase();
    IdentityJson.text(json, "phase", phase == null ? null : IdentityJson.lower(phase));
    IdentityJson.instant(json, "since", notice.since());
    IdentityJson.instant(json, "deadline", notice.deadline());
    json.writeFieldName("live");
    IdentityJson.live(json, state.wasSeen() ? state.sesView().live() : null);
    var desired = full ? state.desired() : null;
    json.writeFieldName("desired");
    IdentityJson.desired(json, desired);
    json.writeFieldName("records");
    IdentityJson.records(json, full ? state.dnsState().records() : List.of());
    json.writeFieldName("findings");
    IdentityJson.findings(json, full ? state.dnsState().findings() : List.of());
    json.writeFieldName("labels");
    IdentityJson.labels(json, desired == null ? Map.of() : desired.labels());
    IdentityJson.instant(json, "at", notice.at());
  }

  /** A notice about a run: what belongs to an identity is null or empty. */
  static String ofRun(String account, String region, RunNotice notice) {
    return write(json -> run(json, account, region, notice));
  }

  /** The same, marked as a test. */
  static String testOfRun(String account, String region, RunNotice notice) {
    return write(
        json -> {
          run(json, account, region, notice);
          json.writeBooleanField("test", true);
        });
  }

  private static void run(JsonGenerator json, String account, String region, RunNotice notice)
      throws IOException {
    head(json, notice.id(), notice.reason().name(), IdentityJson.lower(notice.severity()));
    json.writeStringField("account", account);
    json.writeStringField("region", region);
    for (String field :
        List.of("identity", "effect", "cause", "phase", "since", "deadline", "live")) {
      json.writeNullField(field);
    }
    json.writeNullField("desired");
    json.writeFieldName("records");
    IdentityJson.records(json, List.of());
    json.writeFieldName("findings");
    IdentityJson.findings(json, List.of());
    json.writeFieldName("labels");
    IdentityJson.labels(json, Map.of());
    IdentityJson.instant(json, "at", notice.at());
  }

  private static void head(JsonGenerator json, String id, String reason, String severity)
      throws IOException {
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("id", id);
    json.writeStringField("reason", reason);
    json.writeStringField("severity", severity);
  }

  /** Writes the fields of one object. */
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static String write(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be written", e);
    }
    return text.toString();
  }
}
