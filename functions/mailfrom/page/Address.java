package mailfrom.page;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import mailfrom.app.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * Where something is shown: the widget's parameters.
 *
 * @param parameters those beside the view
 */
record Address(View view, Map<String, String> parameters) {
  /** In an address: the filters are those of the form that comes with the call. */
  static final String FORM = "form";

  Address {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  static Address of(View view) {
    return new Address(view, Map.of());
  }

  /** The same with one parameter more; null: without it. */
  Address with(String name, @Nullable String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    if (value == null || value.isEmpty()) {
      more.remove(name);
    } else {
      more.put(name, value);
    }
    return new Address(view, more);
  }

  /**
   * As an action carries it. Of the characters that HTML knows only the quotation marks of JSON are
   * left: nothing is to be escaped, and so nothing to be read as something else.
   */
  String json() {
    JsonWriter json = new JsonWriter().put("view", view.word());
    parameters.forEach(json::put);
    return json.text()
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("'", "\\u0027")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** As one types it into the parameters of a widget. */
  String yaml() {
    StringBuilder yaml = new StringBuilder("view: ").append(view.word());
    parameters.forEach(
        (name, value) ->
            yaml.append('\n')
                .append(name)
                .append(": \"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"'));
    return yaml.toString();
  }
}
