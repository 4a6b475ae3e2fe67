package mailfrom.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import mailfrom.app.pace.Deadline;
import mailfrom.app.read.Dns;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DmarcWalk;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The DNS by dnsjava: the questions of one look are asked side by side, at a pace. Answers about
 * the MAIL FROM domains themselves are never kept. A resolver keeps "no such record" for a while;
 * the zone's own name servers know at once.
 */
public final class DnsjavaDns implements Dns {
  private static final int DNS_PORT = 53;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final List<InetSocketAddress> configured;
  private final Function<InetAddress, InetSocketAddress> serverAt;
  private final DnsClient client;
  private final RandomGenerator random;

  /** What a run keeps; null outside of one, where each look keeps its own. */
  private final @Nullable Kept kept;

  private record Kept(Answers answers, Answers delegations) {
    Kept() {
      this(new Answers(), new Answers());
    }
  }

  /**
   * The DNS as the functions ask it: two seconds for each query.
   *
   * @param server asked for everything, own name servers on its port too; empty: the system's
   * @param queriesASecond the most
   */
  public static DnsjavaDns of(Optional<InetSocketAddress> server, int queriesASecond) {
    int port = server.map(InetSocketAddress::getPort).orElse(DNS_PORT);
    return new DnsjavaDns(
        server.stream().toList(),
        address -> new InetSocketAddress(address, port),
        TIMEOUT,
        QueryPace.perSecond(queriesASecond),
        // Two restored snapshots must not make the same labels: this one takes from the system.
        new SecureRandom());
  }

  /**
   * Makes it; nothing is asked or read yet.
   *
   * @param resolvers who answers for the whole DNS; none: those of this system
   * @param serverAt where the name server with an address listens: port 53, but for local ones
   * @param timeout how long one server has for one answer; it is asked at most twice
   * @param random makes sibling labels; used by looks only
   */
  public DnsjavaDns(
      List<InetSocketAddress> resolvers,
      Function<InetAddress, InetSocketAddress> serverAt,
      Duration timeout,
      QueryPace pace,
      RandomGenerator random) {
    this(resolvers, serverAt, new DnsClient(timeout, pace), random, null);
  }

  private DnsjavaDns(
      List<InetSocketAddress> resolvers,
      Function<InetAddress, InetSocketAddress> serverAt,
      DnsClient client,
      RandomGenerator random,
      @Nullable Kept kept) {
    this.configured = List.copyOf(resolvers);
    this.serverAt = serverAt;
    this.client = client;
    this.random = random;
    this.kept = kept;
  }

  @Override
  public Dns until(Deadline deadline) {
    return new DnsjavaDns(configured, serverAt, client.until(deadline), random, kept);
  }

  @Override
  public Dns forRun() {
    return new DnsjavaDns(configured, serverAt, client, random, new Kept());
  }

  @Override
  public DnsView look(DomainName domain, DnsDepth depth) {
    Name name;
    try {
      name = Records.name(domain.value());
    } catch (TextParseException e) {
      return DnsView.unavailable(domain, "not a name of the DNS: " + e.getMessage());
    }
    Kept now = kept();
    Resolvers resolvers = new Resolvers(client, configured, now.answers());
    try (SideBySide sideBySide = new SideBySide()) {
      return new Look(
              domain,
              name,
              resolvers,
              apex -> new OwnServers(resolvers, now.delegations(), serverAt, sideBySide, apex),
              () -> "x" + Long.toUnsignedString(random.nextLong(), 36),
              sideBySide)
          .see(depth);
    }
  }

  @Override
  public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
    Resolvers resolvers = new Resolvers(client, configured, kept().answers());
    return DmarcWalk.look(from, mailFrom, new ReceiverLookup(resolvers::shared));
  }

  private Kept kept() {
    return kept == null ? new Kept() : kept;
  }
}
