package mailfrom.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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
import mailfrom.domain.Activation;
import mailfrom.domain.BehaviorOnMxFailure;
import mailfrom.domain.Desired;
import mailfrom.domain.DomainName;
import mailfrom.domain.Parsed;
import mailfrom.domain.Settings;
import mailfrom.domain.ViolationCode;
import org.jspecify.annotations.Nullable;

/** What reading a PUT body gave: desired settings, or everything that is wrong with it. */
sealed interface DesiredBody {

  record Ok(Desired desired) implements DesiredBody {}

  /** At least one problem. */
  record Problems(List<InputProblem> problems) implements DesiredBody {}

  static DesiredBody parse(String json) {
    return new Reader().read(json);
  }

  /** Reads one body. */
  final class Reader {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_LABELS = 5;
    private static final int MAX_LABEL_VALUE = 128;

    /** Labels become attributes of SNS messages. */
    private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");

    /** SNS refuses these names. */
    private static final Pattern LABEL_NAME_OF_AWS =
        Pattern.compile("(?i)(aws|amazon)\\..*|.*\\.|.*\\.\\..*");

    /** Attributes that messages have anyway. */
    private static final Set<String> TAKEN_LABEL_NAMES =
        Set.of("reason", "severity", "effect", "region");

    private static final String EXAMPLE =
        "Send {\"mailFromDomain\": \"bounce.example.com\"} or {\"mailFromDomain\": null}.";

    private static final JsonFactory JSON =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final List<InputProblem> problems = new ArrayList<>();

    DesiredBody read(String json) {
      Optional<JsonNode> tree = tree(json);
      if (tree.isEmpty()) {
        return new Problems(List.copyOf(problems));
      }
      if (!(tree.get() instanceof ObjectNode body)) {
        wrongType("", "The body", "an object", tree.get());
        return new Problems(List.copyOf(problems));
      }
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
      List<String> known =
          List.of("mailFromDomain", "behaviorOnMxFailure", "activation", "accept", "labels");
      for (String name : names(body)) {
        if (!known.contains(name)) {
          add(
              InputProblem.Code.UNKNOWN_FIELD,
              "There is no field %s. Known: %s."
                  .formatted(InputProblem.quoted(name), String.join(", ", known)),
              child("", name));
        }
      }
      return problems.isEmpty()
          ? new Ok(new Desired(new Settings(domain, behavior), activation, accept, labels))
          : new Problems(List.copyOf(problems));
    }

