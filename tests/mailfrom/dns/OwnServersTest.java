package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.ServerAnswer;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.findings.NameUse;
import mailfrom.domain.name.DomainName;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.DnsTransport;
import mailfrom.local.LocalDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A zone with several name servers, each a server of its own, and a parent zone that delegates it.
 */
class OwnServersTest {
  private static final DomainName NAME = DomainName.of("bounce.example.com");
  private static final DnsRecords RIGHT = DnsRecords.mailFrom("us-east-1");

  private final LocalDns resolver = new LocalDns();
  private final Map<String, LocalDns> servers = new LinkedHashMap<>();
  private final DnsjavaDns dns =
      new DnsjavaDns(
          List.of(resolver.address()),
          this::serverAt,
          Duration.ofSeconds(20),
          QueryPace.perSecond(5000),
          new Random(1));

  private InetSocketAddress serverAt(InetAddress address) {
    LocalDns server = servers.get(address.getHostAddress());
    return server == null ? new InetSocketAddress(address, 1) : server.address();
  }

  /** A server at an address; its name is known to the resolver. */
  private LocalDns server(String name, String address) {
    LocalDns server = new LocalDns();
    servers.put(address, server);
    resolver.put(name, DnsRecords.a(address));
    return server;
  }

  private final LocalDns parent = server("parent.example.org", "192.0.2.100");
  private final LocalDns one = server("ns1.example.net", "192.0.2.1");
  private final LocalDns two = server("ns2.example.net", "192.0.2.2");

  @BeforeEach
  void delegate() {
    resolver.zone("com");
    resolver.put("com", DnsRecords.none().andNs("parent.example.org"));
    resolver.zone("example.com");
    resolver.put(
        "example.com", DnsRecords.none().andNs("ns1.example.net").andNs("ns2.example.net"));
    resolver.put("bounce.example.com", RIGHT);
    parent.zone("com");
    parent.delegate("example.com", "ns1.example.net", "ns2.example.net");
    one.put("bounce.example.com", RIGHT);
    two.put("bounce.example.com", RIGHT);
  }

  @AfterEach
  void close() {
    resolver.close();
    servers.values().forEach(LocalDns::close);
  }

  private DnsView look() {
    return dns.look(NAME, DnsDepth.OWN_SERVERS);
  }

  private static String said(DnsView view) {
    Source.OwnServers own = assertInstanceOf(Source.OwnServers.class, view.source());
    return own.answers().stream()
        .map(
            answer ->
                "%s %s%s"
                    .formatted(
                        answer.server().name().substring(0, 3),
                        answer.mx().couldNotAsk()
                            ? "silent"
                            : answer.mx().records().isEmpty() ? "none" : "right",
                        answer.hasAuthority() ? "" : " modest"))
        .collect(Collectors.joining(", "));
  }

  private static String codes(DnsView view) {
    NameUse use = new NameUse("us-east-1", new TreeSet<>(List.of("us-east-1")), false, null);
    return DnsFindings.of(view, use).stream()
        .map(Finding::code)
        .map(Enum::name)
        .collect(Collectors.joining(" "));
  }

  @Test
  void allAreAskedTwice() {
    DnsView view = look();
    assertEquals("ns1 right, ns2 right", said(view));
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertEquals(Zone.of(DomainName.of("example.com")), view.zone());
    for (LocalDns server : List.of(one, two)) {
      assertEquals(2, server.queries("bounce.example.com", "MX", false));
    }
    assertEquals(1, parent.queries("example.com", "NS", false));
  }

  @Test
  void aStaleOneIsADisagreement() {
    two.put("bounce.example.com", DnsRecords.none());
    DnsView view = look();
    assertEquals("ns1 right, ns2 none", said(view));
    assertEquals(MxCheck.SERVERS_DISAGREE, DnsFindings.mxCheck(view));
    assertTrue(codes(view).contains("DNS_SERVERS_DISAGREE"), codes(view));
  }

  @ParameterizedTest
  @EnumSource(
      value = DnsFault.class,
      names = {"REFUSED", "SERVFAIL"})
  void aLameOneIsNamedAndTheOtherIsBelieved(DnsFault fault) {
    two.faultOfEveryName(fault);
    DnsView view = look();
    assertEquals("ns1 right, ns2 silent modest", said(view));
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertEquals("DNS_UNAVAILABLE", codes(view));
  }

