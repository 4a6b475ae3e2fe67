package mailfrom.app.settings;

import static mailfrom.domain.desired.Activation.STAGED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.api.OpenDoor;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.Sender;
import mailfrom.app.store.RegionState;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Silence;
import mailfrom.local.LocalSes;
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

  /** The names that a question over HTTP finds, in the order of the answer. */
  private List<String> names(String query, int limit) {
    return OpenDoor.pages(
            world.settings(),
            World.ACCOUNT,
            World.REGION,
            "/v1/identities?" + query,
            limit,
            world.time.instant())
        .stream()
        .map(item -> item.get("identity").textValue())
        .toList();
  }

  /** One that somebody else changed, one that recovers, one that is silenced. */
  private void night() {
    world.healthy("drifted.example");
    world.healthy("healed.example");
    world.put("drifted.example", World.wants("bounce.drifted.example", "UseDefaultValue", STAGED));
    world.mx("healed.example", Mx.NONE);
    world.read();
    world.mx("healed.example", Mx.RIGHT);
    world.dns.put("theirs.drifted.example", Mx.RIGHT);
    world.ses.put(
        World.REGION,
        "drifted.example",
        "theirs.drifted.example",
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        world.time.instant());
    world.regions.keep(
        new Silence(
            "s1",
            new Silence.Match("lost.*", null, null, null),
            world.time.instant(),
            world.time.instant().plus(Duration.ofDays(1)),
            "is known",
            "arn:mia"));
    world.read();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          q=news                                     | news@example.com
          q=NEWS                                     | news@example.com
          q=%20news%20                               | news@example.com
          q=ost.                                     | lost.example
          q=@                                        | news@example.com, late@example.com
          q=news&q=late                              | news@example.com, late@example.com
          q=nobody                                   |
          effect=REJECTED                            | rejecting.example
          effect=FALLBACK                            | lost.example, mail.example.com, news@example.com
          effect=REJECTED&effect=DEFAULT             | rejecting.example, plain.example
          q=.com&effect=CUSTOM                       | example.com
          cause=NOT_COVERED                          | mail.example.com, news@example.com
          cause=TEMPORARY_FAILURE                    | rejecting.example, lost.example
          cause=TEMPORARY_FAILURE&effect=FALLBACK    | lost.example
          trouble=FALLBACK                           | lost.example
          trouble=FALLBACK&trouble=REJECTED          | rejecting.example, lost.example
          trouble=UNVERIFIED                         |
          finding=MX_MISSING                         | rejecting.example, lost.example
          finding=MX_MISSING&finding=ZONE_MISSING    | rejecting.example, lost.example
          finding=MX_MULTIPLE                        |
          phase=setup                                |
          q=.example&phase=live&trouble=FALLBACK     | lost.example
          severity=critical                          | rejecting.example
          severity=critical&severity=warning         | rejecting.example, lost.example
          severity=info                              | mail.example.com, news@example.com
          label=customer                             | example.com
          label=customer=4711                        | example.com
          label=customer=4712                        |
          label=customer=4712&label=customer=4711    | example.com
          label=customer=4711,b                      |
          managed=true                               | drifted.example, example.com
          q=.example&effect=DEFAULT&managed=false    | plain.example
          drift=true                                 | drifted.example
          drift=true&drift=false&q=drifted&q=plain   | drifted.example, plain.example
          silenced=true                              | lost.example
          silenced=false&trouble=FALLBACK            |
          recovering=true                            | healed.example
          region=us-east-1&q=plain                   | plain.example
          """)
  void theFleetCanBeAskedForByEachOfItsFactsAndSeveralMeanAnyOfThem(
      String query, @Nullable String names) {
    night();
    assertEquals(names == null ? "" : names, String.join(", ", names(query, 1000)));
  }

  @Test
  void theWorstComesFirstWhatRecoversAfterItAndPagesLoseAndDoubleNothing() {
    night();
    List<String> whole = names("q=", 1000);
    assertEquals(
        List.of(
            "rejecting.example",
            "lost.example",
            "mail.example.com",
            "news@example.com",
            "healed.example"),
        whole.subList(0, 5));
    assertEquals(10, whole.size());
    assertEquals(whole, names("q=", 3));
    assertEquals(whole, names("q=", 1));
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
    assertNull(world.regions.find(World.REGION).held().heldSince());
    assertEquals(world.time.instant(), world.regions.find(World.REGION).held().releasedAt());
    assertNull(settings.release(World.REGION, world.mia()).heldSince());
  }
}
