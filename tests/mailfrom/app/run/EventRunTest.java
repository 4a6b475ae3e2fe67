package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event makes of what is stored and told, before the next read run. */
class EventRunTest {
  private static final String NAME = "example.com";
  private static final String PAUL = "arn:aws:iam::123456789012:user/paul";
  private static final String STAGING = "arn:aws:sts::123456789012:assumed-role/staging/ci";
  private static final String PRODUCTION = "arn:aws:sts::123456789012:assumed-role/production/ci";

  private final World world = new World();
  private int messages;

  private SesEvent event(
      List<String> names, List<String> mailFromDomains, @Nullable String by, boolean deletes) {
    return new SesEvent(
        "m" + ++messages,
        World.REGION,
        names.stream().map(IdentityName::of).toList(),
        mailFromDomains.stream().map(DomainName::of).toList(),
        world.time.instant(),
        world.time.instant().plusSeconds(3),
        by,
        deletes);
  }

  private SesEvent changed(@Nullable String by) {
    return event(List.of(NAME), List.of(), by, false);
  }

  private SesEvent deleted() {
    return event(List.of(NAME), List.of(), PAUL, true);
  }

  /** One that is managed, beside one that is not. */
  private void managed() {
    world.ses.addDomain(World.REGION, "another.example", true);
    world.healthy(NAME);
    world.read();
    world.put(NAME, World.wants("bounce." + NAME, "UseDefaultValue", Activation.STAGED));
    world.read();
    world.time.advance(Duration.ofMinutes(1));
  }

  private void somebodySets(String mailFrom) {
    world.dns.put(mailFrom, Mx.RIGHT);
    world.ses.put(
        World.REGION,
        NAME,
        mailFrom,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        world.time.instant());
  }

  @Test
  void theSameEventFiftyTimesIsOneRead() {
    managed();
    SesEvent[] fifty = new SesEvent[50];
    for (int i = 0; i < fifty.length; i++) {
      fifty[i] = changed(null);
    }
    world.ses.forgetCalls();
    assertEquals(Set.of(), world.events(fifty).failed());
    assertEquals(Set.of(), world.events(fifty).failed());
    assertEquals(1, world.ses.calls("GetIdentityMailFromDomainAttributes").size());
  }

  @Test
  void anEventAboutAMailFromDomainThatNobodyUsesIsDoneWith() {
    managed();
    RunReport.EventReport report =
        world.events(event(List.of(), List.of("bounce.nobody.example"), null, false));
    assertEquals(Set.of(), report.failed());
    assertEquals(0, report.identitiesRead());
  }

  @Test
  void whoChangedItIsToldAndKeptInHistory() {
    managed();
    somebodySets("mail.example.com");
    var _ = world.events(changed(PAUL));
    assertEquals(List.of("DRIFT"), world.taken.reasons(NAME));
    assertTrue(
        world.taken.alerts().getLast().text().contains("user/paul"),
        () -> world.taken.alerts().getLast().text());
    assertTrue(
        world.identities.history(World.key(NAME), 10, null, world.time.instant()).items().stream()
            .anyMatch(
                entry ->
                    entry.what() == HistoryEntry.What.SETTINGS
                        && String.valueOf(entry.by()).endsWith("/paul")));
  }

  @Test
  void aDeleteEventThatAReadConfirmsIsADeletionAtOnce() {
    managed();
    // Said too early: SES still knows it.
    var _ = world.events(deleted());
    assertFalse(world.row(NAME).isGone());
    world.time.advance(Duration.ofMinutes(1));
    world.ses.delete(World.REGION, NAME);
    var _ = world.events(deleted());
    assertTrue(world.row(NAME).isGone());
    assertEquals(List.of("GONE"), world.taken.reasons(NAME));
    assertTrue(world.taken.alerts().getLast().text().contains("user/paul"), "by whom");
    // Verified again by somebody: none of its old settings.
    world.ses.addDomain(World.REGION, NAME, true);
    world.read();
    assertEquals(null, world.row(NAME).desiredState());
  }

