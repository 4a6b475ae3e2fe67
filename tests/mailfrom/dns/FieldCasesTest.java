package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.identity.IdentityState;
import mailfrom.local.DnsRecords;
import mailfrom.local.LocalDns;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases from the field, from the DNS to what is done and told. */
class FieldCasesTest {
  private static final String NAME = "example.com";
  private static final String BOUNCE = "bounce.example.com";

  private final LocalDns server = new LocalDns();
  private final World world = new World();

  @BeforeEach
  void world() {
    server.put("amazonses.com", DnsRecords.txt("v=spf1 ip4:192.0.2.0/24 -all"));
    server.zone("example.com");
    world.policy = new HealPolicy(true, false);
    world.seenDns =
        new DnsjavaDns(
            List.of(server.address()),
            _ -> server.address(),
            Duration.ofSeconds(20),
            QueryPace.perSecond(5000),
            new Random(1));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Desired wants(String behavior, Activation activation) {
    return World.wants(BOUNCE, behavior, activation);
  }

  private void quarter() {
    var _ = world.read();
    var _ = world.apply();
  }

  /** Managed, and given up by SES. */
  private void failed() {
    server.put(BOUNCE, DnsRecords.mailFrom("us-east-1"));
    world.healthy(NAME);
    quarter();
    world.put(NAME, wants("UseDefaultValue", Activation.STAGED));
    world.ses.put(
        World.REGION,
        NAME,
        BOUNCE,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.FAILED,
        world.time.instant());
  }

  private IdentityState row() {
    return world.row(NAME);
  }

  private Plan plan() {
    return row().plan(world.policy, false, world.time.instant());
  }

  private static String records(IdentityState state) {
    return state.dnsState().records().stream()
        .map(record -> record.state() + " " + record.type() + " " + record.value())
        .collect(Collectors.joining(", "));
  }

  private static List<FindingCode> codes(IdentityState state) {
    return state.dnsState().findings().stream().map(Finding::code).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"region", "us-est-1", "us-east", "eusc-de-east-1"})
  void anMxOfARegionThatDoesNotExistIsNeverActedOn(String region) {
    failed();
    server.put(BOUNCE, DnsRecords.mailFrom(region));
    for (int i = 0; i < 4; i++) {
      quarter();
    }
    assertEquals("bounce.example.com Failed UseDefaultValue", world.live(NAME));
    assertEquals(Plan.Why.GAVE_UP_MX_NOT_RIGHT, plan().why());
    assertEquals(
        "REPLACE MX feedback-smtp.us-east-1.amazonses.com, PRESENT TXT v=spf1 include:amazonses.com"
            + " ~all",
        records(row()));

    world.ses.addDomain(World.REGION, "other.com", true);
    server.put("bounce.other.com", DnsRecords.mailFrom(region));
    Desired ready = World.wants("bounce.other.com", "UseDefaultValue", Activation.WHEN_READY);
    world.put("other.com", ready);
    quarter();
    assertEquals("none", world.live("other.com"));
    server.put("feedback-smtp." + region + ".amazonses.com", DnsRecords.a("203.0.113.25"));
    quarter();
    assertTrue(world.live("other.com").startsWith("bounce.other.com"), "a Region that is new");
  }

  @Test
  void rejectMessageWaitsWhileTheMxNamesNoRegion() {
    server.put(BOUNCE, DnsRecords.mailFrom("us-east-1"));
    world.healthy(NAME);
    quarter();
    server.put(BOUNCE, DnsRecords.mailFrom("us-est-1"));
    world.put(NAME, wants("RejectMessage", Activation.STAGED));
    for (int i = 0; i < 4; i++) {
      quarter();
    }
    assertEquals("bounce.example.com Success UseDefaultValue", world.live(NAME));
    server.put(BOUNCE, DnsRecords.mailFrom("us-east-1"));
    for (int i = 0; i < 4; i++) {
      quarter();
    }
    assertEquals("bounce.example.com Success RejectMessage", world.live(NAME));
  }

  @Test
  void theSameMailFromDomainHasTwoAnswersUnderTwoIdentities() {
    String shared = "bounce.mailer.example.com";
    server.put(shared, DnsRecords.mailFrom("us-east-1"));
    server.put("_dmarc.example.com", DnsRecords.txt("v=DMARC1; p=quarantine; adkim=s; aspf=s"));
    server.put("_dmarc.mailer.example.com", DnsRecords.txt("v=DMARC1; p=none"));
    for (String name : List.of(NAME, "mailer.example.com")) {
      world.ses.put(
          World.REGION,
          name,
          shared,
          LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
          LocalSes.Status.PENDING,
          world.time.instant());
    }
    quarter();
    assertEquals(List.of(FindingCode.DMARC_STRICT_SPF), codes(row()));
    assertEquals(List.of(), codes(world.row("mailer.example.com")));
  }

