package mailfrom.local;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * An authoritative DNS server for every zone it is told about, over UDP and TCP on one port of
 * 127.0.0.1.
 *
 * <p>It plays the recursive resolver too: a query that asks for recursion gets the {@linkplain
 * #recursiveView recursive view} of the name where one is set, and the zone's own data otherwise. A
 * zone appears with the first name in it (its last two labels, unless {@link #zone} named a longer
 * one) and stays when the name goes, so that a removed record is not a missing zone. A name in no
 * zone does not exist.
 */
public final class LocalDns implements MxLookup, AutoCloseable {
  private static final Pattern FEEDBACK_HOST =
      Pattern.compile(
          "feedback-smtp\\.[a-z]{2}(-[a-z]+)+-\\d+\\.amazonses\\.com\\.?",
          Pattern.CASE_INSENSITIVE);

  private record CallResult(Name name, int type, boolean recursive) {}

  private final FaultPlan faults;
  private final Zones zones;
  private final Map<Name, DnsNode> recursive = new ConcurrentHashMap<>();
  private final Map<Name, DnsTransport> transports = new ConcurrentHashMap<>();
  private final Map<CallResult, LongAdder> asked = new ConcurrentHashMap<>();
  private volatile @Nullable DnsFault everyName;
  private volatile @Nullable DnsFault everyRecursive;
  private volatile boolean claimsAuthority = true;
  private final DnsServer server;

  /**
   * A server on a free port, without planned faults, whose records and negative answers live 300 s.
   */
  public LocalDns() {
    this(0, new FaultPlan(), Duration.ofMinutes(5));
  }

  /**
   * Starts at once; port 0 takes a free one. The time to live is that of records and of negative
   * answers.
   */
  public LocalDns(int port, FaultPlan faults, Duration ttl) {
    this.faults = faults;
    this.zones = new Zones(ttl);
    this.server = new DnsServer(port, new Answers());
  }

  /** The port, the same for UDP and TCP. */
  public int port() {
    return server.port();
  }

  /** The address to ask. */
  public InetSocketAddress address() {
    return new InetSocketAddress(DnsServer.HERE, port());
  }

  /** Replaces all records, and any fault, of a name; {@code *.example.com} is a wildcard. */
  public void put(String name, DnsRecords records) {
    zones.put(Zones.name(name), records);
  }

  /** Lets every query for the name fail, until it is put or removed. */
  public void fault(String name, DnsFault fault) {
    zones.put(Zones.name(name), fault);
  }

  /** Removes all records, and any fault, of a name; its zone stays. */
  public void remove(String name) {
    zones.remove(Zones.name(name));
  }

  /** Makes a zone with this apex. */
  public void zone(String apex) {
    zones.add(Zones.name(apex));
  }

  /**
   * Removes a zone: names in it no longer exist, whatever records they have, until the zone is made
   * again.
   */
  public void removeZone(String apex) {
    zones.removeZone(Zones.name(apex));
  }

  /** Refers whoever asks without recursion for a name, or one below it, to these servers. */
  public void delegate(String name, String... servers) {
    zones.delegate(Zones.name(name), Stream.of(servers).map(Zones::name).toList());
  }

  /** Lets the answers for a name not get through like this; null ends it. */
  public void transport(String name, @Nullable DnsTransport transport) {
    if (transport == null) {
      transports.remove(Zones.name(name));
    } else {
      transports.put(Zones.name(name), transport);
    }
  }

  /** Whether it says of its own zones that it is their authority: some servers never do. */
  public void claimsAuthority(boolean claims) {
    claimsAuthority = claims;
  }

  /**
   * Lets the recursive resolver see other records for the name than the zone's own servers; none:
   * no data.
   */
  public void recursiveView(String name, DnsRecords records) {
    Name owner = Zones.name(name);
    recursive.put(owner, zones.node(owner, records));
  }

  /** Lets the recursive resolver fail for the name, or find that it does not exist. */
  public void recursiveView(String name, DnsFault fault) {
    recursive.put(Zones.name(name), DnsNode.failing(fault));
  }

  /** Lets the recursive resolver answer everything like this; null ends it. */
  public void recursiveViewOfEveryName(@Nullable DnsFault fault) {
    everyRecursive = fault;
  }

  /** Lets the recursive resolver see again what the zones hold. */
  public void clearRecursiveViews() {
    recursive.clear();
    everyRecursive = null;
  }

  /** Lets every query of either kind fail like this; null ends it. */
  public void faultOfEveryName(@Nullable DnsFault fault) {
    everyName = fault;
    zones.changed();
  }

  /** How many queries came in. */
  public long queries() {
    return asked.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** How many queries for the name came in, of whatever type. */
  public long queries(String name) {
    Name owner = Zones.name(name);
    return asked.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(owner))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  /** How many queries for the name and type came in that did, or did not, ask for recursion. */
  public long queries(String name, String type, boolean recursion) {
    LongAdder count = asked.get(new CallResult(Zones.name(name), Type.value(type), recursion));
    return count == null ? 0 : count.sum();
  }

  /** Returns once nobody is connected any more. */
  public void awaitNoConnection() {
    server.awaitNoConnection();
  }

  /** Forgets the queries that came in. */
  public void forgetQueries() {
    asked.clear();
  }

  @Override
  public long version() {
    return zones.version();
  }

  /**
   * A CNAME at the name counts as wrong: it usually breaks the setup. Faults planned for queries do
   * not matter here.
   */
  @Override
  public Seen look(String mailFromDomain) {
    DnsReply reply =
        everyName == null
            ? zones.authoritative(Zones.name(mailFromDomain), Type.MX)
            : DnsReply.fault(everyName);
    if (reply.silent() || reply.rcode() == Rcode.SERVFAIL || reply.rcode() == Rcode.REFUSED) {
      return Seen.UNKNOWN;
    }
    boolean right =
        reply.answers().size() == 1
            && reply.answers().getFirst() instanceof MXRecord mx
            && FEEDBACK_HOST.matcher(mx.getTarget().toString()).matches();
    return right ? Seen.RIGHT : Seen.WRONG;
  }

  /** What the server takes from here. */
  private final class Answers implements DnsServer.Answers {
    @Override
    public DnsReply reply(Name name, int type, boolean recursion) {
      asked
          .computeIfAbsent(new CallResult(name, type, recursion), _ -> new LongAdder())
          .increment();
      return LocalDns.this.reply(name, type, recursion);
    }

    @Override
    public boolean isAuthority(Name name) {
      return claimsAuthority && zones.referral(name).isEmpty();
    }

    @Override
    public @Nullable DnsTransport transport(Name name) {
      return transports.get(name);
    }
  }

  private DnsReply reply(Name name, int type, boolean recursion) {
    DnsFault all = everyName;
    if (all != null) {
      return zones.withSoa(DnsReply.fault(all), name);
    }
    Optional<FaultPlan.Kind> planned =
        faults.take(FaultPlan.Service.DNS, Type.string(type), name.toString(true), name.toString());
    if (planned.isPresent()) {
      return DnsReply.fault(
          switch (planned.get()) {
            case THROTTLING -> DnsFault.REFUSED;
            case FAIL_BEFORE, FAIL_AFTER -> DnsFault.SERVFAIL;
            case TIMEOUT -> DnsFault.TIMEOUT;
            case EMPTY_BODY, PROXY_PAGE, EMPTY_ANSWER -> throw new IllegalStateException();
          });
    }
    if (recursion) {
      DnsFault every = everyRecursive;
      if (every != null) {
        return zones.withSoa(DnsReply.fault(every), name);
      }
      DnsNode seen = recursive.get(name);
      if (seen != null) {
        if (seen.fault() != null) {
          return zones.withSoa(DnsReply.fault(seen.fault()), name);
        }
        List<Record> answers = new ArrayList<>();
        seen.answer(name, type, answers);
        return zones.withSoa(new DnsReply(Rcode.NOERROR, answers, List.of(), false), name);
      }
    }
    if (!recursion) {
      Optional<DnsReply> referral = zones.referral(name);
      if (referral.isPresent()) {
        return referral.get();
      }
    }
    return zones.authoritative(name, type);
  }

  @Override
  public void close() {
    server.close();
  }
}
