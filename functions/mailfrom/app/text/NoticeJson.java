package mailfrom.app.text;

import java.util.List;
import java.util.Map;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.PlainText;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.PagerAction;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a notice, as machines read it. Every field is always there. The last ones are made
 * for pagers: each is a whole value that stands in JSON, a URL or a text as it is.
 */
record NoticeJson(Links links) {
  private static final int SCHEMA = 1;

  /** With the records and findings that belong to the identity. */
  JsonWriter full(IdentityState state, Notice notice) {
    return identity(state, notice, true);
  }

  /** Without what may be of any length or form: records, findings, desired settings, labels. */
  JsonWriter minimal(IdentityState state, Notice notice) {
    return identity(state, notice, false);
  }

  private JsonWriter identity(IdentityState state, Notice notice, boolean full) {
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
    IdentityJson.dns(json, full ? MailFromDns.of(state) : MailFromDns.NOTHING);
    IdentityJson.labels(json, desired == null ? Map.of() : desired.labels());
    json.put("at", notice.at()).put("notBefore", notice.notBefore());
    Notice.About incident = notice.incident();
    return forPagers(
        json,
        incident == null ? null : incident.id(),
        PagerAction.of(notice),
        state.key().name().value(),
        AlertTexts.subject(state, notice),
        links.of(state.key()));
  }

  /** A notice about a run: what belongs to an identity is null or empty. */
  JsonWriter ofRun(String account, String region, RunNotice notice) {
    JsonWriter json = head(notice.id(), notice.reason(), notice.severity());
    json.put("account", account).put("region", region);
    for (String field : List.of("identity", "effect", "cause", "phase", "since", "deadline")) {
      json.putNull(field);
    }
    IdentityJson.live(json, null);
    IdentityJson.desired(json, null);
    IdentityJson.dns(json, MailFromDns.NOTHING);
    IdentityJson.labels(json, Map.of());
    json.put("at", notice.at()).putNull("notBefore");
    String incident = RunTexts.incident(account, region, notice.reason()).orElse(null);
    return forPagers(
        json,
        incident,
        incident == null
            ? PagerAction.NONE
            : notice.reason().isOver() ? PagerAction.RESOLVE : PagerAction.TRIGGER,
        region,
        AlertTexts.subject(region, notice),
        links.of(region));
  }

  /**
   * Ends it with what a pager's own form takes whole.
   *
   * @param source what is in trouble: the identity, or the Region where it is about a run
   */
  private static JsonWriter forPagers(
      JsonWriter json,
      @Nullable String incident,
      PagerAction action,
      String source,
      String summary,
      String link) {
    return json.put("incident", incident)
        .putWord("action", action)
        .put("source", PlainText.inert(source))
        .put("summary", PlainText.inert(summary))
        .put("link", link);
  }

  private static JsonWriter head(String id, Reason reason, Severity severity) {
    return new JsonWriter()
        .put("schema", SCHEMA)
        .put("id", id)
        .put("reason", reason)
        .putWord("severity", severity);
  }
}
