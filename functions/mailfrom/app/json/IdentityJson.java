package mailfrom.app.json;

import java.util.List;
import java.util.Map;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The parts of an identity that the API's representation and the notices share: a field each. */
public final class IdentityJson {
  private IdentityJson() {}

  public static void key(JsonWriter json, IdentityKey key) {
    json.put("account", key.account())
        .put("region", key.region())
        .put("identity", key.name().value());
  }

  /** What SES says now; null when it was never read. */
  public static void live(JsonWriter json, @Nullable Live live) {
    live(json, live, false);
  }

  /** The same; expected is what SES took from us, and has not been read since. */
  public static void live(JsonWriter json, @Nullable Live live, boolean expected) {
    if (live == null) {
      json.putNull("live");
      return;
    }
    json.object("live");
    settings(json, live.settings());
    json.put("status", live.status() == null ? null : live.status().word());
    if (expected) {
      json.put("expected", true);
    }
    json.end();
  }

  /**
   * Exactly the normalised PUT body, one text for one value: what is equal is written alike; null
   * when never asked.
   */
  public static void desired(JsonWriter json, @Nullable Desired desired) {
    if (desired == null) {
      json.putNull("desired");
      return;
    }
    json.object("desired");
    settings(json, desired.settings());
    json.put("activation", desired.activation().word()).array("accept");
    for (ViolationCode code : desired.accept()) {
      json.add(code);
    }
    json.end();
    labels(json, desired.labels());
    json.end();
  }

  /** The two fields of settings, in whatever object is written. */
  public static void settings(JsonWriter json, Settings settings) {
    var domain = settings.mailFromDomain();
    json.put("mailFromDomain", domain == null ? null : domain.value())
        .put("behaviorOnMxFailure", settings.behaviorOnMxFailure().word());
  }

  public static void labels(JsonWriter json, Map<String, String> labels) {
    json.object("labels");
    for (var label : labels.entrySet()) {
      json.put(label.getKey(), label.getValue());
    }
    json.end();
  }

  /** The records and the findings of its MAIL FROM domain. */
  public static void dns(JsonWriter json, MailFromDns dns) {
    records(json, dns.records());
    findings(json, dns.findings());
  }

  private static void records(JsonWriter json, List<RecordToDo> records) {
    json.array("records");
    for (RecordToDo item : records) {
      json.object()
          .put("name", item.name().value())
          .put("type", item.type())
          .put("zone", item.zone() == null ? null : item.zone().value())
          .put("host", item.host().orElse(null))
          .put("priority", item.priority())
          .put("value", item.value())
          .put("ttl", item.ttlSeconds())
          .putWord("state", item.state())
          .end();
    }
    json.end();
  }

  private static void findings(JsonWriter json, List<Finding> findings) {
    json.array("findings");
    for (Finding finding : findings) {
      json.object()
          .put("code", finding.code())
          .putWord("severity", finding.severity())
          .put("message", finding.message())
          .put("expected", finding.expected())
          .put("actual", finding.actual())
          .put("asked", finding.asked())
          .put("dig", finding.dig())
          .end();
    }
    json.end();
  }
}
