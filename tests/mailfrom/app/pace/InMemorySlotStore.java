package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The slots in memory, in milliseconds as in the table. */
public final class InMemorySlotStore implements SlotStore {
  private final Map<Key, Instant> free = new HashMap<>();
  private final Map<Key, Instant> slowUntil = new HashMap<>();

  private record Key(String region, SesOperation operation) {}

  @Override
  public synchronized Optional<Instant> reserve(
      String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
    Key key = new Key(region, operation);
    Instant at = now.truncatedTo(ChronoUnit.MILLIS);
    Instant next = free.getOrDefault(key, Instant.EPOCH);
    Instant slot = next.isAfter(at) ? next : at;
    if (slot.isAfter(now.plus(maxWait).truncatedTo(ChronoUnit.MILLIS))) {
      return Optional.empty();
    }
    boolean slow = slowUntil.getOrDefault(key, Instant.EPOCH).isAfter(at);
    Duration step = (slow ? gap.multipliedBy(2) : gap).truncatedTo(ChronoUnit.MILLIS);
    free.put(key, slot.plus(step));
    return Optional.of(slot);
  }

  @Override
  public synchronized void giveBack(
      String region, SesOperation operation, Instant slot, Duration gap) {
    Instant next = slot.plus(gap.truncatedTo(ChronoUnit.MILLIS));
    free.replace(new Key(region, operation), next, slot);
  }

  @Override
  public synchronized void slowDown(String region, SesOperation operation, Instant until) {
    slowUntil.put(new Key(region, operation), until.truncatedTo(ChronoUnit.MILLIS));
  }
}
