package mailfrom.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.Parsed;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** Reads the body of a PUT: desired settings. */
final class DesiredBody {
  private DesiredBody() {}

  static ReadBody<Desired> parse(String text) {
    JsonBody json = new JsonBody(Reader.EXAMPLE);
    Optional<Desired> desired = json.object(text).map(body -> of(json, body, "", List.of()));
    return desired.isPresent() && json.isFine()
        ? new ReadBody.Ok<>(desired.get())
        : new ReadBody.Problems<>(json.problems(), json.untold());
  }

  /**
   * Reads settings that are part of a larger body. Problems are told to it; what is returned
   * together with any means nothing.
   *
   * @param at the pointer of the object that has the settings
   * @param besides fields of the object that somebody else reads
   */
  static Desired of(JsonBody json, ObjectNode body, String at, List<String> besides) {
    return new Reader(json, at).read(body, besides);
  }

  /** Reads one object. */
  private static final class Reader {
    private static final int MAX_LABELS = 5;
    private static final int MAX_LABEL_VALUE = 128;

    /** Labels become attributes of SNS messages. */
    private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");

    /** SNS refuses these names. */
    private static final Pattern LABEL_NAME_OF_AWS =
        Pattern.compile("(?i)(aws|amazon)\\..*|.*\\.|.*\\.\\..*");

    /** Attributes that messages have anyway. */
    private static final Set<String> TAKEN_LABEL_NAMES =
        Set.of("reason", "severity", "effect", "region", "test");

    private static final String EXAMPLE =
        "Send {\"mailFromDomain\": \"bounce.example.com\"} or {\"mailFromDomain\": null}.";

    private static final List<String> KNOWN =
        List.of("mailFromDomain", "behaviorOnMxFailure", "activation", "accept", "labels");

    private final JsonBody json;

    /** The pointer of the object that is read. */
    private final String at;

    Reader(JsonBody json, String at) {
      this.json = json;
      this.at = at;
    }

    /** The desired settings; what they hold together with any problem means nothing. */
    private Desired read(ObjectNode body, List<String> besides) {
      DomainName domain = domain(body);
      BehaviorOnMxFailure behavior =
          word(
              body,
              "behaviorOnMxFailure",
              BehaviorOnMxFailure::ofWord,
              Arrays.stream(BehaviorOnMxFailure.values()).map(BehaviorOnMxFailure::word).toList(),
              BehaviorOnMxFailure.USE_DEFAULT_VALUE);
      Activation activation =
          word(
              body,
              "activation",
              Activation::ofWord,
              Arrays.stream(Activation.values()).map(Activation::word).toList(),
              Activation.STAGED);
      Set<ViolationCode> accept = accept(body);
      Map<String, String> labels = labels(body);
      json.unknownFields(body, at, Stream.concat(besides.stream(), KNOWN.stream()).toList());
      return new Desired(new Settings(domain, behavior), activation, accept, labels);
    }

    private @Nullable DomainName domain(ObjectNode body) {
      JsonNode value = body.get("mailFromDomain");
      if (value == null) {
        json.add(
            InputProblem.Code.REQUIRED,
            "mailFromDomain is required: a domain name, or null for no custom MAIL FROM.",
            at + "/mailFromDomain");
        return null;
      }
      if (value.isNull()) {
        return null;
      }
      if (!value.isTextual()) {
        json.wrongType(at + "/mailFromDomain", "mailFromDomain", "a string or null", value);
        return null;
      }
      return switch (DomainName.parse(value.textValue())) {
        case Parsed.Ok<DomainName>(DomainName name) -> name;
        case Parsed.Malformed<DomainName>(String message) -> {
          json.add(InputProblem.Code.MALFORMED_NAME, message, at + "/mailFromDomain");
          yield null;
        }
      };
    }

    private <T> T word(
        ObjectNode body,
        String field,
        Function<String, Optional<T>> ofWord,
        List<String> words,
        T unsaid) {
      JsonNode value = body.get(field);
      if (value == null) {
        return unsaid;
      }
      if (!value.isTextual()) {
        json.wrongType(
            at + "/" + field, field, "one of the strings " + String.join(", ", words), value);
        return unsaid;
      }
      Optional<T> known = ofWord.apply(value.textValue());
      if (known.isEmpty()) {
        json.add(
            InputProblem.Code.INVALID_VALUE,
            "%s is %s. Give one of: %s."
                .formatted(field, InputProblem.quoted(value.textValue()), String.join(", ", words)),
            at + "/" + field);
      }
      return known.orElse(unsaid);
    }

