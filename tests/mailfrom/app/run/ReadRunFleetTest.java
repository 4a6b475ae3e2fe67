package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.settings.SettingsApi.FleetQuery;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.RegionState;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a read run leaves for those who look at the fleet: its counts, and each row in its place.
 */
class ReadRunFleetTest {
  private final Older rows = new Older();
  private final World world = new World(World.clock(), rows);

  /** A table in which another version of the program wrote some rows, and some cannot be stored. */
  private static final class Older extends ForwardingIdentityStore {
    private final Set<IdentityKey> misplaced = new HashSet<>();
    private final Set<IdentityKey> refused = new HashSet<>();

    private boolean hasIndex = true;

    Older() {
      super(new InMemoryIdentityStore());
    }

    @Override
    public Stream<Row> rows(String region) {
      return super.rows(region)
          .map(row -> new Row(row.state(), !misplaced.contains(row.state().key())));
    }

    @Override
    public Places places(String region, FleetFilter filter, String from, int atLeast, int most) {
      if (!hasIndex) {
        throw new IllegalStateException("the table does not have the specified index");
      }
      return super.places(region, filter, from, atLeast, most);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      if (refused.contains(state.key())) {
        throw new IllegalStateException("the row is too large");
      }
      misplaced.remove(state.key());
      return super.save(state, history, queuedAt);
    }
  }

  /** As one that was made for an older version. */
  @Test
  void aTableWithoutItsIndexFailsTheRunAndTheFleetIsShownFromAllRows() {
    rows.hasIndex = false;
    world.healthy("a.example");
    assertThrows(IllegalStateException.class, world::read);
    assertNull(counts());
    assertEquals(Map.of(Effect.CUSTOM, 1), shown());
    assertEquals(
        1,
        world
            .settings()
            .list(new FleetQuery(FleetFilter.ALL, 9, null), world.time.instant())
            .items()
            .size());
  }

  private void fleet() {
    for (String name : List.of("a.example", "b.example", "c.example")) {
      world.healthy(name);
    }
    // The second one notes that the MX was right for long.
    world.read();
    world.read();
  }

  private @Nullable FleetCounts counts() {
    return world.regions.find(World.REGION).reading().counts();
  }

  private Map<Effect, Integer> shown() {
    return world.settings().summary(world.time.instant()).counts().byEffect();
  }

  @Test
  void theSummaryIsWhatTheNewestRunCounted() {
    assertEquals(Map.of(), shown());
    fleet();
    assertEquals(Map.of(Effect.CUSTOM, 3), shown());
    world.mx("b.example", Mx.NONE);
    assertEquals(Map.of(Effect.CUSTOM, 3), shown(), "between two runs");
    world.read();
    assertEquals(Map.of(Effect.CUSTOM, 2, Effect.FALLBACK, 1), shown());
    assertEquals(
        world.regions.find(World.REGION).reading().lastCompleteAt(),
        world.settings().summary(world.time.instant().plusSeconds(60)).counts().asOf());
  }

  @Test
  void eachRowThatIsNotInItsPlaceIsStoredOnceMore() {
    fleet();
    rows.misplaced.add(World.key("a.example"));
    rows.misplaced.add(World.key("c.example"));
    world.identities.saved.clear();
    world.read();
    assertEquals(
        List.of(World.key("a.example"), World.key("c.example")),
        world.identities.saved.stream().sorted(Comparator.comparing(IdentityKey::name)).toList());
    world.identities.saved.clear();
    world.read();
    assertEquals(List.of(), world.identities.saved);
  }

  @Test
  void whatTheRunStoresAnywayIsNotStoredTwice() {
    fleet();
    rows.misplaced.add(World.key("b.example"));
    world.mx("b.example", Mx.NONE);
    world.identities.saved.clear();
    world.read();
    // The effect with what it owes, and then what was delivered.
    assertEquals(List.of(World.key("b.example"), World.key("b.example")), world.identities.saved);
  }

  /** The list reads all rows as long as one may be missing in the index. */
  @Test
  void aRegionIsCountedOnlyWhenAllIsInItsPlace() {
    fleet();
    rows.misplaced.add(World.key("a.example"));
    rows.refused.add(World.key("a.example"));
    world.time.advance(Duration.ofHours(1));
    var _ =
        world.regions.change(
            World.REGION,
            state -> state.with(new RegionState.Reading(null, null, 0, null, null, null, null)));
    assertThrows(IllegalStateException.class, world::read);
    assertNull(counts());
    assertEquals(Map.of(Effect.CUSTOM, 3), shown());
    rows.refused.clear();
    world.read();
    assertEquals(Map.of(Effect.CUSTOM, 3), shown());
    assertNotNull(counts());
    assertEquals(Set.of(), rows.misplaced);
  }
}
