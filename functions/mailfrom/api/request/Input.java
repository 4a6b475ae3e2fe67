package mailfrom.api.request;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mailfrom.app.Configuration;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.tell.SilenceApi;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.name.Parsed;
import org.jspecify.annotations.Nullable;

/** Reads the parts of one request, and collects every problem in them. */
public final class Input {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_TEXT = 320;

  private static final Pattern ENTITY_TAG =
      Pattern.compile("\\*|(W/)?\"[\\x21\\x23-\\x7e]{1,200}\"");

  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");

  private final Request request;
  private final String parameter;
  private final String account;
  private final WatchedRegions regions;
  private final Problems problems = new Problems();
  private final Set<String> asked = new TreeSet<>();
  private boolean allAsked;

  /**
   * Nothing is read yet.
   *
   * @param parameter what stands in the place of the path's parameter
   */
  public Input(Request request, String parameter, Configuration configuration) {
    this.request = request;
    this.parameter = parameter;
    this.account = configuration.account();
    this.regions = new WatchedRegions(configuration.regions());
  }

  /** The identity of the path in the Region of the query; null with a problem. */
  public @Nullable IdentityKey key() {
    IdentityName name = name();
    Optional<String> region = parameter("region");
    String watched =
        region.isPresent()
            ? regions.named(region.get(), problems, null)
            : regions.unnamed("?region=", problems, null);
    return name == null || watched == null ? null : new IdentityKey(account, watched, name);
  }

  /** The From address of the path in the Region of the query; null with a problem. */
  public @Nullable IdentityKey sender() {
    IdentityKey key = key();
    if (key != null && !key.name().isAddress()) {
      add(
          InputCode.MALFORMED_IDENTITY,
          "%s is a domain. Give a whole From address, such as news@%s."
              .formatted(Problems.quoted(parameter), key.name()));
      return null;
    }
    return key;
  }

  /** The watched Region of the path; null with a problem. */
  public @Nullable String region() {
    return regions.named(parameter, problems, null);
  }

  private @Nullable IdentityName name() {
    Optional<String> plain =
        parameter.startsWith("~")
            ? Request.base64Url(parameter.substring(1))
            : Optional.of(parameter);
    if (plain.isEmpty()) {
      add(
          InputCode.MALFORMED_IDENTITY,
          "After '~' comes the unpadded base64url of the name's UTF-8, and this is none. Encode the"
              + " name again, or give it as it is.");
      return null;
    }
    return switch (IdentityName.parse(plain.get().strip())) {
      case Parsed.Ok<IdentityName>(IdentityName name) -> name;
      case Parsed.Malformed<IdentityName>(String message) -> {
        add(InputCode.MALFORMED_IDENTITY, "The identity in the path: " + message);
        yield null;
      }
    };
  }

  /** The desired settings of the body; empty with a problem. */
  public Optional<Desired> desired() {
    return body().flatMap(text -> DesiredBody.parse(text, problems));
  }

  /** The silence that the body asks for; empty with a problem. */
  public Optional<SilenceApi.Ask> silence() {
    return body().flatMap(text -> SilenceBody.parse(text, regions, request.at(), problems));
  }

  /** The batch that is ordered; empty with a problem. */
  public Optional<BatchApi.Order> order() {
    boolean dryRun = dryRun();
    String key = idempotencyKey();
    return body()
        .map(
            text ->
                new BatchApi.Order(
                    BatchBody.parse(text, account, regions, problems), dryRun, key, text));
  }

  /** The body as text; empty with a problem. */
  private Optional<String> body() {
    return switch (request.body()) {
      case Request.Body.Text(String text, int bytes) -> Optional.of(text);
      case Request.Body.NotText notText -> {
        problems.add(
            InputCode.INVALID_JSON, "The body is not text in UTF-8. Send JSON in UTF-8.", "");
        yield Optional.empty();
      }
    };
  }

  /** The key of Idempotency-Key; the empty text with a problem. */
  private String idempotencyKey() {
    Optional<String> header = request.header("idempotency-key").map(String::strip);
    if (header.isEmpty()) {
      add(
          InputCode.REQUIRED,
          "The header Idempotency-Key is required: a text of your own, new for each new batch, and"
              + " the same when you send the same batch again.");
    } else if (!IDEMPOTENCY_KEY.matcher(header.get()).matches()) {
      add(
          InputCode.INVALID_VALUE,
          "Idempotency-Key has 1 to 255 printable ASCII characters. Shorten it, or make a UUID.");
    }
    return header.orElse("");
  }

  /** The entity tag of If-Match; null when there is none. */
  public @Nullable String ifMatch() {
    Optional<String> header = request.header("if-match").map(String::strip);
    if (header.isPresent() && !ENTITY_TAG.matcher(header.get()).matches()) {
      add(
          InputCode.INVALID_VALUE,
          "If-Match takes one ETag with its double quotes, as an answer's header ETag has it, or *."
              + " Leave it out to let the last writer win.");
      return null;
    }
    return header.orElse(null);
  }

  public boolean dryRun() {
    return parameter("dryRun")
        .flatMap(
            text ->
                problems.oneOf(new Boolean[] {true, false}, Object::toString, "dryRun", text, null))
        .orElse(false);
  }

  /** The page of a list: of this path, with these parameters. */
  public Paging paging() {
    int limit = limit();
    String question = question();
    Optional<String> text = parameter("cursor");
    Optional<String> cursor = text.flatMap(given -> Paging.open(given, question));
    if (text.isPresent() && cursor.isEmpty()) {
      add(
          InputCode.INVALID_VALUE,
          "cursor is not the nextCursor of a page of this very question. Give it unchanged, with"
              + " the same other parameters, or leave it out to begin again.");
    }
    return new Paging(question, limit, cursor.orElse(null));
  }

