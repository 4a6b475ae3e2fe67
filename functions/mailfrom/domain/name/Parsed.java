package mailfrom.domain.name;

import java.util.Optional;

/** What reading a text gave: the value, or what is wrong with the text and how to fix it. */
public sealed interface Parsed<T> {

  /** The text was right. */
  record Ok<T>(T value) implements Parsed<T> {}

  /** The text was wrong; {@code message} says what is wrong and how to fix it. */
  record Malformed<T>(String message) implements Parsed<T> {}

  /** The value, when there is one. */
  default Optional<T> toOptional() {
    return switch (this) {
      case Ok<T>(T value) -> Optional.of(value);
      case Malformed<T> malformed -> Optional.empty();
    };
  }

  /** The value of a text that this program wrote itself. */
  default T orThrow() {
    return switch (this) {
      case Ok<T>(T value) -> value;
      case Malformed<T>(String message) -> throw new IllegalArgumentException(message);
    };
  }
}
