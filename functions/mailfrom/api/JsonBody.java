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
import java.util.List;
import java.util.Optional;

/** A body of JSON while it is read: its tree, and every problem found in it. */
final class JsonBody {
  private static final int MAX_DEPTH = 8;

  /** An answer holds so much, and nobody reads more. */
  private static final int MOST_TOLD = 1_000;

  private static final int MOST_CHARACTERS = 500_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final String example;
  private final List<InputProblem> problems = new ArrayList<>();
  private int characters;
  private int untold;

  /**
   * A body that was not read yet.
   *
   * @param example what to send, for who sent no JSON
   */
  JsonBody(String example) {
    this.example = example;
  }

  List<InputProblem> problems() {
    return List.copyOf(problems);
  }

  /** How many problems there are besides: more than an answer holds. */
  int untold() {
    return untold;
  }

  boolean isFine() {
    return problems.isEmpty();
  }

  /** The body as an object; empty with a problem. */
  Optional<ObjectNode> object(String json) {
    Optional<JsonNode> tree = tree(json);
    if (tree.isPresent() && !(tree.get() instanceof ObjectNode)) {
      wrongType("", "The body", "an object", tree.get());
    }
    return tree.filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
  }

  /** Tells each field that is none of the known ones. */
  void unknownFields(ObjectNode object, String pointer, List<String> known) {
    for (String name : names(object)) {
      if (!known.contains(name)) {
        add(
            InputProblem.Code.UNKNOWN_FIELD,
            "There is no field %s. Known: %s."
                .formatted(InputProblem.quoted(name), String.join(", ", known)),
            child(pointer, name));
      }
    }
  }

  private Optional<JsonNode> tree(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        add(InputProblem.Code.INVALID_JSON, "The body is empty. " + example, "");
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
              .formatted(MAX_DEPTH, example),
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

  /** Whether a text has nothing in it that no reader sees. */
  static boolean isPrintable(String text) {
    return text.codePoints().allMatch(JsonBody::isPrintable);
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

  static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  void wrongType(String pointer, String what, String wanted, JsonNode actual) {
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

  void add(InputProblem.Code code, String message, String pointer) {
    if (problems.size() == MOST_TOLD || characters > MOST_CHARACTERS) {
      untold++;
      return;
    }
    characters += message.length() + pointer.length();
    problems.add(new InputProblem(code, message, pointer));
  }
}
