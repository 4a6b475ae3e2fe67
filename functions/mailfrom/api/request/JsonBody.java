package mailfrom.api.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a body of JSON into plain values: {@link JsonFields}, lists, texts, booleans and {@link
 * Bare} ones. By hand, so that a field given twice is told and not lost.
 */
final class JsonBody {
  private static final int MAX_DEPTH = 8;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  /** A value of which no more is known. No field is a number: which one it is does not matter. */
  enum Bare {
    NULL,
    NUMBER
  }

  private final Problems problems;

  private JsonBody(Problems problems) {
    this.problems = problems;
  }

  /**
   * The body as an object; empty with a problem.
   *
   * @param example what to send, for who sent no JSON
   */
  static Optional<JsonFields> object(String json, String example, Problems problems) {
    Optional<Object> value = new JsonBody(problems).value(json, example);
    if (value.isPresent() && !(value.get() instanceof JsonFields)) {
      wrongType(value.get(), "", "The body", "an object", problems);
    }
    return value.filter(JsonFields.class::isInstance).map(JsonFields.class::cast);
  }

  private Optional<Object> value(String json, String example) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        return invalid("The body is empty. " + example);
      }
      Object value = value(parser, "");
      return parser.nextToken() == null
          ? Optional.of(value)
          : invalid("Something follows the body's value. Send one JSON object.");
    } catch (StreamConstraintsException e) {
      return invalid(
          "The body is nested more than %d deep, or has a number without end. %s"
              .formatted(MAX_DEPTH, example));
    } catch (JsonProcessingException e) {
      return invalid(
          "The body is not JSON: mend line %d, column %d."
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from a string", e);
    }
  }

  private Optional<Object> invalid(String message) {
    problems.add(InputCode.INVALID_JSON, message, "");
    return Optional.empty();
  }

  private Object value(JsonParser parser, String pointer) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(parser, pointer);
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser, pointer + "/" + elements.size()));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Bare.NUMBER;
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> Bare.NULL;
    };
  }

  private JsonFields fields(JsonParser parser, String pointer) throws IOException {
    JsonFields fields = new JsonFields(pointer, problems);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.read(name, value(parser, fields.pointer(name)));
    }
    return fields;
  }

  static void wrongType(
      Object actual, String pointer, String what, String wanted, Problems problems) {
    String is =
        switch (actual) {
          case JsonFields _ -> "an object";
          case List<?> _ -> "an array";
          case String _ -> "a string";
          case Boolean _ -> "true or false";
          case Bare.NUMBER -> "a number";
          default -> "null";
        };
    problems.add(InputCode.WRONG_TYPE, "%s is %s. Give %s.".formatted(what, is, wanted), pointer);
  }

  /** How long a text is, counted as JSON Schema does: by code points (RFC 8259). */
  static int characters(String text) {
    return text.codePointCount(0, text.length());
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
}
