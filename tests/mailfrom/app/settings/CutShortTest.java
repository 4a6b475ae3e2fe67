package mailfrom.app.settings;

import static mailfrom.app.run.World.key;
import static mailfrom.app.run.World.wants;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mailfrom.app.run.FailingPorts;
import mailfrom.app.run.FailingPorts.Fault;
import mailfrom.app.run.Ports;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table or SES fails at one call of a request, or from one on: what was accepted stands. */
class CutShortTest {
  private static final String NAME = "x0.example";

  private static World world(String situation) {
    World world = new World();
    world.mx(NAME, Mx.RIGHT);
    world.ses.addDomain(World.REGION, NAME, true);
    if (!situation.equals("new")) {
      world.put(NAME, wants("bounce." + NAME, "UseDefaultValue", Activation.STAGED));
      world.read();
      world.apply();
    }
    if (situation.equals("drifted")) {
      world.ses.clearMailFrom(World.REGION, NAME);
      world.read();
    }
    if (situation.equals("failed")) {
      world.ses.put(
          World.REGION,
          NAME,
          "bounce." + NAME,
          LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
          LocalSes.Status.FAILED,
          world.time.instant());
      world.read();
    }
    world.time.advance(Duration.ofSeconds(5));
    return world;
  }

  private static Function<SettingsService, Outcome> request(String asked, World world) {
    Desired desired =
        switch (asked) {
          case "bounce" -> wants("bounce." + NAME, "UseDefaultValue", Activation.STAGED);
          case "reject" -> wants("bounce." + NAME, "RejectMessage", Activation.IMMEDIATE);
          case "nothing" -> Desired.nothing(Map.of());
          default -> throw new IllegalArgumentException(asked);
        };
    return settings -> settings.put(key(NAME), desired, null, false, world.mia());
  }

  private static Optional<DesiredState> stored(World world) {
    return world.identities.find(key(NAME)).map(IdentityState::desiredState);
  }

  private static @Nullable Outcome answer(World world, String asked, Fault fault) {
    world.ports = new FailingPorts(fault);
    try {
      return request(asked, world).apply(world.settings());
    } catch (FailingPorts.TableDown e) {
      return null;
    } finally {
      world.ports = Ports.PLAIN;
    }
  }

  private static int calls(String situation, String asked) {
    World world = world(situation);
    FailingPorts counting = new FailingPorts(Fault.NONE);
    world.ports = counting;
    Outcome _ = request(asked, world).apply(world.settings());
    return counting.calls();
  }

  private static void holds(String situation, String asked, Fault fault) {
    World world = world(situation);
    Optional<DesiredState> before = stored(world);
    Outcome answer = answer(world, asked, fault);
    Outcome said = answer instanceof Outcome.CutShort(Outcome cut, var _) ? cut : answer;
    boolean recorded = !stored(world).equals(before);
    String row = "%s, %s, %s".formatted(situation, asked, fault);
    if (!(said instanceof Outcome.Shown)) {
      assertTrue(said == null || said instanceof Outcome.CouldNotAskSes, row + " " + said);
      // Of a table that is down to the end nobody learns whether a write took effect.
      assertTrue(!recorded || (fault.after() && fault.times() > 1), row);
      return;
    }
    // What failed to be noted of a Set is taken over after 25 s.
    world.apply();
    Desired desired = stored(world).orElseThrow().desired();
    assertEquals(
        desired.settings(), world.row(NAME).sesView().live().settings(), row + " in the table");
    LocalSes.Live live = world.ses.live(World.REGION, NAME).orElseThrow();
    if (asked.equals("nothing")) {
      assertNull(live.status(), row);
    } else {
      assertEquals("bounce." + NAME, live.mailFromDomain(), row);
      assertEquals(desired.settings().behaviorOnMxFailure().word(), live.behavior().word(), row);
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          new,     bounce
          new,     reject
          applied, reject
          applied, nothing
          drifted, bounce
          failed,  bounce
          """)
  void whatWasRecordedIsAnsweredAsAcceptedAndIsAppliedWhereverTheTableOrSesFails(
      String situation, String asked) {
    int calls = calls(situation, asked);
    assertTrue(calls > 10, "calls: " + calls);
    for (int from = 0; from < calls; from++) {
      for (int times : new int[] {1, calls}) {
        holds(situation, asked, new Fault(from, times, false));
        holds(situation, asked, new Fault(from, times, true));
      }
    }
  }
}
