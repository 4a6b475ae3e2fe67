package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import mailfrom.app.advice.Links;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.batch.InMemoryBatchStore;
import mailfrom.app.pace.InMemoryLeaseStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.read.ForwardingDns;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.Ses;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsService;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.InMemoryRegionStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.TakenMessages;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.FaultPlan;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;

/**
 * The use cases on a table in memory, with the local SES, a DNS by hand and a time that is moved.
 */
public final class World {
  public static final String ACCOUNT = TestingIdentity.ACCOUNT;
  public static final String REGION = TestingIdentity.REGION;
  public static final Caller MIA = new Caller("arn:mia", TestingIdentity.T0);

  public final LocalClock time;
  public final MovingClock clock;
  public final FaultPlan faults = new FaultPlan();
  public final RecordsByHand dns = new RecordsByHand(REGION);
  public final LocalSes ses;
  public final Counting identities;
  public final InMemoryRegionStore regions = new InMemoryRegionStore();
  public final SlotStore slots = new InMemorySlotStore();
  public final BatchStore batches = new InMemoryBatchStore();
  public final TakenMessages taken = new TakenMessages();
  public final LeaseStore leases;

  /** What stands between the use cases and their ports. */
  public Ports ports = Ports.PLAIN;

  /** How SES answers. */
  public InProcessSes.Manner manner = InProcessSes.Manner.PLAIN;

  /** The DNS as the functions see it; SES looks by itself. */
  public Dns seenDns = dns;

  public List<String> watched = List.of(REGION);
  public ManagedPatterns managed = new ManagedPatterns(List.of(), List.of("*.forbidden.example"));
  public HealPolicy policy = new HealPolicy(false, false);
  public Tasks tasks = Tasks.inline();
  public double share = 1;
  public Links links = Links.NONE;
  public boolean paused;
  private int owners;

  public World() {
    this(clock(), new InMemoryIdentityStore());
  }

  /** With a clock from {@link #clock}, for a table that looks at it too. */
  public World(LocalClock time, IdentityStore identities) {
    this.time = time;
    this.clock = new MovingClock(time);
    this.ses = new LocalSes(time, dns, faults, clock::nanos);
    this.identities = new Counting(identities);
    this.leases = new InMemoryLeaseStore(clock);
  }

  public static LocalClock clock() {
    return new LocalClock(InstantSource.fixed(TestingIdentity.T0));
  }

  /** Counts the rows that are written. */
  public static final class Counting extends ForwardingIdentityStore {
    final List<IdentityKey> saved = Collections.synchronizedList(new ArrayList<>());

    Counting(IdentityStore to) {
      super(to);
    }

    @Override
    public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
      saved.add(state.key());
      return super.save(state, history, queuedAt);
    }
  }

  /** An identity that is CUSTOM. */
  public void healthy(String name) {
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
  public void reject(String name) {
    ses.put(
        REGION,
        name,
        "bounce." + name,
        LocalSes.OnMxFailure.REJECT_MESSAGE,
        LocalSes.Status.SUCCESS,
        time.instant());
  }

  /** Its MX record is lost, or back. */
  public void mx(String name, RecordsByHand.Mx mx) {
    dns.put("bounce." + name, mx);
  }

  /** The use cases, as a process has them. */
  public record UseCases(ReadRun read, ApplyRun apply, EventRun events, SettingsService settings) {}

  /** A fresh process on the same table. */
  public UseCases process() {
    Parts parts = parts(slots, taken);
    return new UseCases(
        new ReadRun(parts),
        new ApplyRun(parts, () -> paused, ports.around(BatchStore.class, batches)),
        new EventRun(parts),
        settings(parts, () -> paused));
  }

  public Parts parts(SlotStore slotTable, Topics topics) {
    return new Parts(
        ACCOUNT,
        watched,
        ports.around(Ses.class, new InProcessSes(ses, manner)),
        ports.around(IdentityStore.class, identities),
        ports.around(RegionStore.class, regions),
        // Whatever the functions see now, also in a process that began before.
        ports.around(Dns.class, new ForwardingDns(() -> seenDns)),
        ports.around(Topics.class, topics),
        ports.around(LeaseStore.class, leases),
        new Pace(ports.around(SlotStore.class, slotTable), clock, share),
        clock,
        tasks,
        policy,
        links,
        () -> "run " + ++owners);
  }

  /** A read run, 15 minutes after what was before. */
  public RunReport.RegionReadReport read() {
    return read(Duration.ofMinutes(10));
  }

  public RunReport.RegionReadReport read(Duration most) {
    time.advance(Duration.ofMinutes(15));
    Instant now = time.instant();
    return process().read().run(now, now.plus(most)).regions().getFirst();
  }

  public RunReport.RegionApplyReport apply() {
    time.advance(Duration.ofMinutes(1));
    Instant now = time.instant();
    return process().apply().run(now, now.plus(Duration.ofMinutes(10))).regions().getFirst();
  }

  /** What the queue brings. */
  public RunReport.EventReport events(SesEvent... events) {
    return process().events().run(List.of(events), time.instant().plus(Duration.ofMinutes(10)));
  }

  public SettingsService settings() {
    return process().settings();
  }

  public SettingsService settings(SlotStore slotTable, BooleanSupplier isPaused) {
    return settings(parts(slotTable, taken), isPaused);
  }

  private SettingsService settings(Parts parts, BooleanSupplier isPaused) {
    return new SettingsService(
        parts.ses(),
        parts.identities(),
        parts.regions(),
        parts.dns(),
        parts.pace(),
        ports.around(LeaseStore.class, leases),
        parts.clock(),
        parts.tasks(),
        parts.watched(),
        () -> managed,
        parts.policy(),
        isPaused);
  }

  public SettingsApi.Outcome put(String name, Desired desired) {
    time.advance(Duration.ofSeconds(5));
    return settings().put(key(name), desired, null, false, mia());
  }

  public Caller mia() {
    return new Caller(MIA.arn(), time.instant());
  }

  public static Desired wants(String domain, String behavior, Activation activation) {
    return new Desired(
        TestingIdentity.settings(domain, behavior),
        activation,
        Set.of(ViolationCode.ALREADY_SET),
        Map.of());
  }

  public static IdentityKey key(String name) {
    return key(REGION, IdentityName.of(name));
  }

  static IdentityKey key(String region, IdentityName name) {
    return new IdentityKey(ACCOUNT, region, name);
  }

  public IdentityState row(String name) {
    return identities.find(key(name)).orElseThrow();
  }

  /** What SES has: domain, status, behaviour. */
  public String live(String name) {
    LocalSes.Live live = ses.live(REGION, name).orElseThrow();
    LocalSes.Status status = live.status();
    return status == null
        ? "none"
        : "%s %s %s".formatted(live.mailFromDomain(), status.word(), live.behavior().word());
  }

  /** How often SES took settings. */
  public long sets() {
    return ses.calls("SetIdentityMailFromDomain").stream()
        .filter(call -> call.outcome().equals("OK"))
        .count();
  }
}
