package mailfrom.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

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
  private static final Name NAME_SERVER = name("ns1.local-dns.test");
  private static final Name HOSTMASTER = name("hostmaster.local-dns.test");
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final int PLAIN_UDP = 512;
  private static final int LARGEST_UDP = 4096;
  private static final int LARGEST_TCP = 65_535;
  private static final int LONGEST_ALIAS_CHAIN = 8;

  /** What one name holds: records by type, or a fault. */
  private record Node(Map<Integer, List<Record>> byType, @Nullable DnsFault fault) {}

  private record CallResult(Name name, int type, boolean recursive) {}

  /** A dribbled answer keeps a reader's time-out for each byte from coming. */
  private static final Duration BETWEEN_BYTES = Duration.ofMillis(20);

  private final FaultPlan faults;
  private final long ttl;
  private final Map<Name, Node> nodes = new ConcurrentHashMap<>();
  private final Map<Name, Node> recursive = new ConcurrentHashMap<>();
  // How many names with data are below a name: what has some exists, though it may have no data.
  private final Map<Name, Integer> below = new ConcurrentHashMap<>();
  private final Set<Name> zones = ConcurrentHashMap.newKeySet();
  private final Map<Name, List<Name>> delegations = new ConcurrentHashMap<>();
  private final Map<Name, DnsTransport> transports = new ConcurrentHashMap<>();
  private final Map<CallResult, LongAdder> asked = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();
  private volatile @Nullable DnsFault everyName;
  private volatile @Nullable DnsFault everyRecursive;
  private volatile boolean claimsAuthority = true;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

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
    this.ttl = ttl.toSeconds();
    try {
      Sockets sockets = Sockets.open(port);
      udp = sockets.udp();
      tcp = sockets.tcp();
      // A look-up of ten thousand names must not be lost in our own buffer.
      udp.setReceiveBufferSize(4 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " of 127.0.0.1 cannot serve DNS", e);
    }
    Thread.ofPlatform().daemon().name("local-dns-udp").start(this::serveUdp);
    Thread.ofPlatform().daemon().name("local-dns-tcp").start(this::serveTcp);
  }

  private record Sockets(DatagramSocket udp, ServerSocket tcp) {
    // A free UDP port may be taken on TCP: try others.
    static Sockets open(int port) throws IOException {
      for (int attempt = 1; ; attempt++) {
        ServerSocket tcp = new ServerSocket(port, 256, HERE);
        try {
          return new Sockets(
              new DatagramSocket(new InetSocketAddress(HERE, tcp.getLocalPort())), tcp);
        } catch (BindException e) {
          tcp.close();
          if (port != 0 || attempt == 20) {
            throw e;
          }
        }
      }
    }
  }

  /** The port, the same for UDP and TCP. */
  public int port() {
    return tcp.getLocalPort();
  }

  /** The address to ask. */
  public InetSocketAddress address() {
    return new InetSocketAddress(HERE, port());
  }

  /** Replaces all records, and any fault, of a name; {@code *.example.com} is a wildcard. */
  public void put(String name, DnsRecords records) {
    Name owner = name(name);
    put(owner, new Node(parsed(owner, records, ttl), null));
  }

  /** Lets every query for the name fail, until it is put or removed. */
  public void fault(String name, DnsFault fault) {
    put(name(name), new Node(Map.of(), fault));
  }

  private synchronized void put(Name owner, Node node) {
    if (zoneOf(owner).isEmpty()) {
      zones.add(owner.labels() <= 3 ? owner : new Name(owner, owner.labels() - 3));
    }
    if (nodes.put(owner, node) == null) {
      countBelow(owner, 1);
    }
    version.incrementAndGet();
  }

  /** Removes all records, and any fault, of a name; its zone stays. */
  public synchronized void remove(String name) {
    Name owner = name(name);
    if (nodes.remove(owner) != null) {
      countBelow(owner, -1);
    }
    version.incrementAndGet();
  }

  /** Makes a zone with this apex. */
  public synchronized void zone(String apex) {
    zones.add(name(apex));
    version.incrementAndGet();
  }

  /**
   * Removes a zone: names in it no longer exist, whatever records they have, until the zone is made
   * again.
   */
  public synchronized void removeZone(String apex) {
    zones.remove(name(apex));
    version.incrementAndGet();
  }

  /** Refers whoever asks without recursion for a name, or one below it, to these servers. */
  public void delegate(String name, String... servers) {
    delegations.put(name(name), Stream.of(servers).map(LocalDns::name).toList());
    version.incrementAndGet();
  }

  /** Lets the answers for a name not get through like this; null ends it. */
  public void transport(String name, @Nullable DnsTransport transport) {
    if (transport == null) {
      transports.remove(name(name));
    } else {
      transports.put(name(name), transport);
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
    Name owner = name(name);
    recursive.put(owner, new Node(parsed(owner, records, ttl), null));
  }

  /** Lets the recursive resolver fail for the name, or find that it does not exist. */
  public void recursiveView(String name, DnsFault fault) {
    recursive.put(name(name), new Node(Map.of(), fault));
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
    version.incrementAndGet();
  }

  /** How many queries came in. */
  public long queries() {
    return asked.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** How many queries for the name came in, of whatever type. */
  public long queries(String name) {
    Name owner = name(name);
    return asked.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(owner))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  /** How many queries for the name and type came in that did, or did not, ask for recursion. */
  public long queries(String name, String type, boolean recursion) {
    LongAdder count = asked.get(new CallResult(name(name), Type.value(type), recursion));
    return count == null ? 0 : count.sum();
  }

  /** Returns once nobody is connected any more. */
  public void awaitNoConnection() {
    while (!connections.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  /** Forgets the queries that came in. */
  public void forgetQueries() {
    asked.clear();
  }

  @Override
  public long version() {
    return version.get();
  }

  /**
   * A CNAME at the name counts as wrong: it usually breaks the setup. Faults planned for queries do
   * not matter here.
   */
  @Override
  public Seen look(String mailFromDomain) {
    Reply reply =
        everyName == null ? authoritative(name(mailFromDomain), Type.MX) : Reply.fault(everyName);
    if (reply.silent() || reply.rcode() == Rcode.SERVFAIL || reply.rcode() == Rcode.REFUSED) {
      return Seen.UNKNOWN;
    }
    boolean right =
        reply.answers().size() == 1
            && reply.answers().getFirst() instanceof MXRecord mx
            && FEEDBACK_HOST.matcher(mx.getTarget().toString()).matches();
    return right ? Seen.RIGHT : Seen.WRONG;
  }

  /**
   * What to send back: the answers, the SOA of a negative answer or the servers of a referral, or
   * nothing at all.
   */
  private record Reply(int rcode, List<Record> answers, List<Record> authority, boolean silent) {
    static Reply fault(DnsFault fault) {
      return switch (fault) {
        case SERVFAIL -> new Reply(Rcode.SERVFAIL, List.of(), List.of(), false);
        case REFUSED -> new Reply(Rcode.REFUSED, List.of(), List.of(), false);
        case NXDOMAIN -> new Reply(Rcode.NXDOMAIN, List.of(), List.of(), false);
        case TIMEOUT -> new Reply(Rcode.SERVFAIL, List.of(), List.of(), true);
      };
    }
  }

  private Reply reply(Name name, int type, boolean recursion) {
    DnsFault all = everyName;
    if (all != null) {
      return withSoa(Reply.fault(all), name);
    }
    Optional<FaultPlan.Kind> planned =
        faults.take(FaultPlan.Service.DNS, Type.string(type), name.toString(true), name.toString());
    if (planned.isPresent()) {
      return Reply.fault(
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
        return withSoa(Reply.fault(every), name);
      }
      Node seen = recursive.get(name);
      if (seen != null) {
        if (seen.fault() != null) {
          return withSoa(Reply.fault(seen.fault()), name);
        }
        List<Record> answers = new ArrayList<>();
        answer(seen, name, type, answers);
        return withSoa(new Reply(Rcode.NOERROR, answers, List.of(), false), name);
      }
    }
    if (!recursion) {
      Optional<Name> below = delegationOf(name);
      if (below.isPresent()) {
        return new Reply(Rcode.NOERROR, List.of(), referral(below.get()), false);
      }
    }
    return authoritative(name, type);
  }

  private Optional<Name> delegationOf(Name name) {
    return delegations.keySet().stream().filter(name::subdomain).findFirst();
  }

  private List<Record> referral(Name cut) {
    List<Record> referral = new ArrayList<>();
    delegations
        .getOrDefault(cut, List.of())
        .forEach(server -> referral.add(new NSRecord(cut, DClass.IN, ttl, server)));
    return referral;
  }

  private Reply authoritative(Name asked, int type) {
    List<Record> answers = new ArrayList<>();
    Name name = asked;
    for (int step = 0; step < LONGEST_ALIAS_CHAIN; step++) {
      Optional<Node> node = node(name);
      if (node.isEmpty()) {
        return withSoa(new Reply(Rcode.NXDOMAIN, answers, List.of(), false), name);
      }
      DnsFault fault = node.get().fault();
      if (fault != null) {
        return withSoa(Reply.fault(fault), name);
      }
      Optional<Name> alias = answer(node.get(), name, type, answers);
      if (alias.isEmpty()) {
        return withSoa(new Reply(Rcode.NOERROR, answers, List.of(), false), name);
      }
      name = alias.get();
    }
    return new Reply(Rcode.SERVFAIL, List.of(), List.of(), false);
  }

  /** Adds what the node holds of the type, and gives the name to go on with when it is an alias. */
  private static Optional<Name> answer(Node node, Name owner, int type, List<Record> answers) {
    List<Record> aliases = node.byType().getOrDefault(Type.CNAME, List.of());
    if (!aliases.isEmpty() && type != Type.CNAME && type != Type.ANY) {
      answers.add(aliases.getFirst().withName(owner));
      return Optional.of(((CNAMERecord) aliases.getFirst()).getTarget());
    }
    node.byType()
        .forEach(
            (held, records) -> {
              if (held == type || type == Type.ANY) {
                records.forEach(found -> answers.add(found.withName(owner)));
              }
            });
    return Optional.empty();
  }

  /** A negative answer names the zone that says so, and for how long to believe it. */
  private Reply withSoa(Reply reply, Name name) {
    boolean positive = reply.answers().stream().anyMatch(answer -> answer.getType() != Type.CNAME);
    boolean negative =
        reply.rcode() == Rcode.NXDOMAIN || (reply.rcode() == Rcode.NOERROR && !positive);
    return negative
        ? new Reply(
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
  private Optional<Node> node(Name name) {
    if (name.equals(NAME_SERVER)) {
      return Optional.of(
          new Node(Map.of(Type.A, List.of(new ARecord(name, DClass.IN, ttl, HERE))), null));
    }
    Optional<Name> zone = zoneOf(name);
    if (zone.isEmpty()) {
      return Optional.empty();
    }
    Node own = nodes.get(name);
    if (name.equals(zone.get())) {
      return Optional.of(own != null && own.fault() != null ? own : apex(name, own));
    }
    if (own != null) {
      return Optional.of(own);
    }
    if (below.containsKey(name)) {
      return Optional.of(new Node(Map.of(), null));
    }
    for (Name encloser = parent(name); ; encloser = parent(encloser)) {
      if (encloser.equals(zone.get())
          || nodes.containsKey(encloser)
          || below.containsKey(encloser)) {
        return Optional.ofNullable(nodes.get(wildcard(encloser)));
      }
    }
  }

  private Node apex(Name name, @Nullable Node own) {
    Map<Integer, List<Record>> byType = new HashMap<>(own == null ? Map.of() : own.byType());
    byType.putIfAbsent(Type.SOA, List.of(soa(name)));
    byType.putIfAbsent(Type.NS, List.of(new NSRecord(name, DClass.IN, ttl, NAME_SERVER)));
    return new Node(byType, null);
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

  private static Name name(String text) {
    try {
      return Name.fromString(text.toLowerCase(Locale.ROOT), Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text + " is not a DNS name", e);
    }
  }

  private static Map<Integer, List<Record>> parsed(Name owner, DnsRecords records, long ttl) {
    Map<Integer, List<Record>> byType = new HashMap<>();
    for (String mx : records.mx()) {
      String[] parts = mx.strip().split("\\s+", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("an MX record is \"priority host\", not \"" + mx + "\"");
      }
      add(byType, new MXRecord(owner, DClass.IN, ttl, Integer.parseInt(parts[0]), name(parts[1])));
    }
    for (String txt : records.txt()) {
      add(byType, new TXTRecord(owner, DClass.IN, ttl, pieces(txt)));
    }
    if (records.cname() != null) {
      add(byType, new CNAMERecord(owner, DClass.IN, ttl, name(records.cname())));
    }
    for (String a : records.a()) {
      add(byType, new ARecord(owner, DClass.IN, ttl, numeric(a)));
    }
    for (String aaaa : records.aaaa()) {
      add(byType, new AAAARecord(owner, DClass.IN, ttl, numeric(aaaa)));
    }
    for (String ns : records.ns()) {
      add(byType, new NSRecord(owner, DClass.IN, ttl, name(ns)));
    }
    return Map.copyOf(byType);
  }

  private static void add(Map<Integer, List<Record>> byType, Record one) {
    byType.computeIfAbsent(one.getType(), _ -> new ArrayList<>()).add(one);
  }

  /** A TXT record is made of strings of 255 bytes at most; readers join them. */
  private static List<String> pieces(String txt) {
    // Latin-1: one character stands for one byte of the UTF-8, and dnsjava escapes what is not
    // ASCII.
    StringBuilder escaped = new StringBuilder();
    List<String> pieces = new ArrayList<>();
    int length = 0;
    for (byte one : txt.getBytes(StandardCharsets.UTF_8)) {
      int c = one & 0xFF;
      if (length == 255 || c == DnsRecords.END_OF_STRING) {
        pieces.add(escaped.toString());
        escaped.setLength(0);
        length = 0;
      }
      if (c == DnsRecords.END_OF_STRING) {
        continue;
      }
      if (c == '"' || c == '\\') {
        escaped.append('\\').append((char) c);
      } else if (c < 0x20 || c > 0x7E) {
        escaped.append("\\%03d".formatted(c));
      } else {
        escaped.append((char) c);
      }
      length++;
    }
    pieces.add(escaped.toString());
    return pieces;
  }

  private static InetAddress numeric(String address) {
    return InetAddress.ofLiteral(address);
  }

  private void serveUdp() {
    byte[] buffer = new byte[LARGEST_UDP];
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        Optional<byte[]> answer = answer(query, false);
        if (answer.isPresent()) {
          udp.send(
              new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!udp.isClosed()) {
          throw new UncheckedIOException("the UDP socket of the local DNS broke", e);
        }
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        connections.add(socket);
        executor.execute(() -> serve(socket));
      } catch (IOException e) {
        if (!tcp.isClosed()) {
          throw new UncheckedIOException("the TCP socket of the local DNS broke", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        Optional<byte[]> answer = answer(query, true);
        DnsTransport transport = transportOf(query);
        if (transport == DnsTransport.TCP_RESET) {
          // Closing with nothing left to wait for sends a reset.
          socket.setSoLinger(true, 0);
          return;
        }
        if (transport == DnsTransport.TCP_DRIBBLES) {
          dribble(out);
        } else if (answer.isPresent() && transport != DnsTransport.TCP_HANGS) {
          byte[] framed = new byte[answer.get().length + 2];
          framed[0] = (byte) (answer.get().length >> 8);
          framed[1] = (byte) answer.get().length;
          System.arraycopy(answer.get(), 0, framed, 2, answer.get().length);
          out.write(framed);
          out.flush();
        }
      }
    } catch (EOFException | SocketException _) {
      // The asker went away, which ends the conversation.
    } catch (IOException e) {
      throw new UncheckedIOException("a TCP conversation of the local DNS broke", e);
    } finally {
      connections.remove(socket);
    }
  }

  private @Nullable DnsTransport transportOf(byte[] query) throws IOException {
    Record question = new Message(query).getQuestion();
    return question == null ? null : transports.get(question.getName());
  }

  /** Begins an answer, and never gets to its end. */
  private void dribble(DataOutputStream out) throws IOException {
    out.writeShort(PLAIN_UDP);
    try {
      do {
        out.write(0);
        out.flush();
      } while (!closing.await(BETWEEN_BYTES.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<byte[]> answer(byte[] wire, boolean overTcp) {
    Message query;
    try {
      query = new Message(wire);
    } catch (WireParseException _) {
      return malformed(wire);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    Message response = new Message(query.getHeader().getID());
    Header header = response.getHeader();
    header.setFlag(Flags.QR);
    header.setOpcode(query.getHeader().getOpcode());
    Record question = query.getQuestion();
    if (question != null) {
      response.addRecord(question, Section.QUESTION);
    }
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      header.setRcode(Rcode.NOTIMP);
    } else if (question == null || question.getDClass() != DClass.IN) {
      header.setRcode(question == null ? Rcode.FORMERR : Rcode.REFUSED);
    } else {
      boolean recursion = query.getHeader().getFlag(Flags.RD);
      asked
          .computeIfAbsent(
              new CallResult(question.getName(), question.getType(), recursion),
              _ -> new LongAdder())
          .increment();
      Reply reply = reply(question.getName(), question.getType(), recursion);
      if (reply.silent()) {
        return Optional.empty();
      }
      if (recursion) {
        header.setFlag(Flags.RD);
      } else if (claimsAuthority && delegationOf(question.getName()).isEmpty()) {
        header.setFlag(Flags.AA);
      }
      header.setFlag(Flags.RA);
      header.setRcode(reply.rcode());
      reply.answers().forEach(record -> response.addRecord(record, Section.ANSWER));
      reply.authority().forEach(record -> response.addRecord(record, Section.AUTHORITY));
    }
    OPTRecord opt = query.getOPT();
    DnsTransport transport = question == null ? null : transports.get(question.getName());
    if (transport != null && transport != DnsTransport.DROPS_EDNS && !overTcp) {
      header.setFlag(Flags.TC);
      response.removeAllRecords(Section.ANSWER);
    }
    if (transport == DnsTransport.DROPS_EDNS && opt != null) {
      return Optional.empty();
    }
    if (opt != null) {
      response.addRecord(new OPTRecord(LARGEST_UDP, 0, 0), Section.ADDITIONAL);
    }
    int room =
        overTcp
            ? LARGEST_TCP
            : opt == null ? PLAIN_UDP : Math.clamp(opt.getPayloadSize(), PLAIN_UDP, LARGEST_UDP);
    return Optional.of(response.toWire(room));
  }

  /** Who sent bytes that are no query is told so, when at least its id can be read. */
  private static Optional<byte[]> malformed(byte[] wire) {
    if (wire.length < 2) {
      return Optional.empty();
    }
    Message response = new Message(((wire[0] & 0xFF) << 8) | (wire[1] & 0xFF));
    response.getHeader().setFlag(Flags.QR);
    response.getHeader().setRcode(Rcode.FORMERR);
    return Optional.of(response.toWire());
  }

  @Override
  public void close() {
    closing.countDown();
    udp.close();
    try {
      tcp.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the local DNS does not close", e);
    }
    executor.close();
  }
}
