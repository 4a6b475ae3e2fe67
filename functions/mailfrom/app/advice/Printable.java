package mailfrom.app.advice;

/** A text in which nothing hides: of names, labels, DNS answers and callers, which others write. */
public final class Printable {
  private Printable() {}

  /**
   * The text with a mark for each character that is not shown, or that turns what follows around.
   *
   * @param kept the control characters that stay
   */
  public static String of(String text, char mark, String kept) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> clean.appendCodePoint(isShown(c) || kept.indexOf(c) >= 0 ? c : mark));
    return clean.toString();
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