  @Test
  void oneThatRefersToOthersIsLame() {
    two.delegate("example.com", "ns1.example.net");
    assertEquals("ns1 right, ns2 silent modest", said(look()));
  }

  /** PowerDNS 8150: well-known servers never set the bit. */
  @Test
  void anAnswerWithoutTheAuthorityBitIsAnAnswer() {
    one.claimsAuthority(false);
    two.claimsAuthority(false);
    DnsView view = look();
    assertEquals("ns1 right modest, ns2 right modest", said(view));
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertEquals("DNS_UNAVAILABLE", codes(view));
    one.put("bounce.example.com", DnsRecords.none());
    two.put("bounce.example.com", DnsRecords.none());
    assertEquals("ns1 none modest, ns2 none modest", said(look()), "no such record, too");
  }

  @Test
  void oneThatOnlyTheParentNamesIsAskedToo() {
    LocalDns old = server("ns3.example.net", "192.0.2.3");
    old.put("bounce.example.com", DnsRecords.mx("10 old.example.net"));
    parent.delegate("example.com", "ns1.example.net", "ns3.example.net");
    DnsView view = look();
    assertEquals(MxCheck.SERVERS_DISAGREE, DnsFindings.mxCheck(view));
    Source.OwnServers own = assertInstanceOf(Source.OwnServers.class, view.source());
    assertEquals(
        "ns1.example.net (192.0.2.1); ns2.example.net (192.0.2.2), which only the zone itself"
            + " names; ns3.example.net (192.0.2.3), which only the parent zone names",
        own.answers().stream()
            .map(ServerAnswer::server)
            .map(server -> server.text())
            .distinct()
            .collect(Collectors.joining("; ")));
  }

  @Test
  void aParentThatDoesNotAnswerLeavesTheListOfTheZone() {
    parent.faultOfEveryName(DnsFault.REFUSED);
    assertEquals("ns1 right, ns2 right", said(look()));
  }

  @Test
  void aNameThatIsDelegatedIsAskedAtItsOwnServers() {
    LocalDns child = server("ns4.example.net", "192.0.2.4");
    resolver.zone("bounce.example.com");
    resolver.put("bounce.example.com", RIGHT.andNs("ns4.example.net"));
    one.delegate("bounce.example.com", "ns4.example.net");
    two.delegate("bounce.example.com", "ns4.example.net");
    child.zone("bounce.example.com");
    child.put("bounce.example.com", RIGHT);
    DnsView view = look();
    assertEquals("ns4 right", said(view));
    assertEquals(Zone.of(NAME), view.zone());
  }

  /** Its start of authority cannot be asked for, and its parent's servers refer to it. */
  @Test
  void aDelegationThatIsLameIsNoAnswerAndNoZone() {
    resolver.fault("bounce.example.com", DnsFault.SERVFAIL);
    one.delegate("bounce.example.com", "ns4.example.net");
    two.delegate("bounce.example.com", "ns4.example.net");
    DnsView view = look();
    assertEquals(MxCheck.UNKNOWN, DnsFindings.mxCheck(view));
    assertEquals(Zone.NOT_ASKED, view.zone());
    assertEquals("DNS_UNAVAILABLE", codes(view));
  }

  @Test
  void aServerThatDropsQuestionsWithEdnsIsAskedWithout() {
    DnsjavaDns hurried =
        new DnsjavaDns(
            List.of(resolver.address()),
            this::serverAt,
            Duration.ofMillis(300),
            QueryPace.perSecond(5000),
            new Random(1));
    one.transport("bounce.example.com", DnsTransport.DROPS_EDNS);
    assertEquals("ns1 right, ns2 right", said(hurried.look(NAME, DnsDepth.OWN_SERVERS)));
  }

  @Test
  void theWordsOfTheirSpfCountAsWell() {
    one.put("bounce.example.com", RIGHT.andTxt("v=spf1 -all"));
    two.put("bounce.example.com", RIGHT.andTxt("v=spf1 -all"));
    assertEquals("SPF_DUPLICATE", codes(look()), "the resolver has one record");
  }
}
