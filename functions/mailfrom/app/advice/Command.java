package mailfrom.app.advice;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import mailfrom.app.json.IdentityJson;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** A command to paste into a shell. Each is complete: it runs as it stands. */
public sealed interface Command {

  /**
   * The words for a shell, quoted where they have to be; empty when an address that it needs is not
   * known.
   */
  Optional<List<String>> words(Links links);

  /** In lines to paste; what it is, where an address that it needs is not known. */
  default String lines(Links links) {
    return words(links)
        .map(words -> new PlainText().command(0, words).toString().stripTrailing())
        .orElseGet(this::spoken);
  }

  /** What it is, where it cannot be pasted. */
  String spoken();

  /** A tool of its own. */
  record Tool(List<String> arguments) implements Command {
    @Override
    public Optional<List<String>> words(Links links) {
      return Optional.of(arguments.stream().map(Command::quoted).toList());
    }

    @Override
    public String spoken() {
      return String.join(" ", arguments.stream().map(Command::quoted).toList());
    }
  }

  /**
   * A call of the HTTP API.
   *
   * @param path with its query, whose parameters are sorted: not every curl sorts what it signs
   * @param body null: none
   */
  record Api(String method, String path, @Nullable String body) implements Command {
    @Override
    public Optional<List<String>> words(Links links) {
      if (links.api().isEmpty()) {
        return Optional.empty();
      }
      List<String> words = new ArrayList<>(List.of("curl", "-sS"));
      links
          .signedFor()
          .ifPresent(
              region ->
                  words.addAll(
                      List.of(
                          "--aws-sigv4",
                          "aws:amz:%s:execute-api".formatted(region),
                          "--user",
                          // Of the shell that it is pasted into.
                          "\"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"",
                          "-H",
                          "\"x-amz-security-token: $AWS_SESSION_TOKEN\"")));
      if (!method.equals("GET")) {
        words.addAll(List.of("-X", method));
      }
      if (body != null) {
        words.addAll(List.of("-H", quoted("Content-Type: application/json"), "-d", quoted(body)));
      }
      words.add(quoted(links.api() + path));
      return Optional.of(words);
    }

    @Override
    public String spoken() {
      return "%s %s of the API".formatted(method, path) + (body == null ? "" : ", with " + body);
    }
  }

  /** The one, and where an address that it needs is not known, the other. */
  record OrElse(Command one, Command other) implements Command {
    @Override
    public Optional<List<String>> words(Links links) {
      return one.words(links).or(() -> other.words(links));
    }

    @Override
    public String spoken() {
      return one.spoken();
    }
  }

  static Command ses(String region, String operation, String... options) {
    List<String> arguments = new ArrayList<>(List.of("aws", "ses", operation, "--region", region));
    for (int i = 0; i < options.length; i += 2) {
      String value = options[i + 1];
      if (value.startsWith("-")) {
        // Or it would be taken for an option.
        arguments.add(options[i] + "=" + value);
      } else {
        arguments.add(options[i]);
        arguments.add(value);
      }
    }
    return new Tool(arguments);
  }

  /** Sets settings; no MAIL FROM domain takes away the one that is there. */
  static Command setAtSes(IdentityKey key, Settings settings) {
    DomainName domain = settings.mailFromDomain();
    String name = key.name().value();
    String operation = "set-identity-mail-from-domain";
    return domain == null
        ? ses(key.region(), operation, "--identity", name)
        : ses(
            key.region(),
            operation,
            "--identity",
            name,
            "--mail-from-domain",
            domain.value(),
            "--behavior-on-mx-failure",
            settings.behaviorOnMxFailure().word());
  }

  static Command dig(RecordType type, DomainName name) {
    return new Tool(List.of("dig", "+short", type.name(), name.value()));
  }

  /** Asks for settings. What is left out of the body is as if it were asked for by default. */
  static Command put(IdentityKey key, Desired desired) {
    JsonWriter body = new JsonWriter();
    IdentityJson.settings(body, desired.settings());
    if (desired.activation() != Activation.STAGED) {
      body.put("activation", desired.activation().word());
    }
    if (!desired.accept().isEmpty()) {
      body.array("accept");
      desired.accept().forEach(body::add);
      body.end();
    }
    if (!desired.labels().isEmpty()) {
      IdentityJson.labels(body, desired.labels());
    }
    return new Api("PUT", mailFrom(key, ""), body.text());
  }

  /** Says that no MAIL FROM domain is wanted. */
  static Command delete(IdentityKey key) {
    return new Api("DELETE", mailFrom(key, ""), null);
  }

  /** Leaves an identity as SES has it, and never changes it again. */
  static Command stopManaging(IdentityKey key) {
    return new Api("DELETE", mailFrom(key, "/desired"), null);
  }

  /** Holds messages about an identity back. */
  static Command silence(IdentityKey key, Instant until, String reason) {
    return new Api(
        "POST",
        "/v1/silences",
        new JsonWriter()
            .object("match")
            .put("name", key.name().value())
            .put("region", key.region())
            .end()
            .put("until", until)
            .put("reason", reason)
            .text());
  }

  /** Reads SES and the DNS now, and starts again what may be. */
  static Command check(IdentityKey key) {
    return new Api("POST", mailFrom(key, "/check"), null);
  }

  /** Lets held repairs go. */
  static Command release(String region) {
    return new Api("POST", "/v1/held/%s/release".formatted(region), null);
  }

  private static String mailFrom(IdentityKey key, String tail) {
    return "/v1/identities/%s/mail-from%s?region=%s"
        .formatted(inPath(key.name()), tail, key.region());
  }

  /** What is signed has to be spelt as it is sent, so characters that are escaped are avoided. */
  private static String inPath(IdentityName name) {
    return name.value().matches("[A-Za-z0-9._-]+")
        ? name.value()
        : "~"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.value().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Lists identities, worst first.
   *
   * @param filters values by parameter; several of one mean "or"
   */
  static Command list(Map<String, List<String>> filters) {
    TreeMap<String, List<String>> all = new TreeMap<>(filters);
    all.put("limit", List.of("1000"));
    StringJoiner query = new StringJoiner("&");
    all.forEach(
        (name, values) -> values.stream().sorted().forEach(value -> query.add(name + "=" + value)));
    return new Api("GET", "/v1/identities?" + query, null);
  }

  /** The word as a shell takes it for itself: a local part may have $, ` or & in it. */
  static String quoted(String word) {
    String clean = PlainText.printable(word);
    return clean.matches("[A-Za-z0-9.,:/=@+_-]+") ? clean : "'" + clean.replace("'", "'\\''") + "'";
  }
}
