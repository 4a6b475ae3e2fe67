package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.Dns;
import mailfrom.app.read.ForwardingDns;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.Ses;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run asks of a part of all identities, so that each has its turn. */
class AskedNowAndThenTest {
  private static final int ALL = 40;
  private static final int RUNS_AN_HOUR = 4;

  private final World world = new World();
  private final List<String> forwarding = new ArrayList<>();
  private final List<String> dmarc = new ArrayList<>();

  private static List<String> names() {
    return IntStream.range(0, ALL).mapToObj("d%02d.example"::formatted).toList();
  }

  @BeforeEach
  void allWork() {
    names().forEach(world::healthy);
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return switch (real) {
              case Ses ses -> port.cast(new Listening(ses));
              case Dns dns -> port.cast(new ListeningDns(dns));
              default -> real;
            };
          }
        };
  }

  private final class Listening extends ForwardingSes {
    Listening(Ses to) {
      super(to);
    }

    @Override
    public CallResult<Map<IdentityName, Boolean>> forwarding(
        Slot slot, String region, List<IdentityName> names) {
      names.forEach(name -> forwarding.add(name.value()));
      return super.forwarding(slot, region, names);
    }
  }

  private final class ListeningDns extends ForwardingDns {
    ListeningDns(Dns to) {
      super(() -> to);
    }

    @Override
    public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
      dmarc.add(from.value());
      return super.dmarc(from, mailFrom);
    }
  }

  private static List<String> sorted(List<String> names) {
    List<String> all = new ArrayList<>(names);
    Collections.sort(all);
    return all;
  }

  @Test
  void eachDomainIsAskedForItsForwardingOnceInAnHour() {
    world.read();
    assertEquals(names(), sorted(forwarding), "all, in the first run");
    forwarding.clear();
    for (int i = 0; i < RUNS_AN_HOUR; i++) {
      world.read();
    }
    assertEquals(names(), sorted(forwarding));
  }

  @Test
  void whoLiesBelowAnotherIsAskedForItInEachRun() {
    world.healthy("bounce.d00.example");
    world.ses.feedbackForwarding(World.REGION, "bounce.d00.example", false);
    world.read();
    assertEquals(false, world.row("bounce.d00.example").sesView().forwarding());
    world.ses.feedbackForwarding(World.REGION, "bounce.d00.example", true);
    world.read();
    assertEquals(true, world.row("bounce.d00.example").sesView().forwarding());
    assertEquals(2, Collections.frequency(forwarding, "bounce.d00.example"));
  }

  @Test
  void dmarcOfEachHealthyNameIsLookedAtOnceInSixHoursAndNoRowIsWrittenForIt() {
    world.read();
    assertEquals(List.of(), dmarc);
    for (int i = 0; i < 6 * RUNS_AN_HOUR; i++) {
      world.read();
    }
    assertEquals(names(), sorted(dmarc));
    List<Long> versions = names().stream().map(name -> world.row(name).rowVersion()).toList();
    for (int i = 0; i < 6 * RUNS_AN_HOUR; i++) {
      world.read();
    }
    assertEquals(2 * ALL, dmarc.size());
    assertEquals(versions, names().stream().map(name -> world.row(name).rowVersion()).toList());
  }
}
