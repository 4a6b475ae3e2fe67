package mailfrom.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import mailfrom.app.Configuration;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.run.World;
import mailfrom.app.settings.Fleet;
import mailfrom.app.settings.SettingsApi.FleetPage;
import mailfrom.app.settings.SettingsApi.FleetQuery;
import mailfrom.app.store.RegionState;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.aws.BulkWrites;
import mailfrom.aws.DynamoIdentityStore;
import mailfrom.aws.DynamoRegionStore;
import mailfrom.aws.ReadUnits;
import mailfrom.aws.Retry;
import mailfrom.aws.Table;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What it costs to look at the fleet, in read units and time, for fleets of three sizes in ten
 * Regions; and what it costs where every row is read, as before a Region's first run. DynamoDB
 * Local's own time is in it.
 */
final class FleetPageBench {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);

  /** Reading all of more than that takes minutes here. */
  private static final int ALL_ROWS_UNTIL = Integer.getInteger("all", 10_000);

  private static final int ROUNDS = 7;
  private static final int PAGE = 100;
  private static final FleetFilter PREFIX =
      new FleetFilter(Set.of("team-00042"), Set.of(), Set.of(), Map.of());
  private static final FleetFilter REJECTED =
      new FleetFilter(Set.of(), Set.of(), Set.of(), Map.of(FleetFact.EFFECT, Set.of("REJECTED")));

  /**
   * What a look cost.
   *
   * @param units what the table counted; null: not asked
   * @param what it gave: rows or bytes
   */
  private record Cost(Duration took, @Nullable Double units, int what) {}

  private FleetPageBench() {}

  static void run() {
    List<IdentityState> kinds = kinds();
    // At the end, in one piece: the page's function logs what it draws.
    StringBuilder figures = new StringBuilder();
    figures.append(
        "%-40s %12s %12s %10s%n"
            .formatted("ten Regions, medians of " + ROUNDS, "ms", "read units", "gives"));
    @Nullable Map<String, Cost> first = null;
    for (int size : SIZES) {
      try (var cloud =
          new LocalCloud(
              LocalCloud.Options.forTests().withTheDnsOfAStack().in(FleetBench.TEN),
              HandlersInProcess::of)) {
        Looks looks = new Looks(cloud, kinds);
        looks.fill(size);
        if (size <= ALL_ROWS_UNTIL) {
          print(figures, size + " identities, every row read", looks.all(1), null);
        }
        looks.counted();
        Map<String, Cost> costs = looks.all(ROUNDS);
        print(figures, size + " identities", costs, first);
        first = first == null ? costs : first;
      }
    }
    System.out.print(figures);
  }

  /** Rows of a run, of which the first are in trouble. */
  private static List<IdentityState> kinds() {
    World world = new World();
    for (String name : List.of("lost.example", "rejecting.example", "custom.example")) {
      world.healthy(name);
    }
    world.reject("rejecting.example");
    world.ses.addDomain(World.REGION, "plain.example", true);
    world.read();
    world.mx("lost.example", Mx.NONE);
    world.mx("rejecting.example", Mx.NONE);
    world.read();
    return List.of(
        world.row("lost.example"),
        world.row("rejecting.example"),
        world.row("plain.example"),
        world.row("custom.example"));
  }

  private static void print(
      StringBuilder figures,
      String title,
      Map<String, Cost> costs,
      @Nullable Map<String, Cost> smallest) {
    figures.append(title).append('\n');
    costs.forEach(
        (name, cost) -> {
          Cost small = smallest == null ? null : smallest.get(name);
          Double units = cost.units();
          figures.append(
              "  %-38s %12.1f %12s %10d%s%n"
                  .formatted(
                      name,
                      millis(cost),
                      units == null ? "" : "%.1f".formatted(units),
                      cost.what(),
                      small == null ? "" : ratios(cost, small)));
        });
  }

  private static String ratios(Cost cost, Cost small) {
    String time = "   time %.2f of the smallest".formatted(millis(cost) / millis(small));
    Double units = cost.units();
    Double few = small.units();
    return units == null || few == null ? time : time + ", units %.2f".formatted(units / few);
  }

  private static double millis(Cost cost) {
    return cost.took().toNanos() / 1e6;
  }

  /** Somebody who looks at one table. */
  private static final class Looks {
    private final Functions functions;
    private final List<IdentityState> kinds;
    private final Configuration configuration;
    private final DynamoDbClient client;
    private final ReadUnits units;
    private final DynamoRegionStore regions;
    private final Fleet fleet;
    private final Instant now;

    Looks(LocalCloud cloud, List<IdentityState> kinds) {
      this.functions = cloud.functions(HandlersInProcess::of);
      this.kinds = kinds;
      this.configuration = Configuration.of(cloud.environment());
      this.client = WarmPutBench.dynamo(cloud.environment());
      this.units = new ReadUnits(client);
      this.regions = new DynamoRegionStore(table(units));
      this.now = cloud.clock().instant();
      this.fleet =
          new Fleet(
              new DynamoIdentityStore(table(units)),
              regions,
              configuration.regions(),
              configuration.policy(),
              configuration.paused());
    }

    private Table table(DynamoDbClient of) {
      return new Table(
          of,
          configuration.table(),
          configuration.account(),
          new Retry(new SystemMachineClock(), Math::random));
    }

    void fill(int identities) {
      List<Integer> hundreds = new ArrayList<>();
      for (int i = 0; i < identities; i += 1_000) {
        hundreds.add(i);
      }
      List<Integer> _ = Tasks.sideBySide(4, hundreds, this::thousand);
    }

    private int thousand(int from) {
      try (var writes = new BulkWrites(client)) {
        DynamoIdentityStore identities = new DynamoIdentityStore(table(writes));
        for (int i = from; i < from + 1_000; i++) {
          String region = FleetBench.TEN.get(i % FleetBench.TEN.size());
          var _ =
              identities.save(
                  of(
                      i,
                      new IdentityKey(
                          configuration.account(),
                          region,
                          new IdentityName("team-%05d.example.org".formatted(i)))),
                  List.of(),
                  null);
        }
      }
      return from;
    }

    /** One in a hundred is lost, one in two hundred rejects, one in fifty has no settings. */
    private IdentityState of(int i, IdentityKey key) {
      IdentityState kind = kinds.get(i % 100 == 7 ? 0 : i % 200 == 11 ? 1 : i % 50 == 13 ? 2 : 3);
      return TestingIdentity.of(key, 0, kind);
    }

    /** As the end of a run leaves the Regions. */
    void counted() {
      for (String region : configuration.regions()) {
        try (var rows = new DynamoIdentityStore(table(client)).ofRegion(region)) {
          FleetCounts counts = FleetCounts.of(rows, now);
          var _ =
              regions.change(
                  region,
                  before ->
                      before.with(new RegionState.Reading(null, now, 0, null, null, null, counts)));
        }
      }
    }

    Map<String, Cost> all(int rounds) {
      Map<String, Cost> costs = new LinkedHashMap<>();
      FleetQuery ask = new FleetQuery(FleetFilter.ALL, PAGE, null);
      @Nullable String cursor = fleet.list(ask, now).nextCursor();
      costs.put("first page of 100", median(rounds, () -> rows(ask)));
      costs.put(
          "next page", median(rounds, () -> rows(new FleetQuery(FleetFilter.ALL, PAGE, cursor))));
      costs.put("summary", median(rounds, () -> fleet.summary(now).counts().identities()));
      costs.put(
          "effect=REJECTED", median(rounds, () -> rows(new FleetQuery(REJECTED, PAGE, null))));
      costs.put("q=team-00042", median(rounds, () -> rows(new FleetQuery(PREFIX, PAGE, null))));
      Cost page = median(rounds, () -> functions.page("{\"view\":\"fleet\"}").length());
      costs.put("the page's fleet view, characters", new Cost(page.took(), null, page.what()));
      return costs;
    }

    private int rows(FleetQuery query) {
      FleetPage page = fleet.list(query, now);
      return page.items().size();
    }

    private Cost median(int rounds, Supplier<Integer> look) {
      List<Cost> costs = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        double _ = units.take();
        long begun = System.nanoTime();
        int what = look.get();
        costs.add(new Cost(Duration.ofNanos(System.nanoTime() - begun), units.take(), what));
      }
      return costs.stream().sorted(Comparator.comparing(Cost::took)).toList().get(rounds / 2);
    }
  }
}
