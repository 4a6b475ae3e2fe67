package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import mailfrom.app.batch.BatchChunk;
import mailfrom.app.store.RegionState;
import mailfrom.domain.identity.IdentityState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Every row reads as it was written. */
class StateJsonProperties {

  @Property
  void aStateReadsAsItWasWritten(@ForAll long seed) {
    readsAsWritten(IdentityState.class, seed);
  }

  @Property(tries = 200)
  void aRegionReadsAsItWasWritten(@ForAll long seed) {
    readsAsWritten(RegionState.class, seed);
  }

  @Property(tries = 200)
  void aChunkOfABatchReadsAsItWasWritten(@ForAll long seed) {
    readsAsWritten(BatchChunk.class, seed);
  }

  private static <T extends Record> void readsAsWritten(Class<T> type, long seed) {
    T row = Filled.random(type, new Random(seed));
    assertEquals(row, StateJson.read(StateJson.write(row), type));
  }
}
