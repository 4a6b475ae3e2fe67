package mailfrom.app.settings;

import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.incident.Notice;
import org.jspecify.annotations.Nullable;

/** The ETag of an identity's representation: it covers what is desired, and nothing else. */
public final class ETags {
  private ETags() {}

  /** The ETag, with its quotes: a hash of the JSON of what is desired. Never asked has one too. */
  public static String of(@Nullable Desired desired) {
    JsonWriter json = new JsonWriter();
    IdentityJson.desired(json, desired);
    return "\"" + Notice.hash(json.text()) + "\"";
  }

  /** Whether a header If-Match allows to change what is desired now. */
  static boolean match(@Nullable String ifMatch, @Nullable Desired desired) {
    return ifMatch == null || ifMatch.equals("*") || ifMatch.equals(of(desired));
  }
}
