package mailfrom.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The zones of the local DNS with their records, and what their own servers answer from them. */
final class Zones {
  private static final Name NAME_SERVER = name("ns1.local-dns.test");
  private static final Name HOSTMASTER = name("hostmaster.local-dns.test");
  private static final int LONGEST_ALIAS_CHAIN = 8;

  private final long ttl;
  private final Map<Name, DnsNode> nodes = new ConcurrentHashMap<>();
  // How many names with data are below a name: what has some exists, though it may have no data.
  private final Map<Name, Integer> below = new ConcurrentHashMap<>();
  private final Set<Name> zones = ConcurrentHashMap.newKeySet();
  private final Map<Name, List<Name>> delegations = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  Zones(Duration ttl) {
    this.ttl = ttl.toSeconds();
  }

  void put(Name owner, DnsRecords records) {
    put(owner, node(owner, records));
  }

  void put(Name owner, DnsFault fault) {
    put(owner, DnsNode.failing(fault));
  }

  DnsNode node(Name owner, DnsRecords records) {
    return DnsNode.of(owner, records, ttl);
  }

  private synchronized void put(Name owner, DnsNode node) {
    if (zoneOf(owner).isEmpty()) {
      zones.add(owner.labels() <= 3 ? owner : new Name(owner, owner.labels() - 3));
    }
    if (nodes.put(owner, node) == null) {
      countBelow(owner, 1);
    }
    version.incrementAndGet();
  }

  synchronized void remove(Name owner) {
    if (nodes.remove(owner) != null) {
      countBelow(owner, -1);
    }
    version.incrementAndGet();
  }

  synchronized void add(Name apex) {
    zones.add(apex);
    version.incrementAndGet();
  }

  synchronized void removeZone(Name apex) {
    zones.remove(apex);
    version.incrementAndGet();
  }

  void delegate(Name name, List<Name> servers) {
    delegations.put(name, servers);
    version.incrementAndGet();
  }

  long version() {
    return version.get();
  }

  /** Says that what is seen of the zones is another than before. */
  void changed() {
    version.incrementAndGet();
  }

  /** Where a name, or one above it, is delegated: the servers to ask. */
  Optional<DnsReply> referral(Name name) {
    return delegations.entrySet().stream()
        .filter(cut -> name.subdomain(cut.getKey()))
        .findFirst()
        .map(
            cut ->
                new DnsReply(
                    Rcode.NOERROR,
                    List.of(),
                    cut.getValue().stream()
                        .map(server -> (Record) new NSRecord(cut.getKey(), DClass.IN, ttl, server))
                        .toList(),
                    false));
  }

  /** What the zones' own servers answer. */
  DnsReply authoritative(Name asked, int type) {
    List<Record> answers = new ArrayList<>();
    Name name = asked;
    for (int step = 0; step < LONGEST_ALIAS_CHAIN; step++) {
      Optional<DnsNode> node = node(name);
      if (node.isEmpty()) {
        return withSoa(new DnsReply(Rcode.NXDOMAIN, answers, List.of(), false), name);
      }
      DnsFault fault = node.get().fault();
      if (fault != null) {
        return withSoa(DnsReply.fault(fault), name);
      }
      Optional<Name> alias = node.get().answer(name, type, answers);
      if (alias.isEmpty()) {
        return withSoa(new DnsReply(Rcode.NOERROR, answers, List.of(), false), name);
      }
      name = alias.get();
    }
    return new DnsReply(Rcode.SERVFAIL, List.of(), List.of(), false);
  }

  /** A negative answer names the zone that says so, and for how long to believe it. */
  DnsReply withSoa(DnsReply reply, Name name) {
    boolean positive = reply.answers().stream().anyMatch(answer -> answer.getType() != Type.CNAME);
    boolean negative =
        reply.rcode() == Rcode.NXDOMAIN || (reply.rcode() == Rcode.NOERROR && !positive);
    return negative
        ? new DnsReply(
            reply.rcode(),
            reply.answers(),
            List.of(soa(zoneOf(name).orElse(Name.root))),
            reply.silent())
        : reply;
  }

  /**
   * What is at the name: its own records, what every zone has at its apex, or what a wildcard gives
   * it.
   */
  private Optional<DnsNode> node(Name name) {
    if (name.equals(NAME_SERVER)) {
      return Optional.of(
          new DnsNode(
              Map.of(Type.A, List.of(new ARecord(name, DClass.IN, ttl, DnsServer.HERE))), null));
    }
    Optional<Name> zone = zoneOf(name);
    if (zone.isEmpty()) {
      return Optional.empty();
    }
    DnsNode own = nodes.get(name);
    if (name.equals(zone.get())) {
      return Optional.of(own != null && own.fault() != null ? own : apex(name, own));
    }
    if (own != null) {
      return Optional.of(own);
    }
    if (below.containsKey(name)) {
      return Optional.of(new DnsNode(Map.of(), null));
    }
    for (Name encloser = parent(name); ; encloser = parent(encloser)) {
      if (encloser.equals(zone.get())
          || nodes.containsKey(encloser)
          || below.containsKey(encloser)) {
        return Optional.ofNullable(nodes.get(wildcard(encloser)));
      }
    }
  }

  private DnsNode apex(Name name, @Nullable DnsNode own) {
    Map<Integer, List<Record>> byType = new HashMap<>(own == null ? Map.of() : own.byType());
    byType.putIfAbsent(Type.SOA, List.of(soa(name)));
    byType.putIfAbsent(Type.NS, List.of(new NSRecord(name, DClass.IN, ttl, NAME_SERVER)));
    return new DnsNode(byType, null);
  }

  private SOARecord soa(Name zone) {
    return new SOARecord(
        zone,
        DClass.IN,
        ttl,
        NAME_SERVER,
        HOSTMASTER,
        version.get() & 0xFFFF_FFFFL,
        3600,
        600,
        86_400,
        ttl);
  }

  private Optional<Name> zoneOf(Name name) {
    for (Name candidate = name; candidate.labels() > 1; candidate = parent(candidate)) {
      if (zones.contains(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private void countBelow(Name owner, int by) {
    for (Name up = parent(owner); up.labels() > 1; up = parent(up)) {
      below.compute(
          up,
          (_, count) -> {
            int now = (count == null ? 0 : count) + by;
            return now == 0 ? null : now;
          });
    }
  }

  private static Name parent(Name name) {
    return new Name(name, 1);
  }

  private static Name wildcard(Name encloser) {
    try {
      return Name.concatenate(Name.fromConstantString("*"), encloser);
    } catch (org.xbill.DNS.NameTooLongException e) {
      throw new IllegalStateException(encloser + " leaves no room for a label", e);
    }
  }

  static Name name(String text) {
    try {
      return Name.fromString(text.toLowerCase(Locale.ROOT), Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text + " is not a DNS name", e);
    }
  }
}
