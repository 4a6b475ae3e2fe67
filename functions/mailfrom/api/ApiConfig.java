package mailfrom.api;

import java.util.List;
import mailfrom.app.settings.ManagedPatterns;

/**
 * What the API knows of its installation.
 *
 * @param account the account whose identities are meant
 * @param regions the watched Regions, at least one
 * @param managed the identities that may be changed
 */
public record ApiConfig(String account, List<String> regions, ManagedPatterns managed) {
  public ApiConfig {
    regions = List.copyOf(regions);
    if (regions.isEmpty()) {
      throw new IllegalArgumentException("no Region is watched; name at least one");
    }
  }

  /** What to say of a Region that is not watched. */
  String notWatched(String region) {
    return "The Region %s is not watched. Watched: %s."
        .formatted(InputProblem.quoted(region), String.join(", ", regions));
  }
}