    private Set<ViolationCode> accept(ObjectNode body) {
      Set<ViolationCode> accept = EnumSet.noneOf(ViolationCode.class);
      JsonNode value = body.get("accept");
      if (value == null) {
        return accept;
      }
      if (!(value instanceof ArrayNode codes)) {
        json.wrongType(at + "/accept", "accept", "an array of codes", value);
        return accept;
      }
      String choice =
          Arrays.stream(ViolationCode.values())
              .filter(ViolationCode::overridable)
              .map(ViolationCode::name)
              .collect(Collectors.joining(", "));
      for (int i = 0; i < codes.size(); i++) {
        String pointer = at + "/accept/" + i;
        JsonNode code = codes.get(i);
        if (!code.isTextual()) {
          json.wrongType(pointer, "A code to accept", "a string", code);
          continue;
        }
        Optional<ViolationCode> known =
            Arrays.stream(ViolationCode.values())
                .filter(c -> c.name().equals(code.textValue()))
                .findFirst();
        if (known.isEmpty()) {
          json.add(
              InputProblem.Code.INVALID_VALUE,
              "There is no rule %s. These may be accepted: %s."
                  .formatted(InputProblem.quoted(code.textValue()), choice),
              pointer);
        } else if (!known.get().overridable()) {
          json.add(
              InputProblem.Code.INVALID_VALUE,
              "%s can never be accepted; leave it out. These may be: %s."
                  .formatted(known.get(), choice),
              pointer);
        } else {
          accept.add(known.get());
        }
      }
      return accept;
    }

    private Map<String, String> labels(ObjectNode body) {
      Map<String, String> labels = new TreeMap<>();
      JsonNode value = body.get("labels");
      if (value == null) {
        return labels;
      }
      if (!(value instanceof ObjectNode given)) {
        json.wrongType(at + "/labels", "labels", "an object of strings", value);
        return labels;
      }
      if (given.size() > MAX_LABELS) {
        json.add(
            InputProblem.Code.INVALID_VALUE,
            "There are %d labels; at most %d are allowed.".formatted(given.size(), MAX_LABELS),
            at + "/labels");
      }
      for (String name : JsonBody.names(given)) {
        String pointer = JsonBody.child(at + "/labels", name);
        JsonNode label = given.get(name);
        wrongLabelName(name)
            .ifPresent(message -> json.add(InputProblem.Code.INVALID_VALUE, message, pointer));
        if (!label.isTextual()) {
          json.wrongType(pointer, "A label", "a string", label);
        } else if (!isLabelValue(label.textValue())) {
          json.add(
              InputProblem.Code.INVALID_VALUE,
              "A label has 1 to %d printable characters. Shorten it, or leave it out."
                  .formatted(MAX_LABEL_VALUE),
              pointer);
        } else {
          labels.put(name, label.textValue());
        }
      }
      return labels;
    }

    private static Optional<String> wrongLabelName(String name) {
      if (!LABEL_NAME.matcher(name).matches()) {
        return Optional.of(
            "A label's name begins with a letter and has at most 63 letters, digits, '_', '.' and"
                + " '-', all ASCII. Rename it.");
      }
      if (LABEL_NAME_OF_AWS.matcher(name).matches()) {
        return Optional.of(
            "SNS takes no attribute whose name begins with AWS. or Amazon., ends in a dot or has"
                + " two dots in a row. Rename it.");
      }
      if (TAKEN_LABEL_NAMES.contains(name)) {
        return Optional.of(
            "Messages have the attributes reason, severity, effect, region and test already."
                + " Rename it.");
      }
      return Optional.empty();
    }

    private static boolean isLabelValue(String value) {
      int length = value.codePointCount(0, value.length());
      return length >= 1 && length <= MAX_LABEL_VALUE && JsonBody.isPrintable(value);
    }
  }
}
