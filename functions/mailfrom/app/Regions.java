package mailfrom.app;

import java.util.function.UnaryOperator;

/** The stored facts about each Region: its last runs, its baseline, its receipt rules. */
public interface Regions {

  RegionState find(String region);

  /**
   * Changes a Region's row: reads it, applies the change and writes it under a condition, again
   * until nobody else wrote in between. Returns what was stored.
   */
  RegionState change(String region, UnaryOperator<RegionState> change);
}
