package mailfrom.app.batch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.InMemoryLeaseStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.InProcessSes;
import mailfrom.app.read.LooksOnly;
import mailfrom.app.read.Ses;
import mailfrom.app.run.ApplyRun;
import mailfrom.app.run.Parts;
import mailfrom.app.run.RunReport;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.InMemoryRegionStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import mailfrom.local.FaultPlan;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import mailfrom.local.MxLookup;
import org.jspecify.annotations.Nullable;

/**
 * Batches from their order to their end: the table in memory and the local SES, a clock that moves
 * only when somebody waits for it, everything in one thread unless a test wants more, and a process
 * that can be killed at any call it makes.
 */
final class BatchWorld {
  static final String ACCOUNT = "123456789012";
  static final String REGION = "us-east-1";
  static final String OTHER_REGION = "eu-west-1";
  static final String CALLER = "arn:aws:iam::123456789012:user/ada";
  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  /** The process ends here and now: no finally of it reaches anything any more. */
  static final class Killed extends Error {
    Killed() {
      super("killed", null, false, false);
    }
  }

  /** A clock that is moved by waiting. */
  static final class Waiting implements MachineClock, InstantSource {
    private Instant now = START;

    @Override
    public synchronized Instant now() {
      return now;
    }

    @Override
    public Instant instant() {
      return now();
    }

    @Override
    public synchronized void sleepUntil(Instant instant) {
      now = instant.isAfter(now) ? instant : now;
    }
  }

  final Waiting clock = new Waiting();
  final LocalSes ses;
  final IdentityStore identities = new InMemoryIdentityStore();
  final BatchStore batches = new InMemoryBatchStore();
  final BatchService intake;
  boolean paused;
  Tasks tasks = Tasks.inline();

  /** Identities that SES had been told of when the process was killed before it noted so. */
  final Set<IdentityName> killedInBetween = new HashSet<>();

  private final RegionStore regions = new InMemoryRegionStore();
  private final LeaseStore leases = new InMemoryLeaseStore(clock);
  private final SlotStore slots = new InMemorySlotStore();
  private final int pace;
  private int callsLeft = Integer.MAX_VALUE;
  private boolean dead;
  private boolean killedBefore;
  private @Nullable IdentityName unrecorded;
  private int ids;

  BatchWorld(int pace) {
    this.pace = pace;
    MxLookup nothing =
        new MxLookup() {
          @Override
          public Seen look(String mailFromDomain) {
            return Seen.UNKNOWN;
          }

          @Override
          public long version() {
            return 1;
          }
        };
    ses =
        new LocalSes(
            new LocalClock(clock),
            nothing,
            new FaultPlan(),
            () -> Duration.between(START, clock.now()).toNanos());
    ses.paceFactor(pace);
    intake =
        new BatchService(
            batches,
            new ManagedPatterns(List.of(), List.of("*.denied.example")),
            () -> "b" + ++ids);
  }

  static IdentityKey key(String name) {
    return new IdentityKey(ACCOUNT, REGION, IdentityName.of(name));
  }

  static Desired wants(@Nullable String domain, Activation activation) {
    return new Desired(
        new Settings(
            domain == null ? null : DomainName.of(domain), BehaviorOnMxFailure.USE_DEFAULT_VALUE),
        activation,
        Set.of(),
        Map.of());
  }

  static BatchApi.Ask ask(String name, @Nullable String domain) {
    return new BatchApi.Ask(key(name), wants(domain, Activation.STAGED));
  }

  Caller caller() {
    return new Caller(CALLER, clock.now());
  }

  /** Orders a batch and returns its id. */
  String order(boolean dryRun, BatchApi.Ask... asks) {
    String key = "key " + clock.now() + " " + ids;
    return switch (intake.create(
        new BatchApi.Order(List.of(asks), dryRun, key, List.of(asks).toString()), caller())) {
      case BatchApi.Created.Accepted(Batch batch) -> batch.id();
      case BatchApi.Created.KeyReused reused -> throw new AssertionError("a new key");
    };
  }

