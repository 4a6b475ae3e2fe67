package mailfrom.app.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** The identities in memory, under the same conditions as in the table. */
public final class InMemoryIdentityStore implements IdentityStore {
  private static final Duration HISTORY_KEPT = Duration.ofDays(400);

  private final UnaryOperator<IdentityState> form;
  private final Map<IdentityKey, IdentityState> rows = new HashMap<>();
  private final Map<IdentityKey, Instant> queue = new HashMap<>();
  private final Map<IdentityKey, NavigableMap<String, HistoryEntry>> histories = new HashMap<>();

  /** Keeps the states as they are. */
  public InMemoryIdentityStore() {
    this(UnaryOperator.identity());
  }

  /**
   * Keeps the states in another form.
   *
   * @param form what is read after a state was written
   */
  public InMemoryIdentityStore(UnaryOperator<IdentityState> form) {
    this.form = form;
  }

  @Override
  public synchronized Optional<IdentityState> find(IdentityKey key) {
    return Optional.ofNullable(rows.get(key));
  }

  @Override
  public synchronized List<IdentityState> findAll(Collection<IdentityKey> keys) {
    return keys.stream().flatMap(key -> find(key).stream()).toList();
  }

  @Override
  public synchronized Stream<Row> rows(String region) {
    return List.copyOf(rows.values()).stream()
        .filter(row -> row.key().region().equals(region))
        .map(row -> new Row(row, true));
  }

  @Override
  public Places places(String region, FleetFilter filter, String from, int atLeast, int most) {
    List<IdentityState> inOrder;
    try (var all = ofRegion(region)) {
      inOrder =
          all.filter(
                  row -> FleetPlace.of(row).filter(place -> isIn(place, filter, from)).isPresent())
              .sorted(Comparator.comparing(InMemoryIdentityStore::place, FleetPlace::compare))
              .toList();
    }
    List<FleetPlace> found = new ArrayList<>();
    int lookedAt = 0;
    for (IdentityState row : inOrder) {
      if (found.size() == atLeast) {
        break;
      }
      if (lookedAt == most) {
        return new Places(found, lookedAt, place(inOrder.get(lookedAt - 1)));
      }
      lookedAt++;
      if (filter.parts().stream().allMatch(part -> hasOne(row, part))) {
        found.add(place(row));
      }
    }
    return new Places(found, lookedAt, null);
  }

  private static FleetPlace place(IdentityState row) {
    return FleetPlace.of(row).orElseThrow();
  }

  private static boolean isIn(FleetPlace place, FleetFilter filter, String from) {
    return FleetPlace.byUtf8(place.order(), from) >= 0
        && filter.spans().stream()
            .anyMatch(
                span ->
                    FleetPlace.byUtf8(place.order(), span.from()) >= 0
                        && FleetPlace.byUtf8(place.order(), span.until()) <= 0);
  }

  private static boolean hasOne(IdentityState row, Set<String> parts) {
    return parts.stream().anyMatch(FleetPlace.facts(row)::contains);
  }

  @Override
  public List<IdentityState> atOrBelow(String region, DomainName domain) {
    try (var all = ofRegion(region)) {
      return all.filter(FleetPlace::isShown)
          .filter(
              row -> {
                DomainName own = row.key().name().domain();
                return own.equals(domain) || own.isBelow(domain);
              })
          .toList();
    }
  }

  @Override
  public synchronized Saved save(
      IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
    if (version(state.key()) != state.rowVersion()) {
      return new Saved.Conflict();
    }
    IdentityState next = form.apply(state.withRowVersion(state.rowVersion() + 1));
    rows.put(state.key(), next);
    var entries = histories.computeIfAbsent(state.key(), key -> new TreeMap<>());
    for (int i = 0; i < history.size(); i++) {
      HistoryEntry entry = history.get(i);
      Instant at = entry.at();
      entries.put(
          "%012d.%09d#%08d#%02d".formatted(at.getEpochSecond(), at.getNano(), next.rowVersion(), i),
          entry);
    }
    if (queuedAt != null) {
      queue.put(state.key(), queuedAt);
    }
    return new Saved.Stored(next);
  }

  private long version(IdentityKey key) {
    IdentityState row = rows.get(key);
    return row == null ? 0 : row.rowVersion();
  }

  @Override
  public synchronized Saved forget(IdentityState state) {
    if (state.rowVersion() == 0 || version(state.key()) != state.rowVersion()) {
      return new Saved.Conflict();
    }
    rows.remove(state.key());
    return new Saved.Stored(state);
  }

  @Override
  public synchronized List<Queued> queued(String region) {
    return queue.entrySet().stream()
        .filter(item -> item.getKey().region().equals(region))
        .map(item -> new Queued(item.getKey(), item.getValue()))
        .sorted(Comparator.comparing(Queued::since).thenComparing(queued -> queued.key().name()))
        .toList();
  }

  @Override
  public synchronized void unqueue(Queued item) {
    queue.remove(item.key(), item.since());
  }

  @Override
  public synchronized HistoryPage history(
      IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    var entries = histories.getOrDefault(key, new TreeMap<>());
    var rest = cursor == null ? entries : entries.headMap(cursor, false);
    List<HistoryEntry> page = new ArrayList<>();
    String last = "";
    for (Map.Entry<String, HistoryEntry> entry : rest.descendingMap().entrySet()) {
      if (expired(entry.getValue(), now)) {
        continue;
      }
      if (page.size() == limit) {
        return new HistoryPage(page, last);
      }
      page.add(entry.getValue());
      last = entry.getKey();
    }
    return new HistoryPage(page, null);
  }

  private static boolean expired(HistoryEntry entry, Instant now) {
    return entry.at().plus(HISTORY_KEPT).getEpochSecond() <= now.getEpochSecond();
  }
}
