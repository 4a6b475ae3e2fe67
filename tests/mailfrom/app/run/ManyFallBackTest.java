package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mailfrom.api.OpenDoor;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.aws.WriteUnits;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole fleet falls back between two runs. */
@Tag("slow")
class ManyFallBackTest {
  private static final int IDENTITIES = 3000;

  /** What DynamoDB takes at one partition key in a second. */
  private static final int UNITS_OF_A_KEY = 1000;

  /** What a table on demand takes in a second as long as it has not grown. */
  private static final int UNITS_OF_A_NEW_TABLE = 4000;

  private static final int LARGEST_ROW = 32 * 1024;

  /** Rows in memory, each write of which is weighed as the real table would take it. */
  private static final class Weighed extends ForwardingIdentityStore {
    private final IdentityStore scale;

    Weighed(IdentityStore to, IdentityStore scale) {
      super(to);
      this.scale = scale;
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      var _ = scale.save(state, history, queuedAt);
      return super.save(state, history, queuedAt);
    }

    @Override
    public void unqueue(Queued item) {
      scale.unqueue(item);
      super.unqueue(item);
    }
  }

  @Test
  void threeThousandAreOneMessageToPeopleAndThreeThousandNoticesAndAllAreListed() {
    LocalClock time = World.clock();
    WriteUnits units = new WriteUnits(time);
    World world =
        new World(time, new Weighed(new InMemoryIdentityStore(), units.identities(World.ACCOUNT)));
    List<String> names =
        IntStream.range(0, IDENTITIES).mapToObj("x%04d.example"::formatted).toList();
    names.forEach(world::healthy);
    world.read();
    assertTrue(world.read().complete());
    assertEquals(1, world.taken.alerts().size(), "the first report");

    names.forEach(name -> world.mx(name, Mx.NONE));
    RunReport.RegionReadReport read = world.read();

    assertTrue(read.complete());
    assertEquals(Map.of(Effect.FALLBACK, IDENTITIES), read.effects());
    assertEquals(2, world.taken.alerts().size());
    String toPeople = world.taken.alerts().getLast().text();
    assertTrue(toPeople.contains("3000 identities, worst first"), toPeople);
    for (String name : names) {
      assertTrue(toPeople.contains("     " + name + "\n"), () -> name + " is not named");
      assertEquals(List.of("STARTED"), world.taken.reasons(name));
    }
    assertEquals(new HashSet<>(names), fallingBack(world));
    assertTrue(units.largestRow() <= LARGEST_ROW, units.largestRow() + " bytes in a row");
    assertTrue(units.mostOfAKey() <= UNITS_OF_A_KEY, units.mostOfAKey() + " units of a key");
    assertTrue(
        units.mostOfTheTable() <= UNITS_OF_A_NEW_TABLE, units.mostOfTheTable() + " units in all");

    // Nothing is told again.
    world.read();
    assertEquals(2, world.taken.alerts().size());
  }

  private static Set<String> fallingBack(World world) {
    return OpenDoor.pages(world.settings(), World.ACCOUNT, World.REGION, "/v1/identities").stream()
        .filter(item -> item.path("effect").asText().equals("FALLBACK"))
        .map(item -> item.path("identity").asText())
        .collect(Collectors.toSet());
  }
}
