package mailfrom.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.FleetPage;
import mailfrom.app.settings.SettingsApi.FleetQuery;
import mailfrom.app.settings.SettingsApi.Sender;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.incident.Severity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who wins for a From address, and what parts of the fleet can be asked for. */
class SendersAndFleetTest {
  private final World world = new World();

  /** An identity that is CUSTOM, some in trouble, some without settings, some not verified. */
  @BeforeEach
  void fleet() {
    world.healthy("example.com");
    world.ses.addDomain(World.REGION, "mail.example.com", true);
    world.ses.addAddress(World.REGION, "news@example.com", true);
    world.ses.addAddress(World.REGION, "late@example.com", false);
    world.ses.addDomain(World.REGION, "unverified.example.com", false);
    world.healthy("lost.example");
    world.ses.dkim(World.REGION, "lost.example", true);
    world.healthy("rejecting.example");
    world.reject("rejecting.example");
    world.ses.addDomain(World.REGION, "plain.example", true);
    world.read();
    world.put(
        "example.com",
        new Desired(
            World.wants("bounce.example.com", "UseDefaultValue", Activation.STAGED).settings(),
            Activation.STAGED,
            Set.of(),
            Map.of("customer", "4711")));
    world.mx("lost.example", Mx.NONE);
    world.mx("rejecting.example", Mx.NONE);
    world.read();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          news@example.com            | news@example.com | FALLBACK | news@example.com WINS, example.com LESS_GRANULAR
          info@example.com            | example.com      | CUSTOM   | info@example.com UNKNOWN, example.com WINS
          late@example.com            | example.com      | CUSTOM   | late@example.com NOT_VERIFIED, example.com WINS
          a@mail.example.com          | mail.example.com | FALLBACK | a@mail.example.com UNKNOWN, mail.example.com WINS, example.com LESS_GRANULAR
          a@unverified.example.com    | example.com      | CUSTOM   | a@unverified.example.com UNKNOWN, unverified.example.com NOT_VERIFIED, example.com WINS
          a@b.c.example.com           | example.com      | CUSTOM   | a@b.c.example.com UNKNOWN, b.c.example.com UNKNOWN, c.example.com UNKNOWN, example.com WINS
          a@plain.example             | plain.example    | DEFAULT  | a@plain.example UNKNOWN, plain.example WINS
          a@nobody.example            |                  |          | a@nobody.example UNKNOWN, nobody.example UNKNOWN
          """)
  void theMostGranularVerifiedIdentityWins(
      String address, @Nullable String winner, @Nullable Effect effect, String why) {
    Sender sender = world.settings().sender(World.key(address), world.time.instant());
    SettingsApi.IdentityView won = sender.winner();
    assertEquals(winner, won == null ? null : won.state().key().name().value());
    assertEquals(effect, won == null ? null : won.state().effectState().effect());
    assertEquals(
        why,
        String.join(
            ", ", sender.candidates().stream().map(one -> one.name() + " " + one.role()).toList()));
  }

  private FleetPage list(
      @Nullable String text,
      @Nullable Effect effect,
      @Nullable Cause cause,
      @Nullable Phase phase,
      @Nullable Severity severity,
      @Nullable String label,
      @Nullable Boolean managed,
      @Nullable String region) {
    return world
        .settings()
        .list(
            new FleetQuery(
                text, effect, cause, phase, severity, label, managed, region, 100, null));
  }

  private static List<String> names(FleetPage page) {
    return page.items().stream().map(one -> one.state().key().name().value()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      textBlock =
          """
          news      | -        | -                 | -     | -        | -             | -     | -         | news@example.com
          .com      | CUSTOM   | -                 | -     | -        | -             | -     | -         | example.com
          @         | -        | -                 | -     | -        | -             | -     | -         |
          ost.      | -        | -                 | -     | -        | -             | -     | -         |
          -         | REJECTED | -                 | -     | -        | -             | -     | -         | rejecting.example
          -         | FALLBACK | -                 | -     | -        | -             | -     | -         | lost.example, mail.example.com, news@example.com
          -         | -        | NOT_COVERED       | -     | -        | -             | -     | -         | mail.example.com, news@example.com
          -         | -        | TEMPORARY_FAILURE | -     | -        | -             | -     | -         | rejecting.example, lost.example
          -         | FALLBACK | TEMPORARY_FAILURE | -     | -        | -             | -     | -         | lost.example
          -         | -        | -                 | SETUP | -        | -             | -     | -         |
          .example  | -        | -                 | LIVE  | -        | -             | -     | -         | rejecting.example, lost.example
          -         | -        | -                 | -     | CRITICAL | -             | -     | -         | rejecting.example
          -         | -        | -                 | -     | INFO     | -             | -     | -         | mail.example.com, news@example.com
          -         | -        | -                 | -     | -        | customer      | -     | -         | example.com
          -         | -        | -                 | -     | -        | customer=4711 | -     | -         | example.com
          -         | -        | -                 | -     | -        | customer=4712 | -     | -         |
          -         | -        | -                 | -     | -        | -             | true  | -         | example.com
          .example  | DEFAULT  | -                 | -     | -        | -             | false | -         | plain.example
          plain     | -        | -                 | -     | -        | -             | -     | us-east-1 | plain.example
          plain     | -        | -                 | -     | -        | -             | -     | eu-west-1 |
          """)
  void theFleetCanBeAskedForByEachOfItsFacts(
      @Nullable String text,
      @Nullable Effect effect,
      @Nullable Cause cause,
      @Nullable Phase phase,
      @Nullable Severity severity,
      @Nullable String label,
      @Nullable Boolean managed,
      @Nullable String region,
      @Nullable String names) {
    assertEquals(
        names == null ? "" : names,
        String.join(
            ", ", names(list(text, effect, cause, phase, severity, label, managed, region))));
  }

  @Test
  void theWorstComesFirstAndPagesLoseAndDoubleNothing() {
    List<String> whole = names(list(null, null, null, null, null, null, null, null));
    assertEquals(8, whole.size());
    assertEquals("rejecting.example", whole.get(0));
    assertEquals("lost.example", whole.get(1));
    List<String> paged = new ArrayList<>();
    String cursor = null;
    do {
      FleetPage page =
          world
              .settings()
              .list(new FleetQuery(null, null, null, null, null, null, null, null, 3, cursor));
      paged.addAll(names(page));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertEquals(whole, paged);
  }

  @Test
  void aReleaseOfWhatIsHeldLetsItGoAndOneOfNothingChangesNothing() {
    SettingsService settings = world.settings();
    assertNull(settings.release(World.REGION, world.mia()).heldSince());
    assertNull(world.regions.find(World.REGION).held().releasedAt());
    var since = world.time.instant();
    world.regions.change(World.REGION, state -> state.with(new RegionState.Held(since, null)));
    world.time.advance(Duration.ofHours(2));
    assertEquals(since, settings.release(World.REGION, world.mia()).heldSince());
    assertNull(world.regions.find(World.REGION).held().since());
    assertEquals(world.time.instant(), world.regions.find(World.REGION).held().releasedAt());
    assertNull(settings.release(World.REGION, world.mia()).heldSince());
  }
}
