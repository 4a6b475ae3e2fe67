package mailfrom.app.read;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import mailfrom.domain.name.DomainName;

/** In which Regions a MAIL FROM domain is used, over all identities of a run. */
public final class NamesInUse {
  private final Map<DomainName, SortedSet<String>> regionsOfName = new ConcurrentHashMap<>();

  /** Whether that was not known before. */
  boolean add(DomainName name, String region) {
    return regionsOfName.computeIfAbsent(name, n -> new ConcurrentSkipListSet<>()).add(region);
  }

  public SortedSet<String> regionsOf(DomainName name, String region) {
    SortedSet<String> regions = new TreeSet<>();
    regions.add(region);
    regions.addAll(regionsOfName.getOrDefault(name, new TreeSet<>()));
    return regions;
  }
}
