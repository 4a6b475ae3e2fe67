package mailfrom.domain.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A table of DNS records and verdicts in a text file, a row a line. A program in another language
 * reads the same files.
 */
public final class Table {
  private static final Path FOLDER = Path.of("tests/mailfrom/dns/tables");
  private static final Pattern CELLS = Pattern.compile("\\s*\\|\\s*");
  private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");
  private static final String RECORDS = ";;";

  private Table() {}

  /** The rows, and which line of the file each is. */
  public static Stream<Arguments> rows(String file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(FOLDER.resolve(file + ".txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.iterate(0, line -> line < lines.size(), line -> line + 1)
        .filter(line -> !lines.get(line).isBlank() && !lines.get(line).startsWith("#"))
        .map(
            line -> {
              Stream<String> cells = CELLS.splitAsStream(" " + lines.get(line) + " ");
              return Arguments.of(line + 1, cells.map(String::strip).toList());
            });
  }

  /** The texts in a cell; none when it is empty. */
  public static List<String> texts(String cell) {
    return cell.isEmpty()
        ? List.of()
        : Arrays.stream(cell.split(RECORDS, -1))
            .map(String::strip)
            .map(
                text ->
                    UNICODE
                        .matcher(text)
                        .replaceAll(hex -> Character.toString(Integer.parseInt(hex.group(1), 16))))
            .map(String::translateEscapes)
            .toList();
  }

  /**
   * A record of a name.
   *
   * @param type a type, or a fault with no value
   */
  public record Entry(String name, String type, String value) {}

  /** The records in a cell, {@code name TYPE value}; {@code @} is the MAIL FROM domain. */
  public static List<Entry> entries(String cell, String mailFrom) {
    return texts(cell).stream()
        .map(text -> text.split(" ", 3))
        .map(
            parts ->
                new Entry(
                    parts[0].equals("@") ? mailFrom : parts[0],
                    parts[1],
                    parts.length == 2 ? "" : parts[2]))
        .toList();
  }
}
