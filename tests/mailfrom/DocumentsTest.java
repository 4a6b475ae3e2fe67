package mailfrom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import mailfrom.local.Template;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void eachParameterIsExplained() {
    Document table = new Document("", DOCUMENTS.get(1).section("Deploy").lines());
    Set<String> missing = new TreeSet<>(Template.read().defaults().keySet());
    table.lines().stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .forEach(names -> QUOTED.matcher(names).results().forEach(r -> missing.remove(r.group(1))));
    assertEquals(Set.of(), missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What does `REJECTED` mean        | README.md#what-mail-sent-now-gets-and-why | is refused by SES
          Mail is rejected: what stops     | #runbook-rejected-mail                    | set `UseDefaultValue`
          How do I silence a customer?     | #silences                                 | customer=4711
          How do I restore the table?      | #restore                                  | aws dynamodb restore-table-to-point-in-time
          What does a parameter change?    | #parameters                               | takes effect
          How do I stop every change?      | #what-watch-heals-and-what-it-never-does  | `Paused` stops every write
          How do I go back to the version  | #roll-back                                | Deploy the earlier commit
          Who may read, write, and let     | #who-may-call                             | execute-api:Invoke
          Who may look at the page?        | #the-page                                 | lambda:InvokeFunction
          A first deployment failed        | #when-a-first-deployment-fails            | aws cloudformation describe-stack-events
          Our keys have to be our own      | #a-key-of-your-own                        | `KeyArn`
          What does it cost?               | #what-it-costs                            | USD a month
          """)
  void aReaderFindsTheHeadingThatAnswers(String question, String heading, String answer) {
    List<String> rows =
        DOCUMENTS.get(1).section("Questions, and the heading that answers").lines().stream()
            .filter(line -> line.contains(question))
            .toList();
    assertEquals(1, rows.size(), question);
    assertTrue(rows.getFirst().contains("(" + heading + ")"), rows::toString);
    String[] place = heading.split("#", 2);
    Document document = place[0].isEmpty() ? DOCUMENTS.get(1) : Document.read(place[0]);
    String below = String.join("\n", document.below(place[1]));
    assertTrue(below.contains(answer), below);
  }

  /** Whoever has never seen it begins at the README. */
  @Test
  void theReadmeSendsToTheQuestions() {
    assertTrue(DOCUMENTS.getFirst().section("Where to go on").find(LINK).contains("OPERATIONS.md"));
    assertEquals("questions-and-the-heading-that-answers", DOCUMENTS.get(1).anchors().get(1));
  }

  /** Which of the sample events each of the sample policies lets through. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | GET
          1 | GET, PUT mail-from, DELETE mail-from, DELETE desired, POST check, POST mail-from-batches, DELETE mail-from-batches
          2 | GET, POST silences, DELETE silences, POST held, POST test-alert
          """)
  void aSamplePolicyAllowsWhatItSays(int policy, String allowed) throws IOException {
    List<Pattern> resources =
        Pattern.compile("API/\\$default/([^\"]+)")
            .matcher(policies().get(policy))
            .results()
            .map(found -> Pattern.compile(found.group(1).replace("*", ".*")))
            .toList();
    Set<String> through = new TreeSet<>();
    try (Stream<Path> events = Files.list(Path.of("events"))) {
      for (Path file : events.toList()) {
        JsonNode event = JsonMapper.builder().build().readTree(Files.readString(file));
        String method = event.path("requestContext").path("http").path("method").asText();
        String path = event.path("rawPath").asText();
        if (resources.stream().anyMatch(one -> one.matcher(method + path).matches())) {
          through.add(method.equals("GET") ? "GET" : method + " " + what(path));
        }
      }
    }
    assertEquals(new TreeSet<>(List.of(allowed.split(", ", -1))), through);
  }

  private static List<String> policies() {
    List<String> policies =
        Pattern.compile("```json\\n(\\{\"Version\".*?)\\n```", Pattern.DOTALL)
            .matcher(String.join("\n", DOCUMENTS.get(1).lines()))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertEquals(4, policies.size());
    return policies;
  }

  /** Whoever looks reads, and calls one function, which changes nothing. */
  @Test
  void theViewersPolicyLetsReadAndCallThePageAlone() throws IOException {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement :
        JsonMapper.builder().build().readTree(policies().get(3)).path("Statement")) {
      JsonNode action = statement.path("Action");
      boolean isCall = action.asText().equals("lambda:InvokeFunction");
      assertEquals(isCall ? "PAGE" : "*", statement.path("Resource").asText());
      (action.isArray() ? action : List.of(action)).forEach(one -> actions.add(one.asText()));
    }
    assertEquals(
        Set.of(
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetDashboard",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListDashboards",
            "lambda:InvokeFunction"),
        actions);
  }

  private static String what(String path) {
    List<String> parts = List.of(path.split("/", -1));
    return parts.get(2).equals("identities") ? parts.getLast() : parts.get(2);
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

    /** What is below the heading that a link names, up to the next heading. */
    List<String> below(String anchor) {
      return lines.stream()
          .dropWhile(line -> !line.startsWith("#") || !anchor(line).equals(anchor))
          .skip(1)
          .takeWhile(line -> !line.matches("#{1,6} [A-Z].*"))
          .toList();
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
