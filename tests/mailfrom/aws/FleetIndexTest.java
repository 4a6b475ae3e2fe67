package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mailfrom.app.fleet.Attention;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.app.fleet.FleetRow;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.settings.Fleet;
import mailfrom.app.settings.SettingsApi.FleetPage;
import mailfrom.app.settings.SettingsApi.FleetQuery;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The list over the index is that of all rows sorted, at the price of what it shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetIndexTest {
  private static final String NAME = "mailfrom";
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final List<String> REGIONS = List.of("eu-west-1", "us-east-1", "ap-south-1");

  /** What no two of them compare alike as texts of Java and of DynamoDB. */
  private static final List<String> LOCAL_PARTS = List.of("\uFF21@", "\uD83C\uDF89@", "a b@", "Z@");

  private static final List<Effect> WORST_FIRST =
      List.of(Effect.REJECTED, Effect.FALLBACK, Effect.CUSTOM, Effect.DEFAULT);

  private LocalTable local;
  private DynamoDbClient client;

  @BeforeAll
  void start() {
    local = new LocalTable(NAME);
    client = local.client();
  }

  @AfterAll
  void stop() {
    client.close();
    local.close();
  }

  /** A fleet in partitions of its own, by its account. */
  private final class Stage {
    final String account;
    final Random random;
    final ReadUnits units = new ReadUnits(client);
    final Table table;
    final IdentityStore identities;
    final DynamoRegionStore regions;
    final Map<IdentityKey, IdentityState> rows = new ConcurrentHashMap<>();
    final List<IdentityState> kinds;

    Stage(String account, long seed) {
      this.account = account;
      this.random = new Random(seed);
      var clock = new MovingClock(new LocalClock(InstantSource.fixed(T0)));
      this.table = new Table(units, NAME, account, new Retry(clock, () -> 1));
      this.identities = new DynamoIdentityStore(table);
      this.regions = new DynamoRegionStore(table);
      // Few, so that many identities differ by their names alone.
      this.kinds =
          Stream.generate(() -> Filled.random(IdentityState.class, random)).limit(20).toList();
    }

    IdentityState state(IdentityKey key) {
      IdentityState kind = kinds.get(random.nextInt(kinds.size()));
      long rowVersion =
          Optional.ofNullable(rows.get(key)).map(IdentityState::rowVersion).orElse(0L);
      return TestingIdentity.of(key, rowVersion, kind)
          .withSesView(kind.sesView().withAbsences(random.nextInt(10) == 0 ? 2 : 0));
    }

    void save(IdentityState state) {
      if (identities.save(state, List.of(), null)
          instanceof IdentityStore.Saved.Stored(IdentityState stored)) {
        rows.put(stored.key(), stored);
      } else {
        throw new IllegalStateException("nobody else writes " + state.key());
      }
    }

    void fill(int identities) {
      List<IdentityState> states = new ArrayList<>();
      for (int i = 0; i < identities; i++) {
        String region = REGIONS.get(random.nextInt(REGIONS.size()));
        String local = i % 9 == 0 ? LOCAL_PARTS.get(random.nextInt(LOCAL_PARTS.size())) : "";
        states.add(
            state(
                new IdentityKey(
                    account, region, new IdentityName("%sone%d.example".formatted(local, i)))));
      }
      // Side by side they are written by the hundred.
      try (Tasks.Scope scope = Tasks.threads().open()) {
        Tasks.Lane lane = scope.lane(100);
        states.forEach(state -> lane.run(() -> save(state)));
        lane.join();
      }
    }

    /** What a run's end says. */
    void counted() {
      for (String region : REGIONS) {
        FleetCounts counts = FleetCounts.of(rows.values().stream(), T0);
        var _ =
            regions.change(
                region,
                before ->
                    before.with(new RegionState.Reading(null, null, 0, null, null, null, counts)));
      }
      double _ = units.take();
    }

    Fleet fleet() {
      return new Fleet(identities, regions, REGIONS, HealPolicy.NOTHING, false);
    }

    /** All that match, sorted by facts alone. */
    List<IdentityKey> sorted(FleetFilter filter, List<Silence> silences) {
      return rows.values().stream()
          .filter(state -> state.wasSeen() && !state.isGone())
          .filter(state -> filter.matches(FleetRow.of(state, silences)))
          .sorted(
              Comparator.comparing(Attention::of)
                  .thenComparingInt(FleetIndexTest::effect)
                  .thenComparing(
                      state -> state.effectState().since().toEpochMilli(),
                      Comparator.reverseOrder())
                  .thenComparing(state -> state.key().region())
                  .thenComparing(
                      state -> state.key().name().value(),
                      Comparator.comparing(
                          name -> name.codePoints().boxed().toList(), FleetIndexTest::compare)))
          .map(IdentityState::key)
          .toList();
    }
  }

  private static int effect(IdentityState state) {
    Effect effect = state.effectState().effect();
    return effect == Effect.UNVERIFIED
        ? state.effectState().cause() == null ? 9 : -1
        : WORST_FIRST.indexOf(effect);
  }

  private static int compare(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return one.get(i).compareTo(other.get(i));
      }
    }
    return Integer.compare(one.size(), other.size());
  }

  private static List<IdentityKey> pages(
      Stage stage, FleetFilter filter, int limit, Runnable betweenPages) {
    List<IdentityKey> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      FleetPage page = stage.fleet().list(new FleetQuery(filter, limit, cursor), T0);
      assertTrue(page.items().size() <= limit);
      page.items().forEach(item -> all.add(item.state().key()));
      cursor = page.nextCursor();
      betweenPages.run();
    } while (cursor != null);
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {1})
  void pagesOfAnySizeAreAllRowsSorted(long seed) {
    Stage stage = new Stage("sorted" + seed, seed);
    stage.fill(80);
    List<IdentityKey> sorted = stage.sorted(FleetFilter.ALL, List.of());
    assertTrue(sorted.size() > 20, "a fleet");
    assertEquals(sorted, pages(stage, FleetFilter.ALL, 1000, () -> {}), "before a run");
    stage.counted();
    for (int limit : List.of(1 + stage.random.nextInt(7), 50, 1000)) {
      assertEquals(sorted, pages(stage, FleetFilter.ALL, limit, () -> {}), limit + " a page");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11})
  void whateverIsAskedForIsFoundInOrder(long seed) {
    Stage stage = new Stage("asked" + seed, seed);
    stage.fill(90);
    stage.counted();
    Silence silence =
        new Silence(
            "s1",
            new Silence.Match("one1*", null, null, null),
            T0,
            T0.plus(Duration.ofDays(1)),
            "known",
            "arn:mia");
    for (int i = 0; i < 40; i++) {
      if (i == 20) {
        stage.regions.keep(silence);
      }
      FleetFilter filter = filter(stage.random);
      assertEquals(
          stage.sorted(filter, i < 20 ? List.of() : List.of(silence)),
          pages(stage, filter, 1 + stage.random.nextInt(30), () -> {}),
          filter.toString());
    }
  }

  /** Of each part sometimes something, of which often something is there. */
  private static FleetFilter filter(Random random) {
    Map<FleetFact, Set<String>> facts = new EnumMap<>(FleetFact.class);
    for (FleetFact kind : FleetFact.values()) {
      if (random.nextInt(5) == 0) {
        facts.put(kind, some(kind.words(), random));
      }
    }
    return new FleetFilter(
        random.nextInt(4) == 0 ? some(List.of("ONE1", "2", "@", "e", "\uFF21"), random) : Set.of(),
        random.nextInt(4) == 0
            ? some(List.of("plain", "plain=plain", "\\", "=", "zażółć ✓ 🎉"), random)
            : Set.of(),
        random.nextInt(4) == 0 ? some(REGIONS, random) : Set.of(),
        facts);
  }

  private static Set<String> some(List<String> of, Random random) {
    Set<String> some = new HashSet<>();
    of.stream().filter(one -> random.nextInt(2) == 0).forEach(some::add);
    return some;
  }

  @ParameterizedTest
  @ValueSource(longs = {21})
  void whatDoesNotChangeWhilePagesAreTurnedIsShownOnce(long seed) {
    Stage stage = new Stage("turned" + seed, seed);
    stage.fill(80);
    stage.counted();
    List<IdentityKey> before = stage.sorted(FleetFilter.ALL, List.of());
    Set<IdentityKey> changed = new HashSet<>();
    List<IdentityKey> shown =
        pages(
            stage,
            FleetFilter.ALL,
            1 + stage.random.nextInt(15),
            () -> {
              IdentityKey one = before.get(stage.random.nextInt(before.size()));
              stage.save(stage.state(one));
              changed.add(one);
            });
    List<IdentityKey> still = before.stream().filter(key -> !changed.contains(key)).toList();
    assertFalse(changed.isEmpty());
    assertEquals(still, shown.stream().filter(key -> !changed.contains(key)).toList());
  }

  @Test
  @Tag("slow")
  void soItIsOfManyFleets() {
    for (long seed = 100; seed < 105; seed++) {
      pagesOfAnySizeAreAllRowsSorted(seed);
      whateverIsAskedForIsFoundInOrder(seed);
      whatDoesNotChangeWhilePagesAreTurnedIsShownOnce(seed);
      aSearchLooksAtSoManyAPageAndItsCursorsFindAllInOrder(seed);
    }
  }

  @Test
  @Tag("slow")
  void aPageCostsWhatItShowsWhateverElseThereIs() {
    Map<Integer, Double> pages = new HashMap<>();
    Map<Integer, Double> effects = new HashMap<>();
    for (int identities : List.of(160, 500)) {
      Stage stage = new Stage("units" + identities, 31);
      stage.fill(identities);
      stage.counted();
      Fleet fleet = stage.fleet();
      FleetPage first = fleet.list(new FleetQuery(FleetFilter.ALL, 20, null), T0);
      pages.put(identities, stage.units.take());
      FleetPage next = fleet.list(new FleetQuery(FleetFilter.ALL, 20, first.nextCursor()), T0);
      assertEquals(20, next.items().size());
      assertTrue(stage.units.take() <= 1.2 * units(pages, identities), "the next page");
      fleet.list(
          new FleetQuery(
              new FleetFilter(
                  Set.of(), Set.of(), Set.of(), Map.of(FleetFact.EFFECT, Set.of("CUSTOM"))),
              20,
              null),
          T0);
      effects.put(identities, stage.units.take());
      var _ = fleet.summary(T0);
      assertTrue(stage.units.take() <= 3.0 * REGIONS.size(), "the Regions' rows alone");
    }
    assertTrue(units(pages, 160) < 60, pages.toString());
    assertTrue(units(pages, 500) <= 1.2 * units(pages, 160), pages.toString());
    assertTrue(units(effects, 500) <= 1.5 * units(effects, 160), effects.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {51})
  void aSearchLooksAtSoManyAPageAndItsCursorsFindAllInOrder(long seed) {
    Stage stage = new Stage("bounded" + seed, seed);
    stage.fill(90);
    stage.counted();
    int cut = 0;
    for (int i = 0; i < 12 || (cut <= 5 && i < 60); i++) {
      FleetFilter filter = filter(stage.random);
      int limit = 1 + stage.random.nextInt(30);
      Fleet fleet = stage.fleet().lookingAt(21);
      List<IdentityKey> all = new ArrayList<>();
      @Nullable String cursor = null;
      do {
        FleetPage page = fleet.list(new FleetQuery(filter, limit, cursor), T0);
        page.items().forEach(item -> all.add(item.state().key()));
        assertFalse(
            page.nextCursor() != null && page.nextCursor().equals(cursor), "it never goes on");
        Integer lookedAt = page.cutAfter();
        if (lookedAt != null) {
          cut++;
          assertTrue(page.items().size() <= limit);
        }
        cursor = page.nextCursor();
      } while (cursor != null);
      assertEquals(stage.sorted(filter, List.of()), all, filter.toString());
    }
    assertTrue(cut > 5, "pages were cut");
  }

  @Test
  @Tag("slow")
  void aSearchForWhatNobodyHasCostsNoMoreInALargerFleet() {
    Map<Integer, Double> units = new HashMap<>();
    for (int identities : List.of(200, 400)) {
      Stage stage = new Stage("search" + identities, 61);
      stage.fill(identities);
      stage.counted();
      FleetFilter nobody = new FleetFilter(Set.of("nobody"), Set.of(), Set.of(), Map.of());
      FleetPage page = stage.fleet().lookingAt(60).list(new FleetQuery(nobody, 20, null), T0);
      assertEquals(List.of(), page.items());
      units.put(identities, stage.units.take());
      assertEquals(Optional.of(60), Optional.ofNullable(page.cutAfter()));
    }
    assertTrue(units(units, 400) <= 1.2 * units(units, 200), units.toString());
  }

  @Test
  void whatLiesBelowADomainCostsWhatIsFoundWhateverElseThereIs() {
    Stage stage = new Stage("below", 37);
    stage.fill(90);
    stage.counted();
    String region = REGIONS.getFirst();
    assertEquals(
        List.of(), stage.identities.atOrBelow(region, DomainName.of("bounce.nobody.example")));
    assertTrue(stage.units.take() <= 1, "one look, where there were sixteen");
    IdentityKey found =
        stage.rows.values().stream()
            .filter(FleetPlace::isShown)
            .map(IdentityState::key)
            .filter(key -> key.region().equals(region))
            .findFirst()
            .orElseThrow();
    List<IdentityState> below = stage.identities.atOrBelow(region, found.name().domain());
    assertTrue(below.stream().map(IdentityState::key).toList().contains(found), below::toString);
    assertTrue(stage.units.take() < 8);
  }

  private static double units(Map<Integer, Double> of, int identities) {
    return of.getOrDefault(identities, 0.0);
  }

  @Test
  void aRowThatAnOlderVersionWroteIsNotInPlaceUntilItIsStoredAgain() {
    Stage stage = new Stage("older", 41);
    stage.fill(30);
    IdentityState row =
        stage.rows.values().stream().filter(FleetPlace::isShown).findFirst().orElseThrow();
    var _ =
        client.updateItem(
            r ->
                r.tableName(NAME)
                    .key(key(stage, row.key()))
                    .updateExpression("REMOVE fleet, worst, facts"));
    assertEquals(List.of(row.key()), misplaced(stage));
    stage.save(row);
    assertEquals(List.of(), misplaced(stage));
    stage.counted();
    assertEquals(
        stage.sorted(FleetFilter.ALL, List.of()), pages(stage, FleetFilter.ALL, 100, () -> {}));
  }

  private static List<IdentityKey> misplaced(Stage stage) {
    return REGIONS.stream()
        .flatMap(stage.identities::rows)
        .filter(row -> !row.isInPlace())
        .map(row -> row.state().key())
        .toList();
  }

  /** The key of a row, as the table has it. */
  private Map<String, AttributeValue> key(Stage stage, IdentityKey key) {
    return client
        .scanPaginator(
            r ->
                r.tableName(NAME)
                    .filterExpression("begins_with(pk, :id)")
                    .expressionAttributeValues(
                        Map.of(
                            ":id", Table.text("ID#%s#%s#".formatted(stage.account, key.region())))))
        .items()
        .stream()
        .filter(item -> Table.text(item, "worst").endsWith("|" + key.name()))
        .map(item -> stage.table.key(Table.text(item, Table.PK), Table.text(item, Table.SK)))
        .findFirst()
        .orElseThrow();
  }
}