  /** Each was the one that SES is asked for beside those that may be deleted. */
  @Test
  void theLastIdentitiesOfARegionAreDeletedOneAfterAnother() {
    managed();
    for (String name : List.of("another.example", NAME)) {
      world.time.advance(Duration.ofMinutes(1));
      world.ses.delete(World.REGION, name);
      assertEquals(Set.of(), world.events(event(List.of(name), List.of(), PAUL, true)).failed());
      assertTrue(world.row(name).isGone(), name);
    }
    assertEquals(List.of("GONE"), world.taken.reasons(NAME));
    assertTrue(world.taken.alerts().getLast().text().contains("user/paul"), "by whom");
    assertTrue(world.read().complete(), "nobody is missing");
    assertEquals(List.of("BASELINE"), world.taken.reasons(""));
  }

  @Test
  void allThatARegionHasAreDeletedAtOnce() {
    managed();
    world.ses.delete(World.REGION, "another.example");
    world.ses.delete(World.REGION, NAME);
    var report = world.events(event(List.of(NAME, "another.example"), List.of(), PAUL, true));
    assertEquals(Set.of(), report.failed());
    assertTrue(world.row(NAME).isGone() && world.row("another.example").isGone());
  }

  @Test
  void anEmptyAnswerAboutWhomTheListNamesIsNoDeletionWhateverAnEventSays() {
    world.healthy(NAME);
    world.read();
    world.time.advance(Duration.ofMinutes(1));
    world.ses.leaveOut(World.REGION, "GetIdentityMailFromDomainAttributes", NAME);
    assertEquals(Set.of(), world.events(deleted()).failed(), "the next read runs settle it");
    assertFalse(world.row(NAME).isGone());
  }

  @Test
  void aDeleteEventWaitsForAListWhereNobodyAnswers() {
    world.healthy(NAME);
    world.read();
    world.time.advance(Duration.ofMinutes(1));
    world.ses.delete(World.REGION, NAME);
    world.ses.deny(World.REGION, "ListIdentities");
    SesEvent deleted = deleted();
    assertEquals(Set.of(deleted.id()), world.events(deleted).failed());
    assertFalse(world.row(NAME).isGone());
    world.ses.allow(World.REGION, "ListIdentities");
    assertEquals(Set.of(), world.events(deleted).failed());
    assertTrue(world.row(NAME).isGone());
  }

  @Test
  void whoIsAskedForBesideOthersAndIsDeletedItselfIsReplacedByOneThatIsListed() {
    managed();
    world.ses.delete(World.REGION, "another.example");
    assertEquals(
        Set.of(), world.events(event(List.of("another.example"), List.of(), PAUL, true)).failed());
    assertTrue(world.row("another.example").isGone());
    assertFalse(world.row(NAME).isGone());
  }

  /** A list with nobody is a broken one, as long as one is missing of whom no event says so. */
  @Test
  void anEmptyListIsBelievedOnceEventsNameAllWhomItLacks() {
    managed();
    world.ses.delete(World.REGION, "another.example");
    world.ses.delete(World.REGION, NAME);
    assertEquals(Set.of(), world.events(changed(PAUL)).failed(), "the next read runs settle it");
    assertFalse(world.row(NAME).isGone());
    SesEvent ofAnother = event(List.of("another.example"), List.of(), PAUL, true);
    assertEquals(Set.of(ofAnother.id()), world.events(ofAnother).failed());
    assertFalse(world.row("another.example").isGone());
    assertEquals(Set.of(), world.events(deleted()).failed());
    assertTrue(world.row(NAME).isGone());
    assertEquals(Set.of(), world.events(ofAnother).failed(), "brought again");
    assertTrue(world.row("another.example").isGone());
  }

  @Test
  void whatCouldNotBeAskedIsBroughtAgain() {
    managed();
    SesEvent event = changed(null);
    world.ses.deny(World.REGION, "GetIdentityMailFromDomainAttributes");
    assertEquals(Set.of(event.id()), world.events(event).failed());
    world.ses.allow(World.REGION, "GetIdentityMailFromDomainAttributes");
    assertEquals(Set.of(), world.events(event).failed());
  }

