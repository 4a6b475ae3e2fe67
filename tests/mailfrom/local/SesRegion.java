package mailfrom.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What SES holds for the account in one Region, and what was planted there. */
final class SesRegion {
  record ReceiptRule(String name, boolean enabled, List<String> recipients) {}

  final String name;
  final NavigableMap<String, SesIdentity> identities = new TreeMap<>();
  final Map<String, List<ReceiptRule>> ruleSets = new LinkedHashMap<>();
  final Map<String, Long> lastCalls = new HashMap<>();
  final Set<String> denied = new HashSet<>();
  final Map<String, Set<String>> leftOut = new HashMap<>();
  @Nullable String activeRuleSet;
  boolean enabled = true;

  SesRegion(String name) {
    this.name = name;
  }

  boolean leavesOut(String operation, String name) {
    return leftOut.getOrDefault(operation, Set.of()).contains(name);
  }

  @Nullable SesIdentity identity(String name) {
    return identities.get(key(name));
  }

  /** One that is there already stays as it is. */
  SesIdentity create(String name, boolean verified) {
    return identities.computeIfAbsent(
        key(name),
        key -> {
          SesIdentity identity = new SesIdentity(key);
          identity.verified = verified;
          return identity;
        });
  }

  /** The most granular verified identity: the address, its domain, then the domains above. */
  Optional<SesIdentity> winner(String address) {
    List<String> candidates = new ArrayList<>(List.of(key(address)));
    String domain = key(address.substring(address.indexOf('@') + 1));
    for (String above = domain;
        above.indexOf('.') >= 0;
        above = above.substring(above.indexOf('.') + 1)) {
      candidates.add(above);
    }
    return candidates.stream()
        .flatMap(name -> Optional.ofNullable(identities.get(name)).stream())
        .filter(identity -> identity.verified)
        .findFirst();
  }

  /** Domains are not case-sensitive, the local part of an address is. */
  static String key(String name) {
    int at = name.lastIndexOf('@');
    return name.substring(0, at + 1) + name.substring(at + 1).toLowerCase(Locale.ROOT);
  }
}
