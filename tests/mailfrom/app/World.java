package mailfrom.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import mailfrom.domain.Activation;
import mailfrom.domain.Desired;
import mailfrom.domain.IdentityKey;
import mailfrom.domain.IdentityName;
import mailfrom.domain.IdentityState;
import mailfrom.domain.Policy;
import mailfrom.domain.TestingIdentity;
import mailfrom.domain.ViolationCode;
import mailfrom.local.FaultPlan;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;

/**
 * The use cases on a table in memory, with the local SES, a DNS by hand and a time that is moved.
 */
final class World {
  static final String ACCOUNT = TestingIdentity.ACCOUNT;
  static final String REGION = TestingIdentity.REGION;
  static final SettingsCalls.Caller MIA = new SettingsCalls.Caller("arn:mia", TestingIdentity.T0);

  final LocalClock time;
  final MovingClock clock;
  final FaultPlan faults = new FaultPlan();
  final RecordsByHand dns = new RecordsByHand(REGION);
  final LocalSes ses;
  final Counting identities;
  final Regions regions = new InMemoryRegions();
  final SlotTable slots = new InMemorySlots();
  final Leases leases;
  final TakenMessages taken = new TakenMessages();

  /** The DNS as the functions see it; SES looks by itself. */
  Dns seenDns = dns;

  Policy policy = new Policy(false, false);
  boolean paused;
  private int owners;

  World() {
    this(clock(), new InMemoryIdentities());
  }

  /** With a clock from {@link #clock}, for a table that looks at it too. */
  World(LocalClock time, Identities identities) {
    this.time = time;
    this.clock = new MovingClock(time);
    this.ses = new LocalSes(time, dns, faults, clock::nanos);
    this.identities = new Counting(identities);
    this.leases = new InMemoryLeases(clock);
  }

  static LocalClock clock() {
    return new LocalClock(InstantSource.fixed(TestingIdentity.T0));
  }

  /** Counts the rows that are written. */
  static final class Counting extends ForwardingIdentities {
    final List<IdentityKey> saved = new ArrayList<>();

    Counting(Identities to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      saved.add(state.key());
      return super.save(state, history, queuedAt);
    }
  }

  /** An identity that is CUSTOM. */
  void healthy(String name) {
    dns.put("bounce." + name, RecordsByHand.Mx.RIGHT);
    ses.put(
        REGION,
        name,
        "bounce." + name,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        time.instant().minus(Duration.ofDays(9)));
  }

  /** Its behaviour is RejectMessage from now on. */
  void reject(String name) {
    ses.put(
        REGION,
        name,
        "bounce." + name,
        LocalSes.OnMxFailure.REJECT_MESSAGE,
        LocalSes.Status.SUCCESS,
        time.instant());
  }

  /** Its MX record is lost, or back. */
  void mx(String name, RecordsByHand.Mx mx) {
    dns.put("bounce." + name, mx);
  }

  WatchRead.Parts parts(SlotTable slotTable, Topics topics) {
    return new WatchRead.Parts(
        ACCOUNT,
        List.of(REGION),
        new InProcessSes(ses),
        identities,
        regions,
        seenDns,
        topics,
        leases,
        new Pace(slotTable, clock, 1),
        clock,
        Lanes.inline(),
        policy,
        () -> "run " + ++owners);
  }

  /** A read run, 15 minutes after what was before. */
  RunReport.RegionRead read() {
    return read(Duration.ofMinutes(10));
  }

  RunReport.RegionRead read(Duration most) {
    time.advance(Duration.ofMinutes(15));
    Instant now = time.instant();
    return new WatchRead(parts(slots, taken)).run(now, now.plus(most)).regions().getFirst();
  }

  RunReport.RegionApply apply() {
    time.advance(Duration.ofMinutes(1));
    Instant now = time.instant();
    return new WatchApply(parts(slots, taken), () -> paused, new InMemoryBatches())
        .run(now, now.plus(Duration.ofMinutes(10)))
        .regions()
        .getFirst();
  }

  SettingsUseCase settings() {
    return settings(slots, () -> paused);
  }

  SettingsUseCase settings(SlotTable slotTable, BooleanSupplier isPaused) {
    WatchRead.Parts parts = parts(slotTable, taken);
    return new SettingsUseCase(
        parts.ses(),
        parts.identities(),
        parts.regionStates(),
        parts.dns(),
        parts.pace(),
        parts.clock(),
        parts.lanes(),
        parts.regions(),
        new ManagedPatterns(List.of(), List.of("*.forbidden.example")),
        parts.policy(),
        isPaused);
  }

  SettingsCalls.Outcome put(String name, Desired desired) {
    time.advance(Duration.ofSeconds(5));
    return settings().put(key(name), desired, null, false, mia());
  }

  SettingsCalls.Caller mia() {
    return new SettingsCalls.Caller(MIA.arn(), time.instant());
  }

  static Desired wants(String domain, String behavior, Activation activation) {
    return new Desired(
        TestingIdentity.settings(domain, behavior),
        activation,
        Set.of(ViolationCode.ALREADY_SET),
        Map.of());
  }

  static IdentityKey key(String name) {
    return new IdentityKey(ACCOUNT, REGION, IdentityName.of(name));
  }

  IdentityState row(String name) {
    return identities.find(key(name)).orElseThrow();
  }

  /** What SES has: domain, status, behaviour. */
  String live(String name) {
    LocalSes.Live live = ses.live(REGION, name).orElseThrow();
    LocalSes.Status status = live.status();
    return status == null
        ? "none"
        : "%s %s %s".formatted(live.mailFromDomain(), status.word(), live.behavior().word());
  }

  /** How often SES took settings. */
  long sets() {
    return ses.calls("SetIdentityMailFromDomain").stream()
        .filter(call -> call.outcome().equals("OK"))
        .count();
  }
}
