package mailfrom.app.settings;

import static mailfrom.app.run.World.key;
import static mailfrom.app.run.World.wants;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.identity.IdentityState;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What a caller's word does, by what SES has, how it is to be applied, and what is new in it: how
 * it is answered, how often SES is called then, what SES has, and how often SES was called after
 * three apply runs more. HealRepair is off all the time.
 */
class PutTableTest {
  private static final String NAME = "x0.example";

  /** {@code bounce} was asked for with UseDefaultValue, and applied; since then SES has this. */
  private static World world(String live, Activation activation) {
    World world = new World();
    world.dns.put("theirs." + NAME, Mx.RIGHT);
    world.mx(NAME, Mx.RIGHT);
    world.ses.addDomain(World.REGION, NAME, true);
    world.put(NAME, desired("the same", activation));
    world.read();
    world.apply();
    String[] words = live.split(" ", -1);
    if (words[0].equals("none")) {
      world.ses.clearMailFrom(World.REGION, NAME);
    } else {
      LocalSes.Status status =
          Arrays.stream(LocalSes.Status.values())
              .filter(one -> one.word().equals(words[1]))
              .findFirst()
              .orElseThrow();
      boolean published = live.startsWith("bounce Success") || live.endsWith("published");
      world.mx(NAME, published ? Mx.RIGHT : Mx.NONE);
      world.ses.put(
          World.REGION,
          NAME,
          words[0] + "." + NAME,
          live.endsWith("reject")
              ? LocalSes.OnMxFailure.REJECT_MESSAGE
              : LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
          status,
          world.time.instant());
    }
    world.read();
    world.time.advance(Duration.ofSeconds(5));
    return world;
  }

  private static Desired desired(String change, Activation activation) {
    Desired same = wants("bounce." + NAME, "UseDefaultValue", activation);
    return switch (change) {
      case "the same" -> same;
      case "a label" -> new Desired(same.settings(), activation, same.accept(), Map.of("a", "b"));
      case "reject" -> wants("bounce." + NAME, "RejectMessage", activation);
      case "a domain" -> wants("mail." + NAME, "UseDefaultValue", activation);
      case "nothing" -> Desired.nothing(Map.of());
      default -> throw new IllegalArgumentException(change);
    };
  }

  private static Outcome.Shown ask(World world, String change, Activation activation) {
    SettingsService settings = world.settings();
    return assertInstanceOf(
        Outcome.Shown.class,
        change.equals("check")
            ? settings.check(key(NAME), world.mia())
            : settings.put(key(NAME), desired(change, activation), null, false, world.mia()));
  }

  private static String row(String live, Activation activation, String change) {
    World world = world(live, activation);
    long before = world.sets();
    Outcome.Shown shown = ask(world, change, activation);
    final long sets = world.sets() - before;
    String after = world.live(NAME).replace("." + NAME, "");
    IdentityState state = shown.view().state();
    Desired asked = state.desired();
    if (asked != null && !state.sesView().live().settings().sameAs(asked.settings())) {
      assertNotNull(shown.view().waitingFor(), "live unlike desired, and no word about it");
    }
    for (int i = 0; i < 3; i++) {
      world.apply();
    }
    return "%s %s, %d, %s, %d"
        .formatted(
            shown.accepted() ? "202" : "200",
            Boolean.TRUE.equals(shown.changed()) ? "changed" : "-",
            sets,
            after,
            world.sets() - before);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "put-table.txt", delimiter = '|')
  void whatIsAskedForIsSetNowUnlessItIsSoOrWouldBreakMail(
      String live, String activations, String change, String result) {
    List<String> results = new ArrayList<>();
    List<Activation> each =
        activations.equals("each")
            ? List.of(Activation.values())
            : List.of(Activation.valueOf(activations));
    each.forEach(activation -> results.add(row(live, activation, change)));
    assertEquals(each.stream().map(activation -> result).toList(), results);
  }

  @Test
  void deleteSetsNothingAgainWhereNothingIsWantedAndSomebodyElseSetSomething() {
    World world = world("bounce Success", Activation.STAGED);
    ask(world, "nothing", Activation.STAGED);
    world.read();
    world.ses.put(
        World.REGION,
        NAME,
        "theirs." + NAME,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        world.time.instant());
    world.read();
    assertNotNull(world.row(NAME).drift());
    assertEquals(true, ask(world, "nothing", Activation.STAGED).changed());
    assertEquals("none", world.live(NAME));
  }
}
