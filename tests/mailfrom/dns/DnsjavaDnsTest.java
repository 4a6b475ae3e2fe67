package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import mailfrom.app.read.Dns;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.findings.NameUse;
import mailfrom.domain.name.DomainName;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.LocalDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DnsjavaDnsTest {
  private static final DomainName NAME = DomainName.of("bounce.example.com");
  private static final DomainName FROM = DomainName.of("example.com");
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final LocalDns server = new LocalDns();
  private final DnsjavaDns dns = dns(server.address(), PATIENT);

  private static DnsjavaDns dns(InetSocketAddress server, Duration timeout) {
    return new DnsjavaDns(
        List.of(server), _ -> server, timeout, QueryPace.perSecond(5000), new Random(1));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static List<FindingCode> codes(DnsView view) {
    NameUse use = new NameUse("us-east-1", new TreeSet<>(List.of("us-east-1")), false, null);
    return DnsFindings.of(view, use).stream().map(finding -> finding.code()).toList();
  }

  @ParameterizedTest
  @EnumSource(DnsDepth.class)
  void aHealthyNameIsRightAtEveryDepth(DnsDepth depth) {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    DnsView view = dns.look(NAME, depth);
    assertEquals(new Answer.Found<>(List.of(MxRecord.feedback("us-east-1"))), view.mx());
    assertEquals(SpfVerdict.COVERS_SES, view.spf().verdict());
    assertEquals(List.of(), codes(view));
    assertTrue(DnsFindings.mxCheck(view).isRight());
  }

  @Test
  void aHealthyLookAsksForMxAndSpfAndOnceARunForTheAddressesOfSes() {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    Dns run = dns.forRun();
    run.look(NAME, DnsDepth.HEALTHY);
    assertEquals(3, server.queries());
    assertEquals(1, server.queries("bounce.example.com", "MX", true));
    assertEquals(1, server.queries("bounce.example.com", "TXT", true));
    assertEquals(1, server.queries("amazonses.com", "TXT", true));
    run.look(NAME, DnsDepth.HEALTHY);
    assertEquals(5, server.queries(), "the name itself is asked for again");
    dns.look(NAME, DnsDepth.HEALTHY);
    assertEquals(8, server.queries(), "and outside of the run all is");
  }

  @Test
  void whatIsAskedOfDmarcIsSharedByTheIdentitiesOfARun() {
    server.put("_dmarc.example.com", DnsRecords.txt("v=DMARC1; p=none"));
    Dns run = dns.forRun();
    for (String name : List.of("a", "b", "c")) {
      assertTrue(run.dmarc(FROM, DomainName.of(name + ".example.com")).isPresent());
    }
    assertEquals(5, server.queries(), "one for each name below, and one for each name above");
  }

  @Test
  void whoDoesNotAnswerInARunIsAskedThreeTimesAndNoMore() {
    server.put("bounce.example.com", DnsRecords.txt("v=spf1 include:slow.example.net -all"));
    server.fault("slow.example.net", DnsFault.SERVFAIL);
    Dns run = dns.forRun();
    for (int i = 0; i < 5; i++) {
      assertEquals(SpfVerdict.UNKNOWN, run.look(NAME, DnsDepth.HEALTHY).spf().verdict());
    }
    assertEquals(3, server.queries("slow.example.net"));
  }

  @Test
  void aNameThatDoesNotExistHasNoMxButItsZoneIsThere() {
    server.zone("example.com");
    DnsView view = dns.look(NAME, DnsDepth.FINDINGS);
    assertEquals(new Answer.None<MxRecord>(false), view.mx());
    assertEquals(DnsView.Zone.State.DELEGATED, view.zone().state());
    assertEquals(List.of(FindingCode.MX_MISSING, FindingCode.SPF_MISSING), codes(view));
  }

  @Test
  void aDomainThatIsNotDelegatedIsAMissingZone() {
    DnsView view = dns.look(NAME, DnsDepth.FINDINGS);
    assertEquals(DnsView.Zone.State.MISSING, view.zone().state());
    assertEquals(List.of(FindingCode.ZONE_MISSING), codes(view));
  }

  @Test
  void aDomainThatIsGoneBelowARegistrysZoneIsMissingToo() {
    server.zone("co.uk");
    DnsView view = dns.look(DomainName.of("bounce.example.co.uk"), DnsDepth.FINDINGS);
    assertEquals(DnsView.Zone.State.MISSING, view.zone().state());
  }

  @Test
  void aNameTypedWithoutItsFinalDotIsFound() {
    server.put("bounce.example.com.example.com", DnsRecords.mx("10 " + host("us-east-1")));
    DnsView view = dns.look(NAME, DnsDepth.FINDINGS);
    assertTrue(codes(view).contains(FindingCode.MX_DOUBLED_NAME), codes(view).toString());
  }

  @Test
  void anAliasIsSeenAndWhatItsTargetHas() {
    server.put("bounce.example.com", DnsRecords.cname("target.example.com"));
    server.put("target.example.com", DnsRecords.mailFrom("us-east-1"));
    for (DnsDepth depth : List.of(DnsDepth.FINDINGS, DnsDepth.OWN_SERVERS)) {
      DnsView view = dns.look(NAME, depth);
      assertEquals(
          new Answer.Found<>(List.of(DomainName.of("target.example.com"))), view.others().cname());
      assertTrue(DnsFindings.mxCheck(view).isRight());
    }
  }

  @Test
  void spfIsFollowedThroughIncludes() {
    server.put(
        "bounce.example.com",
        DnsRecords.mx("10 " + host("us-east-1"))
            .andTxt("v=spf1 include:spf.example.net ~all", "unrelated"));
    server.put("spf.example.net", DnsRecords.txt("v=spf1 redirect=more.example.net"));
    server.put("more.example.net", DnsRecords.txt("v=spf1 include:amazonses.com -all"));
    assertEquals(SpfVerdict.COVERS_SES, dns.look(NAME, DnsDepth.HEALTHY).spf().verdict());
    server.fault("more.example.net", DnsFault.SERVFAIL);
    assertEquals(SpfVerdict.UNKNOWN, dns.look(NAME, DnsDepth.HEALTHY).spf().verdict());
  }

  @ParameterizedTest
  @EnumSource(
      value = DnsFault.class,
      names = {"SERVFAIL", "REFUSED"})
  void aRefusedQuestionIsCouldNotAskAtEveryDepth(DnsFault fault) {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    server.faultOfEveryName(fault);
    for (DnsDepth depth : DnsDepth.values()) {
      DnsView view = dns.look(NAME, depth);
      assertTrue(view.mx().couldNotAsk());
      assertEquals(SpfVerdict.UNKNOWN, view.spf().verdict());
      assertEquals(MxCheck.UNKNOWN, DnsFindings.mxCheck(view));
      assertEquals(List.of(FindingCode.DNS_UNAVAILABLE), codes(view));
    }
  }

  @Test
  void aTimeoutIsCouldNotAskAtEveryDepth() {
    server.faultOfEveryName(DnsFault.TIMEOUT);
    DnsjavaDns hurried = dns(server.address(), SHORT);
    for (DnsDepth depth : DnsDepth.values()) {
      DnsView view = hurried.look(NAME, depth);
      assertEquals(MxCheck.UNKNOWN, DnsFindings.mxCheck(view));
      assertEquals(List.of(FindingCode.DNS_UNAVAILABLE), codes(view));
    }
  }

  @Test
  void aSecondResolverAnswersForAFailingOne() {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    try (LocalDns broken = new LocalDns()) {
      broken.faultOfEveryName(DnsFault.SERVFAIL);
      DnsjavaDns both =
          new DnsjavaDns(
              List.of(broken.address(), server.address()),
              _ -> server.address(),
              PATIENT,
              QueryPace.perSecond(300),
              new Random(1));
      assertTrue(DnsFindings.mxCheck(both.look(NAME, DnsDepth.HEALTHY)).isRight());
    }
  }

  @Test
  void anAnswerTooLongForAPacketComesOverTcp() {
    String[] many = new String[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = "verification-%02d=".formatted(i) + "x".repeat(180);
    }
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1").andTxt(many));
    assertEquals(SpfVerdict.COVERS_SES, dns.look(NAME, DnsDepth.HEALTHY).spf().verdict());
  }

  @Test
  void theOwnServersKnowWhatTheResolverHasNotSeenYet() {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    server.recursiveView("bounce.example.com", DnsRecords.none());
    assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(dns.look(NAME, DnsDepth.FINDINGS)));
    DnsView view = dns.look(NAME, DnsDepth.OWN_SERVERS);
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertInstanceOf(DnsView.Source.OwnServers.class, view.source());
    assertEquals(SpfVerdict.COVERS_SES, view.spf().verdict());
    assertEquals(2, server.queries("bounce.example.com", "MX", false));
  }

  @Test
  void aResolverThatFailsForTheNameDoesNotHideTheOwnServers() {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    server.recursiveView("bounce.example.com", DnsFault.SERVFAIL);
    DnsView view = dns.look(NAME, DnsDepth.OWN_SERVERS);
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
  }

  @Test
  void whenTheOwnServersCannotBeAskedTheAnswerSaysForHowLongItMayBeKept() {
    server.put("example.com", DnsRecords.none().andNs("ns.elsewhere.test"));
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    DnsView right = dns.look(NAME, DnsDepth.OWN_SERVERS);
    assertEquals(keptInstead(), right.source());
    assertEquals(MxCheck.RIGHT, DnsFindings.mxCheck(right));
    server.remove("bounce.example.com");
    DnsView missing = dns.look(NAME, DnsDepth.OWN_SERVERS);
    assertEquals(keptInstead(), missing.source(), "the zone's negative time to live");
    assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(missing));
  }

  private DnsView.Source keptInstead() {
    NameServer resolver =
        new NameServer("the resolver", "127.0.0.1", server.port(), NameServer.NamedBy.BOTH);
    return new DnsView.Source.Resolver(resolver, Duration.ofMinutes(5), true);
  }

  @Test
  void aWrongResolverThatKnowsNothingNeverMakesAnMxRight() {
    server.put("bounce.example.com", DnsRecords.mailFrom("us-east-1"));
    server.recursiveViewOfEveryName(DnsFault.NXDOMAIN);
    for (DnsDepth depth : DnsDepth.values()) {
      assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(dns.look(NAME, depth)));
    }
  }

  @Test
  void theRulesSeeAddressesAndWhatAWildcardAnswers() {
    server.put(
        "*.example.com", DnsRecords.mx("10 mx.example.net").andA("192.0.2.1").andAaaa("::1"));
    DnsView view = dns.look(NAME, DnsDepth.RULES);
    DnsView.Sibling sibling = view.others().sibling();
    assertNotNull(sibling);
    assertEquals(view.mx(), sibling.mx());
    assertEquals(view.others().address(), sibling.address());
    assertEquals(2, sibling.address().records().size());
    server.put("bounce.example.com", DnsRecords.a("192.0.2.2"));
    DnsView own = dns.look(NAME, DnsDepth.RULES);
    assertEquals(new Answer.Found<>(List.of("192.0.2.2")), own.others().address());
    assertInstanceOf(Answer.None.class, own.mx());
  }

  @Test
  void noWildcardReachesIntoAZoneOfItsOwn() {
    server.put("*.example.com", DnsRecords.txt("v=spf1 -all"));
    server.zone("bounce.example.com");
    server.put("bounce.example.com", DnsRecords.txt("v=spf1 -all"));
    assertFalse(dns.look(NAME, DnsDepth.FINDINGS).isOfWildcard());
    assertFalse(dns.look(NAME, DnsDepth.RULES).isOfWildcard());
  }

  @Test
  void aStringMayEndWithinACharacter() {
    String start = "v=spf1 include:amazonses.com some=";
    String text = start + "x".repeat(254 - start.length()) + "\u2013all";
    server.put("bounce.example.com", DnsRecords.txt(text));
    assertEquals(List.of(text), dns.look(NAME, DnsDepth.HEALTHY).spf().txt().records());
  }

  @Test
  void eachLookHasAnotherSibling() {
    server.zone("example.com");
    dns.look(NAME, DnsDepth.RULES);
    dns.look(NAME, DnsDepth.RULES);
    String first = "x" + Long.toUnsignedString(new Random(1).nextLong(), 36) + ".example.com";
    assertEquals(1, server.queries(first, "MX", true));
  }

  private static String host(String region) {
    return "feedback-smtp." + region + ".amazonses.com";
  }
}
