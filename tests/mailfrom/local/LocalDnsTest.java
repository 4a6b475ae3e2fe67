package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.local.FaultPlan.Kind;
import mailfrom.local.FaultPlan.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The local DNS on the wire, asked by dnsjava's own resolver. */
class LocalDnsTest {
  private final FaultPlan faults = new FaultPlan();
  private final LocalDns dns = new LocalDns(0, faults, Duration.ofMinutes(5));

  @AfterEach
  void close() {
    dns.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # name                    | type  | answer
          mx.example.com            | MX    | NOERROR 10 a.example.net., 20 b.example.net.
          MX.Example.COM            | MX    | NOERROR 10 a.example.net., 20 b.example.net.
          mx.example.com            | TXT   | NOERROR "v=spf1 -all"
          mx.example.com            | A     | NOERROR 192.0.2.1
          mx.example.com            | AAAA  | NOERROR 2001:db8:0:0:0:0:0:1
          mx.example.com            | CNAME | NOERROR
          missing.example.com       | MX    | NXDOMAIN
          below.mx.example.com      | MX    | NXDOMAIN
          between.example.com       | MX    | NOERROR
          empty.example.com         | MX    | NOERROR
          example.com               | MX    | NOERROR
          example.com               | NS    | NOERROR ns1.local-dns.test.
          ns1.local-dns.test        | A     | NOERROR 127.0.0.1
          ns1.local-dns.test        | AAAA  | NOERROR
          own-ns.org                | NS    | NOERROR ns.own-ns.org.
          no-zone.net               | NS    | NXDOMAIN
          alias.example.com         | CNAME | NOERROR mx.example.com.
          alias.example.com         | A     | NOERROR mx.example.com., 192.0.2.1
          alias.example.com         | NS    | NOERROR mx.example.com.
          dangling.example.com      | MX    | NXDOMAIN missing.example.com.
          loop.example.com          | MX    | SERVFAIL
          any.wild.example.com      | MX    | NOERROR 10 wild.example.net.
          a.b.wild.example.com      | MX    | NOERROR 10 wild.example.net.
          any.wild.example.com      | TXT   | NOERROR
          wild.example.com          | MX    | NOERROR
          taken.wild.example.com    | MX    | NOERROR
          a.taken.wild.example.com  | MX    | NXDOMAIN
          a.b.sub.example.com       | NS    | NXDOMAIN
          b.sub.example.com         | NS    | NOERROR ns1.local-dns.test.
          servfail.example.com      | MX    | SERVFAIL
          refused.example.com       | MX    | REFUSED
          """)
  void answersAsRealServersDo(String name, String type, String answer) throws IOException {
    dns.put(
        "mx.example.com",
        DnsRecords.mx("10 a.example.net", "20 b.example.net")
            .andTxt("v=spf1 -all")
            .andA("192.0.2.1")
            .andAaaa("2001:db8::1"));
    dns.put("below.between.example.com", DnsRecords.a("192.0.2.1"));
    dns.put("empty.example.com", DnsRecords.none());
    dns.put("own-ns.org", DnsRecords.none().andNs("ns.own-ns.org"));
    dns.put("alias.example.com", DnsRecords.cname("mx.example.com"));
    dns.put("dangling.example.com", DnsRecords.cname("missing.example.com"));
    dns.put("loop.example.com", DnsRecords.cname("loop.example.com"));
    dns.put("*.wild.example.com", DnsRecords.mx("10 wild.example.net"));
    dns.put("taken.wild.example.com", DnsRecords.a("192.0.2.1"));
    dns.zone("b.sub.example.com");
    dns.fault("servfail.example.com", DnsFault.SERVFAIL);
    dns.fault("refused.example.com", DnsFault.REFUSED);

    assertEquals(answer, ask(name, type, true));
    assertEquals(answer, ask(name, type, false));
  }

  @ParameterizedTest
  @CsvSource({
    "missing.example.com, example.com.",
    "mx.example.com, example.com.",
    "a.deep.example.com, deep.example.com.",
    "no-zone.net, ."
  })
  void aNegativeAnswerNamesItsZoneAndHowLongItHolds(String name, String zone) throws IOException {
    dns.put("mx.example.com", DnsRecords.none());
    dns.zone("deep.example.com");

    SOARecord soa =
        (SOARecord) message(resolver(), name, "MX", true).getSection(Section.AUTHORITY).getFirst();

    assertEquals(zone, soa.getName().toString());
    assertEquals(300, soa.getMinimum());
    assertEquals(300, soa.getTTL());
  }

  @Test
  void aPositiveAnswerHasNoSoaAndIsTheZonesOwn() throws IOException {
    dns.put("mx.example.com", DnsRecords.a("192.0.2.1"));

    Message answer = message(resolver(), "mx.example.com", "A", false);

    assertEquals(List.of(), answer.getSection(Section.AUTHORITY));
    assertTrue(answer.getHeader().getFlag(Flags.AA));
  }

  @Test
  void aNewPutReplacesEverythingAndARemovalLeavesTheZone() throws IOException {
    dns.put("a.example.com", DnsRecords.mx("10 mx.example.net").andTxt("old"));
    dns.put("a.example.com", DnsRecords.a("192.0.2.1"));
    assertEquals("NOERROR", ask("a.example.com", "TXT", false));

    dns.fault("a.example.com", DnsFault.SERVFAIL);
    assertEquals("SERVFAIL", ask("a.example.com", "A", false));

    dns.remove("a.example.com");
    assertEquals("NXDOMAIN", ask("a.example.com", "A", false));
    assertEquals("NOERROR ns1.local-dns.test.", ask("example.com", "NS", false));

    dns.removeZone("example.com");
    assertEquals("NXDOMAIN", ask("example.com", "NS", false));
  }

  @Test
  void aStaleResolverSeesItsOwnViewOnlyWhenAskedForRecursion() throws IOException {
    dns.put("a.example.com", DnsRecords.a("192.0.2.1"));
    dns.recursiveView("a.example.com", DnsRecords.a("192.0.2.9"));
    assertEquals("NOERROR 192.0.2.9", ask("a.example.com", "A", true));
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", false));
    assertEquals("NOERROR", ask("a.example.com", "MX", true));

    dns.recursiveView("a.example.com", DnsFault.NXDOMAIN);
    assertEquals("NXDOMAIN", ask("a.example.com", "A", true));
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", false));

    dns.clearRecursiveViews();
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", true));
  }

  @ParameterizedTest
  @CsvSource({"SERVFAIL, SERVFAIL", "REFUSED, REFUSED", "NXDOMAIN, NXDOMAIN"})
  void everyNameCanFailForTheResolverOrForAll(DnsFault fault, String answer) throws IOException {
    dns.put("a.example.com", DnsRecords.a("192.0.2.1"));
    dns.recursiveViewOfEveryName(fault);
    assertEquals(answer, ask("a.example.com", "A", true));
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", false));

    dns.faultOfEveryName(fault);
    assertEquals(answer, ask("a.example.com", "A", false));

    dns.faultOfEveryName(null);
    dns.recursiveViewOfEveryName(null);
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFaultMayBeNoAnswerAtAll(boolean overTcp) throws IOException {
    dns.fault("silent.example.com", DnsFault.TIMEOUT);
    SimpleResolver impatient = resolver();
    impatient.setTCP(overTcp);
    impatient.setTimeout(Duration.ofMillis(50));

    assertThrows(IOException.class, () -> message(impatient, "silent.example.com", "MX", false));
    assertEquals(1, dns.queries("silent.example.com"));
  }

  @ParameterizedTest
  @CsvSource({
    "*,             THROTTLING,  REFUSED",
    "*,             FAIL_BEFORE, SERVFAIL",
    "a,             FAIL_AFTER,  SERVFAIL",
    "a.example.com, FAIL_AFTER,  SERVFAIL",
    "MX,            FAIL_AFTER,  NOERROR 192.0.2.1"
  })
  void aPlannedFaultHitsItsQueries(String operation, Kind kind, String answer) throws IOException {
    dns.put("a.example.com", DnsRecords.a("192.0.2.1"));
    faults.add(Service.DNS, operation, kind, 2);

    assertEquals(answer, ask("a.example.com", "A", false));
    assertEquals(answer, ask("a.example.com", "A", true));
    assertEquals("NOERROR 192.0.2.1", ask("a.example.com", "A", false));
  }

  @ParameterizedTest
  @CsvSource({"400, false, false", "700, false, true", "700, true, false", "5000, true, true"})
  void whatDoesNotFitIsCutAndComesWholeOverTcp(int size, boolean edns, boolean cut)
      throws IOException {
    String text = "x".repeat(size);
    dns.put("big.example.com", DnsRecords.txt(text));
    SimpleResolver resolver = resolver();
    if (edns) {
      resolver.setEDNS(0, 4096, 0, List.of());
    }
    resolver.setIgnoreTruncation(true);
    assertEquals(
        cut, message(resolver, "big.example.com", "TXT", false).getHeader().getFlag(Flags.TC));

    resolver.setIgnoreTruncation(false);
    Message whole = message(resolver, "big.example.com", "TXT", false);
    assertFalse(whole.getHeader().getFlag(Flags.TC));
    TXTRecord found = (TXTRecord) whole.getSection(Section.ANSWER).getFirst();
    assertEquals(text, String.join("", found.getStrings()));
  }

  @Test
  void aTextWithQuotesAndUnicodeComesThrough() throws IOException {
    dns.put("a.example.com", DnsRecords.txt("say \"hi\\there\" é"));

    TXTRecord found =
        (TXTRecord)
            message(resolver(), "a.example.com", "TXT", false)
                .getSection(Section.ANSWER)
                .getFirst();

    assertEquals(
        "say \"hi\\there\" é",
        new String(found.getStringsAsByteArrays().getFirst(), StandardCharsets.UTF_8));
  }

  @Test
  void queriesAreCounted() throws IOException {
    ask("a.example.com", "MX", true);
    ask("a.example.com", "MX", false);
    ask("a.example.com", "TXT", false);

    assertEquals(3, dns.queries());
    assertEquals(3, dns.queries("A.example.com"));
    assertEquals(1, dns.queries("a.example.com", "MX", true));
    assertEquals(0, dns.queries("a.example.com", "TXT", true));
    dns.forgetQueries();
    assertEquals(0, dns.queries());
  }

  @Test
  void whatIsNoQueryIsNotImplemented() throws IOException {
    Message notify =
        Message.newQuery(Record.newRecord(Name.fromString("example.com."), Type.SOA, DClass.IN));
    notify.getHeader().setOpcode(Opcode.NOTIFY);

    assertEquals(Rcode.NOTIMP, resolver().send(notify).getRcode());
  }

  private String ask(String name, String type, boolean recursion) throws IOException {
    Message answer = message(resolver(), name, type, recursion);
    String records =
        answer.getSection(Section.ANSWER).stream()
            .map(Record::rdataToString)
            .collect(Collectors.joining(", "));
    return Stream.of(Rcode.string(answer.getRcode()), records)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private SimpleResolver resolver() throws IOException {
    SimpleResolver resolver = new SimpleResolver(dns.address());
    resolver.setEDNS(-1);
    resolver.setTimeout(Duration.ofSeconds(5));
    return resolver;
  }

  private static Message message(
      SimpleResolver resolver, String name, String type, boolean recursion) throws IOException {
    Message query =
        Message.newQuery(
            Record.newRecord(Name.fromString(name, Name.root), Type.value(type), DClass.IN));
    if (!recursion) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    return resolver.send(query);
  }
}
