package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.Configuration;
import mailfrom.app.pace.ForwardingSlotStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsService;
import mailfrom.aws.Cloud;
import mailfrom.dns.DnsjavaDns;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A race made by hand: while A waits for its slot, B asks for something else and is applied. */
class LateCallerTest {
  private static final String REGION = "us-east-1";
  private static final String IDENTITY = "example.com";

  @Test
  void whoWakesAfterNewerSettingsWereAppliedMakesNoCall() {
    try (var cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of)) {
      // Slots are granted by hand here, and not at SES's pace.
      cloud.ses().paceFactor(1_000_000);
      cloud.ses().addDomain(REGION, IDENTITY, true);
      SettingsService b = useCase(cloud, new Sleeper(null));
      SettingsService a = useCase(cloud, new Sleeper(() -> applied(put(cloud, b, "b"))));

      SettingsApi.Outcome.Shown answerOfA = shown(put(cloud, a, "a"));

      List<LocalSes.Call> sets = cloud.ses().calls("SetIdentityMailFromDomain");
      assertEquals(1, sets.size(), sets::toString);
      assertEquals(
          "b.example.com", cloud.ses().live(REGION, IDENTITY).orElseThrow().mailFromDomain());
      // A is told what is wanted now: the last writer wins.
      assertTrue(answerOfA.accepted());
      assertEquals(
          Optional.of(desired("b")), Optional.ofNullable(answerOfA.view().state().desired()));
    }
  }

  private static void applied(SettingsApi.Outcome outcome) {
    assertFalse(shown(outcome).accepted());
  }

  private static SettingsApi.Outcome.Shown shown(SettingsApi.Outcome outcome) {
    if (outcome instanceof SettingsApi.Outcome.Shown shown) {
      return shown;
    }
    throw new AssertionError(outcome);
  }

  private static SettingsApi.Outcome put(LocalCloud cloud, SettingsService who, String label) {
    IdentityKey key =
        new IdentityKey(
            Configuration.of(cloud.environment()).account(),
            REGION,
            IdentityName.parse(IDENTITY).toOptional().orElseThrow());
    return who.put(
        key,
        desired(label),
        null,
        false,
        new Caller("arn:aws:iam::123456789012:user/" + label, cloud.clock().instant()));
  }

  private static Desired desired(String label) {
    return new Desired(
        new Settings(
            DomainName.parse(label + "." + IDENTITY).toOptional().orElseThrow(),
            BehaviorOnMxFailure.USE_DEFAULT_VALUE),
        Activation.STAGED,
        Set.of(),
        Map.of());
  }

  private static SettingsService useCase(LocalCloud cloud, Sleeper sleeper) {
    Map<String, String> environment = cloud.environment();
    Configuration configuration = Configuration.of(environment);
    Cloud adapters = Cloud.of(configuration, environment, sleeper);
    return new SettingsService(
        adapters.ses(),
        adapters.identities(),
        adapters.regions(),
        DnsjavaDns.of(configuration.dns(), configuration.dnsQueriesASecond()),
        new Pace(sleeper, sleeper, configuration.paceShare()).amongMany(),
        adapters.leases(),
        sleeper,
        Tasks.threads(),
        configuration.regions(),
        new ManagedPatterns.Texts("*", "")::patterns,
        new HealPolicy(true, false),
        () -> false);
  }

  /**
   * Grants every slot: that of a Set a second from now, when something happens meanwhile, and that
   * second passes at once.
   */
  private static final class Sleeper extends ForwardingSlotStore implements MachineClock {
    private final MachineClock machine = new SystemMachineClock();
    private final @Nullable Runnable meanwhile;
    private Instant slotOfSet = Instant.MAX;
    private boolean slept;

    Sleeper(@Nullable Runnable meanwhile) {
      super(new InMemorySlotStore());
      this.meanwhile = meanwhile;
    }

    @Override
    public Optional<Instant> reserve(
        String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
      if (operation != SesOperation.SET_MAIL_FROM || meanwhile == null) {
        return Optional.of(now);
      }
      if (maxWait.isZero()) {
        return Optional.empty();
      }
      slotOfSet = now.plusSeconds(1);
      return Optional.of(slotOfSet);
    }

    @Override
    public Reservation reserveTurn(
        String region,
        SesOperation operation,
        Instant now,
        Duration gap,
        Duration maxWait,
        String turn,
        @Nullable String full) {
      return new Reservation.Made(now);
    }

    @Override
    public void giveBack(String region, SesOperation operation, Instant slot, Duration gap) {
      // A read that loading classes held up takes another turn, and A has no use for its slot.
    }

    @Override
    public void slowDown(String region, SesOperation operation, Instant until) {
      throw new AssertionError("SES throttled " + operation);
    }

    @Override
    public Instant now() {
      return slept ? slotOfSet : machine.now();
    }

    @Override
    public void sleepUntil(Instant instant) {
      if (meanwhile != null && instant.equals(slotOfSet)) {
        meanwhile.run();
        slept = true;
      }
    }
  }
}
