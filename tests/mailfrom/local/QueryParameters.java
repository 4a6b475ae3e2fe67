package mailfrom.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of one call in the AWS Query protocol. */
public record QueryParameters(Map<String, String> values) {
  public QueryParameters {
    values = Map.copyOf(values);
  }

  /** Reads a form body; the last of two equal names counts. */
  static QueryParameters parse(String form) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.put(decode(name), decode(value));
      }
    }
    return new QueryParameters(values);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The value, or null when it was left out, which is not the same as empty. */
  public @Nullable String text(String name) {
    return values.get(name);
  }

  /** The value, or an empty text when it was left out. */
  public String textOrEmpty(String name) {
    return values.getOrDefault(name, "");
  }

  /** Whether a parameter of this name, or a part of it, was sent. */
  public boolean has(String name) {
    return values.containsKey(name)
        || values.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }

  /** The members of a list parameter, in order. */
  public List<String> members(String name) {
    List<String> members = new ArrayList<>();
    for (int i = 1; ; i++) {
      String member = values.get(name + ".member." + i);
      if (member == null) {
        return List.copyOf(members);
      }
      members.add(member);
    }
  }

  /**
   * The parameters below a prefix, without it: {@code below("Rule")} turns {@code Rule.Name} into
   * {@code Name}.
   */
  public QueryParameters below(String prefix) {
    Map<String, String> below = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix + ".")) {
            below.put(name.substring(prefix.length() + 1), value);
          }
        });
    return new QueryParameters(below);
  }
}
