package mailfrom.app.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchService;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.ForwardingSes;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.Ses;
import mailfrom.app.run.Mortal;
import mailfrom.app.run.Ports;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.World;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsService;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryRegionStore;
import mailfrom.app.tell.TakenMessages;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import mailfrom.local.QueryAnswer;
import mailfrom.local.QueryParameters;
import org.jspecify.annotations.Nullable;

/** Stories of healing: one process on a {@link World}, which may be killed at any of its calls. */
final class HealingStage {
  static final String REGION = World.REGION;
  static final Instant START = TestingIdentity.T0;
  private static final Duration LONGEST_RUN = Duration.ofMinutes(13);

  final World world = new World();
  final LocalClock time = world.time;
  final MovingClock clock = world.clock;
  final RecordsByHand dns = world.dns;
  final LocalSes ses = world.ses;
  final TakenMessages taken = world.taken;
  final InMemoryRegionStore regions = world.regions;
  final IdentityStore table = world.identities;
  final Mortal mortal = new Mortal((method, arguments) -> {});

  /** What must never happen, and did. */
  final List<String> wrong = new ArrayList<>();

  private World.UseCases process;

  HealingStage(HealPolicy policy) {
    world.policy = policy;
    world.share = 0.9;
    world.managed = new ManagedPatterns(List.of(), List.of());
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return mortal.around(port, port.cast(watched(real)));
          }
        };
    process = world.process();
  }

  static IdentityKey key(String name) {
    return World.key(name);
  }

  static Settings settings(String mailFrom, BehaviorOnMxFailure behavior) {
    return new Settings(DomainName.of(mailFrom), behavior);
  }

  /** A fresh process on the same table. */
  void start() {
    mortal.revive();
    process = world.process();
  }

  private Object watched(Object port) {
    return switch (port) {
      case InProcessSes real -> strict(real);
      case IdentityStore real -> watched(real);
      default -> port;
    };
  }

  /** SES, which also takes the empty text as the adapter does, and watches what is cleared. */
  private Ses strict(InProcessSes real) {
    return new ForwardingSes(real) {
      @Override
      public SetAnswer set(Slot slot, String region, IdentityName name, Settings wanted) {
        boolean rejects =
            ses.live(region, name.value()).orElseThrow().behavior()
                == LocalSes.OnMxFailure.REJECT_MESSAGE;
        if (wanted.mailFromDomain() == null && rejects) {
          wrong.add("cleared while RejectMessage was live: " + name);
        }
        SetAnswer answer = super.set(slot, region, name, wanted);
        boolean wantsText = wanted.mailFromDomain() == null && answer instanceof SetAnswer.Refused;
        if (!wantsText) {
          return answer;
        }
        time.advance(Duration.ofSeconds(1));
        return ses.call(
                    region,
                    "SetIdentityMailFromDomain",
                    new QueryParameters(Map.of("Identity", name.value(), "MailFromDomain", "")))
                instanceof QueryAnswer.Done
            ? new SetAnswer.Done()
            : answer;
      }
    };
  }

  private IdentityStore watched(IdentityStore real) {
    return new ForwardingIdentityStore(real) {
      @Override
      public Saved save(
          IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
        if (state.effectState().cause() == Cause.REMOVED) {
          wrong.add("REMOVED: " + state.key().name());
        }
        return super.save(state, history, queuedAt);
      }
    };
  }

  // ---- what happens

  /** A managed identity whose settings were applied and worked, in a Region that was reported. */
  void managed(String name, BehaviorOnMxFailure behavior, Activation activation) {
    String mailFrom = "bounce." + name;
    dns.put(mailFrom, RecordsByHand.Mx.RIGHT);
    ses.put(
        REGION,
        name,
        mailFrom,
        LocalSes.OnMxFailure.valueOf(behavior.name()),
        LocalSes.Status.SUCCESS,
        START);
    readRun();
    var outcome =
        process
            .settings()
            .put(
                key(name),
                new Desired(
                    settings(mailFrom, behavior),
                    activation,
                    Set.of(ViolationCode.ALREADY_SET),
                    Map.of()),
                null,
                false,
                new Caller("arn:aws:iam::123456789012:user/mia", time.instant()));
    assertEquals(SettingsApi.Outcome.Shown.class, outcome.getClass());
  }

  /** Makes a row's live settings the wanted ones, as adopting does. */
  void adopted(String name) {
    IdentityState row = row(name);
    Desired desired =
        new Desired(row.sesView().live().settings(), Activation.STAGED, Set.of(), Map.of());
    DesiredState adopted =
        DesiredState.asked(null, desired, "arn:mia", time.instant())
            .reached(Progress.State.APPLIED);
    var saved = table.save(row.withDesired(adopted), List.of(), null);
    assertEquals(IdentityStore.Saved.Stored.class, saved.getClass());
  }

  /** SES gave it up; the record may be there again since. */
  void givenUp(String name, RecordsByHand.Mx mx) {
    String mailFrom = "bounce." + name;
    LocalSes.Live live = ses.live(REGION, name).orElseThrow();
    ses.put(REGION, name, mailFrom, live.behavior(), LocalSes.Status.FAILED, time.instant());
    dns.put(mailFrom, mx);
  }

  RunReport.ReadReport readRun() {
    Instant at = time.instant();
    return process.read().run(at, at.plus(LONGEST_RUN));
  }

  RunReport.RegionApplyReport applyRun() {
    Instant at = time.instant();
    return process.apply().run(at, at.plus(LONGEST_RUN)).regions().getFirst();
  }

  SettingsService settings() {
    return process.settings();
  }

  /** A batch that gives each of them its MAIL FROM domain. */
  void order(List<String> names) {
    BatchApi.Created created =
        new BatchService(world.batches, table, () -> world.managed, () -> "batch")
            .create(
                new BatchApi.Order(
                    names.stream()
                        .map(
                            name ->
                                new BatchApi.Ask(
                                    key(name),
                                    World.wants(
                                        "bounce." + name, "UseDefaultValue", Activation.IMMEDIATE)))
                        .toList(),
                    false,
                    "key",
                    "content"),
                new Caller("arn:mia", time.instant()));
    assertEquals(BatchApi.Created.Accepted.class, created.getClass());
  }

  /** A quarter of an hour passes: a read run, and an apply run a minute. */
  void quarter() {
    var _ = readRun();
    Instant end = time.instant().plus(Duration.ofMinutes(15));
    do {
      var _ = applyRun();
      time.advance(Duration.ofMinutes(1));
    } while (time.instant().isBefore(end));
  }

  IdentityState row(String name) {
    return world.row(name);
  }

  /** What is planned for it now. */
  Plan plan(String name) {
    return row(name).plan(world.policy, false, time.instant());
  }

  String live(String name) {
    return world.live(name);
  }

  long sets() {
    return ses.calls("SetIdentityMailFromDomain").size();
  }
}
