package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.run.World;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.local.LocalClock;
import org.junit.jupiter.api.Test;

/** The DNS in one run. */
class CachingDnsTest {
  private static final Duration MOST = Duration.ofMinutes(14);

  private final LocalClock time = World.clock();
  private final MovingClock clock = new MovingClock(time);
  private final RecordsByHand records = new RecordsByHand(TestingIdentity.REGION);
  private final List<DomainName> asked = new ArrayList<>();
  private Duration aLook = Duration.ZERO;
  private final Instant stopAt = clock.now().plus(MOST);
  private final CachingDns dns =
      new CachingDns(
          (LooksOnly)
              (name, depth) -> {
                asked.add(name);
                time.advance(aLook);
                return records.look(name, depth);
              },
          clock,
          stopAt);

  private DnsView look(int i) {
    return dns.look(DomainName.of("bounce.x%05d.example".formatted(i)), DnsDepth.FINDINGS);
  }

  @Test
  void eachNameIsAskedOnce() {
    assertEquals(look(1), look(1));
    look(2);
    look(1);
    assertEquals(2, asked.size());
  }

  @Test
  void eachPolicyIsAskedOnce() {
    List<DomainName> policies = new ArrayList<>();
    CachingDns run =
        new CachingDns(
            new ForwardingDns(() -> dns) {
              @Override
              public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
                policies.add(from);
                return super.dmarc(from, mailFrom);
              }
            },
            clock,
            stopAt);
    DomainName one = DomainName.of("one.example");
    DomainName two = DomainName.of("two.example");
    for (int i = 0; i < 2; i++) {
      assertEquals(Optional.empty(), run.dmarc(one, DomainName.of("bounce.one.example")));
      assertEquals(Optional.empty(), run.dmarc(two, DomainName.of("bounce.two.example")));
    }
    assertEquals(List.of(one, two), policies);
  }

  @Test
  void aDnsThatAnswersNobodyIsGivenUpAndTheRunIsBlind() {
    records.outage(true);
    aLook = Duration.ofSeconds(1);
    for (int i = 0; i < 10_000; i++) {
      assertTrue(look(i).mx().couldNotAsk());
    }
    assertEquals(200, asked.size());
    assertTrue(clock.now().isBefore(stopAt));
    assertTrue(dns.isBlind());
  }

  @Test
  void oneAnswerAndTheOthersAreTried() {
    look(0);
    records.outage(true);
    for (int i = 1; i < 1000; i++) {
      look(i);
    }
    assertEquals(1000, asked.size());
    assertTrue(dns.isBlind());
  }

  @Test
  void nothingIsAskedOnceTheTimeIsUp() {
    aLook = Duration.ofMinutes(5);
    for (int i = 0; i < 100; i++) {
      look(i);
    }
    assertEquals(3, asked.size());
    assertTrue(look(99).mx().couldNotAsk());
    assertTrue(dns.isBlind());
  }

  @Test
  void fiveInAHundredUnansweredAreNotBlind() {
    for (int i = 0; i < 95; i++) {
      look(i);
    }
    records.outage(true);
    for (int i = 95; i < 100; i++) {
      look(i);
    }
    assertFalse(dns.isBlind());
    look(100);
    assertTrue(dns.isBlind());
  }
}
