package mailfrom.app.advice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain text of at most 80 columns. Lines break between words; a single word that is longer, such
 * as a name to be copied, stays whole on a line of its own.
 */
public final class PlainText {
  public static final int COLUMNS = 80;

  private final StringBuilder text = new StringBuilder();
  private int bytes;

  /** One paragraph. Its second and further lines are indented by {@code hanging}. */
  public PlainText paragraph(int indent, int hanging, String words) {
    lines(indent, hanging, List.of(printable(words).trim().split(" +")), "");
    return this;
  }

  public PlainText paragraph(int indent, String words) {
    return paragraph(indent, indent, words);
  }

  /** A label and what belongs to it, the further lines below the first. */
  public PlainText item(int indent, String label, String words) {
    return paragraph(indent, indent + 2, label + " " + words);
  }

  /** Words to paste into a shell, quoted already: long lines are continued on the next. */
  public PlainText command(int indent, List<String> words) {
    lines(indent, indent + 4, words, " \\");
    return this;
  }

  /** One line as it is. */
  public PlainText line(int indent, String line) {
    return append(" ".repeat(indent) + printable(line) + "\n");
  }

  public PlainText blank() {
    return append("\n");
  }

  private PlainText append(String more) {
    text.append(more);
    bytes += more.getBytes(StandardCharsets.UTF_8).length;
    return this;
  }

  /** How many bytes it has in UTF-8. */
  public int bytes() {
    return bytes;
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
    PlainText _ = append(String.join(continuation + "\n", lines) + "\n");
  }

  /** The text without control characters: SES's and other people's words are in it. */
  public static String printable(String words) {
    return Printable.of(words, ' ', "");
  }

  /**
   * The text in printable ASCII without a character that JSON, a shell or a chat would have to
   * escape: it stands as it is wherever others put it.
   */
  public static String inert(String words) {
    StringBuilder safe = new StringBuilder(words.length());
    words
        .codePoints()
        .forEach(
            c ->
                safe.append(
                    switch (c) {
                      case '"', '`' -> '\'';
                      case '\\' -> '/';
                      case '<' -> '(';
                      case '>' -> ')';
                      default -> c < ' ' || c > '~' ? '?' : (char) c;
                    }));
    return safe.toString();
  }

  /** The text, shortened in its middle to a length. */
  public static String shortened(String words, int length) {
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
