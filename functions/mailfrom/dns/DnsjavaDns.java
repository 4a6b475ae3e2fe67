package mailfrom.dns;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import mailfrom.app.read.Dns;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The DNS by dnsjava: the questions of one look are asked side by side, at a pace, and no answer is
 * kept. A resolver keeps "no such record" for a while; the zone's own name servers know at once.
 */
public final class DnsjavaDns implements Dns {
  private static final int MOST_NAME_SERVERS = 4;

  /** Ancestors in which a DMARC policy is looked for. */
  private static final int MOST_ANCESTORS = 5;

  /** Who could not be asked twice on the way up to the zone is not asked further. */
  private static final int MOST_SILENT = 2;

  /**
   * Second labels under which registries of countries delegate, as they do under the country's own.
   * A zone that ends there is nobody's domain.
   */
  private static final Set<String> REGISTRY_LABELS =
      Set.of(
          "ac", "co", "com", "edu", "go", "gob", "gov", "gv", "id", "ltd", "me", "mil", "ne", "net",
          "nom", "or", "org", "plc", "sch", "web");

  private final List<InetSocketAddress> configured;
  private final int nameServerPort;
  private final DnsClient client;
  private final RandomGenerator random;
  private final InstantSource clock;

  private static final int DNS_PORT = 53;
  private static final int QUERIES_A_SECOND = 300;
  private static final int REHEARSED_A_SECOND = 1_000_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /**
   * The DNS as the functions ask it: at most 300 queries a second, two seconds for each.
   *
   * @param server asked for everything, own name servers on its port too; empty: the system's
   */
  public static DnsjavaDns of(Optional<InetSocketAddress> server) {
    return new DnsjavaDns(
        server.stream().toList(),
        server.map(InetSocketAddress::getPort).orElse(DNS_PORT),
        TIMEOUT,
        QueryPace.perSecond(QUERIES_A_SECOND),
        // Two restored snapshots must not make the same labels: this one takes from the system.
        new SecureRandom(),
        InstantSource.system());
  }

  /**
   * The same, but somebody else answers each question: for a rehearsal. Nothing is sent.
   *
   * @param answers the answer to a query
   */
  public static DnsjavaDns answeredBy(UnaryOperator<Message> answers) {
    return new DnsjavaDns(
        List.of(InetSocketAddress.createUnresolved("rehearsal", DNS_PORT)),
        DNS_PORT,
        new DnsClient(
            QueryPace.perSecond(REHEARSED_A_SECOND), (server, query) -> answers.apply(query)),
        new SecureRandom(),
        InstantSource.system());
  }

  /**
   * Makes it; nothing is asked or read yet.
   *
   * @param resolvers who answers for the whole DNS; none: those of this system
   * @param nameServerPort where the zones' own name servers listen: 53, but for local ones
   * @param timeout how long one server has for one answer. A look takes about eight times as long
   *     at worst
   * @param random makes sibling labels; used by looks only
   * @param clock what cached answers are dated by
   */
  public DnsjavaDns(
      List<InetSocketAddress> resolvers,
      int nameServerPort,
      Duration timeout,
      QueryPace pace,
      RandomGenerator random,
      InstantSource clock) {
    this(resolvers, nameServerPort, new DnsClient(timeout, pace), random, clock);
  }

