package mailfrom.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.name.Parsed;
import org.jspecify.annotations.Nullable;

/** Reads the parts of one request, and collects every problem in them. */
final class Input {
  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1000;
  private static final int MAX_TEXT = 320;

  private static final Pattern ENTITY_TAG =
      Pattern.compile("\\*|(W/)?\"[\\x21\\x23-\\x7e]{1,200}\"");

  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");

  private static final InputProblem NOT_TEXT =
      new InputProblem(
          InputProblem.Code.INVALID_JSON, "The body is not text in UTF-8. Send JSON in UTF-8.", "");

  private final Request request;
  private final ApiConfig config;
  private final List<InputProblem> problems = new ArrayList<>();
  private final Set<String> asked = new TreeSet<>();
  private int untold;

  Input(Request request, ApiConfig config) {
    this.request = request;
    this.config = config;
  }

  /** The identity of the path in the Region of the query; null with a problem. */
  @Nullable IdentityKey key(@Nullable String identityInPath) {
    return keyOf(request.pathParameters().getOrDefault("identity", String.valueOf(identityInPath)));
  }

  private @Nullable IdentityKey keyOf(String text) {
    IdentityName name = name(text);
    Optional<String> region = region();
    if (!asked("region")) {
      if (config.regions().size() == 1) {
        region = Optional.of(config.regions().getFirst());
      } else {
        add(
            InputProblem.Code.REGION_REQUIRED,
            "More than one Region is watched. Add ?region= with one of: " + regions() + ".");
      }
    }
    return name == null || region.isEmpty()
        ? null
        : new IdentityKey(config.account(), region.get(), name);
  }

  /** The From address of the path in the Region of the query; null with a problem. */
  @Nullable IdentityKey sender(@Nullable String addressInPath) {
    String text = request.pathParameters().getOrDefault("address", String.valueOf(addressInPath));
    IdentityKey key = keyOf(text);
    if (key != null && !key.name().isAddress()) {
      add(
          InputProblem.Code.MALFORMED_IDENTITY,
          "%s is a domain. Give a whole From address, such as news@%s."
              .formatted(InputProblem.quoted(text), key.name()));
      return null;
    }
    return key;
  }

  /** The watched Region of the path; null with a problem. */
  @Nullable String regionInPath(@Nullable String regionInPath) {
    String region = request.pathParameters().getOrDefault("region", String.valueOf(regionInPath));
    return watched(region).orElse(null);
  }

  private @Nullable IdentityName name(String text) {
    Optional<String> plain = text.startsWith("~") ? decoded(text.substring(1)) : Optional.of(text);
    if (plain.isEmpty()) {
      add(
          InputProblem.Code.MALFORMED_IDENTITY,
          "After '~' comes the unpadded base64url of the name's UTF-8, and this is none. Encode the"
              + " name again, or give it as it is.");
      return null;
    }
    return switch (IdentityName.parse(plain.get())) {
      case Parsed.Ok<IdentityName>(IdentityName name) -> name;
      case Parsed.Malformed<IdentityName>(String message) -> {
        add(InputProblem.Code.MALFORMED_IDENTITY, "The identity in the path: " + message);
        yield null;
      }
    };
  }