  private int limit() {
    Optional<String> text = parameter("limit");
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    boolean number = text.get().matches("[0-9]{1,4}");
    int limit = number ? Integer.parseInt(text.get()) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      add(
          InputCode.INVALID_VALUE,
          "limit is %s. Give a number from 1 to %d."
              .formatted(Problems.quoted(text.get()), MAX_LIMIT));
      return DEFAULT_LIMIT;
    }
    return limit;
  }

  /**
   * What a page is a page of: the path, and each parameter that is given but limit and cursor. So a
   * parameter that there will be one day ends no cursor that came without it.
   */
  private String question() {
    JsonWriter json = new JsonWriter().put("path", request.path()).object("parameters");
    new TreeMap<>(request.query())
        .forEach(
            (name, values) -> {
              if (!name.equals("limit") && !name.equals("cursor") && !isOfSignature(name)) {
                values.forEach(value -> json.put(name, value));
              }
            });
    return json.text();
  }

  /** What part of the fleet is asked for. */
  public FleetFilter fleetFilter() {
    Map<FleetFact, Set<String>> facts = new EnumMap<>(FleetFact.class);
    for (FleetFact fact : FleetFact.values()) {
      facts.put(fact, words(fact.word(), fact.words()));
    }
    Set<String> watched = new TreeSet<>();
    for (String name : parameters("region")) {
      Optional.ofNullable(regions.named(name, problems, null)).ifPresent(watched::add);
    }
    return new FleetFilter(texts(), labels(), watched, facts);
  }

  /** What state the batches are in that are asked for; none: any. */
  public Set<Batch.State> batchStates() {
    return constants("state", Batch.State.values());
  }

  /** What state the items of a batch are in that are asked for; none: any. */
  public Set<BatchItem.State> itemStates() {
    return constants("state", BatchItem.State.values());
  }

  /**
   * Whether the fleet's DNS records are asked for, and not the identities themselves.
   *
   * @param asJson whether the answer is JSON, where each identity has its records
   */
  public boolean viewsRecords(boolean asJson) {
    boolean records =
        parameter("view")
            .flatMap(
                text ->
                    problems.oneOf(
                        new String[] {"identities", "records"},
                        Function.identity(),
                        "view",
                        text,
                        null))
            .filter("records"::equals)
            .isPresent();
    if (records && asJson) {
      add(
          InputCode.INVALID_VALUE,
          "view=records is for the header Accept: text/csv. In JSON each identity has its records:"
              + " leave view out.");
    }
    return records;
  }

  private <E extends Enum<E>> Set<E> constants(String name, E[] values) {
    Set<String> given = words(name, Arrays.stream(values).map(Enum::name).toList());
    return Arrays.stream(values)
        .filter(value -> given.contains(value.name()))
        .collect(Collectors.toSet());
  }

  /** Whether nothing is wrong, after all that the call needs was read. */
  public boolean isFine() {
    return problems().isEmpty();
  }

  /**
   * Every problem; parameters that nothing asked for are told too, so all has to be read before.
   */
  public Problems problems() {
    if (!allAsked) {
      allAsked = true;
      for (String name : new TreeSet<>(request.query().keySet())) {
        if (!asked.contains(name) && !isOfSignature(name)) {
          add(
              InputCode.UNKNOWN_FIELD,
              "There is no query parameter %s here. Known: %s."
                  .formatted(
                      Problems.quoted(name), asked.isEmpty() ? "none" : String.join(", ", asked)));
        }
      }
    }
    return problems;
  }

  /** Signed URLs bring parameters of their own. */
  private static boolean isOfSignature(String parameter) {
    return parameter.toLowerCase(Locale.ROOT).startsWith("x-amz-");
  }

  /** The values of a parameter that may be given several times: any of them is meant. */
  private List<String> parameters(String name) {
    asked.add(name);
    return request.query().getOrDefault(name, List.of());
  }

  /** The value of a parameter that is given once; empty when it is not given, or with a problem. */
  private Optional<String> parameter(String name) {
    List<String> values = parameters(name);
    if (values.size() > 1) {
      add(InputCode.INVALID_VALUE, name + " is given more than once. Give it once.");
      return Optional.empty();
    }
    return values.stream().findFirst();
  }

  /** The parts of a name that are looked for; an empty one looks for nothing. */
  private Set<String> texts() {
    Set<String> texts = new TreeSet<>();
    for (String text : parameters("q")) {
      if (JsonBody.characters(text) > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
        add(
            InputCode.INVALID_VALUE,
            "q has at most %d characters, none of them a control character. Shorten it, or leave it"
                    .formatted(MAX_TEXT)
                + " out.");
      } else if (!text.isBlank()) {
        texts.add(text.strip());
      }
    }
    return texts;
  }

  private Set<String> labels() {
    Set<String> labels = new TreeSet<>(parameters("label"));
    for (String label : labels) {
      Labels.wrongMatch(label)
          .ifPresent(
              why ->
                  add(
                      InputCode.INVALID_VALUE,
                      "label is %s. %s".formatted(Problems.quoted(label), why)));
    }
    return labels;
  }

  private Set<String> words(String name, List<String> words) {
    Set<String> given = new TreeSet<>(parameters(name));
    for (String word : given) {
      if (word.contains(",")) {
        add(
            InputCode.INVALID_VALUE,
            "%s is %s. Give the parameter once for each value: any of them is meant."
                .formatted(name, Problems.quoted(word)));
      } else {
        problems.oneOf(words.toArray(String[]::new), Function.identity(), name, word, null);
      }
    }
    return given;
  }

  private void add(Problem.Code code, String message) {
    problems.add(code, message, null);
  }
}
