package mailfrom.aws;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mailfrom.app.store.IdentityStore.Row;

/**
 * The rows of Regions as this process read or wrote them last: a run finds nearly all of them as
 * the run before left them, and need not read their texts again. Each write of a row has an id of
 * its own, so a row that is known by its id is not out of date. A run has all rows in memory in any
 * case: what is kept between two runs makes neither of them larger.
 */
final class KnownRows {
  private final Map<String, Map<String, Known>> ofRegions = new ConcurrentHashMap<>();

  /**
   * A row.
   *
   * @param sortKey one row of a Region has it
   * @param writeId of the write that stored it; others that were written together have it too
   */
  record Known(String sortKey, String writeId, Row row) {}

  /** Those of a Region by their sort keys; none before all of them were read once. */
  Map<String, Known> of(String region) {
    return ofRegions.getOrDefault(region, Map.of());
  }

  /** Keeps all rows of a Region, in place of what was kept of it. */
  void keep(String region, ConcurrentMap<String, Known> rows) {
    ofRegions.put(region, rows);
  }

  /** Takes one that was written, where those of its Region are kept. */
  void add(String region, Known written) {
    Map<String, Known> rows = of(region);
    if (!rows.isEmpty()) {
      rows.put(written.sortKey(), written);
    }
  }
}
