package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Table;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.NameUse;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.findings.RecordsToDo;
import mailfrom.domain.name.DomainName;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.LocalDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of records and verdicts, by the real resolver code against the local DNS. */
class TablesTest {
  private static final DomainName NAME = DomainName.of("bounce.example.com");
  private static final NameUse USE =
      new NameUse("us-east-1", new TreeSet<>(List.of("us-east-1")), false, null);
  private static final String OF_SES = "v=spf1 ip4:192.0.2.0/25 ip4:198.51.100.0/24 -all";

  private final LocalDns server = new LocalDns();
  private final DnsjavaDns dns =
      new DnsjavaDns(
          List.of(server.address()),
          _ -> server.address(),
          Duration.ofSeconds(20),
          QueryPace.perSecond(5000),
          new Random(1));

  @AfterEach
  void close() {
    server.close();
  }

  static Stream<Arguments> spf() {
    return Table.rows("spf");
  }

  static Stream<Arguments> mx() {
    return Table.rows("mx");
  }

  static Stream<Arguments> dmarc() {
    return Table.rows("dmarc");
  }

  static Stream<Arguments> zones() {
    return Table.rows("zones");
  }

  private void world() {
    server.zone("example.com");
    server.put("amazonses.com", DnsRecords.txt(OF_SES));
    for (String region : List.of("us-east-1", "new-region-1")) {
      server.put("feedback-smtp." + region + ".amazonses.com", DnsRecords.a("203.0.113.25"));
    }
  }

  /** Publishes the records of a cell, and what stands at the MAIL FROM domain beside them. */
  private void put(String mailFrom, String cell, DnsRecords own) {
    Map<String, DnsRecords> names = new LinkedHashMap<>();
    if (!own.equals(DnsRecords.none())) {
      names.put(mailFrom, own);
    }
    for (Table.Entry entry : Table.entries(cell, mailFrom)) {
      if (entry.value().isEmpty()) {
        names.remove(entry.name());
        server.fault(entry.name(), DnsFault.valueOf(entry.type()));
      } else {
        names.put(entry.name(), with(names.getOrDefault(entry.name(), DnsRecords.none()), entry));
      }
    }
    names.forEach(server::put);
  }

  private static DnsRecords with(DnsRecords there, Table.Entry entry) {
    return switch (entry.type()) {
      case "A" -> there.andA(entry.value());
      case "TXT" -> there.andTxt(entry.value());
      case "MX" -> there.andMx(entry.value());
      case "CNAME" -> DnsRecords.cname(entry.value());
      default -> throw new IllegalArgumentException("no type " + entry.type());
    };
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void spf(int line, List<String> row) {
    world();
    List<String> texts = Table.texts(row.get(0));
    DnsRecords right = DnsRecords.mx("10 feedback-smtp.us-east-1.amazonses.com");
    put(NAME.value(), row.get(1), right.andTxt(texts.toArray(String[]::new)));
    DnsView view = dns.look(NAME, DnsDepth.FINDINGS);
    SpfView spf = view.spf();
    String remarks =
        spf.remarks().stream().sorted().map(remark -> " " + remark).collect(Collectors.joining());
    assertEquals(row.get(2), spf.verdict() + remarks, String.valueOf(spf.why()));
    SpfView.Proposal proposal = spf.proposal();
    boolean isThere = spf.verdict().isBroken() && spf.verdict() != SpfVerdict.MISSING;
    assertEquals(isThere, proposal != null, "something to publish instead");
    if (proposal != null) {
      server.put(NAME.value(), right.andTxt(proposal.record()));
      SpfView mended = dns.look(NAME, DnsDepth.FINDINGS).spf();
      assertEquals(SpfVerdict.COVERS_SES, mended.verdict(), proposal.record());
    }
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void mx(int line, List<String> row) {
    world();
    List<String> mx = Table.texts(row.get(0));
    DnsRecords own =
        mx.isEmpty()
            ? DnsRecords.none()
            : DnsRecords.txt("v=spf1 include:amazonses.com ~all").andMx(mx.toArray(String[]::new));
    put(NAME.value(), row.get(1), own);
    DnsView view = dns.look(NAME, DnsDepth.FINDINGS);
    assertEquals(row.get(2), DnsFindings.mxCheck(view).name());
    assertEquals(
        row.get(3),
        DnsFindings.of(view, USE).stream()
            .map(Finding::code)
            .filter(code -> !code.name().startsWith("SPF_"))
            .map(FindingCode::name)
            .collect(Collectors.joining(" ")));
    assertEquals(
        row.get(4),
        RecordsToDo.of(view, USE).stream()
            .filter(record -> record.type() == RecordType.MX)
            .map(TablesTest::todo)
            .collect(Collectors.joining(", ")));
  }

  private static String todo(RecordToDo record) {
    String state = record.state().name().toLowerCase(Locale.ROOT);
    return "%s %d %s".formatted(state, record.priority(), record.value());
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void dmarc(int line, List<String> row) {
    put("", row.get(2), DnsRecords.none());
    var view = dns.dmarc(DomainName.of(row.get(0)), DomainName.of(row.get(1)));
    assertEquals(
        row.get(3),
        view.map(found -> found.applied().map(TablesTest::text).orElse("none")).orElse("unknown"));
    assertEquals(
        row.get(4), view.map(found -> found.spfCounts() ? "counts" : "does not").orElse("unknown"));
  }

  private static String text(DmarcView.Policy policy) {
    return "%s %s %s %s"
        .formatted(
            policy.at(),
            policy.action().word(),
            policy.strictSpf() ? "s" : "r",
            policy.strictDkim() ? "s" : "r");
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void zones(int line, List<String> row) {
    DomainName name = DomainName.of(row.get(0));
    Stream.of(row.get(1).split(" ", -1)).filter(zone -> !zone.isEmpty()).forEach(server::zone);
    put(name.value(), row.get(2), DnsRecords.none());
    DnsView view = dns.look(name, DnsDepth.FINDINGS);
    String found =
        switch (view.zone().state()) {
          case MISSING -> "missing";
          case NOT_ASKED -> "unknown";
          case DELEGATED ->
              new RecordToDo(
                      name, RecordType.TXT, view.zone().apex(), null, "", 0, RecordToDo.State.ADD)
                  .host()
                  .map(host -> view.zone().apex() + " " + host)
                  .orElse("");
        };
    assertEquals(row.get(3), found);
  }
}