  private DnsjavaDns(
      List<InetSocketAddress> resolvers,
      int nameServerPort,
      DnsClient client,
      RandomGenerator random,
      InstantSource clock) {
    this.configured = List.copyOf(resolvers);
    this.nameServerPort = nameServerPort;
    this.client = client;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public DnsView look(DomainName domain, DnsDepth depth) {
    Name name;
    try {
      name = absolute(domain.value());
    } catch (TextParseException e) {
      return DnsView.unavailable(domain, "not a name of the DNS: " + e.getMessage());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Look look = new Look(domain, name, depth, threads);
      return look.see();
    }
  }

  private List<InetSocketAddress> resolvers() {
    return configured.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : configured;
  }

  /** What is known of the zone that a name is in. */
  private record ZoneSeen(DnsView.Zone state, @Nullable Name apex) {}

  /** An answer about the MX, and who gave it. */
  private record MxSeen(
      Reply reply, DnsView.Source source, boolean disagree, @Nullable Instant cachedUntil) {}

  /** One look at one name. */
  private final class Look {
    private final DomainName domain;
    private final Name name;
    private final DnsDepth depth;
    private final ExecutorService threads;

    /** The zone's own servers; empty when they are not to be asked, or could not be. */
    private List<InetSocketAddress> own = List.of();

    private @Nullable Name ownApex;

    Look(DomainName domain, Name name, DnsDepth depth, ExecutorService threads) {
      this.domain = domain;
      this.name = name;
      this.depth = depth;
      this.threads = threads;
    }

    DnsView see() {
      return switch (depth) {
        case HEALTHY -> healthy();
        case FINDINGS -> findings(zoneLater(), mxOfResolver(), null);
        case RULES -> findings(zoneLater(), mxOfResolver(), siblingLater());
        case OWN_SERVERS -> ownServers();
      };
    }

    private DnsView healthy() {
      Future<MxSeen> mx = mxOfResolver();
      Reply txt = ask(name, Type.TXT);
      Answer<String> spf = spfRecords(txt);
      SpfVerdict verdict = Spf.judge(spf, this::txtOf);
      MxSeen seen = of(mx);
      return new DnsView(
          domain,
          seen.reply().answer(DnsjavaDns::mx),
          verdict,
          spf,
          null,
          null,
          null,
          null,
          DnsView.Zone.NOT_ASKED,
          null,
          seen.source(),
          false,
          null);
    }

    private DnsView ownServers() {
      ZoneSeen zone = zone();
      Name apex = zone.apex();
      MxSeen mx = null;
      if (apex != null && zone.state() == DnsView.Zone.DELEGATED) {
        mx = askOwnServers(nameServers(apex), apex);
      }
      MxSeen seen = mx != null ? mx : maybeCached(ask(name, Type.MX));
      return findings(done(zone), done(seen), null);
    }

    private DnsView findings(
        Future<ZoneSeen> zoneLater,
        Future<MxSeen> mxLater,
        @Nullable Future<DnsView.Sibling> siblingLater) {
      Future<Reply> cname = later(() -> ask(name, Type.CNAME));
      Future<Optional<Boolean>> strict = later(this::dmarcStrict);
      Future<Answer<String>> address =
          depth == DnsDepth.RULES ? later(() -> addresses(name)) : null;
      Answer<String> spf = spfRecords(ask(name, Type.TXT));
      SpfVerdict verdict = Spf.judge(spf, this::txtOf);
      MxSeen seen = of(mxLater);
      Answer<MxRecord> mx = seen.reply().answer(DnsjavaDns::mx);
      ZoneSeen zone = of(zoneLater);
      Answer<MxRecord> doubled = mx instanceof Answer.None<MxRecord> ? doubled(zone) : null;
      return new DnsView(
          domain,
          mx,
          verdict,
          spf,
          of(cname).answer(DnsjavaDns::target),
          address == null ? null : of(address),
          doubled,
          of(strict).orElse(null),
          zone.state(),
          siblingLater == null ? null : of(siblingLater),
          seen.source(),
          seen.disagree(),
          seen.cachedUntil());
    }

    private Future<MxSeen> mxOfResolver() {
      return later(() -> new MxSeen(ask(name, Type.MX), DnsView.Source.RESOLVER, false, null));
    }

    private MxSeen maybeCached(Reply reply) {
      Instant until =
          switch (reply) {
            case Reply.None _ -> null;
            case Reply.Came came -> came.keptFor().map(clock.instant()::plus).orElse(null);
          };
      return new MxSeen(reply, DnsView.Source.RESOLVER, false, until);
    }

    private Future<ZoneSeen> zoneLater() {
      return later(this::zone);
    }

    // ---- the zone's own servers

    private List<InetSocketAddress> nameServers(Name apex) {
      Reply reply = askResolver(apex, Type.NS);
      if (!(reply instanceof Reply.Came came)) {
        return List.of();
      }
      List<Future<List<InetSocketAddress>>> found = new ArrayList<>();
      for (Record record : came.found()) {
        if (record instanceof NSRecord ns && found.size() < MOST_NAME_SERVERS) {
          found.add(later(() -> addressesOf(ns.getTarget())));
        }
      }
      Set<InetSocketAddress> servers = new LinkedHashSet<>();
      for (Future<List<InetSocketAddress>> addresses : found) {
        of(addresses).stream().findFirst().ifPresent(servers::add);
      }
      return List.copyOf(servers);
    }

    /** IPv6 only where there is nothing else: Lambda has none unless told so. */
    private List<InetSocketAddress> addressesOf(Name server) {
      for (int type : new int[] {Type.A, Type.AAAA}) {
        if (askResolver(server, type) instanceof Reply.Came came) {
          List<InetSocketAddress> found = new ArrayList<>();
          for (Record record : came.found()) {
            if (record instanceof ARecord a) {
              found.add(new InetSocketAddress(a.getAddress(), nameServerPort));
            } else if (record instanceof AAAARecord aaaa) {
              found.add(new InetSocketAddress(aaaa.getAddress(), nameServerPort));
            }
          }
          if (!found.isEmpty()) {
            return found;
          }
        }
      }
      return List.of();
    }

    /** Asks each twice; null when one of the two rounds had no answer at all. */
    private @Nullable MxSeen askOwnServers(List<InetSocketAddress> servers, Name apex) {
      List<InetSocketAddress> awake = new ArrayList<>();
      List<Reply.Came> all = new ArrayList<>();
      askRound(servers, all, awake);
      if (awake.isEmpty()) {
        return null;
      }
      List<InetSocketAddress> twice = new ArrayList<>();
      askRound(awake, all, twice);
      if (twice.isEmpty()) {
        return null;
      }
      own = twice;
      ownApex = apex;
      Set<Set<MxRecord>> different = new HashSet<>();
      Reply.Came shown = all.getFirst();
      for (Reply.Came came : all) {
        Answer<MxRecord> answer = answerOf(came);
        different.add(Set.copyOf(answer.records()));
        if (!isRight(answer)) {
          shown = came;
        }
      }
      // An alias may lead out of the zone, where these servers know nothing.
      Reply reply = shown.isAlias() && shown.found().isEmpty() ? ask(name, Type.MX) : shown;
      return new MxSeen(reply, DnsView.Source.OWN_SERVERS, different.size() > 1, null);
    }

    private static Answer<MxRecord> answerOf(Reply.Came came) {
      return came.answer(DnsjavaDns::mx);
    }

    private static boolean isRight(Answer<MxRecord> answer) {
      return answer.records().size() == 1
          && answer.records().getFirst().feedbackRegion().isPresent();
    }

    private void askRound(
        List<InetSocketAddress> servers, List<Reply.Came> answers, List<InetSocketAddress> awake) {
      List<Future<Reply>> replies =
          servers.stream()
              .map(server -> later(() -> client.askNameServer(server, name, Type.MX)))
              .toList();
      for (int i = 0; i < servers.size(); i++) {
        if (of(replies.get(i)) instanceof Reply.Came came) {
          answers.add(came);
          awake.add(servers.get(i));
        }
      }
    }

    // ---- the zone

    /**
     * Finds the zone's apex: one question for the start of authority, which a negative answer names
     * too. Up to the parent only where that was not said.
     */
    private ZoneSeen zone() {
      int silent = 0;
      boolean nobodyKnowsIt = false;
      for (Name at = name; at.labels() > 2; at = new Name(at, 1)) {
        switch (askResolver(at, Type.SOA)) {
          case Reply.None _ -> {
            silent++;
            nobodyKnowsIt = false;
            if (silent >= MOST_SILENT) {
              return new ZoneSeen(DnsView.Zone.NOT_ASKED, null);
            }
          }
          case Reply.Came came -> {
            if (came.isAlias()) {
              continue;
            }
            Optional<Name> apex =
                came.found().isEmpty() ? came.authority().map(SOARecord::getName) : Optional.of(at);
            if (apex.isPresent() && at.subdomain(apex.get())) {
              return isRegistrys(apex.get())
                  ? new ZoneSeen(DnsView.Zone.MISSING, null)
                  : new ZoneSeen(DnsView.Zone.DELEGATED, apex.get());
            }
            nobodyKnowsIt = !came.nameExists();
          }
        }
      }
      return new ZoneSeen(nobodyKnowsIt ? DnsView.Zone.MISSING : DnsView.Zone.NOT_ASKED, null);
    }

    // ---- single questions

    /** Asks the zone's own servers where they were found to answer, and the resolver elsewhere. */
    private Reply ask(Name at, int type) {
      Name apex = ownApex;
      if (apex != null && at.subdomain(apex)) {
        for (InetSocketAddress server : own) {
          if (client.askNameServer(server, at, type) instanceof Reply.Came came) {
            if (came.isAlias() && came.found().isEmpty()) {
              break;
            }
            return came;
          }
        }
      }
      return askResolver(at, type);
    }

    private Reply askResolver(Name at, int type) {
      return client.askResolvers(resolvers(), at, type);
    }

    private Answer<String> txtOf(DomainName included) {
      try {
        return ask(absolute(included.value()), Type.TXT).answer(DnsjavaDns::txt);
      } catch (TextParseException e) {
        return new Answer.None<>(false);
      }
    }

    private static Answer<String> spfRecords(Reply reply) {
      return reply.answer(DnsjavaDns::spf);
    }

    private Answer<String> addresses(Name at) {
      Future<Reply> v6 = later(() -> ask(at, Type.AAAA));
      Answer<String> four = ask(at, Type.A).answer(DnsjavaDns::address);
      Answer<String> six = of(v6).answer(DnsjavaDns::address);
      List<String> both = new ArrayList<>(four.records());
      both.addAll(six.records());
      if (!both.isEmpty()) {
        return new Answer.Found<>(both);
      }
      return four.couldNotAsk() ? four : six;
    }

    private @Nullable Answer<MxRecord> doubled(ZoneSeen zone) {
      Name apex = zone.apex();
      if (apex == null) {
        return null;
      }
      try {
        Name relative = name.relativize(Name.root);
        return ask(Name.concatenate(relative, apex), Type.MX).answer(DnsjavaDns::mx);
      } catch (NameTooLongException e) {
        // So long a name cannot have been published.
        return new Answer.None<>(false);
      }
    }

    private Future<DnsView.Sibling> siblingLater() {
      String label = "x" + Long.toUnsignedString(random.nextLong(), 36);
      return later(
          () -> {
            Name sibling;
            try {
              sibling = Name.concatenate(Name.fromString(label), new Name(name, 1));
            } catch (TextParseException | NameTooLongException e) {
              String why = "no room for a sibling label";
              return new DnsView.Sibling(
                  new Answer.CouldNotAsk<>(why),
                  new Answer.CouldNotAsk<>(why),
                  new Answer.CouldNotAsk<>(why));
            }
            Future<Reply> mx = later(() -> ask(sibling, Type.MX));
            Future<Reply> cname = later(() -> ask(sibling, Type.CNAME));
            Answer<String> address = addresses(sibling);
            return new DnsView.Sibling(
                of(mx).answer(DnsjavaDns::mx), of(cname).answer(DnsjavaDns::target), address);
          });
    }

    /**
     * Whether the nearest DMARC policy above the name says aspf=s; empty when that is not known. A
     * policy at the name itself is not that of a From domain.
     */
    private Optional<Boolean> dmarcStrict() {
      List<Future<Answer<String>>> policies = new ArrayList<>();
      Optional<DomainName> above = domain.parent();
      while (above.isPresent() && policies.size() < MOST_ANCESTORS) {
        String at = "_dmarc." + above.get().value();
        policies.add(later(() -> policyAt(at)));
        above = above.get().parent();
      }
      for (Future<Answer<String>> policy : policies) {
        Answer<String> answer = of(policy);
        if (answer.couldNotAsk()) {
          return Optional.empty();
        }
        if (answer.records().size() == 1) {
          return Optional.of(isStrict(answer.records().getFirst()));
        }
      }
      return Optional.of(false);
    }

    private Answer<String> policyAt(String at) {
      try {
        return ask(absolute(at), Type.TXT).answer(DnsjavaDns::dmarc);
      } catch (TextParseException e) {
        return new Answer.None<>(false);
      }
    }

    // ---- side by side

    private <T> Future<T> later(Callable<T> task) {
      return threads.submit(task);
    }

    private static <T> Future<T> done(T value) {
      return CompletableFuture.completedFuture(value);
    }

    private static <T> T of(Future<T> future) {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return future.get();
          } catch (InterruptedException e) {
            // Each question has its time-out: the end is near, and no thread is left behind.
            interrupted = true;
          } catch (ExecutionException e) {
            throw new IllegalStateException("a look at the DNS broke", e.getCause());
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Whether a zone is the root's, a top-level domain's or one that a registry delegates from. */
  private static boolean isRegistrys(Name apex) {
    int labels = apex.labels() - 1;
    return labels < 2
        || (labels == 2
            && apex.getLabelString(1).length() == 2
            && REGISTRY_LABELS.contains(apex.getLabelString(0).toLowerCase(Locale.ROOT)));
  }

  private static boolean isDmarc(String text) {
    String lower = text.toLowerCase(Locale.ROOT).replace(" ", "");
    return lower.equals("v=dmarc1") || lower.startsWith("v=dmarc1;");
  }

  private static boolean isStrict(String policy) {
    for (String tag : policy.toLowerCase(Locale.ROOT).replace(" ", "").split(";", -1)) {
      if (tag.equals("aspf=s")) {
        return true;
      }
    }
    return false;
  }

  private static Name absolute(String text) throws TextParseException {
    return Name.fromString(text, Name.root);
  }

  private static @Nullable MxRecord mx(Record record) {
    return record instanceof MXRecord mx
        ? new MxRecord(mx.getPriority(), plain(mx.getTarget()))
        : null;
  }

  private static @Nullable String txt(Record record) {
    return record instanceof TXTRecord txt ? Reply.text(txt) : null;
  }

  private static @Nullable String spf(Record record) {
    String text = txt(record);
    return text != null && Spf.isSpf(text) ? text : null;
  }

  private static @Nullable String dmarc(Record record) {
    String text = txt(record);
    return text != null && isDmarc(text) ? text : null;
  }

  /** A target that is no name of the domain's form is left out: nobody can say more about it. */
  private static @Nullable DomainName target(Record record) {
    return record instanceof CNAMERecord alias
        ? DomainName.parse(plain(alias.getTarget())).toOptional().orElse(null)
        : null;
  }

  private static @Nullable String address(Record record) {
    return switch (record) {
      case ARecord a -> a.getAddress().getHostAddress();
      case AAAARecord aaaa -> aaaa.getAddress().getHostAddress();
      default -> null;
    };
  }

  /** Lower case without the final dot; the root stays a dot. */
  private static String plain(Name host) {
    return host.equals(Name.root) ? "." : host.toString(true).toLowerCase(Locale.ROOT);
  }
}
