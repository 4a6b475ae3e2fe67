package mailfrom.app.tell;

import java.util.ArrayList;
import java.util.List;

/**
 * A plain text of at most 80 columns. Lines break between words; a single word that is longer, such
 * as a name to be copied, stays whole on a line of its own.
 */
final class PlainText {
  static final int COLUMNS = 80;

  private final StringBuilder text = new StringBuilder();

  /** One paragraph. Its second and further lines are indented by {@code hanging}. */
  PlainText paragraph(int indent, int hanging, String words) {
    lines(indent, hanging, List.of(printable(words).trim().split(" +")), "");
    return this;
  }

  PlainText paragraph(int indent, String words) {
    return paragraph(indent, indent, words);
  }

  /** A label and what belongs to it, the further lines below the first. */
  PlainText item(int indent, String label, String words) {
    return paragraph(indent, indent + 2, label + " " + words);
  }

  /** A command to paste into a shell: long ones are continued on the next line. */
  PlainText command(int indent, List<String> arguments) {
    lines(indent, indent + 4, arguments.stream().map(PlainText::quoted).toList(), " \\");
    return this;
  }

  /** One line as it is. */
  PlainText line(int indent, String line) {
    text.append(" ".repeat(indent)).append(printable(line)).append('\n');
    return this;
  }

  PlainText blank() {
    text.append('\n');
    return this;
  }

  private void lines(int indent, int hanging, List<String> words, String continuation) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(" ".repeat(indent));
    boolean empty = true;
    for (String word : words) {
      int length = line.length() + (empty ? 0 : 1) + word.length() + continuation.length();
      if (!empty && length > COLUMNS) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(hanging));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
    text.append(String.join(continuation + "\n", lines)).append('\n');
  }

  /** The word as a shell takes it for itself: a local part may have $, ` or & in it. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9.,:/=@+_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The text without control characters: SES's and other people's words are in it. */
  static String printable(String words) {
    StringBuilder clean = new StringBuilder(words.length());
    words
        .codePoints()
        .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) || !fit(c) ? ' ' : c));
    return clean.toString();
  }

  private static boolean fit(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.SURROGATE,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The text, shortened in its middle to a length. */
  static String shortened(String words, int length) {
    if (words.length() <= length) {
      return words;
    }
    int left = length - 3;
    int head = (left + 1) / 2;
    return words.substring(0, head) + "..." + words.substring(words.length() - (left - head));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
