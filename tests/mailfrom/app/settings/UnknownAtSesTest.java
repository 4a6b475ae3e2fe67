package mailfrom.app.settings;

import static mailfrom.app.run.World.key;
import static mailfrom.app.run.World.wants;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import mailfrom.app.run.SesEvent;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests about names that SES does not know: that is said with a proof only, and it needs no run
 * of watch. After a run, {@code a.example} is whom SES is asked for beside others.
 */
class UnknownAtSesTest {
  private static final String MAIL_FROM = "GetIdentityMailFromDomainAttributes";

  private final World world = new World();

  enum Door {
    GET,
    CHECK,
    DRY_RUN,
    PUT
  }

  private String ask(Door door, String name) {
    world.time.advance(Duration.ofSeconds(5));
    var bounce = wants("bounce." + name, "UseDefaultValue", Activation.STAGED);
    SettingsService settings = world.settings();
    Outcome outcome =
        switch (door) {
          case GET -> settings.get(key(name), world.mia());
          case CHECK -> settings.check(key(name), world.mia());
          case DRY_RUN -> settings.put(key(name), bounce, null, true, world.mia());
          case PUT -> settings.put(key(name), bounce, null, false, world.mia());
        };
    return outcome.getClass().getSimpleName();
  }

  private void watched(String names) {
    List.of(names.split(" ", -1))
        .forEach(name -> world.ses.addDomain(World.REGION, name + ".example", true));
    world.read();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # watched | deleted then | asked for | by      | answer
          a b       | a            | a         | CHECK   | UnknownIdentity
          a b       | a            | a         | DRY_RUN | UnknownIdentity
          a b       | a            | a         | PUT     | UnknownIdentity
          a b       | a            | nobody    | GET     | UnknownIdentity
          a b       | a            | nobody    | CHECK   | UnknownIdentity
          a b       | a            | nobody    | PUT     | UnknownIdentity
          a b       | a            | b         | CHECK   | Shown
          a b       | b            | b         | CHECK   | UnknownIdentity
          a         | a            | a         | CHECK   | UnknownIdentity
          a         | a            | a         | PUT     | UnknownIdentity
          # A list without all that are known may be a broken answer.
          a         | a            | nobody    | GET     | CouldNotAskSes
          a b       | a b          | a         | CHECK   | CouldNotAskSes
          """)
  void whoIsDeletedBetweenTwoRunsIsUnknownAtOnce(
      String watched, String deleted, String name, Door door, String answer) {
    watched(watched);
    List.of(deleted.split(" ", -1))
        .forEach(one -> world.ses.delete(World.REGION, one + ".example"));
    assertEquals(answer, ask(door, name + ".example"));
    assertTrue(world.row("a.example").wasSeen(), "a request gives nothing up");
    assertFalse(world.row("a.example").isGone());
  }

  /** What is stored of it is history then, and whom SES is asked for beside it is itself. */
  @ParameterizedTest
  @CsvSource({"a, a", "a b, a"})
  void whomAnEventDeletedIsUnknown(String watched, String deleted) {
    watched(watched);
    world.time.advance(Duration.ofMinutes(1));
    IdentityName name = IdentityName.of(deleted + ".example");
    world.ses.delete(World.REGION, name.value());
    var now = world.time.instant();
    var _ =
        world.events(
            new SesEvent("m1", World.REGION, List.of(name), List.of(), now, now, null, true));
    assertTrue(world.row(name.value()).isGone());
    for (Door door : Door.values()) {
      assertEquals("UnknownIdentity", ask(door, name.value()), door.name());
      assertEquals("UnknownIdentity", ask(door, "nobody.example"), door.name());
    }
  }

  @ParameterizedTest
  @CsvSource({"'', UnknownIdentity", "b.example, UnknownIdentity"})
  void beforeTheFirstRunTheListSaysWhoIsThere(String there, String answer) {
    if (!there.isEmpty()) {
      world.ses.addDomain(World.REGION, there, true);
    }
    assertEquals(answer, ask(Door.GET, "nobody.example"));
  }

  /** An answer about nobody proves nothing about anybody. */
  @Test
  void whomTheListNamesIsNotUnknown() {
    watched("a b");
    for (String name : List.of("a.example", "b.example", "c.example")) {
      world.ses.leaveOut(World.REGION, MAIL_FROM, name);
    }
    world.ses.addDomain(World.REGION, "c.example", true);
    assertEquals("CouldNotAskSes", ask(Door.CHECK, "a.example"));
    assertEquals("CouldNotAskSes", ask(Door.GET, "c.example"));
    assertEquals("CouldNotAskSes", ask(Door.GET, "nobody.example"));
  }

  @Test
  void withoutAListNobodyIsUnknown() {
    watched("a b");
    world.ses.delete(World.REGION, "a.example");
    world.ses.deny(World.REGION, "ListIdentities");
    assertEquals("CouldNotAskSes", ask(Door.CHECK, "a.example"));
    world.ses.allow(World.REGION, "ListIdentities");
    assertEquals("UnknownIdentity", ask(Door.CHECK, "a.example"));
  }

  /** Who is known beside it is proof enough: no list is read for each wrong name. */
  @Test
  void aWrongNameCostsOneCall() {
    watched("a b");
    int lists = world.ses.calls("ListIdentities").size();
    assertEquals("UnknownIdentity", ask(Door.GET, "nobody.example"));
    assertEquals(lists, world.ses.calls("ListIdentities").size());
  }
}
