package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.api.OpenDoor;
import mailfrom.app.advice.Links;
import mailfrom.app.text.RecordsByHand.Mx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list that a message has a command for: who is in it, beside whom the message names. */
class ListedNamesTest {
  private static final String API = "https://api.example";
  private static final Pattern LIST = Pattern.compile("List [^\n]*:\n[^']*'" + API + "([^']*)'");
  private static final Pattern NAMED = Pattern.compile("(?m)^ {5}([a-z0-9-]+\\.example)$");

  private final World world = new World();

  @BeforeEach
  void twentyFourWorkAndFourAreInTroubleSinceLong() {
    world.links = new Links(API, "", "");
    names(0, 28).forEach(world::healthy);
    world.read();
    world.read();
    lose(names(0, 4));
  }

  private static Set<String> names(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("c%02d.example"::formatted)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void lose(Set<String> names) {
    names.forEach(name -> world.mx(name, Mx.NONE));
    assertTrue(world.read().complete());
  }

  private String text() {
    return world.taken.alerts().getLast().text();
  }

  private Set<String> named() {
    return NAMED
        .matcher(text())
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> listed() {
    Matcher list = LIST.matcher(text());
    assertTrue(list.find(), this::text);
    URI url = URI.create(list.group(1));
    String query =
        Stream.of(url.getQuery().split("&"))
            // Asked for by who takes page after page.
            .filter(part -> !part.startsWith("limit="))
            .collect(Collectors.joining("&"));
    return OpenDoor.pages(
            world.settings(), World.ACCOUNT, World.REGION, url.getPath() + "?" + query)
        .stream()
        .map(item -> item.path("identity").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theseAreThoseThatTheMessageNames() {
    lose(names(10, 13));
    assertEquals(names(10, 13), named());
    assertEquals(named(), listed());
  }

  @Test
  void whoIsLeftIsWhoIsStillInTrouble() {
    lose(names(10, 13));
    names(1, 12).forEach(name -> world.mx(name, Mx.RIGHT));
    world.read();
    world.read();
    assertTrue(text().contains("5 work again, 2 are left"), text());
    assertEquals(Set.of("c00.example", "c12.example"), listed());
  }

  @Test
  void manyAreListedByWhatTheyHaveInCommonBesideThoseOfWhichTheSameIsSo() {
    lose(names(5, 28));
    assertEquals(names(5, 28), named());
    Set<String> all = names(5, 28);
    all.addAll(names(0, 4));
    assertEquals(all, listed());
  }

  @Test
  void aFirstReportListsWhoIsInTrouble() {
    World first = new World();
    first.links = world.links;
    List.of("a.example", "b.example", "c.example").forEach(first::healthy);
    first.mx("b.example", Mx.NONE);
    first.read();
    String text = first.taken.alerts().getLast().text();
    assertTrue(text.contains("first complete run"), text);
    assertTrue(text.contains("severity=critical&severity=info&severity=warning"), text);
  }
}
