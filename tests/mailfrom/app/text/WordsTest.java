package mailfrom.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same word for the same thing, in whatever people read: that of SES's console. */
class WordsTest {
  private static final List<Path> WITH_TEXTS =
      List.of(
          Path.of("functions/mailfrom/api"),
          Path.of("functions/mailfrom/app"),
          Path.of("functions/mailfrom/domain"),
          Path.of("functions/mailfrom/page"),
          Path.of("tests/mailfrom/app/text/golden"));
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

  private static Map<Path, String> texts() throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    for (Path folder : WITH_TEXTS) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String text = Files.readString(file);
          texts.put(file, file.toString().endsWith(".java") ? literals(text) : oneLine(text));
        }
      }
    }
    return texts;
  }

  /** What a program says: a text over several lines is one. */
  private static String literals(String java) {
    StringBuilder said = new StringBuilder();
    Matcher literal = LITERAL.matcher(java.replaceAll("\"\\s*\\+\\s*\"", ""));
    while (literal.find()) {
      said.append(literal.group(1)).append('\n');
    }
    return said.toString();
  }

  /** A paragraph may be wrapped within a name of several words. */
  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\n\\s*", " ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          \\b[Rr]eturn[- ][Pp]ath\\b ; MAIL FROM domain ; 'the return path of it'
          \\b[Bb]ounce domain|[Ee]nvelope domain ; MAIL FROM domain ; 'its bounce domain'
          \\b[Mm]ail[ _-]?[Ff]rom domain ; MAIL FROM domain ; 'the mail-from domain'
          \\b(a|no|its|their|own) MAIL FROMs?(?! (domain|settings|of|\\()) ; MAIL FROM domain ; 'it has no MAIL FROM, and'
          \\b([Ee]-?mail|[Ss]ending) identit(y|ies)\\b ; identity ; 'an email identity'
          \\b[Ss]ender domains?\\b ; identity ; 'a sender domain'
          \\b(un)?healthy\\b ; its effect ; 'it is unhealthy'
          \\b[Dd]isabled? (the )?MAIL FROM ; no MAIL FROM domain is wanted ; 'disable the MAIL FROM'
          \\b([Ww]hite|[Bb]lack)list ; allow or deny ; 'a whitelist'
          \\b([Mm]uted?|[Ss]noozed?)\\b ; silenced ; 'it is muted'
          """)
  void noTextSaysItInAnotherWord(String banned, String say, String example) throws IOException {
    Pattern word = Pattern.compile(banned);
    assertTrue(word.matcher(example).find(), "the rule finds nothing");
    Map<Path, String> found = new TreeMap<>();
    texts()
        .forEach(
            (file, text) -> {
              Matcher one = word.matcher(text);
              if (one.find()) {
                found.put(
                    file,
                    text.substring(
                        Math.max(0, one.start() - 40), Math.min(text.length(), one.end() + 40)));
              }
            });
    assertEquals(Map.of(), found, "say: " + say);
  }
}
