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
    SortedSet<String> known = regionsOfName.getOrDefault(name, Collections.emptySortedSet());
    if (known.contains(region)) {
      return false;
    }
    boolean isAdded =
        known.isEmpty()
            ? regionsOfName.putIfAbsent(name, with(known, region)) == null
            : regionsOfName.replace(name, known, with(known, region));
    // Somebody else was faster, with the same Region or another one.
    return isAdded || add(name, region);
  }

  /** The Regions that use a name, once all are known, and one that does in any case. */
  public SortedSet<String> regionsOf(DomainName name, String region) {
    untilAllAreKnown.run();
    SortedSet<String> known = regionsOfName.getOrDefault(name, Collections.emptySortedSet());
    return known.contains(region) ? known : with(known, region);
  }

  /** Sets are never changed: many identities are decided on with the same. */
  private static SortedSet<String> with(SortedSet<String> regions, String region) {
    SortedSet<String> all = new TreeSet<>(regions);
    all.add(region);
    return Collections.unmodifiableSortedSet(all);
  }
}
