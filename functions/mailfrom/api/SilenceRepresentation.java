package mailfrom.api;

import java.time.Instant;
import java.util.List;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.identity.Silence;
import org.jspecify.annotations.Nullable;

/** The JSON of answers about silences. */
final class SilenceRepresentation {
  private SilenceRepresentation() {}

  /** A silence, as it stands at an instant. */
  static String silence(Silence silence, Instant now) {
    JsonWriter json = new JsonWriter();
    silence(json, silence.id(), silence, null, now);
    return json.text();
  }

  /** A new silence, with whom it means. */
  static String silence(Silence silence, boolean dryRun, SilenceApi.Matches matches, Instant now) {
    JsonWriter json = new JsonWriter();
    silence(json, dryRun ? null : silence.id(), silence, matches, now);
    return json.text();
  }

  private static void silence(
      JsonWriter json,
      @Nullable String id,
      Silence silence,
      SilenceApi.@Nullable Matches matches,
      Instant now) {
    Silence.Match match = silence.match();
    json.put("id", id)
        .object("match")
        .put("name", match.name())
        .put("region", match.region())
        .put("label", match.label())
        .put("cause", match.cause())
        .end()
        .put("from", silence.from())
        .put("until", silence.until())
        .put("reason", silence.reason())
        .put("by", silence.by())
        .put("state", silence.state(now));
    if (matches == null) {
      json.putNull("matches").putNull("warning");
      return;
    }
    json.object("matches").put("count", matches.count());
    json.objects(
        "first",
        matches.first(),
        key -> json.put("identity", key.name().value()).put("region", key.region()));
    json.end()
        .put(
            "warning",
            matches.count() > 0
                ? null
                : "No identity is meant now, so nothing is held back. Look whether name, label and"
                    + " cause are spelt as GET /v1/identities has them.");
  }

  static String silences(List<Silence> page, @Nullable String nextCursor, Instant now) {
    JsonWriter json = new JsonWriter();
    json.objects("items", page, silence -> silence(json, silence.id(), silence, null, now));
    return json.put("nextCursor", nextCursor).text();
  }
}
