package mailfrom.app.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object for others to read, while it is written. What is absent is null, not left out; an
 * instant always has three digits of a second.
 *
 * <p>On Jackson's generator alone: a tree, and the mapper that its text asks for, load hundreds of
 * classes at each start.
 */
public final class JsonWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private final StringWriter text = new StringWriter(2048);
  private final JsonGenerator json;

  /** Begins the object. */
  public JsonWriter() {
    try {
      json = JSON.createGenerator(text);
      json.writeStartObject();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** An instant as JSON has it: ISO 8601 in UTC, with three digits of a second. */
  public static String time(Instant at) {
    return MILLISECONDS.format(at);
  }

  /** An enum's name as the contract spells it where it is not a code in capitals. */
  public static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  public JsonWriter put(String name, @Nullable String value) {
    return field(name, value);
  }

  public JsonWriter put(String name, @Nullable Number value) {
    return field(name, value);
  }

  public JsonWriter put(String name, @Nullable Boolean value) {
    return field(name, value);
  }

  public JsonWriter put(String name, @Nullable Instant value) {
    return field(name, value == null ? null : time(value));
  }

  /** A code: the constant's own name. */
  public JsonWriter put(String name, @Nullable Enum<?> code) {
    return field(name, code == null ? null : code.name());
  }

  public JsonWriter putWord(String name, @Nullable Enum<?> word) {
    return field(name, word == null ? null : word(word));
  }

  public JsonWriter putNull(String name) {
    return field(name, null);
  }

  private JsonWriter field(String name, @Nullable Object value) {
    return write(() -> json.writePOJOField(name, value));
  }

  /** Begins an object as a field, up to its {@link #end}. */
  public JsonWriter object(String name) {
    return write(() -> json.writeObjectFieldStart(name));
  }

  /** Begins an array as a field, up to its {@link #end}. */
  public JsonWriter array(String name) {
    return write(() -> json.writeArrayFieldStart(name));
  }

  /** Begins an object as an element, up to its {@link #end}. */
  public JsonWriter object() {
    return write(json::writeStartObject);
  }

  /** A code as an element. */
  public JsonWriter add(Enum<?> code) {
    return write(() -> json.writeString(code.name()));
  }

  /** A text as an element. */
  public JsonWriter add(String value) {
    return write(() -> json.writeString(value));
  }

  /** An array of objects; the fields of each are written by the consumer. */
  public <T> JsonWriter objects(String name, Iterable<T> elements, Consumer<T> fields) {
    array(name);
    for (T element : elements) {
      object();
      fields.accept(element);
      end();
    }
    return end();
  }

  /** Ends the object or array that was begun last. */
  public JsonWriter end() {
    return write(json.getOutputContext().inArray() ? json::writeEndArray : json::writeEndObject);
  }

  /** The whole text: ends what is open. */
  public String text() {
    write(json::close);
    return text.toString();
  }

  /** One step of the generator. */
  private interface Step {
    void write() throws IOException;
  }

  private JsonWriter write(Step step) {
    try {
      step.write();
      return this;
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  private static UncheckedIOException inMemory(IOException e) {
    return new UncheckedIOException("a text in memory cannot fail to be written", e);
  }
}
