package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mailfrom.app.run.World;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.dns.DnsjavaDns;
import mailfrom.dns.QueryPace;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.local.DnsFault;
import mailfrom.local.DnsRecords;
import mailfrom.local.LocalDns;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No name can be asked for in ten runs, by the real DNS adapter: that says nothing about any
 * identity, and does nothing to it.
 */
class BlindRunsTest {
  private static final int RUNS = 10;
  private static final Duration PATIENT = Duration.ofSeconds(20);

  /** For when there is no answer at all: waiting for it longer changes nothing. */
  private static final Duration SHORT = Duration.ofMillis(1);

  private static final String HEALTHY = "healthy.example";
  private static final String FALLS_BACK = "falls-back.example";
  private static final String PROMOTED_SOON = "promoted-soon.example";
  private static final String GIVEN_UP = "given-up.example";
  private static final String WAITS = "waits.example";
  private static final List<String> ALL =
      List.of(HEALTHY, FALLS_BACK, PROMOTED_SOON, GIVEN_UP, WAITS);

  private final LocalDns server = new LocalDns();
  private final World world = new World();

  @AfterEach
  void close() {
    server.close();
  }

  private void mx(String name, Mx mx) {
    world.mx(name, mx);
    boolean right = mx == Mx.RIGHT;
    server.put(
        "bounce." + name,
        right ? DnsRecords.mailFrom(World.REGION) : DnsRecords.txt("v=spf1 -all"));
  }

  private Dns dns(Duration timeout) {
    return new DnsjavaDns(
        List.of(server.address()),
        _ -> server.address(),
        timeout,
        QueryPace.perSecond(5000),
        new Random(1));
  }

  private void quarter() {
    var _ = world.read();
    var _ = world.apply();
  }

  @ParameterizedTest
  @EnumSource(
      value = DnsFault.class,
      names = {"SERVFAIL", "TIMEOUT", "REFUSED"})
  void nothingIsConcludedFromIt(DnsFault fault) {
    world.policy = new HealPolicy(true, true);
    world.seenDns = dns(PATIENT);
    for (String name : ALL) {
      mx(name, Mx.RIGHT);
      world.healthy(name);
    }
    quarter();
    world.put(GIVEN_UP, World.wants("bounce." + GIVEN_UP, "UseDefaultValue", Activation.STAGED));
    mx(FALLS_BACK, Mx.NONE);
    quarter();
    // From here on each of these would be set, were its record seen to be right.
    world.ses.put(
        World.REGION,
        GIVEN_UP,
        "bounce." + GIVEN_UP,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.FAILED,
        world.time.instant());
    mx(GIVEN_UP, Mx.NONE);
    quarter();
    world.put(
        PROMOTED_SOON, World.wants("bounce." + PROMOTED_SOON, "RejectMessage", Activation.STAGED));
    world.put(WAITS, World.wants("mail." + WAITS, "UseDefaultValue", Activation.WHEN_READY));
    mx(GIVEN_UP, Mx.RIGHT);
    server.put("mail." + WAITS, DnsRecords.mailFrom(World.REGION));
    world.dns.put("mail." + WAITS, Mx.RIGHT);

    Map<String, EffectState> before = standings();
    Map<String, List<String>> told = told();
    long sets = world.sets();
    server.faultOfEveryName(fault);
    world.seenDns = dns(fault == DnsFault.TIMEOUT ? SHORT : PATIENT);
    for (int i = 0; i < RUNS; i++) {
      assertTrue(world.read().complete(), "SES was read in full");
      var _ = world.apply();
    }
    assertEquals(before, standings());
    assertEquals(told, told());
    assertEquals(sets, world.sets());
    assertEquals(List.of("BASELINE", "DNS_BLIND"), world.taken.reasons(""));
    String text = world.taken.alerts().getLast().text();
    assertEquals(1, text.lines().filter(line -> line.contains(" at the resolver")).count(), text);
    assertTrue(text.contains("   5 identities at the resolver, MX: "), text);

    server.faultOfEveryName(null);
    world.seenDns = dns(PATIENT);
    assertTrue(world.read().complete());
    assertEquals(List.of("BASELINE", "DNS_BLIND", "DNS_BLIND_OVER"), world.taken.reasons(""));
    for (int i = 0; i < 4; i++) {
      quarter();
    }
    assertEquals(
        List.of(
            "bounce.promoted-soon.example Success RejectMessage",
            "bounce.given-up.example Success UseDefaultValue",
            "mail.waits.example Success UseDefaultValue"),
        List.of(world.live(PROMOTED_SOON), world.live(GIVEN_UP), world.live(WAITS)));
    assertEquals(Effect.FALLBACK, world.row(FALLS_BACK).effectState().effect());
  }

  private Map<String, EffectState> standings() {
    Map<String, EffectState> standings = new HashMap<>();
    ALL.forEach(name -> standings.put(name, world.row(name).effectState()));
    return standings;
  }

  private Map<String, List<String>> told() {
    Map<String, List<String>> told = new HashMap<>();
    ALL.forEach(name -> told.put(name, world.taken.reasons(name)));
    return told;
  }
}