  /** AWS's own sample of a Health event names the MAIL FROM domain, and no identity. */
  @Test
  void anEventThatNamesAMailFromDomainIsAboutEveryIdentityThatUsesIt() {
    String shared = "bounce.example.com";
    List<String> users = List.of("a@example.com", "b@example.com", "c@example.com");
    world.dns.put(shared, Mx.RIGHT);
    for (String user : users) {
      world.ses.addAddress(World.REGION, user, true);
      world.ses.put(
          World.REGION,
          user,
          shared,
          LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
          LocalSes.Status.SUCCESS,
          world.time.instant());
    }
    world.healthy("other.example");
    world.read();
    world.time.advance(Duration.ofMinutes(1));
    world.dns.put(shared, Mx.NONE);
    world.ses.forgetCalls();
    var report = world.events(event(List.of(shared), List.of(shared), null, false));
    assertEquals(Set.of(), report.failed());
    for (String user : users) {
      assertEquals(Effect.FALLBACK, world.row(user).effectState().effect());
      assertEquals(List.of("STARTED"), world.taken.reasons(user));
    }
    assertEquals(1, world.ses.calls("GetIdentityMailFromDomainAttributes").size());
    assertTrue(world.identities.find(World.key(shared)).isEmpty(), "it is no identity");
  }

  @Test
  void anEventThatNamesAMailFromDomainThatIsWantedReadsItsIdentity() {
    world.ses.addDomain(World.REGION, NAME, true);
    world.read();
    world.put(NAME, World.wants("bounce." + NAME, "UseDefaultValue", Activation.WHEN_READY));
    world.time.advance(Duration.ofMinutes(1));
    somebodySets("mail." + NAME);
    var _ = world.events(event(List.of(), List.of("bounce." + NAME), null, false));
    assertEquals(Effect.CUSTOM, world.row(NAME).effectState().effect());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEventAboutANameThatSesDoesNotKnowMakesNoRow(boolean deletes) {
    managed();
    var report =
        world.events(
            event(List.of("ghost.example.com"), List.of("ghost.example.com"), PAUL, deletes));
    assertEquals(Set.of(), report.failed());
    assertTrue(world.identities.find(World.key("ghost.example.com")).isEmpty());
  }

  @Test
  void aClearThatWasFollowedByASetBeforeWeReadItIsNotRemoved() {
    managed();
    SesEvent cleared = changed(PAUL);
    world.time.advance(Duration.ofSeconds(3));
    SesEvent set = changed(STAGING);
    somebodySets("b." + NAME);
    // The newer one comes first.
    var _ = world.events(set);
    var _ = world.events(cleared);
    world.read();
    assertEquals(List.of("DRIFT"), world.taken.reasons(NAME));
    assertEquals(Effect.CUSTOM, world.row(NAME).effectState().effect());
    assertTrue(world.taken.alerts().getLast().text().contains(STAGING));
  }

  /** Two owners change it every half hour for a day. */
  private List<String> toldOfTurns() {
    managed();
    for (int turn = 0; turn < 48; turn++) {
      world.time.advance(Duration.ofMinutes(30));
      boolean staging = turn % 2 == 0;
      somebodySets((staging ? "bounce-stg." : "bounce-prd.") + NAME);
      var _ = world.events(changed(staging ? STAGING : PRODUCTION));
      world.read();
      var _ = world.apply();
    }
    List<String> told = new ArrayList<>();
    world.taken.alerts().forEach(alert -> told.add(alert.text()));
    return told;
  }

  @Test
  void ownersThatTakeTurnsAreToldOnceAPairAndBothAreNamed() {
    List<String> told = toldOfTurns();
    assertEquals(Collections.nCopies(2, "DRIFT"), world.taken.reasons(NAME));
    assertTrue(told.getLast().contains(STAGING), told::getLast);
    assertTrue(told.getLast().contains(PRODUCTION), told::getLast);
  }

  @Test
  void whereDriftIsRepairedTurnsEndInItsBeingLeftAlone() {
    world.policy = new HealPolicy(true, true);
    var _ = toldOfTurns();
    assertEquals(2, Collections.frequency(world.taken.reasons(NAME), "DRIFT"));
    assertTrue(world.row(NAME).healingState().isUndoneTooOften());
    assertTrue(world.sets() < 10, () -> world.sets() + " calls");
  }
}
