package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.CachingDns;
import mailfrom.app.read.Dns;
import mailfrom.app.run.World;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.name.DomainName;
import mailfrom.local.DnsRecords;
import mailfrom.local.DnsTransport;
import mailfrom.local.LocalDns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that do not get through, one of many or many at once. */
class SlowAnswersTest {
  /** For what never answers, however long it is waited for. */
  private static final Duration SHORT = Duration.ofMillis(50);

  /** Long enough for an answer that comes while many others are waited for. */
  private static final Duration LONGER = Duration.ofSeconds(1);

  private final LocalDns server = new LocalDns();
  private final MovingClock clock = new MovingClock(World.clock());

  @AfterEach
  void close() {
    server.close();
  }

  private DnsjavaDns dns(Duration timeout) {
    return new DnsjavaDns(
        List.of(server.address()),
        _ -> server.address(),
        timeout,
        QueryPace.perSecond(100_000),
        new Random(1));
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
    DnsjavaDns dns =
        dns(
            switch (transport) {
              case TRUNCATED -> LONGER;
              // The first question of each is waited for to its end.
              case DROPS_EDNS -> Duration.ofMillis(200);
              case TCP_RESET, TCP_HANGS, TCP_DRIBBLES -> SHORT;
            });
    for (DnsDepth depth : DnsDepth.values()) {
      DnsView view = dns.look(name, depth);
      assertEquals(answers ? MxCheck.RIGHT : MxCheck.UNKNOWN, check(view), depth.name());
      assertEquals(!answers, view.spf().txt().couldNotAsk());
    }
    server.transport(name.value(), null);
    assertEquals(
        MxCheck.RIGHT, check(dns(LONGER).look(name, DnsDepth.HEALTHY)), "and then it is clean");
  }

  @Test
  void aLookEndsWithTheTimeOfTheRequestThatNeedsIt() {
    DomainName name = DomainName.of("bounce.example.com");
    server.put(name.value(), DnsRecords.mailFrom("us-east-1"));
    Dns inTime = dns(LONGER).until(Deadline.in(clock, Duration.ofSeconds(1)));
    assertEquals(MxCheck.RIGHT, check(inTime.look(name, DnsDepth.RULES)));
    long asked = server.queries();
    clock.sleepUntil(clock.now().plusSeconds(1));
    assertEquals(MxCheck.UNKNOWN, check(inTime.look(name, DnsDepth.RULES)));
    assertEquals(asked, server.queries(), "nobody is asked any more");
  }

  private static MxCheck check(DnsView view) {
    MxCheck check = DnsFindings.mxCheck(view);
    return check == MxCheck.RIGHT_TWICE ? MxCheck.RIGHT : check;
  }

  private static String name(int i) {
    return "bounce.x%04d.example".formatted(i);
  }

  private static @Nullable DnsTransport transport(int i) {
    int kind = i % 80;
    if (kind < 20) {
      return DnsTransport.TRUNCATED;
    }
    if (kind < 36) {
      return DnsTransport.TCP_RESET;
    }
    return kind == 36 ? DnsTransport.TCP_HANGS : kind == 37 ? DnsTransport.TCP_DRIBBLES : null;
  }

  private static boolean gets(int i) {
    DnsTransport transport = transport(i);
    return transport == null || transport == DnsTransport.TRUNCATED;
  }

  /** As a read run looks: so many at once, each name once. */
  private CachingDns run(int names) {
    CachingDns run = new CachingDns(dns(LONGER), clock, clock.now().plus(Duration.ofMinutes(14)));
    try (Tasks.Scope scope = Tasks.threads().open()) {
      Tasks.Lane lane = scope.lane(32);
      for (int i = 0; i < names; i++) {
        DomainName name = DomainName.of(name(i));
        lane.run(() -> run.look(name, DnsDepth.HEALTHY));
      }
      lane.join();
    }
    return run;
  }

  @Test
  @Tag("slow")
  void ofManyNamesOnlyThoseThatDoNotGetThroughAreUnaskedAndTheNextRunIsClean() {
    isCleanAfterwards(240);
  }

  @Test
  @Tag("slow")
  void soItIsOfTwoThousand() {
    isCleanAfterwards(2000);
  }

  private void isCleanAfterwards(int names) {
    for (int i = 0; i < names; i++) {
      server.put(name(i), DnsRecords.mailFrom("us-east-1"));
      server.transport(name(i), transport(i));
    }
    CachingDns run = run(names);
    for (int i = 0; i < names; i++) {
      DnsView view = run.look(DomainName.of(name(i)), DnsDepth.HEALTHY);
      assertEquals(gets(i) ? MxCheck.RIGHT : MxCheck.UNKNOWN, check(view), name(i));
      assertEquals(
          gets(i) ? SpfVerdict.COVERS_SES : SpfVerdict.UNKNOWN, view.spf().verdict(), name(i));
    }
    assertTrue(run.isBlind(), "more than a fifth of all");
    server.awaitNoConnection();
    for (int i = 0; i < names; i++) {
      server.transport(name(i), null);
    }
    CachingDns next = run(names);
    for (int i = 0; i < names; i++) {
      assertEquals(
          MxCheck.RIGHT, check(next.look(DomainName.of(name(i)), DnsDepth.HEALTHY)), name(i));
    }
    assertFalse(next.isBlind());
  }
}
