package mailfrom.api.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Regions that are watched, of which a request means one. */
record WatchedRegions(List<String> names) {

  /** The one that is named; null with a problem. */
  @Nullable String named(String region, Problems problems, @Nullable String pointer) {
    if (names.contains(region)) {
      return region;
    }
    problems.add(
        InputCode.REGION_NOT_WATCHED,
        "The Region %s is not watched. Watched: %s."
            .formatted(Problems.quoted(region), String.join(", ", names)),
        pointer);
    return null;
  }

  /**
   * The only one there is; null with a problem where one has to be named.
   *
   * @param where what to add
   */
  @Nullable String unnamed(String where, Problems problems, @Nullable String pointer) {
    if (names.size() == 1) {
      return names.getFirst();
    }
    problems.add(
        InputCode.REGION_REQUIRED,
        "More than one Region is watched. Add %s with one of: %s."
            .formatted(where, String.join(", ", names)),
        pointer);
    return null;
  }
}
