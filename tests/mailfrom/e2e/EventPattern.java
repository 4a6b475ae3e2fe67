package mailfrom.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** An event pattern of EventBridge, with the operators that the templates use. */
final class EventPattern {
  private final JsonNode pattern;
  private final Map<String, String> values;

  EventPattern(JsonNode pattern, Map<String, String> values) {
    if (!pattern.isObject()) {
      throw new IllegalArgumentException("no event pattern: " + pattern);
    }
    this.pattern = pattern;
    this.values = Map.copyOf(values);
  }

  boolean matches(JsonNode event) {
    return matches(pattern, event);
  }

  private boolean matches(JsonNode wanted, JsonNode event) {
    return wanted.properties().stream()
        .allMatch(
            part -> {
              JsonNode value = event.path(part.getKey());
              if (part.getKey().equals("$or")) {
                return any(part.getValue(), one -> matches(one, event));
              }
              return part.getValue().isArray()
                  ? any(part.getValue(), one -> matchesValue(one, value))
                  : matches(part.getValue(), value);
            });
  }

  private boolean matchesValue(JsonNode wanted, JsonNode value) {
    if (wanted.isTextual()) {
      return value.isTextual() && text(wanted).equals(value.textValue());
    }
    if (wanted.size() != 1) {
      throw new IllegalArgumentException("not one operator: " + wanted);
    }
    var operator = wanted.properties().iterator().next();
    JsonNode argument = operator.getValue();
    return switch (operator.getKey()) {
      case "prefix" -> value.isTextual() && value.textValue().startsWith(text(argument));
      case "exists" -> argument.booleanValue() != value.isMissingNode();
      // A field that is not there is not anything but these.
      case "anything-but" -> value.isTextual() && !texts(argument).contains(value.textValue());
      default -> throw new IllegalArgumentException("an operator not known here: " + wanted);
    };
  }

  private static boolean any(JsonNode array, Predicate<JsonNode> test) {
    return StreamSupport.stream(array.spliterator(), false).anyMatch(test);
  }

  private Set<String> texts(JsonNode oneOrMany) {
    Set<String> texts = new TreeSet<>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(one -> texts.add(text(one)));
    } else {
      texts.add(text(oneOrMany));
    }
    return texts;
  }

  private String text(JsonNode node) {
    return values.getOrDefault(node.asText(), node.asText());
  }
}
