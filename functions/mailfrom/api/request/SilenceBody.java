package mailfrom.api.request;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.Silence;
import org.jspecify.annotations.Nullable;

/** Reads the body of a silence: what is silenced, how long, and why. */
final class SilenceBody {
  private static final String EXAMPLE =
      "Send {\"match\": {\"name\": \"*.example.com\"}, \"until\": \"2026-12-01T08:00:00Z\","
          + " \"reason\": \"move of the DNS\"}.";
  private static final int MAX_TEXT = 320;
  private static final int MAX_REASON = 500;
  private static final Duration FARTHEST = Duration.ofDays(365);

  private final WatchedRegions regions;
  private final Instant now;
  private final JsonFields body;

  private SilenceBody(WatchedRegions regions, Instant now, JsonFields body) {
    this.regions = regions;
    this.now = now;
    this.body = body;
  }

  /**
   * Reads a body; empty with a problem.
   *
   * @param now the request's own time
   */
  static Optional<SilenceApi.Ask> parse(
      String text, WatchedRegions regions, Instant now, Problems problems) {
    return JsonBody.object(text, EXAMPLE, problems)
        .map(body -> new SilenceBody(regions, now, body).ask())
        .filter(ask -> problems.isEmpty());
  }

  /** What is asked; what it holds together with any problem means nothing. */
  private SilenceApi.Ask ask() {
    body.unknownBut(List.of("match", "from", "until", "reason"));
    Silence.Match match = match();
    Instant from = instant("from");
    if (from != null && from.isAfter(now.plus(FARTHEST))) {
      body.tell(
          InputCode.INVALID_VALUE,
          "from",
          "from is more than %d days away. Ask again when it is nearer."
              .formatted(FARTHEST.toDays()));
      from = null;
    }
    Instant until = until(from == null ? now : from);
    String reason = printable(body, "reason", MAX_REASON, "");
    body.require("reason", "why this may be quiet, for who wonders later.");
    return new SilenceApi.Ask(
        match, from, until == null ? now : until, reason == null ? "" : reason);
  }

  private Silence.Match match() {
    body.require("match", "which identities are meant, or {} for all. " + EXAMPLE);
    JsonFields match =
        body.value("match", JsonFields.class, "an object")
            .orElseGet(() -> new JsonFields(body.pointer("match"), body.problems()));
    match.unknownBut(List.of("name", "region", "label", "cause"));
    return new Silence.Match(
        part(match, "name"),
        Optional.ofNullable(part(match, "region"))
            .map(name -> regions.named(name, body.problems(), match.pointer("region")))
            .orElse(null),
        label(match),
        Optional.ofNullable(part(match, "cause"))
            .flatMap(
                text ->
                    body.problems()
                        .oneOf(Cause.values(), Cause::name, "cause", text, match.pointer("cause")))
            .orElse(null));
  }

  /** A label that some identity can have; null when it is not there, or with a problem. */
  private static @Nullable String label(JsonFields match) {
    String label = part(match, "label");
    Optional<String> wrong = label == null ? Optional.empty() : Labels.wrongMatch(label);
    wrong.ifPresent(
        why ->
            match.tell(
                InputCode.INVALID_VALUE,
                "label",
                "label is %s. %s".formatted(Problems.quoted(String.valueOf(label)), why)));
    return wrong.isPresent() ? null : label;
  }

  private @Nullable Instant until(Instant from) {
    body.require(
        "until",
        "when it ends, at most %d days after it begins.".formatted(Silence.LONGEST.toDays()));
    Instant until = instant("until");
    if (until == null) {
      return null;
    }
    Instant begins = from.isAfter(now) ? from : now;
    if (!until.isAfter(begins)) {
      body.tell(
          InputCode.INVALID_VALUE,
          "until",
          "until is not after %s. Give a later instant.".formatted(JsonWriter.time(begins)));
    } else if (Duration.between(from, until).compareTo(Silence.LONGEST) > 0) {
      body.tell(
          InputCode.INVALID_VALUE,
          "until",
          "until is more than %d days after %s. Give an earlier one, and ask again when it is over."
              .formatted(Silence.LONGEST.toDays(), JsonWriter.time(from)));
    }
    return until;
  }

  private @Nullable Instant instant(String field) {
    Optional<String> text =
        body.value(field, String.class, "an instant, such as \"" + JsonWriter.time(now) + "\"");
    try {
      return text.map(Instant::parse).orElse(null);
    } catch (DateTimeException e) {
      body.tell(
          InputCode.INVALID_VALUE,
          field,
          "%s is %s. Give an instant of ISO 8601, such as %s."
              .formatted(field, Problems.quoted(text.orElse("")), JsonWriter.time(now)));
      return null;
    }
  }

  private static @Nullable String part(JsonFields match, String field) {
    return printable(match, field, MAX_TEXT, " Left out, it matches all.");
  }

  /** A text that people can read; null when it is not there, or with a problem. */
  private static @Nullable String printable(
      JsonFields fields, String field, int most, String hint) {
    Optional<String> text = fields.text(field);
    boolean wrong =
        text.filter(t -> t.isBlank() || JsonBody.characters(t) > most || !JsonBody.isPrintable(t))
            .isPresent();
    if (wrong) {
      fields.tell(
          InputCode.INVALID_VALUE,
          field,
          "%s has 1 to %d printable characters, and not only spaces. Mend it.%s"
              .formatted(field, most, hint));
    }
    return wrong ? null : text.orElse(null);
  }
}
