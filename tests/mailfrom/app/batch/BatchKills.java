package mailfrom.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import mailfrom.domain.name.IdentityName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch whose process is killed ten times at random calls. */
final class BatchKills {
  private static final Logger LOG = LoggerFactory.getLogger(BatchKills.class);
  private static final int KILLS = 10;

  private BatchKills() {}

  /** The seed of the kills: the same in each build, or another with {@code -Dbatch.seed=…}. */
  static long seed() {
    return Long.getLong("batch.seed", 20261124);
  }

  /**
   * Lets a batch end.
   *
   * @param within at how many calls of a run it is killed at the latest
   */
  static void run(BatchWorld world, int size, int within, long seed) {
    LOG.info("A batch of {}, killed {} times, seed {}", size, KILLS, seed);
    String words = "seed " + seed;
    Random random = new Random(seed);
    BatchApi.Ask[] asks = new BatchApi.Ask[size];
    for (int i = 0; i < size; i++) {
      String name = "n%04d.example".formatted(i);
      world.ses.addDomain(BatchWorld.REGION, name, true);
      asks[i] = BatchWorld.ask(name, "bounce." + name);
    }
    String id = world.order(false, asks);
    int kills = 0;
    for (int run = 0; run < KILLS; run++) {
      kills += world.applyKilledWithin(within, random) ? 1 : 0;
    }
    assertEquals(KILLS, kills, words);
    world.applyUntilItEnds(id);
    Batch head = world.head(id);
    assertEquals(Batch.State.DONE, head.state(), words);
    int ended = head.count(BatchItem.State.APPLIED) + head.count(BatchItem.State.UNCHANGED);
    assertEquals(size, ended, words + ", " + head.counts());
    Map<String, Integer> sets = world.sets();
    for (BatchApi.Ask ask : asks) {
      IdentityName name = ask.key().name();
      int calls = sets.getOrDefault(name.value(), 0);
      boolean fits = calls == 1 || (calls == 2 && world.killedInBetween.contains(name));
      assertTrue(fits, () -> "%s: %d calls for %s".formatted(words, calls, name));
    }
  }
}
