package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsFindings;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.name.DomainName;
import mailfrom.local.DnsRecords;
import mailfrom.local.DnsTransport;
import mailfrom.local.LocalDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that do not get through, one of many or many at once. */
class SlowAnswersTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final LocalDns server = new LocalDns();
  private final DnsjavaDns dns =
      new DnsjavaDns(
          List.of(server.address()),
          _ -> server.address(),
          SHORT,
          QueryPace.perSecond(100_000),
          new Random(1));

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(DnsTransport.class)
  void whatDoesNotGetThroughCouldNotBeAskedAndNothingElse(DnsTransport transport) {
    DomainName name = DomainName.of("bounce.example.com");
    server.put(name.value(), DnsRecords.mailFrom("us-east-1"));
    server.transport(name.value(), transport);
    boolean answers =
        switch (transport) {
          case TRUNCATED, DROPS_EDNS -> true;
          case TCP_RESET, TCP_HANGS, TCP_DRIBBLES -> false;
        };
    for (DnsDepth depth : DnsDepth.values()) {
      DnsView view = dns.look(name, depth);
      assertEquals(answers ? MxCheck.RIGHT : MxCheck.UNKNOWN, check(view), depth.name());
      assertEquals(!answers, view.spf().txt().couldNotAsk());
    }
    server.transport(name.value(), null);
    assertEquals(MxCheck.RIGHT, check(dns.look(name, DnsDepth.HEALTHY)), "and then it is clean");
  }

  private static MxCheck check(DnsView view) {
    MxCheck check = DnsFindings.mxCheck(view);
    return check == MxCheck.RIGHT_TWICE ? MxCheck.RIGHT : check;
  }
}
