package mailfrom.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

  private final ApiConfig config;
  private final Instant now;
  private final JsonBody json = new JsonBody(EXAMPLE);

  private SilenceBody(ApiConfig config, Instant now) {
    this.config = config;
    this.now = now;
  }

  /**
   * Reads a body.
   *
   * @param now the request's own time
   */
  static ReadBody<SilenceApi.Ask> parse(String text, ApiConfig config, Instant now) {
    return new SilenceBody(config, now).read(text);
  }

  private ReadBody<SilenceApi.Ask> read(String text) {
    Optional<SilenceApi.Ask> ask = json.object(text).map(this::ask);
    return ask.isPresent() && json.isFine()
        ? new ReadBody.Ok<>(ask.get())
        : new ReadBody.Problems<>(json.problems(), json.untold());
  }

  /** What is asked; what it holds together with any problem means nothing. */
  private SilenceApi.Ask ask(ObjectNode body) {
    json.unknownFields(body, "", List.of("match", "from", "until", "reason"));
    Silence.Match match = match(body);
    Instant from = instant(body, "from");
    if (from != null && from.isAfter(now.plus(FARTHEST))) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "from is more than %d days away. Ask again when it is nearer."
              .formatted(FARTHEST.toDays()),
          "/from");
      from = null;
    }
    Instant until = until(body, from == null ? now : from);
    String reason = text(body, "reason", "", MAX_REASON);
    if (!body.has("reason")) {
      json.add(
          InputProblem.Code.REQUIRED,
          "reason is required: why this may be quiet, for who wonders later.",
          "/reason");
    }
    return new SilenceApi.Ask(
        match, from, until == null ? now : until, reason == null ? "" : reason);
  }

  private Silence.Match match(ObjectNode body) {
    JsonNode value = body.get("match");
    ObjectNode match = JsonNodeFactory.instance.objectNode();
    if (value == null) {
      json.add(
          InputProblem.Code.REQUIRED,
          "match is required: which identities are meant, or {} for all. " + EXAMPLE,
          "/match");
    } else if (value instanceof ObjectNode given) {
      match = given;
    } else {
      json.wrongType("/match", "match", "an object", value);
    }
    json.unknownFields(match, "/match", List.of("name", "region", "label", "cause"));
    return new Silence.Match(
        text(match, "name", "/match", MAX_TEXT),
        region(match),
        text(match, "label", "/match", MAX_TEXT),
        cause(match));
  }

  private @Nullable String region(ObjectNode match) {
    String region = text(match, "region", "/match", MAX_TEXT);
    if (region != null && !config.regions().contains(region)) {
      json.add(InputProblem.Code.REGION_NOT_WATCHED, config.notWatched(region), "/match/region");
      return null;
    }
    return region;
  }

  private @Nullable Cause cause(ObjectNode match) {
    String word = text(match, "cause", "/match", MAX_TEXT);
    Optional<Cause> cause =
        Arrays.stream(Cause.values()).filter(known -> known.name().equals(word)).findFirst();
    if (word != null && cause.isEmpty()) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "cause is %s. Give one of: %s."
              .formatted(
                  InputProblem.quoted(word),
                  String.join(", ", Arrays.stream(Cause.values()).map(Cause::name).toList())),
          "/match/cause");
    }
    return cause.orElse(null);
  }

  private @Nullable Instant until(ObjectNode body, Instant from) {
    if (!body.has("until")) {
      json.add(
          InputProblem.Code.REQUIRED,
          "until is required: when it ends, at most %d days after it begins."
              .formatted(Silence.LONGEST.toDays()),
          "/until");
    }
    Instant until = instant(body, "until");
    if (until == null) {
      return null;
    }
    Instant begins = from.isAfter(now) ? from : now;
    if (!until.isAfter(begins)) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "until is not after %s. Give a later instant.".formatted(begins),
          "/until");
    } else if (Duration.between(from, until).compareTo(Silence.LONGEST) > 0) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "until is more than %d days after %s. Give an earlier one, and ask again when it is over."
              .formatted(Silence.LONGEST.toDays(), from),
          "/until");
    }
    return until;
  }

  private @Nullable Instant instant(ObjectNode body, String field) {
    JsonNode value = body.get(field);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      json.wrongType("/" + field, field, "an instant, such as \"" + now + "\"", value);
      return null;
    }
    try {
      return Instant.parse(value.textValue());
    } catch (DateTimeException e) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "%s is %s. Give an instant of ISO 8601, such as %s."
              .formatted(field, InputProblem.quoted(value.textValue()), now),
          "/" + field);
      return null;
    }
  }

  /** A text that people can read; null when it is not there, or with a problem. */
  private @Nullable String text(ObjectNode object, String field, String at, int most) {
    JsonNode value = object.get(field);
    if (value == null) {
      return null;
    }
    String pointer = at + "/" + field;
    if (!value.isTextual()) {
      json.wrongType(pointer, field, "a string", value);
      return null;
    }
    String text = value.textValue();
    if (text.isBlank() || text.length() > most || !JsonBody.isPrintable(text)) {
      json.add(
          InputProblem.Code.INVALID_VALUE,
          "%s has 1 to %d printable characters, and not only spaces. Mend it.%s"
              .formatted(field, most, at.isEmpty() ? "" : " Left out, it matches all."),
          pointer);
      return null;
    }
    return text;
  }
}
