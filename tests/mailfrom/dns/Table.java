package mailfrom.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.LocalDns;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A table of DNS records and verdicts in a text file, a row a line. A program in another language
 * reads the same files.
 */
final class Table {
  private static final Path FOLDER = Path.of("tests/mailfrom/dns/tables");
  private static final Pattern CELLS = Pattern.compile("\\s*\\|\\s*");
  private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");
  private static final String RECORDS = ";;";

  private Table() {}

  /** The rows, and which line of the file each is. */
  static Stream<Arguments> rows(String file) {
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
  static List<String> texts(String cell) {
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

  /** Puts the records of a cell, {@code name TYPE value}; {@code @} is the MAIL FROM domain. */
  static void put(LocalDns server, String mailFrom, String cell, DnsRecords own) {
    Map<String, DnsRecords> names = new LinkedHashMap<>();
    if (!own.equals(DnsRecords.none())) {
      names.put(mailFrom, own);
    }
    for (String text : texts(cell)) {
      String[] parts = text.split(" ", 3);
      String name = parts[0].equals("@") ? mailFrom : parts[0];
      if (parts.length == 2) {
        names.remove(name);
        server.fault(name, DnsFault.valueOf(parts[1]));
      } else {
        DnsRecords there = names.getOrDefault(name, DnsRecords.none());
        names.put(name, with(there, parts[1], parts[2]));
      }
    }
    names.forEach(server::put);
  }

  private static DnsRecords with(DnsRecords there, String type, String value) {
    return switch (type) {
      case "A" -> there.andA(value);
      case "AAAA" -> there.andAaaa(value);
      case "TXT" -> there.andTxt(value);
      case "MX" -> there.andMx(value);
      case "NS" -> there.andNs(value);
      case "CNAME" -> DnsRecords.cname(value);
      default -> throw new IllegalArgumentException("no type " + type);
    };
  }
}