  @Test
  void aHealthyNamesDmarcIsLearntOfWithinHours() {
    server.put(BOUNCE, DnsRecords.mailFrom("us-east-1"));
    server.put("_dmarc.example.com", DnsRecords.txt("v=DMARC1; p=reject; aspf=s"));
    world.healthy(NAME);
    for (int i = 0; i < 25; i++) {
      quarter();
    }
    assertEquals(List.of(FindingCode.DMARC_STRICT_SPF), codes(row()));
  }

  @Test
  void aWildcardThatForbidsMailIsLeftAsItIs() {
    server.put("*.example.com", DnsRecords.txt("v=spf1 -all"));
    world.ses.addDomain(World.REGION, NAME, true);
    SettingsApi.Outcome.Shown shown =
        assertInstanceOf(
            SettingsApi.Outcome.Shown.class,
            world
                .settings()
                .put(
                    World.key(NAME),
                    wants("UseDefaultValue", Activation.IMMEDIATE),
                    null,
                    true,
                    world.mia()));
    assertEquals(
        "ADD MX feedback-smtp.us-east-1.amazonses.com, ADD TXT v=spf1 include:amazonses.com ~all",
        records(shown.view().state()));
    assertTrue(
        shown.warnings().stream().anyMatch(warning -> warning.code().equals("WILDCARD")),
        shown.warnings().toString());
    world.put(NAME, wants("UseDefaultValue", Activation.IMMEDIATE));
    server.put(BOUNCE, DnsRecords.mx("10 feedback-smtp.us-east-1.amazonses.com"));
    quarter();
    assertEquals(List.of(FindingCode.SPF_MISSING), codes(row()));
  }

  @Test
  void aProxiedNameIsNamedAsThatAndNotRestarted() {
    failed();
    server.put(BOUNCE, DnsRecords.a("203.0.113.10", "203.0.113.11").andAaaa("2001:db8::10"));
    quarter();
    quarter();
    assertEquals("bounce.example.com Failed UseDefaultValue", world.live(NAME));
    assertEquals(
        List.of(FindingCode.MX_MISSING, FindingCode.SPF_MISSING, FindingCode.MX_HIDDEN_BY_PROXY),
        codes(row()));
  }

  @Test
  void serversThatNeverClaimAuthorityDoNotKeepItFailedForEver() {
    failed();
    server.claimsAuthority(false);
    quarter();
    assertEquals("bounce.example.com Success UseDefaultValue", world.live(NAME));
  }

  @Test
  void serversThatCannotBeAskedKeepItFailedOnlyUntilTheResolverMustHaveAskedAgain() {
    failed();
    server.put("example.com", DnsRecords.none().andNs("ns.elsewhere.test"));
    server.put(BOUNCE, DnsRecords.none());
    quarter();
    server.put(BOUNCE, DnsRecords.mailFrom("us-east-1"));
    var _ = world.read();
    assertEquals(MxCheck.RIGHT, row().dnsState().mx());
    assertEquals(Plan.Why.MX_MAY_BE_OLD, plan().why());
    quarter();
    assertEquals("bounce.example.com Success UseDefaultValue", world.live(NAME));
  }

  @Test
  void aFlattenedRecordIsNoTrouble() {
    server.put(
        BOUNCE,
        DnsRecords.mx("10 feedback-smtp.us-east-1.amazonses.com")
            .andTxt("v=spf1 ip4:192.0.2.0/24 ~all"));
    world.healthy(NAME);
    for (int i = 0; i < 4; i++) {
      quarter();
    }
    assertEquals(List.of(FindingCode.SPF_FLATTENED), codes(row()));
    assertEquals(List.of(), world.taken.reasons(NAME));
    server.put("amazonses.com", DnsRecords.txt("v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 -all"));
    quarter();
    quarter();
    assertEquals(List.of(FindingCode.SPF_NOT_INCLUDED), codes(row()));
    assertEquals(List.of("STARTED"), world.taken.reasons(NAME));
    server.put("amazonses.com", DnsRecords.none());
    quarter();
    assertEquals(List.of("STARTED"), world.taken.reasons(NAME), "what is unknown ends nothing");
  }

  @Test
  void theHostToPublishAtIsOfTheZoneThatWasFound() {
    String identity = "ses-0a1b2c.ssb.example.org";
    server.zone("ssb.example.org");
    server.put("bounce." + identity, DnsRecords.mailFrom("us-east-1"));
    world.healthy(identity);
    quarter();
    server.put("bounce." + identity, DnsRecords.none());
    world.mx(identity, Mx.NONE);
    quarter();
    String host = "Host: bounce.ses-0a1b2c (in the zone ssb.example.org)";
    assertTrue(
        world.taken.alerts().stream().anyMatch(alert -> alert.text().contains(host)),
        world.taken.alerts().toString());
  }
}
