package mailfrom.api.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.ViolationCode;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with one request, as far as an answer holds it. */
public final class Problems {
  /** An answer holds so much, and nobody reads more. */
  private static final int MOST_TOLD = 1_000;

  private static final int MOST_CHARACTERS = 500_000;
  private static final int MOST_QUOTED = 60;

  private final List<Problem> told = new ArrayList<>();
  private @Nullable String about;
  private boolean rulesOnly = true;
  private int characters;
  private int untold;

  Problems() {}

  /** Whom what comes now is about, of many; null: there is nobody else. */
  void about(@Nullable String name) {
    about = name;
  }

  /**
   * Adds one.
   *
   * @param pointer into the body; null when it is about the path, the query or a header
   */
  void add(Problem.Code code, String message, @Nullable String pointer) {
    rulesOnly &= code instanceof ViolationCode;
    if (told.size() == MOST_TOLD || characters > MOST_CHARACTERS) {
      untold++;
      return;
    }
    String words = about == null ? message : "%s: %s".formatted(quoted(about), message);
    characters += words.length() + (pointer == null ? 0 : pointer.length());
    told.add(new Problem(code.name(), words, pointer));
  }

  /** The constant that a text stands for; empty with a problem. */
  <E> Optional<E> oneOf(
      E[] values, Function<E, String> word, String name, String text, @Nullable String pointer) {
    Optional<E> known =
        Arrays.stream(values).filter(value -> word.apply(value).equals(text)).findFirst();
    if (known.isEmpty()) {
      add(
          InputCode.INVALID_VALUE,
          "%s is %s. Give one of: %s.".formatted(name, quoted(text), words(values, word)),
          pointer);
    }
    return known;
  }

  static <E> String words(E[] values, Function<E, String> word) {
    return String.join(", ", Arrays.stream(values).map(word).toList());
  }

  /** A caller's text, short enough to be repeated in a message. */
  static String quoted(String text) {
    return "\""
        + (text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "…")
        + "\"";
  }

  public boolean isEmpty() {
    return told.isEmpty();
  }

  /** Whether only rules are broken (422): the request is well formed. */
  public boolean rulesOnly() {
    return rulesOnly;
  }

  public List<Problem> told() {
    return List.copyOf(told);
  }

  /** How many there are besides: more than an answer holds. */
  public int untold() {
    return untold;
  }
}
