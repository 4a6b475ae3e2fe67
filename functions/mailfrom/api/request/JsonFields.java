package mailfrom.api.request;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.name.Parsed;
import org.jspecify.annotations.Nullable;

/** An object of a body: its fields by name, and whom what is wrong with them is told. */
final class JsonFields {
  private final String at;
  private final Problems problems;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * An object without fields.
   *
   * @param at the pointer of the object
   */
  JsonFields(String at, Problems problems) {
    this.at = at;
    this.problems = problems;
  }

  void read(String name, Object value) {
    if (values.putIfAbsent(name, value) != null) {
      tell(
          InputCode.DUPLICATE_FIELD,
          name,
          "The field %s is given more than once. Give it once.".formatted(Problems.quoted(name)));
    }
  }

  Problems problems() {
    return problems;
  }

  Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** The value of a field; null when there is none. */
  @Nullable Object get(String name) {
    return values.get(name);
  }

  boolean isNull(String name) {
    return values.get(name) == JsonBody.Bare.NULL;
  }

  String pointer(String name) {
    return at + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  void tell(Problem.Code code, String name, String message) {
    problems.add(code, message, pointer(name));
  }

  /** Tells that a field is not there, and what it is for. */
  void require(String name, String why) {
    if (!values.containsKey(name)) {
      tell(InputCode.REQUIRED, name, name + " is required: " + why);
    }
  }

  /** Tells each field that is none of the known ones. */
  void unknownBut(List<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        tell(
            InputCode.UNKNOWN_FIELD,
            name,
            "There is no field %s. Known: %s."
                .formatted(Problems.quoted(name), String.join(", ", known)));
      }
    }
  }

  /**
   * The value of a field; empty when it is not there, or with a problem when it is another type.
   *
   * @param wanted the type in words
   */
  <T> Optional<T> value(String name, Class<T> type, String wanted) {
    return value(name, type, name, wanted);
  }

  /** The same, where the field's name is no name for what it is. */
  <T> Optional<T> value(String name, Class<T> type, String what, String wanted) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      JsonBody.wrongType(value, pointer(name), what, wanted, problems);
    }
    return Optional.ofNullable(value).filter(type::isInstance).map(type::cast);
  }

  Optional<String> text(String name) {
    return value(name, String.class, "a string");
  }

  /**
   * The text of a field as a name in its normal form, without blanks around it; null with a
   * problem.
   */
  <T> @Nullable T name(
      String name, String text, Function<String, Parsed<T>> parse, Problem.Code malformed) {
    return switch (parse.apply(text.strip())) {
      case Parsed.Ok<T>(T parsed) -> parsed;
      case Parsed.Malformed<T>(String message) -> {
        tell(malformed, name, message);
        yield null;
      }
    };
  }

  /** The constant that a field's text stands for; empty when it is not there, or with a problem. */
  <E> Optional<E> oneOf(String name, E[] values, Function<E, String> word) {
    return value(name, String.class, "one of the strings " + Problems.words(values, word))
        .flatMap(text -> problems.oneOf(values, word, name, text, pointer(name)));
  }
}
