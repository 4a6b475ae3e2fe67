package mailfrom.app;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The Regions in memory. */
public final class InMemoryRegions implements Regions {
  private final Map<String, RegionState> rows = new HashMap<>();

  @Override
  public synchronized RegionState find(String region) {
    return rows.getOrDefault(region, RegionState.unseen(region));
  }

  @Override
  public synchronized RegionState change(String region, UnaryOperator<RegionState> change) {
    RegionState before = find(region);
    RegionState after = change.apply(before).withRowVersion(before.rowVersion() + 1);
    rows.put(region, after);
    return after;
  }
}
