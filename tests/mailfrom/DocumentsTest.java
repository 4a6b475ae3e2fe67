package mailfrom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The documents at the top: each for one reader, and each of their links and names leads somewhere.
 */
class DocumentsTest {
  private static final List<Document> DOCUMENTS =
      Stream.of("README.md", "OPERATIONS.md", "CONTRIBUTING.md").map(Document::read).toList();
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]+]\\(([^)\\s]+)\\)");
  private static final Pattern QUOTED = Pattern.compile("`([^`\\s]+)`");

  /** What the README says once may not be said in a place that nobody finds. */
  @Test
  void theReadmeIsReadInOneGo() {
    int lines = DOCUMENTS.getFirst().lines().size();
    assertTrue(lines <= 220, lines + " lines, 220 are allowed");
  }

  @Test
  void eachLinkLeadsToAFileAndItsHeading() {
    Set<String> dead = new TreeSet<>();
    for (Document document : DOCUMENTS) {
      for (String link : document.find(LINK)) {
        if (!link.startsWith("https://") && !leadsSomewhere(document, link)) {
          dead.add(document.name() + ": " + link);
        }
      }
    }
    assertEquals(Set.of(), dead);
  }

  private static boolean leadsSomewhere(Document from, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : hash == 0 ? from.name() : link.substring(0, hash);
    return Files.exists(Path.of(file))
        && (hash < 0 || Document.read(file).anchors().contains(link.substring(hash + 1)));
  }

  @Test
  void noHeadingStandsTwiceInADocument() {
    for (Document document : DOCUMENTS) {
      List<String> anchors = document.anchors();
      assertEquals(new TreeSet<>(anchors).size(), anchors.size(), document.name());
    }
  }

  @Test
  void eachFileThatIsNamedIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    List<Path> files = files();
    for (Document document : DOCUMENTS) {
      for (String name : document.find(QUOTED)) {
        boolean path = name.matches("(functions|tests|events|\\.ci|\\.mvn)/[\\w./-]*");
        if ((path || name.matches("[\\w-]+\\.(md|yaml|toml|xml|java)"))
            && !Files.exists(Path.of(name))
            && files.stream().noneMatch(file -> file.endsWith(name))) {
          missing.add(document.name() + ": " + name);
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static List<Path> files() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : List.of("functions", "tests")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.forEach(all::add);
      }
    }
    return all;
  }

  @Test
  void eachClassThatAContributorIsSentToIsThere() throws IOException {
    Set<String> classes =
        files().stream()
            .map(file -> file.getFileName().toString().replaceFirst("[.]java$", ""))
            .collect(Collectors.toSet());
    Document contributing = DOCUMENTS.getLast();
    Set<String> named = new TreeSet<>();
    for (String section : List.of("Where does it go?", "Decision tables")) {
      contributing.section(section).find(QUOTED).stream()
          .map(name -> name.substring(name.lastIndexOf('/') + 1))
          .filter(name -> name.matches("[A-Z][a-z]\\w*"))
          .forEach(named::add);
    }
    assertTrue(named.size() > 30, named::toString);
    named.removeAll(classes);
    assertEquals(Set.of(), named);
  }

  @Test
  void theMapHasEveryRoomAndNoOther() throws IOException {
    Set<String> rooms = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("functions/mailfrom"))) {
      files
          .filter(file -> file.endsWith("package-info.java"))
          .forEach(file -> rooms.add(file.resolveSibling("").normalize().toString()));
    }
    // A room of its own, but drawn in the line of the door.
    rooms.removeIf(room -> room.endsWith("/request"));
    Set<String> drawn = new TreeSet<>();
    String top = "";
    List<String> map = DOCUMENTS.getLast().section("Map of the rooms").lines();
    for (String line : map.subList(map.indexOf("functions/mailfrom/"), map.size())) {
      var row = Pattern.compile("^( {2}| {4})(\\w+)/ +\\S").matcher(line);
      if (line.startsWith("tests")) {
        break;
      }
      if (row.find()) {
        top = row.group(1).length() == 2 ? row.group(2) : top;
        drawn.add(
            "functions/mailfrom/" + (row.group(1).length() == 2 ? "" : top + "/") + row.group(2));
      }
    }
    rooms.add("functions/mailfrom/domain");
    assertEquals(rooms, drawn);
  }

  /** A text in Markdown. */
  private record Document(String name, List<String> lines) {
    static Document read(String name) {
      try {
        return new Document(name, Files.readAllLines(Path.of(name)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** What a pattern's group finds outside of code blocks. */
    List<String> find(Pattern pattern) {
      List<String> found = new ArrayList<>();
      for (String line : prose()) {
        pattern.matcher(line).results().forEach(result -> found.add(result.group(1)));
      }
      return found;
    }

    private List<String> prose() {
      List<String> prose = new ArrayList<>();
      boolean code = false;
      for (String line : lines) {
        code ^= line.startsWith("```");
        if (!code) {
          prose.add(line);
        }
      }
      return prose;
    }

    /** The names that a browser is sent to for the headings. */
    List<String> anchors() {
      return prose().stream()
          .filter(line -> line.matches("#{1,6} .*"))
          .map(DocumentsTest::anchor)
          .collect(Collectors.toList());
    }

    /** A heading of the second level with what is below it. */
    Document section(String heading) {
      int begin = lines.indexOf("## " + heading);
      assertTrue(begin >= 0, () -> name + " has no heading " + heading);
      int end = begin + 1;
      while (end < lines.size() && !lines.get(end).startsWith("## ")) {
        end++;
      }
      return new Document(name, lines.subList(begin, end));
    }
  }

  /** As GitHub makes it: in lower case, without punctuation, a hyphen for each space. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }
}