    private @Nullable DomainName domain(ObjectNode body) {
      JsonNode value = body.get("mailFromDomain");
      if (value == null) {
        add(
            InputProblem.Code.REQUIRED,
            "mailFromDomain is required: a domain name, or null for no custom MAIL FROM.",
            "/mailFromDomain");
        return null;
      }
      if (value.isNull()) {
        return null;
      }
      if (!value.isTextual()) {
        wrongType("/mailFromDomain", "mailFromDomain", "a string or null", value);
        return null;
      }
      return switch (DomainName.parse(value.textValue())) {
        case Parsed.Ok<DomainName>(DomainName name) -> name;
        case Parsed.Malformed<DomainName>(String message) -> {
          add(InputProblem.Code.MALFORMED_NAME, message, "/mailFromDomain");
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
        wrongType("/" + field, field, "one of the strings " + String.join(", ", words), value);
        return unsaid;
      }
      Optional<T> known = ofWord.apply(value.textValue());
      if (known.isEmpty()) {
        add(
            InputProblem.Code.INVALID_VALUE,
            "%s is %s. Give one of: %s."
                .formatted(field, InputProblem.quoted(value.textValue()), String.join(", ", words)),
            "/" + field);
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
        wrongType("/accept", "accept", "an array of codes", value);
        return accept;
      }
      String choice =
          Arrays.stream(ViolationCode.values())
              .filter(ViolationCode::overridable)
              .map(ViolationCode::name)
              .collect(Collectors.joining(", "));
      for (int i = 0; i < codes.size(); i++) {
        String pointer = "/accept/" + i;
        JsonNode code = codes.get(i);
        if (!code.isTextual()) {
          wrongType(pointer, "A code to accept", "a string", code);
          continue;
        }
        Optional<ViolationCode> known =
            Arrays.stream(ViolationCode.values())
                .filter(c -> c.name().equals(code.textValue()))
                .findFirst();
        if (known.isEmpty()) {
          add(
              InputProblem.Code.INVALID_VALUE,
              "There is no rule %s. These may be accepted: %s."
                  .formatted(InputProblem.quoted(code.textValue()), choice),
              pointer);
        } else if (!known.get().overridable()) {
          add(
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
        wrongType("/labels", "labels", "an object of strings", value);
        return labels;
      }
      if (given.size() > MAX_LABELS) {
        add(
            InputProblem.Code.INVALID_VALUE,
            "There are %d labels; at most %d are allowed.".formatted(given.size(), MAX_LABELS),
            "/labels");
      }
      for (String name : names(given)) {
        String pointer = child("/labels", name);
        JsonNode label = given.get(name);
        wrongLabelName(name)
            .ifPresent(message -> add(InputProblem.Code.INVALID_VALUE, message, pointer));
        if (!label.isTextual()) {
          wrongType(pointer, "A label", "a string", label);
        } else if (!isLabelValue(label.textValue())) {
          add(
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
            "SNS takes no attribute whose name begins with AWS. or Amazon., ends in a dot or has two"
                + " dots in a row. Rename it.");
      }
      if (TAKEN_LABEL_NAMES.contains(name)) {
        return Optional.of(
            "Messages have the attributes reason, severity, effect and region already. Rename it.");
      }
      return Optional.empty();
    }

    private static boolean isLabelValue(String value) {
      int length = value.codePointCount(0, value.length());
      return length >= 1
          && length <= MAX_LABEL_VALUE
          && value.codePoints().allMatch(Reader::isPrintable);
    }

    private static boolean isPrintable(int codePoint) {
      return switch (Character.getType(codePoint)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            false;
        default -> true;
      };
    }

    private Optional<JsonNode> tree(String json) {
      try (JsonParser parser = JSON.createParser(json)) {
        if (parser.nextToken() == null) {
          add(InputProblem.Code.INVALID_JSON, "The body is empty. " + EXAMPLE, "");
          return Optional.empty();
        }
        JsonNode root = node(parser, "");
        if (parser.nextToken() != null) {
          add(
              InputProblem.Code.INVALID_JSON,
              "Something follows the body's value. Send one JSON object.",
              "");
          return Optional.empty();
        }
        return Optional.of(root);
      } catch (StreamConstraintsException e) {
        add(
            InputProblem.Code.INVALID_JSON,
            "The body is nested more than %d deep, or has a number without end. %s"
                .formatted(MAX_DEPTH, EXAMPLE),
            "");
        return Optional.empty();
      } catch (JsonProcessingException e) {
        add(
            InputProblem.Code.INVALID_JSON,
            "The body is not JSON: mend line %d, column %d."
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
            "");
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException("reading from a string", e);
      }
    }

    /** Builds the tree by hand, so that a field given twice is told and not lost. */
    private JsonNode node(JsonParser parser, String pointer) throws IOException {
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      return switch (parser.currentToken()) {
        case START_OBJECT -> object(parser, pointer);
        case START_ARRAY -> {
          ArrayNode array = nodes.arrayNode();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(node(parser, pointer + "/" + array.size()));
          }
          yield array;
        }
        case VALUE_STRING -> nodes.textNode(parser.getText());
        // No field is a number: its value does not matter.
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> nodes.numberNode(0);
        case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
        default -> nodes.nullNode();
      };
    }

    private ObjectNode object(JsonParser parser, String pointer) throws IOException {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        String at = child(pointer, name);
        parser.nextToken();
        JsonNode value = node(parser, at);
        if (object.has(name)) {
          add(
              InputProblem.Code.DUPLICATE_FIELD,
              "The field %s is given more than once. Give it once."
                  .formatted(InputProblem.quoted(name)),
              at);
        } else {
          object.set(name, value);
        }
      }
      return object;
    }

    private static List<String> names(ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      return names;
    }

    private static String child(String pointer, String name) {
      return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private void wrongType(String pointer, String what, String wanted, JsonNode actual) {
      String is =
          switch (actual.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case STRING, BINARY -> "a string";
            case NULL, MISSING -> "null";
          };
      add(InputProblem.Code.WRONG_TYPE, "%s is %s. Give %s.".formatted(what, is, wanted), pointer);
    }

    private void add(InputProblem.Code code, String message, String pointer) {
      problems.add(new InputProblem(code, message, pointer));
    }
  }
}
