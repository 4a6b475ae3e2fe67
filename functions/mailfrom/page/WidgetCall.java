package mailfrom.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call by a custom widget of CloudWatch. Whoever may call the function can write anything in it:
 * what is unknown is passed over, and what is missing has a default.
 *
 * @param describe whether the documentation is asked for
 * @param parameters what is to be shown
 * @param form what was typed into the view that is shown now
 * @param dark whether the console is dark
 * @param range the time range of the dashboard; null: it has none
 * @param time what counts as now; null: the machine's clock
 */
record WidgetCall(
    boolean describe,
    Map<String, String> parameters,
    Map<String, String> form,
    boolean dark,
    @Nullable Range range,
    @Nullable Instant time) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String CONTEXT = "widgetContext";
  private static final String VIEW = "view";

  /** A range of time. */
  record Range(Instant from, Instant until) {}

  static WidgetCall read(InputStream json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return of(object(value(parser)));
    }
  }

  private static WidgetCall of(Map<?, ?> event) {
    Map<?, ?> context = object(event.get(CONTEXT));
    Map<?, ?> own = object(context.get("params"));
    // An action's parameters take the place of the widget's own, which stay in the context.
    Map<String, String> parameters = texts(event.containsKey(VIEW) ? event : own);
    return new WidgetCall(
        Boolean.TRUE.equals(event.get("describe")),
        parameters,
        texts(object(object(context.get("forms")).get("all"))),
        "dark".equals(context.get("theme")),
        range(object(context.get("timeRange"))).orElse(null),
        instant(event.get("time")).orElse(null));
  }

  private static Optional<Range> range(Map<?, ?> range) {
    Map<?, ?> zoom = object(range.get("zoom"));
    Map<?, ?> holds = zoom.isEmpty() ? range : zoom;
    Optional<Instant> from = milliseconds(holds.get("start"));
    Optional<Instant> until = milliseconds(holds.get("end"));
    return from.isPresent() && until.isPresent() && from.get().isBefore(until.get())
        ? Optional.of(new Range(from.get(), until.get()))
        : Optional.empty();
  }

  private static Optional<Instant> milliseconds(@Nullable Object value) {
    // What is beyond any calendar is no time of a dashboard.
    return value instanceof Long epoch && epoch >= 0 && epoch < 253_402_300_800_000L
        ? Optional.of(Instant.ofEpochMilli(epoch))
        : Optional.empty();
  }

  private static Optional<Instant> instant(@Nullable Object value) {
    try {
      return value instanceof String text ? Optional.of(Instant.parse(text)) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Map<?, ?> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Map<String, String> texts(Map<?, ?> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            texts.put(name.toString(), value.toString().strip());
          }
        });
    return texts;
  }

  /** A value in plain maps and lists; a null and an end that comes too early are nothing. */
  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
      return fields;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
        elements.add(value(parser));
      }
      return elements;
    }
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? parser.getText()
          : (Object) parser.getLongValue();
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return parser.getText();
    }
    return token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
        ? (Object) (token == JsonToken.VALUE_TRUE)
        : null;
  }
}
