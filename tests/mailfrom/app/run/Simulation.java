package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import mailfrom.app.read.Ses;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.InMemoryIdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import mailfrom.local.QueryParameters;
import org.jspecify.annotations.Nullable;

/**
 * Some simulated days of one Region, drawn from a seed: DNS records break and are repaired,
 * settings change through us and behind our back, events tell of what happened and of what did not,
 * and each call to SES, the DNS, the table and SNS may fail or be answered by half. Then all calms
 * down, and what was told is held against what the table took. The same seed gives the same days.
 */
final class Simulation {
  private static final String REGION = World.REGION;
  private static final Instant START = TestingIdentity.T0;
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);
  private static final int STEPS = 70;

  /** Long enough for every incident to end: eight hours, six of which are stable after flapping. */
  private static final int CALM_RUNS = 16;

  private static final List<Activation> ACTIVATIONS = List.of(Activation.values());

  private static final List<String> NAMES =
      IntStream.range(0, 5).mapToObj("x%d.example"::formatted).toList();

  /** Listed by SES, and no identity's name. */
  private static final String NOBODY_CAN_WATCH = "mia@";

  private final Random random;
  private final World world;
  private final LocalClock time;
  private final RecordsByHand records;
  private final LocalSes ses;
  private final Faults faults;
  private final Ledger ledger;
  private final List<String> wrong = new ArrayList<>();
  private World.UseCases process;
  private boolean isEvent;

  /** When the newest run began, if it was complete and nothing failed in it. */
  private @Nullable Instant undisturbed;

  private Simulation(long seed, Mutant mutant) {
    this.random = new Random(seed);
    this.time = World.clock();
    this.ledger = new Ledger(new InMemoryIdentityStore(), this::newNotice);
    this.world = new World(time, ledger);
    this.records = world.dns;
    this.ses = world.ses;
    this.faults = new Faults(random, time);
    world.policy = new HealPolicy(random.nextBoolean(), random.nextBoolean());
    world.share = 0.9;
    world.managed = new ManagedPatterns(List.of(), List.of());
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return port.cast(
                switch (faults.around(port, port.cast(watched(real)))) {
                  case IdentityStore rows -> mutant.around(rows);
                  case Ses calls -> mutant.around(calls);
                  case Topics topics -> mutant.around(topics, ledger, REGION);
                  case T other -> other;
                });
          }
        };
    this.process = world.process();
  }

  private Object watched(Object port) {
    return port instanceof RegionStore regions ? ledger.watching(regions) : port;
  }

  /**
   * Runs the days of a seed.
   *
   * @return what was wrong; empty when nothing was
   */
  static List<String> run(long seed, Mutant mutant) {
    return new Simulation(seed, mutant).run();
  }

  private List<String> run() {
    for (String name : NAMES) {
      set(name);
    }
    ses.addAddress(REGION, NOBODY_CAN_WATCH, true);
    for (int i = 0; i < STEPS; i++) {
      pass();
      if (random.nextInt(3) > 0) {
        happen();
      }
      weather();
      step();
    }
    faults.rate(0, 0);
    faults.broken(0);
    faults.sesDown(false);
    faults.refused(false);
    records.outage(false);
    for (int i = 0; i < CALM_RUNS; i++) {
      time.advance(Duration.ofMinutes(30));
      tick(this::readRun);
      tick(this::applyRun);
    }
    wrong.addAll(ledger.judge(world.taken));
    for (IdentityState state : ledger.last().values()) {
      if (!state.incidentState().owed().isEmpty()) {
        wrong.add("still owed when all is calm: " + state.key().name());
      }
    }
    return wrong;
  }

  /** How an identity begins. */
  private void set(String name) {
    String domain = "bounce." + name;
    ses.addDomain(REGION, name, true);
    ses.dkim(REGION, name, random.nextBoolean());
    boolean right = random.nextInt(4) > 0;
    records.put(domain, right ? RecordsByHand.Mx.RIGHT : RecordsByHand.Mx.NONE);
    if (random.nextInt(5) > 0) {
      ses.put(
          REGION,
          name,
          domain,
          behavior(),
          right ? LocalSes.Status.SUCCESS : LocalSes.Status.PENDING,
          START.minus(Duration.ofHours(1)));
    }
  }

  private LocalSes.OnMxFailure behavior() {
    return random.nextInt(3) == 0
        ? LocalSes.OnMxFailure.REJECT_MESSAGE
        : LocalSes.OnMxFailure.USE_DEFAULT_VALUE;
  }

  private void pass() {
    int minutes =
        switch (random.nextInt(12)) {
          case 0 -> 1;
          case 1 -> 9;
          case 2 -> 10;
          case 3 -> 60 * (1 + random.nextInt(8));
          case 4 -> random.nextInt(6) == 0 ? 60 * 30 : 25;
          default -> 15;
        };
    time.advance(Duration.ofMinutes(minutes));
  }

  /** What the world does. */
  private void happen() {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    String domain = (random.nextInt(4) == 0 ? "mail." : "bounce.") + name;
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> records.put(domain, RecordsByHand.Mx.NONE);
      case 3 -> records.put(domain, RecordsByHand.Mx.TWO);
      case 4, 5, 6, 7 -> records.put(domain, RecordsByHand.Mx.RIGHT);
      case 8 -> {
        if (ses.live(REGION, name).isPresent()) {
          ses.clearMailFrom(REGION, name);
        }
      }
      case 9 -> somebodySets(name, domain);
      case 10 -> {
        if (ses.live(REGION, name).isPresent()) {
          ses.addDomain(REGION, name, random.nextInt(3) > 0);
        }
      }
      case 11 -> {
        if (random.nextInt(3) == 0) {
          ses.delete(REGION, name);
        } else {
          ses.addDomain(REGION, name, true);
        }
      }
      case 12 ->
          records.spf(random.nextInt(3) == 0 ? SpfVerdict.NOT_INCLUDED : SpfVerdict.COVERS_SES);
      case 13 -> gaveUp(name);
      default -> throw new IllegalStateException("nothing else happens");
    }
  }

  /** The record came back too late: SES looks no more. */
  private void gaveUp(String name) {
    ses.live(REGION, name)
        .map(LocalSes.Live::mailFromDomain)
        .ifPresent(
            domain -> {
              records.put(domain, RecordsByHand.Mx.RIGHT);
              ses.put(REGION, name, domain, behavior(), LocalSes.Status.FAILED, time.instant());
            });
  }

  private void somebodySets(String name, String domain) {
    var _ =
        ses.call(
            REGION,
            "SetIdentityMailFromDomain",
            new QueryParameters(
                new HashMap<>(
                    Map.of(
                        "Identity", name,
                        "MailFromDomain", domain,
                        "BehaviorOnMXFailure", behavior().word()))));
  }

  private void weather() {
    faults.rate(
        switch (random.nextInt(6)) {
          case 0 -> 0.3;
          case 1 -> 0.1;
          case 2, 3 -> 0.02;
          default -> 0;
        },
        0.3);
    faults.sesDown(random.nextInt(15) == 0);
    faults.refused(random.nextInt(20) == 0);
    faults.broken(random.nextInt(4) == 0 ? 0.4 : 0);
    records.outage(random.nextInt(10) == 0);
  }

  private void step() {
    switch (random.nextInt(9)) {
      case 8 -> tick(this::event);
      case 0, 1 -> tick(this::ask);
      case 2 -> tick(this::applyRun);
      case 3 -> {
        tick(this::readRun);
        tick(this::applyRun);
      }
      default -> tick(this::readRun);
    }
  }

  private interface Job {
    void run(Instant at);
  }

  private void tick(Job job) {
    faults.begin();
    Instant at = time.instant();
    Map<String, Long> rows = new HashMap<>();
    NAMES.forEach(name -> rows.put(name, rowsOfSets(name)));
    try {
      job.run(at);
      faults.ended();
      if (faults.drawn() == 0) {
        NAMES.forEach(name -> sets(name, rowsOfSets(name) - rows.getOrDefault(name, 0L), at));
      }
    } catch (Mortal.Killed | Faults.TableFailed e) {
      process = world.process();
    }
  }

  private long rowsOfSets(String name) {
    return world.identities.history(World.key(name), 1000, null, time.instant()).items().stream()
        .filter(row -> row.action() != null)
        .count();
  }

  /** Each Set is a row of the history, and none is made twice. */
  private void sets(String name, long rows, Instant at) {
    List<Settings> taken =
        faults.sets().stream()
            .filter(set -> set.name().value().equals(name))
            .map(Faults.TakenSet::settings)
            .toList();
    if (rows < taken.size()) {
      wrong.add("%s was set at %s, and its history does not say so".formatted(name, at));
    }
    if (Set.copyOf(taken).size() < taken.size()) {
      wrong.add("%s was set twice at %s".formatted(name, at));
    }
  }

  private void readRun(Instant at) {
    Instant before = undisturbed;
    undisturbed = null;
    RunReport.ReadReport report = process.read().run(at, at.plus(LONGEST_RUN));
    for (RunReport.RegionReadReport one : report.regions()) {
      if (!one.skipped()) {
        counts(one);
      }
    }
    if (report.complete() && faults.drawn() == 0) {
      undisturbed = at;
      NAMES.forEach(name -> compare(name, at));
      if (before != null) {
        NAMES.forEach(name -> isTold(name, before));
      }
    }
  }

  /** Each listed text is read, could not be asked for, or cannot be watched. */
  private void counts(RunReport.RegionReadReport run) {
    boolean isAll =
        faults
            .list()
            .map(list -> list.names().size() + list.cannotWatch().size())
            .filter(listed -> listed != run.listed())
            .isEmpty();
    if (!isAll || run.listed() != run.read() + run.couldNotAsk() + run.cannotWatch()) {
      wrong.add("a run that counts wrong: " + run);
    }
  }

  private void applyRun(Instant at) {
    var _ = process.apply().run(at, at.plus(LONGEST_RUN));
  }

  private void ask(Instant at) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    IdentityKey key = World.key(name);
    Caller caller = new Caller("arn:aws:iam::1:user/mia", at);
    Desired desired =
        random.nextInt(5) == 0
            ? Desired.nothing(Map.of())
            : new Desired(
                new Settings(
                    DomainName.of((random.nextInt(4) == 0 ? "mail." : "bounce.") + name),
                    random.nextBoolean()
                        ? BehaviorOnMxFailure.USE_DEFAULT_VALUE
                        : BehaviorOnMxFailure.REJECT_MESSAGE),
                ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())),
                Set.of(ViolationCode.ALREADY_SET),
                Map.of());
    var _ =
        random.nextInt(6) == 0
            ? process.settings().check(key, caller)
            : process.settings().put(key, desired, null, false, caller);
  }

  /** Of an identity or of nobody's, of a MAIL FROM domain, of a deletion that was or was not. */
  private void event(Instant at) {
    String name = random.nextInt(6) == 0 ? "ghost.example" : NAMES.get(random.nextInt(5));
    boolean ofMailFrom = random.nextInt(4) == 0;
    SesEvent event =
        new SesEvent(
            "message of " + at,
            REGION,
            ofMailFrom ? List.of() : List.of(IdentityName.of(name)),
            ofMailFrom ? List.of(DomainName.of("bounce." + name)) : List.of(),
            at.minusSeconds(random.nextInt(90)),
            at,
            random.nextBoolean() ? "arn:aws:iam::1:user/paul" : null,
            !ofMailFrom && random.nextInt(3) == 0);
    isEvent = event.deletes();
    try {
      var _ = process.events().run(List.of(event), at.plus(LONGEST_RUN));
    } finally {
      isEvent = false;
    }
    if (ledger.last().containsKey(World.key("ghost.example"))) {
      wrong.add("an event made a row for nobody at " + at);
    }
  }

  /** After a run that was complete without any fault the row says what SES says. */
  private void compare(String name, Instant begun) {
    var live = ses.live(REGION, name);
    IdentityState row = ledger.last().get(World.key(name));
    if (live.isEmpty() || live.get().since() == null || row == null) {
      return;
    }
    // What changed while the run was on its way is seen by the next one.
    if (live.get().since().isBefore(begun)
        && row.sesView().isVerified()
        && row.effectState().effect() != effect(live.get())) {
      wrong.add(
          "%s is %s and stored as %s at %s"
              .formatted(name, effect(live.get()), row.effectState().effect(), begun));
    }
  }

  /** What was bad before a complete run, and is so still after the next one, is told. */
  private void isTold(String name, Instant before) {
    LocalSes.Live live = ses.live(REGION, name).orElse(null);
    IdentityState row = ledger.last().get(World.key(name));
    if (live == null
        || live.since() == null
        || row == null
        || !row.sesView().isVerified()
        || !live.since().isBefore(before)
        || effect(live) == Effect.CUSTOM) {
      return;
    }
    Incident incident = row.incidentState().incident();
    boolean isTold =
        incident == null
            ? row.effectState().isSettingUp()
            : incident.told() != null || row.incidentState().flapping();
    if (!isTold) {
      wrong.add("%s is %s, and nobody was told".formatted(name, effect(live)));
    }
  }

  private static Effect effect(LocalSes.Live live) {
    if (live.status() == LocalSes.Status.SUCCESS) {
      return Effect.CUSTOM;
    }
    return live.behavior() == LocalSes.OnMxFailure.REJECT_MESSAGE
        ? Effect.REJECTED
        : Effect.FALLBACK;
  }

  /** A notice needs an answer in the step in which it is decided. */
  private void newNotice(Ledger.NewNotice owed) {
    IdentityName name = owed.state().key().name();
    Reason reason = owed.notice().reason();
    boolean answered =
        switch (reason) {
          case GONE ->
              (isEvent || faults.absences(name) >= SesView.GONE_AFTER)
                  && (faults.listed() || faults.unknown().contains(name))
                  && (ses.live(REGION, name.value()).isEmpty() || faults.dropped().contains(name));
          case NOT_APPLIED -> true;
          case EARLY_WARNING -> faults.mxAnswered().contains(live(owed.state()));
          case STARTED, FLAPPING, REMINDER, RECOVERED ->
              faults.answered().contains(name)
                  && (!isAboutVerification(owed) || faults.verificationAnswered().contains(name))
                  && (!isAboutSpf(owed) || faults.spfAnswered().contains(live(owed.state())));
          case WORSE, BETTER, LAST_CHANCE, DRIFT, READY -> faults.answered().contains(name);
          case BASELINE,
              HELD,
              BLIND,
              BLIND_OVER,
              DNS_BLIND,
              DNS_BLIND_OVER,
              MISSING,
              UNHEARD,
              UNHEARD_OVER,
              SILENCE_OVER,
              WEEKLY ->
              false;
        };
    if (!answered) {
      wrong.add("told from a could-not-ask: " + reason + " of " + name);
    }
  }

  private static @Nullable DomainName live(IdentityState state) {
    return state.sesView().live().mailFromDomain();
  }

  private static boolean isAboutVerification(Ledger.NewNotice owed) {
    Incident incident = owed.incident();
    return incident != null
        && incident.trouble().kind() == TroubleKind.UNVERIFIED
        && owed.notice().reason() != Reason.REMINDER;
  }

  private static boolean isAboutSpf(Ledger.NewNotice owed) {
    Incident incident = owed.incident();
    return incident != null
        && incident.trouble().kind() == TroubleKind.SPF_BROKEN
        && owed.state().effectState().effect() == Effect.CUSTOM;
  }
}
