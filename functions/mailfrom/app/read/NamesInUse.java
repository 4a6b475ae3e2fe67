package mailfrom.app.read;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import mailfrom.domain.name.DomainName;

/** In which Regions a MAIL FROM domain is used, over all identities of a run. */
public final class NamesInUse {
  private final Runnable untilAllAreKnown;
  private final Map<DomainName, SortedSet<String>> regionsOfName = new ConcurrentHashMap<>();

  /**
   * Makes one that knows nothing yet.
   *
   * @param untilAllAreKnown returns when the names of all stored identities were added, and throws
   *     when they cannot be
   */
  public NamesInUse(Runnable untilAllAreKnown) {
    this.untilAllAreKnown = untilAllAreKnown;
  }

  /** Whether that was not known before. */
  boolean add(DomainName name, String region) {
    while (true) {
      SortedSet<String> known = regionsOfName.putIfAbsent(name, one(region));
      if (known == null) {
        return true;
      }
      if (known.contains(region)) {
        return false;
      }
      if (regionsOfName.replace(name, known, with(known, region))) {
        return true;
      }
    }
  }

  /** The Regions that use a name, once all are known, and one that does in any case. */
  public SortedSet<String> regionsOf(DomainName name, String region) {
    untilAllAreKnown.run();
    SortedSet<String> known = regionsOfName.get(name);
    if (known == null) {
      return one(region);
    }
    return known.contains(region) ? known : with(known, region);
  }

  private static SortedSet<String> one(String region) {
    return with(Collections.emptySortedSet(), region);
  }

  /** Sets are never changed: many identities are decided on with the same. */
  private static SortedSet<String> with(SortedSet<String> regions, String region) {
    SortedSet<String> all = new TreeSet<>(regions);
    all.add(region);
    return Collections.unmodifiableSortedSet(all);
  }
}
