package mailfrom.app.store;

import static java.util.stream.Collectors.toSet;
import static mailfrom.domain.identity.TestingIdentity.ACCOUNT;
import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.MovingClock;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for each table: the one in memory is never kinder than the real one. */
public abstract class TableContract implements BatchContract, PaceContract {
  private static final String OTHER = "eu-west-1";

  /** The time of leases. */
  protected final LocalClock time = new LocalClock(InstantSource.fixed(T0));

  protected final MachineClock clock = new MovingClock(time);

  /** The table, empty. */
  protected abstract IdentityStore identities();

  protected abstract RegionStore regions();

  @Override
  public LocalClock time() {
    return time;
  }

  private static IdentityState state(String name) {
    return named(name).build();
  }

  private IdentityState stored(IdentityState state) {
    return stored(state, List.of(), null);
  }

  private IdentityState stored(
      IdentityState state, List<HistoryEntry> history, @Nullable Instant at) {
    return assertInstanceOf(IdentityStore.Saved.Stored.class, identities().save(state, history, at))
        .state();
  }

  private static HistoryEntry entry(Instant at, String after) {
    return new HistoryEntry(at, null, HistoryEntry.What.EFFECT, null, null, after);
  }

  private static void assertConflict(IdentityStore.Saved saved) {
    assertInstanceOf(IdentityStore.Saved.Conflict.class, saved);
  }

  @Test
  void whatWasSavedIsFoundWithItsNextVersion() {
    IdentityState saved =
        stored(
            named("example.com").wanted(settings("bounce.example.com", "RejectMessage")).build());
    assertEquals(1, saved.rowVersion());
    assertEquals(Optional.of(saved), identities().find(saved.key()));
    IdentityState again = stored(saved);
    assertEquals(2, again.rowVersion());
    assertEquals(Optional.of(again), identities().find(saved.key()));
  }

  @Test
  void whatWasNeverSavedIsNotFound() {
    assertTrue(identities().find(key("nobody.example")).isEmpty());
  }

  @Test
  void aNewRowThatIsThereAlreadyIsAConflict() {
    IdentityState saved = stored(state("example.com"));
    assertConflict(identities().save(state("example.com"), List.of(), null));
    assertConflict(identities().save(state("example.com"), List.of(entry(T0, "x")), T0));
    assertEquals(Optional.of(saved), identities().find(saved.key()));
    assertEquals(List.of(), identities().queued(REGION));
    assertEquals(List.of(), identities().history(saved.key(), 10, null, T0).items());
  }

  @Test
  void anOlderVersionIsAConflictAndChangesNothing() {
    IdentityState first = stored(state("example.com"));
    IdentityState second = stored(first);
    assertConflict(identities().save(first, List.of(), null));
    assertConflict(identities().save(first, List.of(entry(T0, "x")), T0));
    assertConflict(identities().save(second.withRowVersion(7), List.of(), null));
    assertConflict(identities().forget(first));
    assertEquals(Optional.of(second), identities().find(first.key()));
    assertEquals(List.of(), identities().queued(REGION));
    assertEquals(List.of(), identities().history(first.key(), 10, null, T0).items());
  }

  @Test
  void aRowOfAVersionThatIsNotStoredIsAConflict() {
    assertConflict(identities().save(state("example.com").withRowVersion(1), List.of(), null));
    assertTrue(identities().find(key("example.com")).isEmpty());
  }

  @Test
  void aForgottenRowIsGoneAndMayComeAnew() {
    IdentityState saved = stored(state("example.com"));
    assertInstanceOf(IdentityStore.Saved.Stored.class, identities().forget(saved));
    assertTrue(identities().find(saved.key()).isEmpty());
    assertConflict(identities().save(saved, List.of(), null));
    assertConflict(identities().forget(saved));
    assertEquals(1, stored(state("example.com")).rowVersion());
  }

  @Test
  void regionsDoNotMix() {
    IdentityState here = stored(state("example.com"));
    IdentityKey there = new IdentityKey(ACCOUNT, OTHER, IdentityName.of("example.com"));
    IdentityState other = stored(IdentityState.unseen(there), List.of(), T0);
    try (Stream<IdentityState> rows = identities().ofRegion(REGION)) {
      assertEquals(List.of(here), rows.toList());
    }
    try (Stream<IdentityState> rows = identities().ofRegion(OTHER)) {
      assertEquals(List.of(other), rows.toList());
    }
    assertEquals(List.of(), identities().queued(REGION));
    assertEquals(List.of(there), keys(OTHER));
  }

  private List<IdentityKey> keys(String region) {
    return identities().queued(region).stream().map(IdentityStore.Queued::key).toList();
  }

