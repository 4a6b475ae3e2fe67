package mailfrom.app.read;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
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
    return regionsOfName.computeIfAbsent(name, n -> new ConcurrentSkipListSet<>()).add(region);
  }

  /** The Regions that use a name, once all are known, and one that does in any case. */
  public SortedSet<String> regionsOf(DomainName name, String region) {
    untilAllAreKnown.run();
    SortedSet<String> regions = new TreeSet<>();
    regions.add(region);
    regions.addAll(regionsOfName.getOrDefault(name, new TreeSet<>()));
    return regions;
  }
}