  private static Optional<String> decoded(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // One name has one spelling: no padding, no loose bits at the end.
    boolean canonical =
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64);
    return canonical ? Request.utf8(bytes) : Optional.empty();
  }

  /** The Region of the query, when it is a watched one. */
  private Optional<String> region() {
    return parameter("region").flatMap(this::watched);
  }

  private Optional<String> watched(String region) {
    if (config.regions().contains(region)) {
      return Optional.of(region);
    }
    add(InputProblem.Code.REGION_NOT_WATCHED, config.notWatched(region));
    return Optional.empty();
  }

  private String regions() {
    return String.join(", ", config.regions());
  }

  /** The desired settings of the body; null with a problem. */
  @Nullable Desired desired() {
    return body(DesiredBody::parse).orElse(null);
  }

  /** The items of a batch's body; empty with a problem. */
  List<BatchApi.Ask> batch() {
    return body(text -> BatchBody.parse(text, config)).orElse(List.of());
  }

  /** The silence that the body asks for; null with a problem. */
  SilenceApi.@Nullable Ask silence() {
    return body(text -> SilenceBody.parse(text, config, request.at())).orElse(null);
  }

  /** What the body says; empty with a problem. */
  private <T> Optional<T> body(Function<String, ReadBody<T>> parse) {
    ReadBody<T> body =
        switch (request.body()) {
          case Request.Body.Text(String text, int bytes) -> parse.apply(text);
          case Request.Body.NotText notText -> new ReadBody.Problems<>(List.of(NOT_TEXT), 0);
        };
    return switch (body) {
      case ReadBody.Ok<T>(T value) -> Optional.of(value);
      case ReadBody.Problems<T>(List<InputProblem> found, int more) -> {
        problems.addAll(found);
        untold = more;
        yield Optional.empty();
      }
    };
  }

  /** The key of Idempotency-Key; the empty text with a problem. */
  String idempotencyKey() {
    Optional<String> header = request.header("idempotency-key").map(String::strip);
    if (header.isEmpty()) {
      add(
          InputProblem.Code.REQUIRED,
          "The header Idempotency-Key is required: a text of your own, new for each new batch, and"
              + " the same when you send the same batch again.");
    } else if (!IDEMPOTENCY_KEY.matcher(header.get()).matches()) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "Idempotency-Key has 1 to 255 printable ASCII characters. Shorten it, or make a UUID.");
    }
    return header.orElse("");
  }

  /** The entity tag of If-Match; null when there is none. */
  @Nullable String ifMatch() {
    Optional<String> header = request.header("if-match");
    if (header.isPresent() && !ENTITY_TAG.matcher(header.get().strip()).matches()) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "If-Match takes one ETag with its double quotes, as an answer's header ETag has it, or *."
              + " Leave it out to let the last writer win.");
      return null;
    }
    return header.map(String::strip).orElse(null);
  }

  boolean dryRun() {
    return Boolean.TRUE.equals(flag("dryRun"));
  }

  int limit() {
    Optional<String> text = parameter("limit");
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    boolean number = text.get().matches("[0-9]{1,4}");
    int limit = number ? Integer.parseInt(text.get()) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "limit is %s. Give a number from 1 to %d."
              .formatted(InputProblem.quoted(text.get()), MAX_LIMIT));
      return DEFAULT_LIMIT;
    }
    return limit;
  }

  /** The use case's cursor, when it belongs to what is asked now. */
  @Nullable String cursor(String question) {
    Optional<String> text = parameter("cursor");
    Optional<String> cursor = text.flatMap(given -> PageCursor.open(given, question));
    if (text.isPresent() && cursor.isEmpty()) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "cursor is not the nextCursor of a page of this very question. Give it unchanged, with"
              + " the same other parameters, or leave it out to begin again.");
    }
    return cursor.orElse(null);
  }

  SettingsApi.FleetQuery fleetQuery() {
    Optional<String> q = request.query().getOrDefault("q", "").isEmpty() ? none("q") : text("q");
    Effect effect = word("effect", Effect.values(), Effect::name);
    Cause cause = word("cause", Cause.values(), Cause::name);
    Phase phase = word("phase", Phase.values(), Representation::lower);
    Severity severity = word("severity", Severity.values(), Representation::lower);
    Optional<String> label = text("label");
    Boolean managed = flag("managed");
    Optional<String> region = region();
    SettingsApi.FleetQuery query =
        new SettingsApi.FleetQuery(
            q.orElse(null),
            effect,
            cause,
            phase,
            severity,
            label.orElse(null),
            managed,
            region.orElse(null),
            limit(),
            null);
    return at(query, query.limit(), cursor(question(query)));
  }

  /** The same question, another page of it. */
  static SettingsApi.FleetQuery at(
      SettingsApi.FleetQuery query, int limit, @Nullable String cursor) {
    return new SettingsApi.FleetQuery(
        query.text(),
        query.effect(),
        query.cause(),
        query.phase(),
        query.severity(),
        query.label(),
        query.managed(),
        query.region(),
        limit,
        cursor);
  }

  /** What a page of the fleet is a page of: everything but limit and cursor. */
  static String question(SettingsApi.FleetQuery query) {
    return at(query, 0, null).toString();
  }

  /** Every problem, after those parameters that nothing asked for are told too. */
  List<InputProblem> problems() {
    List<InputProblem> all = new ArrayList<>(problems);
    for (String name : new TreeSet<>(request.query().keySet())) {
      // Signed URLs bring parameters of their own.
      if (!asked.contains(name) && !name.toLowerCase(Locale.ROOT).startsWith("x-amz-")) {
        all.add(
            new InputProblem(
                InputProblem.Code.UNKNOWN_FIELD,
                "There is no query parameter %s here. Known: %s."
                    .formatted(
                        InputProblem.quoted(name),
                        asked.isEmpty() ? "none" : String.join(", ", asked)),
                null));
      }
    }
    return all;
  }

  /** How many problems there are besides: more than an answer holds. */
  int untold() {
    return untold;
  }

  private boolean asked(String parameter) {
    return request.query().containsKey(parameter);
  }

  private Optional<String> none(String parameter) {
    asked.add(parameter);
    return Optional.empty();
  }

  private Optional<String> parameter(String name) {
    asked.add(name);
    return Optional.ofNullable(request.query().get(name));
  }

  private Optional<String> text(String name) {
    Optional<String> text = parameter(name);
    if (text.isPresent()
        && (text.get().isEmpty()
            || text.get().length() > MAX_TEXT
            || text.get().chars().anyMatch(Character::isISOControl))) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "%s has 1 to %d characters, none of them a control character. Shorten it, or leave it out."
              .formatted(name, MAX_TEXT));
      return Optional.empty();
    }
    return text;
  }

  private @Nullable Boolean flag(String name) {
    Optional<String> text = parameter(name);
    if (text.isEmpty()) {
      return null;
    }
    if (!text.get().equals("true") && !text.get().equals("false")) {
      add(
          InputProblem.Code.INVALID_VALUE,
          "%s is %s. Give true or false.".formatted(name, InputProblem.quoted(text.get())));
      return null;
    }
    return text.get().equals("true");
  }

  private <E extends Enum<E>> @Nullable E word(
      String name, E[] values, Function<E, String> toWord) {
    Optional<String> text = parameter(name);
    if (text.isEmpty()) {
      return null;
    }
    for (E value : values) {
      if (toWord.apply(value).equals(text.get())) {
        return value;
      }
    }
    add(
        InputProblem.Code.INVALID_VALUE,
        "%s is %s. Give one of: %s."
            .formatted(
                name,
                InputProblem.quoted(text.get()),
                String.join(", ", Arrays.stream(values).map(toWord).toList())));
    return null;
  }

  private void add(InputProblem.Code code, String message) {
    problems.add(new InputProblem(code, message, null));
  }
}