  @Test
  void atOrBelowADomainAreItselfItsSubdomainsAndTheirAddresses() {
    for (String name :
        List.of(
            "bounce.example.com",
            "bounce2.example.com",
            "a.bounce.example.com",
            "b.a.bounce.example.com",
            "post@bounce.example.com",
            "post@a.bounce.example.com",
            "post@bounce2.example.com",
            "example.com",
            "xbounce.example.com",
            "bounce.example.org",
            "post@example.com")) {
      stored(state(name));
    }
    assertEquals(
        Set.of(
            "bounce.example.com",
            "a.bounce.example.com",
            "b.a.bounce.example.com",
            "post@bounce.example.com",
            "post@a.bounce.example.com"),
        identities().atOrBelow(REGION, DomainName.of("bounce.example.com")).stream()
            .map(row -> row.key().name().value())
            .collect(toSet()));
    assertEquals(List.of(), identities().atOrBelow(OTHER, DomainName.of("bounce.example.com")));
  }

  @Test
  void theQueueIsOldestFirst() {
    stored(state("c.example"), List.of(), T0.plusSeconds(2));
    stored(state("a.example"), List.of(), T0.plusSeconds(3));
    stored(state("b.example"), List.of(), T0.plusSeconds(1));
    assertEquals(List.of(key("b.example"), key("c.example"), key("a.example")), keys(REGION));
  }

  @Test
  void whoIsQueuedAgainIsNotTakenOutByTheOlderItem() {
    IdentityState saved = stored(state("example.com"), List.of(), T0);
    IdentityStore.Queued older = identities().queued(REGION).getFirst();
    stored(saved, List.of(), T0.plusSeconds(1));
    identities().unqueue(older);
    IdentityStore.Queued newer = identities().queued(REGION).getFirst();
    assertEquals(T0.plusSeconds(1), newer.since());
    identities().unqueue(newer);
    identities().unqueue(newer);
    assertEquals(List.of(), identities().queued(REGION));
  }

  @Test
  void aWriteWithoutAQueueTimeLeavesTheQueueAlone() {
    IdentityState saved = stored(state("example.com"), List.of(), T0);
    stored(saved, List.of(entry(T0, "x")), null);
    assertEquals(List.of(new IdentityStore.Queued(saved.key(), T0)), identities().queued(REGION));
  }

