package mailfrom.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The commands to paste for one identity: complete, and quoted so that a shell takes each name for
 * itself.
 *
 * @param api where the API answers
 */
record Commands(String api, IdentityKey key) {
  private static final Pattern GATEWAY =
      Pattern.compile("https://[^/]*\\.execute-api\\.([a-z0-9-]+)\\..*");
  private static final Pattern IN_A_PATH = Pattern.compile("[A-Za-z0-9.\\-_@+]+");
  private static final String CONTINUED = " \\\n  ";

  /** Asks for settings as they were asked for before, but for these. */
  String put(Settings settings, @Nullable Desired before) {
    JsonWriter body = new JsonWriter();
    IdentityJson.settings(body, settings);
    if (before != null) {
      body.put("activation", before.activation().word()).array("accept");
      for (ViolationCode code : before.accept()) {
        body.add(code);
      }
      body.end();
      IdentityJson.labels(body, before.labels());
    }
    return call("PUT", mailFrom(""), body.text());
  }

  String nothingIsWanted() {
    return call("DELETE", mailFrom(""), null);
  }

  String stopManaging() {
    return call("DELETE", mailFrom("/desired"), null);
  }

  String check() {
    return call("POST", mailFrom("/check"), null);
  }

  String silence(Instant now) {
    JsonWriter body =
        new JsonWriter()
            .object("match")
            .put("name", key.name().value())
            .put("region", key.region())
            .end()
            .put("until", now.plus(Duration.ofHours(24)))
            .put("reason", "known, and being worked on");
    return call("POST", "/v1/silences", body.text());
  }

  /** Lets go the repairs that the brake holds back in a Region. */
  static String release(String api, String region) {
    return call(api, "POST", "/v1/held/" + region + "/release", null);
  }

  /** A call of SES by its command line. */
  String ses(String command, Map<String, String> options) {
    StringBuilder line =
        new StringBuilder("aws ses ").append(command).append(" --region ").append(key.region());
    options.forEach(
        (name, value) -> line.append(CONTINUED).append(name).append(' ').append(quoted(value)));
    return line.toString();
  }

  String set(Settings settings) {
    DomainName domain = settings.mailFromDomain();
    return ses("set-identity-mail-from-domain", Map.of("--identity", key.name().value()))
        + CONTINUED
        + "--mail-from-domain "
        + quoted(domain == null ? "" : domain.value())
        + CONTINUED
        + "--behavior-on-mx-failure "
        + settings.behaviorOnMxFailure().word();
  }

  static String dig(String type, DomainName name) {
    return "dig +short %s %s".formatted(type, name.value());
  }

  private String mailFrom(String below) {
    return "/v1/identities/%s/mail-from%s?region=%s".formatted(path(), below, key.region());
  }

  /** The name as it stands in a path. */
  private String path() {
    String name = key.name().value();
    return IN_A_PATH.matcher(name).matches()
        ? URLEncoder.encode(name, StandardCharsets.UTF_8).replace("%40", "@")
        : "~"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private String call(String method, String path, @Nullable String body) {
    return call(api, method, path, body);
  }

  private static String call(String api, String method, String path, @Nullable String body) {
    StringBuilder line = new StringBuilder("curl -sS -X ").append(method);
    Matcher gateway = GATEWAY.matcher(api);
    if (gateway.matches()) {
      line.append(" --aws-sigv4 aws:amz:%s:execute-api".formatted(gateway.group(1)))
          .append(CONTINUED)
          .append("--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"")
          .append(" -H \"x-amz-security-token: $AWS_SESSION_TOKEN\"");
    }
    if (body != null) {
      line.append(CONTINUED).append("-H 'content-type: application/json' -d ").append(quoted(body));
    }
    return line.append(CONTINUED).append(quoted(api + path)).toString();
  }

  /** The word as a shell takes it for itself: a local part may have $, ` or & in it. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9.,:/=@+_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
