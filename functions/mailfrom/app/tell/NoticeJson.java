package mailfrom.app.tell;

import java.util.List;
import java.util.Map;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;

/** The JSON of a notice, as machines read it. Every field is always there. */
final class NoticeJson {
  private static final int SCHEMA = 1;

  private NoticeJson() {}

  /** With the records and findings that belong to the identity. */
  static String full(IdentityState state, Notice notice) {
    return identity(state, notice, true).text();
  }

  /** The same, marked as a test by a field that no other notice has. */
  static String test(IdentityState state, Notice notice) {
    return identity(state, notice, true).put("test", true).text();
  }

  /** Without what may be of any length or form: records, findings, desired settings, labels. */
  static String minimal(IdentityState state, Notice notice) {
    return identity(state, notice, false).text();
  }

  private static JsonWriter identity(IdentityState state, Notice notice, boolean full) {
    JsonWriter json = head(notice.id(), notice.reason(), notice.severity());
    IdentityJson.key(json, state.key());
    json.put("effect", notice.effect())
        .put("cause", notice.cause())
        .putWord("phase", notice.phase())
        .put("since", notice.since())
        .put("deadline", notice.deadline());
    var desired = full ? state.desired() : null;
    IdentityJson.live(json, state.wasSeen() ? state.sesView().live() : null);
    IdentityJson.desired(json, desired);
    IdentityJson.records(json, full ? state.dnsState().records() : List.of());
    IdentityJson.findings(json, full ? state.dnsState().findings() : List.of());
    IdentityJson.labels(json, desired == null ? Map.of() : desired.labels());
    return json.put("at", notice.at());
  }

  /** A notice about a run: what belongs to an identity is null or empty. */
  static String ofRun(String account, String region, RunNotice notice) {
    return run(account, region, notice).text();
  }

  /** The same, marked as a test. */
  static String testOfRun(String account, String region, RunNotice notice) {
    return run(account, region, notice).put("test", true).text();
  }

  private static JsonWriter run(String account, String region, RunNotice notice) {
    JsonWriter json = head(notice.id(), notice.reason(), notice.severity());
    json.put("account", account).put("region", region);
    for (String field : List.of("identity", "effect", "cause", "phase", "since", "deadline")) {
      json.putNull(field);
    }
    IdentityJson.live(json, null);
    IdentityJson.desired(json, null);
    IdentityJson.records(json, List.of());
    IdentityJson.findings(json, List.of());
    IdentityJson.labels(json, Map.of());
    return json.put("at", notice.at());
  }

  private static JsonWriter head(String id, Reason reason, Severity severity) {
    return new JsonWriter()
        .put("schema", SCHEMA)
        .put("id", id)
        .put("reason", reason)
        .putWord("severity", severity);
  }
}
