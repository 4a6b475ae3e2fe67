package mailfrom.app.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.DomainName;

/** The Regions and silences in memory. */
public final class InMemoryRegionStore implements RegionStore {
  private final Map<String, RegionState> rows = new HashMap<>();
  private final Map<String, Receipts> receipts = new HashMap<>();
  private final Map<String, NavigableMap<Instant, RegionState.LastRun>> runs = new HashMap<>();
  private final Map<String, Silence> silences = new TreeMap<>();

  @Override
  public synchronized RegionState find(String region) {
    return rows.getOrDefault(region, RegionState.unseen(region));
  }

  @Override
  public synchronized RegionState change(String region, UnaryOperator<RegionState> change) {
    RegionState before = find(region);
    RegionState changed = change.apply(before);
    if (changed.equals(before)) {
      return before;
    }
    RegionState after = changed.withRowVersion(before.rowVersion() + 1);
    rows.put(region, after);
    return after;
  }

  @Override
  public synchronized void keepReceipts(String region, Receipts read) {
    receipts.put(region, read);
  }

  @Override
  public synchronized Optional<Receipts> receipts(String region, DomainName domain) {
    return Optional.ofNullable(receipts.get(region)).map(all -> all.covering(domain));
  }

  @Override
  public synchronized void keepRun(String region, RegionState.LastRun run) {
    runs.computeIfAbsent(region, _ -> new TreeMap<>()).put(run.at(), run);
  }

  @Override
  public synchronized List<RegionState.LastRun> runs(String region, Instant from, Instant until) {
    return List.copyOf(
        runs.getOrDefault(region, new TreeMap<>()).subMap(from, true, until, true).values());
  }

  @Override
  public synchronized List<Silence> silences() {
    return List.copyOf(silences.values());
  }

  @Override
  public synchronized void keep(Silence silence) {
    silences.put(silence.id(), silence);
  }

  @Override
  public synchronized Optional<Silence> forgetSilence(String id) {
    return Optional.ofNullable(silences.remove(id));
  }
}