  Batch head(String id) {
    return batches.find(id, clock.now()).orElseThrow();
  }

  List<BatchItem> items(String id) {
    List<BatchItem> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      BatchApi.Page page = intake.get(id, 7, cursor.orElse(null), clock.now()).orElseThrow();
      items.addAll(page.items());
      cursor = Optional.ofNullable(page.nextCursor());
    } while (cursor.isPresent());
    return items;
  }

  List<BatchItem.State> states(String id) {
    return items(id).stream().map(BatchItem::state).toList();
  }

  /** The calls of SetIdentityMailFromDomain that SES took, by identity. */
  Map<String, Integer> sets() {
    Map<String, Integer> sets = new HashMap<>();
    for (LocalSes.Call call : ses.calls("SetIdentityMailFromDomain")) {
      if (call.outcome().equals("OK")) {
        sets.merge(String.valueOf(call.identity()), 1, Integer::sum);
      }
    }
    return sets;
  }

  /** An apply run of a new process, a minute after the one before. */
  RunReport.ApplyReport apply() {
    clock.sleepUntil(clock.now().plusSeconds(61));
    dead = false;
    unrecorded = null;
    return process().run(clock.now(), clock.now().plus(Duration.ofMinutes(14)));
  }

  /** Apply runs until the batch has ended, three at most. */
  void applyUntilItEnds(String id) {
    for (int run = 0; run < 3 && head(id).isOpen(); run++) {
      apply();
    }
  }

  /** An apply run that is killed at one of its next calls. */
  boolean applyKilledWithin(int calls, Random random) {
    callsLeft = 1 + random.nextInt(calls);
    killedBefore = random.nextBoolean();
    try {
      apply();
      return false;
    } catch (Killed killed) {
      if (unrecorded != null) {
        killedInBetween.add(unrecorded);
      }
      return true;
    } finally {
      callsLeft = Integer.MAX_VALUE;
      dead = false;
    }
  }

  private ApplyRun process() {
    return new ApplyRun(
        new Parts(
            ACCOUNT,
            List.of(REGION, OTHER_REGION),
            mortal(Ses.class, new InProcessSes(ses)),
            mortal(IdentityStore.class, identities),
            mortal(RegionStore.class, regions),
            (LooksOnly) (name, depth) -> noRecords(name),
            mortal(Topics.class, new TakesAll()),
            mortal(LeaseStore.class, leases),
            new Pace(mortal(SlotStore.class, slots), clock, 0.9 * pace),
            clock,
            tasks,
            new HealPolicy(true, false),
            () -> "owner " + clock.now()),
        () -> paused,
        mortal(BatchStore.class, batches));
  }

  static DnsView noRecords(DomainName name) {
    return DnsView.of(name, new Answer.None<>(false), Views.spf(SpfVerdict.MISSING))
        .with(Views.healthy().others());
  }

  private static final class TakesAll implements Topics {
    @Override
    public Published publish(Name topic, Message message) {
      return new Published.Taken("m");
    }

    @Override
    public CallResult<Integer> listeners(Name topic) {
      return new CallResult.Answered<>(1);
    }
  }

  /** A port whose calls count, and of which one is the last: before it took effect, or after. */
  private <T> T mortal(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              boolean last = --callsLeft == 0;
              boolean before = last && killedBefore;
              if (dead || before) {
                dead = true;
                throw new Killed();
              }
              try {
                Object answer = method.invoke(real, arguments);
                note(method.getName(), arguments);
                if (last) {
                  dead = true;
                  throw new Killed();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void note(String method, Object @Nullable [] arguments) {
    if (arguments == null) {
      return;
    }
    if (method.equals("set") && arguments[1] instanceof IdentityName name) {
      unrecorded = name;
    } else if (method.equals("save")
        && arguments[0] instanceof IdentityState state
        && state.key().name().equals(unrecorded)) {
      unrecorded = null;
    }
  }
}
