package mailfrom.domain.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DmarcWalk;
import mailfrom.domain.dns.DnsByHand;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Table;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of SPF and DMARC records by the judges alone, without a resolver. */
class JudgementTest {
  static Stream<Arguments> spf() {
    return Table.rows("spf");
  }

  static Stream<Arguments> dmarc() {
    return Table.rows("dmarc");
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void spf(int line, List<String> row) {
    List<String> own = Table.texts(row.get(0).replace("\\u001f", ""));
    SpfView view =
        Spf.judge(
            Views.NAME,
            own.isEmpty() ? new Answer.None<>(true) : new Answer.Found<>(own),
            DnsByHand.of(row.get(1) + (own.isEmpty() ? "" : ownAsTarget(row, own))));
    String remarks =
        view.remarks().stream().sorted().map(remark -> " " + remark).collect(Collectors.joining());
    assertEquals(row.get(2), view.verdict() + remarks);
  }

  /** A record may refer to its own name. */
  private static String ownAsTarget(List<String> row, List<String> own) {
    String before = row.get(1).isEmpty() ? "" : " ;; ";
    return own.size() == 1 && own.getFirst().startsWith("v=spf1 redirect=bounce")
        ? before + "@ TXT " + row.get(0)
        : "";
  }

  @ParameterizedTest(name = "line {0}: {1}")
  @MethodSource
  void dmarc(int line, List<String> row) {
    Optional<DmarcView> view =
        DmarcWalk.look(
            DomainName.of(row.get(0)), DomainName.of(row.get(1)), DnsByHand.of(row.get(2)));
    assertEquals(
        row.get(3),
        view.map(found -> found.applied().map(JudgementTest::text).orElse("none"))
            .orElse("unknown"));
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
}
