package mailfrom.log;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.argument.StructuredArgument;
import software.amazon.lambda.powertools.logging.internal.JsonSerializer;

/** An event as a line of JSON: the fields and their types are those of Powertools' layouts. */
final class JsonLine {
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** Powertools keeps them as text, and its layouts write them as what they are. */
  private static final Set<String> NOT_TEXT =
      Set.of("cold_start", "function_memory_size", "sampling_rate");

  private JsonLine() {}

  /**
   * Writes a line, with the line break that ends it.
   *
   * @param context the fields that the thread has for each of its events
   * @param fields those of this event alone
   */
  static String of(
      Level level,
      Instant at,
      @Nullable String message,
      @Nullable Throwable error,
      Map<String, String> context,
      List<StructuredArgument> fields) {
    StringBuilder line = new StringBuilder(512);
    // Closing it would only forget the line, which is read below.
    @SuppressWarnings("resource")
    Json json = new Json(line);
    json.writeStartObject();
    json.writeStringField("level", level.name());
    json.writeSeparator();
    json.writeStringField("message", message);
    if (error != null) {
      json.writeSeparator();
      json.writeFieldName("error");
      json.writeStartObject();
      json.writeStringField("message", error.getMessage());
      json.writeSeparator();
      json.writeStringField("name", error.getClass().getName());
      json.writeSeparator();
      json.writeStringField("stack", stack(error));
      json.writeEndObject();
    }
    json.writeSeparator();
    json.writeStringField("timestamp", MILLISECONDS.format(at));
    new TreeMap<>(context)
        .forEach(
            (name, value) -> {
              json.writeSeparator();
              json.writeFieldName(name);
              if (NOT_TEXT.contains(name)) {
                json.writeRaw(value);
              } else {
                json.writeString(value);
              }
            });
    for (StructuredArgument field : fields) {
      add(field, json, line);
    }
    json.writeEndObject();
    return line.append('\n').toString();
  }

  /** A field that cannot be written is named as text: the event is not lost for it. */
  private static void add(StructuredArgument field, Json json, StringBuilder line) {
    int before = line.length();
    json.writeSeparator();
    try {
      field.writeTo(json);
    } catch (IOException | RuntimeException e) {
      line.setLength(before);
      json.writeSeparator();
      json.writeStringField("not_written", e.toString());
    }
  }

  private static String stack(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Powertools' own writer leaves control characters in texts as they are, which is no JSON. */
  private static final class Json extends JsonSerializer {
    private final StringBuilder line;

    Json(StringBuilder line) {
      super(line);
      this.line = line;
    }

    @Override
    public void writeString(@Nullable String text) {
      if (text == null) {
        writeNull();
        return;
      }
      line.append('"');
      JsonStringEncoder.getInstance().quoteAsString(text, line);
      line.append('"');
    }
  }
}
