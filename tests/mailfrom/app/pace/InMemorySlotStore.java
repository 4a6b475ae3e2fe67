package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** The slots in memory, in milliseconds as in the table. */
public final class InMemorySlotStore implements SlotStore {
  /** What one read of SES takes. */
  private static final int MOST = 100;

  private final Map<Key, Instant> free = new HashMap<>();
  private final Map<Key, Instant> slowUntil = new HashMap<>();
  private final Map<Key, Turn> newest = new HashMap<>();
  private final Map<String, Shared> turns = new HashMap<>();

  private record Key(String region, SesOperation operation) {}

  /** A turn. */
  private static final class Shared {
    private final Set<IdentityName> names;
    private boolean open = true;
    private @Nullable Record answer;

    private Shared(List<IdentityName> names) {
      this.names = new LinkedHashSet<>(names);
    }
  }

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

  @Override
  public synchronized Instant free(String region, SesOperation operation) {
    return free.getOrDefault(new Key(region, operation), Instant.EPOCH);
  }

  @Override
  public synchronized Reservation reserveTurn(
      String region,
      SesOperation operation,
      Instant now,
      Duration gap,
      Duration maxWait,
      String turn,
      @Nullable String full) {
    Key key = new Key(region, operation);
    Instant at = now.truncatedTo(ChronoUnit.MILLIS);
    Turn known = newest.get(key);
    if (known != null && known.at().isAfter(at) && !known.id().equals(full)) {
      return new Reservation.Open(known);
    }
    Optional<Instant> slot = reserve(region, operation, now, gap, maxWait);
    if (slot.isEmpty()) {
      return new Reservation.Full(free(region, operation));
    }
    if (slot.get().isAfter(at)) {
      newest.put(key, new Turn(turn, slot.get()));
    }
    return new Reservation.Made(slot.get());
  }

  @Override
  public synchronized String open(List<IdentityName> names) {
    String id = "turn " + turns.size();
    turns.put(id, new Shared(names));
    return id;
  }

  private Shared turn(String id) {
    return Optional.ofNullable(turns.get(id)).orElseThrow();
  }

  @Override
  public synchronized boolean join(String id, List<IdentityName> names) {
    Shared turn = turns.get(id);
    if (turn == null || !turn.open || turn.names.size() + names.size() > MOST) {
      return false;
    }
    turn.names.addAll(names);
    return true;
  }

  @Override
  public synchronized List<IdentityName> close(String id) {
    turn(id).open = false;
    return new ArrayList<>(turn(id).names);
  }

  @Override
  public synchronized void answer(String id, Record answer) {
    turn(id).answer = answer;
  }

  @Override
  public synchronized <T extends Record> Optional<T> answer(String id, Class<T> type) {
    return Optional.ofNullable(turns.get(id)).map(turn -> turn.answer).map(type::cast);
  }
}
