package mailfrom.page;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mailfrom.app.run.World;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.text.Situations;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever has to get up at night works with the page alone. */
class PageForTheNightTest {
  private final World world = new World();

  private void store(IdentityState state) {
    var saved =
        world.identities.save(
            state.withRowVersion(0),
            List.of(
                new HistoryEntry(
                    world.time.instant(),
                    "mia",
                    HistoryEntry.What.SETTINGS,
                    null,
                    "before it",
                    "after it")),
            null);
    assertTrue(saved instanceof IdentityStore.Saved.Stored, saved::toString);
  }

  private static IdentityState situation(String name) {
    return Objects.requireNonNull(Situations.all().get(name), name).get().told().getFirst().state();
  }

  private String seen(Map<String, String> parameters) {
    return DrawnPage.words(
        DrawnPage.of(world, Situations.LINKS, Situations.POLICY)
            .draw(DrawnPage.call(parameters), "arn"));
  }

  private String seenAlone(IdentityState state) {
    return seen(
        Map.of("view", "identity", "region", World.REGION, "identity", state.key().name().value()));
  }

  /** None is left with a dash; what is to be published has its name and its zone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          started-fallback-temporary-failure | Publish bounce in the zone example.com: MX 10 feedback-smtp.us-east-1.amazonses.com
          started-rejected-pending           | Publish bounce in the zone example.com: MX 10 feedback-smtp.us-east-1.amazonses.com
          started-spf-broken                 | Publish bounce in the zone example.com: TXT v=spf1 include:amazonses.com ~all
          started-fallback-failed-managed    | Once the MX record is there, this starts SES again without waiting
          started-fallback-removed           | Set it again
          started-not-covered                | Give it one
          started-unverified-domain          | Publish its three DKIM records again
          started-unverified-address         | Have SES send its mail to the address again, and open the link in it
          drift-rejected                     | Put back what was asked for
          not-applied                        | Once that is mended, ask again
          """)
  void eachRowOfTheFleetSaysWhatIsToBeDone(String situation, String toDo) {
    store(situation(situation));
    String fleet = seen(Map.of("view", "fleet"));
    assertTrue(fleet.contains(toDo), fleet);
  }

  @Test
  void whoNeedsSomebodyComesFirstApartFromSetUpsAndIsFoundByAPartOfItsName() {
    store(
        Situations.open(
            Situations.customer(1, "UseDefaultValue", true),
            TroubleKind.FALLBACK,
            Severity.WARNING));
    store(situation("started-rejected-pending"));
    store(
        TestingIdentity.named("new.example")
            .sight(
                true,
                TestingIdentity.live("bounce.new.example", "UseDefaultValue", "Pending"),
                true)
            .standing(Effect.FALLBACK, Cause.PENDING, Phase.SETUP)
            .build());
    String one = seen(Map.of("view", "fleet", "name", "cust001"));
    String other = seen(Map.of("view", "fleet", "name", "example.com"));
    String none = seen(Map.of("view", "fleet", "name", "nobody"));
    String all = seen(Map.of("view", "fleet"));
    int setUps = all.indexOf("Setting up:");
    assertAll(
        () -> assertTrue(all.indexOf("mail.cust001.example") < setUps, all),
        () -> assertTrue(setUps < all.indexOf("new.example"), all),
        () -> assertTrue(one.contains("mail.cust001.example")),
        () -> assertTrue(one.contains("customer=c001"), one),
        () -> assertFalse(other.contains("mail.cust001.example")),
        () -> assertTrue(none.contains("No identity is like this."), none),
        () ->
            assertTrue(
                seen(Map.of("view", "fleet", "label", "customer=c001"))
                    .contains("mail.cust001.example")),
        () ->
            assertFalse(
                seen(Map.of("view", "fleet", "effect", "REJECTED"))
                    .contains("mail.cust001.example")),
        () ->
            assertTrue(
                seen(Map.of("view", "fleet", "effect", "REJECTED"))
                    .contains("Publish bounce in the zone example.com")));
  }

  @Test
  void anIdentityIsSeenWithAllThatOneAsksForAtNight() {
    IdentityState drifted = situation("drift-rejected");
    store(drifted);
    var now = world.time.instant();
    world.regions.keep(
        new Silence(
            "s1",
            new Silence.Match("example.com", null, null, null),
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofDays(1)),
            "the DNS moves",
            "mia"));
    String seen = seenAlone(drifted);
    assertAll(
        () -> assertTrue(seen.contains("customer=c001"), "labels"),
        () -> assertTrue(seen.contains("SES gives up"), "the deadline"),
        () -> assertTrue(seen.contains("set mailer.example.com"), "the drift"),
        () -> assertTrue(seen.contains("the DNS moves"), "the silence"),
        () -> assertTrue(seen.contains("before it") && seen.contains("after it"), "the history"),
        () -> assertTrue(seen.contains("Who was told"), "what was told"),
        () -> assertTrue(seen.contains("Put back what was asked for: curl"), seen));
    assertTrue(seen.contains("bounce.example.com.: MX 10 feedback-smtp"), seen);
    assertFalse(seen.contains("mailer.example.com.: MX"), "no record of the intruder's");
    assertFalse(seen.contains("mailer.example.com has no MX record"), "nor a finding");
  }
}