  @Test
  void historyIsPagedNewestFirst() {
    IdentityState row = state("example.com");
    List<HistoryEntry> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<HistoryEntry> entries =
          List.of(
              entry(T0.plusSeconds(i), "settings " + i), entry(T0.plusSeconds(i), "effect " + i));
      row = stored(row, entries, null);
      written.addAll(entries);
    }
    List<HistoryEntry> read = new ArrayList<>();
    String cursor = null;
    int pages = 0;
    do {
      IdentityStore.HistoryPage page = identities().history(row.key(), 3, cursor, T0);
      read.addAll(page.items());
      cursor = page.nextCursor();
      pages++;
    } while (cursor != null);
    assertEquals(written.reversed(), read);
    assertEquals(4, pages);
    assertNull(identities().history(row.key(), 10, null, T0).nextCursor());
    assertEquals(List.of(), identities().history(key("example.org"), 10, null, T0).items());
  }

  @Test
  void historyOfOneSecondIsNewestFirst() {
    IdentityState row = state("example.com");
    List<HistoryEntry> written =
        Stream.of(0, 1, 250_000_000, 900_000_000, 1_000_000_000)
            .map(nanos -> entry(T0.plusNanos(nanos), "after " + nanos))
            .toList();
    for (HistoryEntry entry : written) {
      row = stored(row, List.of(entry), null);
    }
    assertEquals(written.reversed(), identities().history(row.key(), 10, null, T0).items());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          399 days 23:59:59, PT9599H59M59S, true
          400 days,          PT9600H,       false
          400 days and 1 s,  PT9600H1S,     false
          """)
  void expiredHistoryIsNotShown(String name, Duration later, boolean shown) {
    IdentityState row = stored(state("example.com"), List.of(entry(T0, "old")), null);
    assertEquals(
        shown ? 1 : 0, identities().history(row.key(), 10, null, T0.plus(later)).items().size());
  }

  @Test
  void aRegionIsChangedFromWhatIsStored() {
    assertEquals(RegionState.unseen(REGION), regions().find(REGION));
    RegionState first = regions().change(REGION, region -> counted(region, 3));
    RegionState second =
        regions().change(REGION, region -> counted(region, 1).with(region.told().baselined(T0)));
    assertEquals(1, first.rowVersion());
    assertEquals(4, second.reading().identities());
    assertEquals(second, regions().find(REGION));
    assertEquals(RegionState.unseen(OTHER), regions().find(OTHER));
  }

  @Test
  void ofTheReceiptRulesThoseAreFoundThatCoverADomain() {
    DomainName domain = new DomainName("bounce.example.com");
    assertEquals(Optional.empty(), regions().receipts(REGION, domain));
    regions()
        .keepReceipts(
            REGION,
            Receipts.read(
                List.of("", "a@Bounce.example.com", ".example.com", "example.net", "b@c.d"), T0));
    assertEquals(
        Optional.of(new Receipts(List.of("", "a@Bounce.example.com", ".example.com"), T0)),
        regions().receipts(REGION, domain));
    assertEquals(Optional.empty(), regions().receipts(OTHER, domain));
    regions().keepReceipts(REGION, new Receipts(List.of(), T0.plusSeconds(1)));
    assertEquals(
        Optional.of(new Receipts(List.of(), T0.plusSeconds(1))),
        regions().receipts(REGION, domain));
  }

  /** 200 rules of 500 recipients are what SES takes in a Region. */
  @Test
  @Tag("slow")
  void receiptRulesAtTheQuotaOfSesAreKeptAndFound() {
    List<String> recipients = new ArrayList<>();
    for (int i = 0; i < 99_000; i++) {
      recipients.add("%s%d@customer-%d.example.com".formatted("x".repeat(50), i, i));
    }
    for (int i = 0; i < 1_000; i++) {
      recipients.add("%s%d@one.example.net".formatted("y".repeat(50), i));
    }
    Receipts read = Receipts.read(recipients, T0);
    regions().keepReceipts(REGION, read);
    Receipts later = new Receipts(read.recipients(), T0.plusSeconds(900));
    regions().keepReceipts(REGION, later);
    assertEquals(
        Optional.of(new Receipts(List.of(recipients.get(77)), later.at())),
        regions().receipts(REGION, new DomainName("customer-77.example.com")));
    assertEquals(
        10,
        regions()
            .receipts(REGION, new DomainName("one.example.net"))
            .orElseThrow()
            .recipients()
            .size());
    assertEquals(
        Optional.of(new Receipts(List.of(), later.at())),
        regions().receipts(REGION, new DomainName("bounce.example.org")));
  }

  @Test
  void aChangeOfARegionThatChangesNothingIsNotWritten() {
    assertEquals(RegionState.unseen(REGION), regions().change(REGION, region -> region));
    RegionState stored = regions().change(REGION, region -> counted(region, 3));
    assertEquals(stored, regions().change(REGION, region -> counted(region, 0)));
    assertEquals(stored, regions().find(REGION));
    assertEquals(1, stored.rowVersion());
  }

  /** As many as a change is tried: the last one was overtaken by each of the others. */
  @Test
  void twentyChangesOfARegionAtOnceAllCount() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 20)
          .forEach(i -> threads.execute(() -> regions().change(REGION, r -> counted(r, 1))));
    }
    assertEquals(20, regions().find(REGION).reading().identities());
  }

  @Test
  void aSilenceIsKeptUntilItIsForgotten() {
    Silence first =
        new Silence(
            "a",
            new Silence.Match("*.example.com", REGION, null, null),
            T0,
            T0.plusSeconds(60),
            "move of DNS",
            "arn:mia");
    Silence longer =
        new Silence("a", first.match(), T0, T0.plusSeconds(120), first.reason(), first.by());
    assertEquals(List.of(), regions().silences());
    regions().keep(first);
    regions().keep(longer);
    assertEquals(List.of(longer), regions().silences());
    assertEquals(Optional.of(longer), regions().forgetSilence("a"));
    assertEquals(Optional.empty(), regions().forgetSilence("a"));
    assertEquals(List.of(), regions().silences());
  }

  @Test
  void theRunsOfATimeAreReadOldestFirstAndByRegion() {
    List<RegionState.LastRun> kept =
        Stream.of(60, 0, 30)
            .map(
                s ->
                    new RegionState.LastRun(
                        T0.plusSeconds(s), Duration.ofSeconds(s), s, s, 0, true))
            .toList();
    kept.forEach(run -> regions().keepRun(REGION, run));
    regions().keepRun("eu-west-1", kept.getFirst());
    assertEquals(List.of(kept.get(1), kept.get(2)), regions().runs(REGION, T0, T0.plusSeconds(30)));
    assertEquals(
        List.of(kept.get(2), kept.get(0)),
        regions().runs(REGION, T0.plusSeconds(1), T0.plusSeconds(3600)));
    assertEquals(List.of(), regions().runs("us-west-2", T0, T0.plusSeconds(3600)));
  }

  /** The Region's row with so many identities more. */
  public static RegionState counted(RegionState region, int more) {
    return region.with(
        new RegionState.Reading(
            null, null, region.reading().identities() + more, null, null, null, null));
  }
}
