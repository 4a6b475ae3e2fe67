package mailfrom.app.settings;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/** The Regions as one request sees them: each row, and the silences, are read once. */
final class RegionsOfRequest implements RegionStore {
  private final RegionStore regions;
  private final Map<String, RegionState> found = new ConcurrentHashMap<>();
  private @Nullable List<Silence> silences;

  RegionsOfRequest(RegionStore regions) {
    this.regions = regions;
  }

  @Override
  public RegionState find(String region) {
    return found.computeIfAbsent(region, regions::find);
  }

  @Override
  public RegionState change(String region, UnaryOperator<RegionState> change) {
    RegionState changed = regions.change(region, change);
    found.put(region, changed);
    return changed;
  }

  @Override
  public void keepReceipts(String region, Receipts receipts) {
    regions.keepReceipts(region, receipts);
  }

  @Override
  public Optional<Receipts> receipts(String region, DomainName domain) {
    return regions.receipts(region, domain);
  }

  @Override
  public void keepRun(String region, RegionState.LastRun run) {
    regions.keepRun(region, run);
  }

  @Override
  public List<RegionState.LastRun> runs(String region, Instant from, Instant until) {
    return regions.runs(region, from, until);
  }

  @Override
  public synchronized List<Silence> silences() {
    if (silences == null) {
      silences = regions.silences();
    }
    return silences;
  }

  @Override
  public void keep(Silence silence) {
    throw new IllegalStateException("no request for settings keeps a silence");
  }

  @Override
  public Optional<Silence> forgetSilence(String id) {
    throw new IllegalStateException("no request for settings forgets a silence");
  }
}
