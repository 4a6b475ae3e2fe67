package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.app.read.InProcessSes;
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
 * Some simulated days of up to three Regions that share names, drawn from a seed: DNS records break
 * and are repaired, settings change through us and behind our back, events tell of what happened
 * and of what did not, and each call to SES, the DNS, the table and SNS may fail or be answered by
 * half. SES lists in short pages, and answers in whatever case it likes. Then all calms down, and
 * what was told is held against what the table took. The same seed gives the same days.
 */
final class Simulation {
  private static final List<String> REGIONS = List.of(World.REGION, "eu-west-1", "ap-south-1");
  private static final Instant START = TestingIdentity.T0;
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);
  private static final int STEPS = 70;

  /** Long enough for every incident to end: eight hours, six of which are stable after flapping. */
  private static final int CALM_RUNS = 16;

  private static final List<Activation> ACTIVATIONS = List.of(Activation.values());

  /** The first Region has all, the others the first ones. */
  private static final List<IdentityName> NAMES =
      Stream.of("x0.example", "x1.example", "News@x1.example", "x2.example", "x3.example")
          .map(IdentityName::of)
          .toList();

  private static final IdentityName GHOST = IdentityName.of("ghost.example");

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
  private final List<String> regions;
  private final List<IdentityKey> keys = new ArrayList<>();

  /** What SES refuses for good; empty: nothing. */
  private final String refused;

  private final Map<IdentityKey, Instant> deletedAt = new HashMap<>();
  private final Deque<SesEvent> broughtAgain = new ArrayDeque<>();
  private World.UseCases process;
  private boolean isEvent;

  /** When the newest run of a Region began, if it was complete and nothing failed in it. */
  private final Map<String, Instant> undisturbed = new HashMap<>();

  private Simulation(long seed, Mutant mutant) {
    this.random = new Random(seed);
    this.time = World.clock();
    this.ledger = new Ledger(new InMemoryIdentityStore(), this::newNotice);
    this.world = new World(time, ledger);
    this.records = world.dns;
    this.ses = world.ses;
    this.faults = new Faults(random, time);
    this.regions = REGIONS.subList(0, 1 + Math.max(0, random.nextInt(5) - 2));
    this.refused =
        regions.size() > 1 && random.nextInt(4) == 0 ? regions.get(random.nextInt(2)) : "";
    world.watched = regions;
    world.manner =
        new InProcessSes.Manner(1 + random.nextInt(4), this::inAnyCase, mutant.matching());
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
                  case Topics topics -> mutant.around(topics, ledger, regions);
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
    for (String region : regions) {
      boolean isFirst = region.equals(World.REGION);
      NAMES.subList(0, isFirst ? NAMES.size() : 1 + random.nextInt(3)).stream()
          .map(name -> World.key(region, name))
          .forEach(keys::add);
      ses.addAddress(region, NOBODY_CAN_WATCH, true);
    }
    keys.forEach(this::set);
    for (int i = 0; i < STEPS; i++) {
      pass();
      if (random.nextInt(3) > 0) {
        happen();
      }
      weather();
      step();
    }
    faults.rate(0, 0);
    regions.forEach(region -> faults.sky(region, always(region)));
    records.outage(false);
    Instant calmSince = time.instant().plus(Duration.ofHours(1));
    for (int i = 0; i < CALM_RUNS; i++) {
      time.advance(Duration.ofMinutes(30));
      tick(this::readRun);
      tick(this::applyRun);
    }
    wrong.addAll(ledger.judge(world.taken));
    for (IdentityState state : ledger.last().values()) {
      wrong.addAll(Ledger.notOver(state, world.taken, calmSince, time.instant()));
      if (!state.incidentState().owed().isEmpty()) {
        wrong.add("still owed when all is calm: " + words(state.key()));
      }
    }
    return wrong;
  }

  /** SES echoes a name as it was asked for, or otherwise. */
  private String inAnyCase(String text) {
    return switch (random.nextInt(4)) {
      case 0 -> text.toUpperCase(Locale.ROOT);
      case 1 -> text.toLowerCase(Locale.ROOT);
      default -> text;
    };
  }

  private static String words(IdentityKey key) {
    return key.name() + " in " + key.region();
  }

  private IdentityKey any() {
    return keys.get(random.nextInt(keys.size()));
  }

  private Optional<LocalSes.Live> live(IdentityKey key) {
    return ses.live(key.region(), key.name().value());
  }

  private void add(IdentityKey key, boolean verified) {
    ses.addDomain(key.region(), key.name().value(), verified);
  }

  /** How an identity begins. */
  private void set(IdentityKey key) {
    String domain = "bounce." + key.name().domain();
    add(key, true);
    ses.dkim(key.region(), key.name().value(), random.nextBoolean());
    boolean right = random.nextInt(4) > 0;
    records.put(domain, right ? RecordsByHand.Mx.RIGHT : RecordsByHand.Mx.NONE);
    if (random.nextInt(5) > 0) {
      ses.put(
          key.region(),
          key.name().value(),
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
    IdentityKey key = any();
    String domain = (random.nextInt(4) == 0 ? "mail." : "bounce.") + key.name().domain();
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> records.put(domain, RecordsByHand.Mx.NONE);
      case 3 -> records.put(domain, RecordsByHand.Mx.TWO);
      case 4, 5, 6, 7 -> records.put(domain, RecordsByHand.Mx.RIGHT);
      case 8 -> {
        if (live(key).isPresent()) {
          ses.clearMailFrom(key.region(), key.name().value());
        }
      }
      case 9 -> somebodySets(key, domain);
      case 10 -> {
        if (live(key).isPresent()) {
          add(key, random.nextInt(3) > 0);
        }
      }
      case 11 -> {
        if (random.nextInt(3) > 0) {
          add(key, true);
        } else if (live(key).isPresent()) {
          ses.delete(key.region(), key.name().value());
          deletedAt.put(key, time.instant());
        }
      }
      case 12 ->
          records.spf(random.nextInt(3) == 0 ? SpfVerdict.NOT_INCLUDED : SpfVerdict.COVERS_SES);
      case 13 -> gaveUp(key);
      default -> throw new IllegalStateException("nothing else happens");
    }
  }

  /** The record came back too late: SES looks no more. */
  private void gaveUp(IdentityKey key) {
    live(key)
        .map(LocalSes.Live::mailFromDomain)
        .ifPresent(
            domain -> {
              records.put(domain, RecordsByHand.Mx.RIGHT);
              ses.put(
                  key.region(),
                  key.name().value(),
                  domain,
                  behavior(),
                  LocalSes.Status.FAILED,
                  time.instant());
            });
  }

  private void somebodySets(IdentityKey key, String domain) {
    var _ =
        ses.call(
            key.region(),
            "SetIdentityMailFromDomain",
            new QueryParameters(
                new HashMap<>(
                    Map.of(
                        "Identity", key.name().value(),
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
    regions.forEach(region -> faults.sky(region, sky(region)));
    records.outage(random.nextInt(10) == 0);
  }

  private Faults.Sky sky(String region) {
    double broken = random.nextInt(4) == 0 ? 0.4 : 0;
    boolean down = random.nextInt(15) == 0;
    boolean refuses = random.nextInt(20) == 0;
    return region.equals(refused) ? always(region) : new Faults.Sky(broken, down, refuses);
  }

  private Faults.Sky always(String region) {
    return new Faults.Sky(0, false, region.equals(refused));
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
    Map<IdentityKey, Long> rows = new HashMap<>();
    keys.forEach(key -> rows.put(key, rowsOfSets(key)));
    try {
      job.run(at);
      faults.ended();
      keys.stream()
          .filter(key -> faults.drawn(key.region()) == 0)
          .forEach(key -> sets(key, rowsOfSets(key) - rows.getOrDefault(key, 0L), at));
    } catch (Mortal.Killed | Faults.TableFailed e) {
      process = world.process();
    }
  }

  private long rowsOfSets(IdentityKey key) {
    return world.identities.history(key, 1000, null, time.instant()).items().stream()
        .filter(row -> row.action() != null)
        .count();
  }

  /** Each Set is a row of the history, and none is made twice. */
  private void sets(IdentityKey key, long rows, Instant at) {
    List<Settings> taken =
        faults.sets().stream()
            .filter(set -> set.key().equals(key))
            .map(Faults.TakenSet::settings)
            .toList();
    if (rows < taken.size()) {
      wrong.add("%s was set at %s, and its history does not say so".formatted(words(key), at));
    }
    if (Set.copyOf(taken).size() < taken.size()) {
      wrong.add("%s was set twice at %s".formatted(words(key), at));
    }
  }

  private void readRun(Instant at) {
    Map<String, Instant> before = Map.copyOf(undisturbed);
    undisturbed.clear();
    RunReport.ReadReport report = process.read().run(at, at.plus(LONGEST_RUN));
    for (RunReport.RegionReadReport one : report.regions()) {
      if (!one.skipped()) {
        counts(one);
        if (faults.drawn(one.region()) == 0) {
          isWhole(one, at);
          tells(one, at, before.get(one.region()));
        }
      }
    }
  }

  /** Each listed text is read, could not be asked for, or cannot be watched. */
  private void counts(RunReport.RegionReadReport run) {
    boolean isAll =
        faults
            .list(run.region())
            .flatMap(Faults.Listing::size)
            .filter(listed -> listed != run.listed())
            .isEmpty();
    if (!isAll || run.listed() != run.read() + run.couldNotAsk() + run.cannotWatch()) {
      wrong.add("a run that counts wrong: " + run);
    }
  }

  /** Where nothing failed all are read, whatever happens in other Regions. */
  private void isWhole(RunReport.RegionReadReport run, Instant at) {
    List<String> there = ses.identities(run.region());
    boolean hasSomebody = there.stream().anyMatch(name -> !name.equals(NOBODY_CAN_WATCH));
    if (run.listed() != there.size() || (hasSomebody && !run.complete())) {
      wrong.add("a run without a fault that is not whole: %s at %s".formatted(run, at));
    }
  }

  private void tells(RunReport.RegionReadReport run, Instant at, @Nullable Instant before) {
    if (run.complete()) {
      undisturbed.put(run.region(), at);
      List<IdentityKey> there =
          keys.stream().filter(key -> key.region().equals(run.region())).toList();
      there.forEach(key -> compare(key, at));
      if (before != null) {
        there.forEach(key -> isTold(key, before));
      }
    }
  }

  private void applyRun(Instant at) {
    var _ = process.apply().run(at, at.plus(LONGEST_RUN));
  }

  private void ask(Instant at) {
    IdentityKey key = any();
    Caller caller = new Caller("arn:aws:iam::1:user/mia", at);
    Desired desired =
        random.nextInt(5) == 0
            ? Desired.nothing(Map.of())
            : new Desired(
                new Settings(
                    DomainName.of(
                        (random.nextInt(4) == 0 ? "mail." : "bounce.") + key.name().domain()),
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

  /** What the queue brings: something new, or what could not be processed. */
  private void event(Instant at) {
    SesEvent again = random.nextInt(3) == 0 ? broughtAgain.poll() : null;
    SesEvent event = again == null ? anyEvent(at) : again;
    isEvent = event.deletes();
    try {
      RunReport.EventReport report = process.events().run(List.of(event), at.plus(LONGEST_RUN));
      if (!report.failed().isEmpty()) {
        broughtAgain.add(event);
        if (faults.drawn(event.region()) == 0 && !isEmptyForOthers(event)) {
          wrong.add("an event that was not processed, and nothing failed: " + event);
        }
      }
    } finally {
      isEvent = false;
    }
    if (ledger.last().keySet().stream().anyMatch(key -> key.name().equals(GHOST))) {
      wrong.add("an event made a row for nobody at " + at);
    }
  }

  /** Where a list names nobody, others that it lacks have to be explained first. */
  private boolean isEmptyForOthers(SesEvent event) {
    return ses.identities(event.region()).equals(List.of(NOBODY_CAN_WATCH))
        && ledger.last().values().stream()
            .filter(row -> row.key().region().equals(event.region()) && !row.isGone())
            .anyMatch(row -> !event.names().contains(row.key().name()));
  }

  /** Of an identity or of nobody's, of a MAIL FROM domain, of a deletion that was or was not. */
  private SesEvent anyEvent(Instant at) {
    IdentityKey key = any();
    IdentityName name = random.nextInt(6) == 0 ? GHOST : key.name();
    boolean ofMailFrom = random.nextInt(4) == 0;
    Instant deleted = deletedAt.get(World.key(key.region(), name));
    // Of the only identity of a Region an event says so only when it is so.
    boolean mayLie = ses.identities(key.region()).size() > 2;
    boolean deletes = !ofMailFrom && random.nextInt(3) < (deleted != null ? 2 : mayLie ? 1 : 0);
    return new SesEvent(
        "message of " + at,
        key.region(),
        ofMailFrom ? List.of() : List.of(name),
        ofMailFrom ? List.of(DomainName.of("bounce." + name.domain())) : List.of(),
        deletes && deleted != null ? deleted : at.minusSeconds(random.nextInt(90)),
        at,
        random.nextBoolean() ? "arn:aws:iam::1:user/paul" : null,
        deletes);
  }

  /** After a run that was complete without any fault the row says what SES says. */
  private void compare(IdentityKey key, Instant begun) {
    LocalSes.Live live = live(key).orElse(null);
    IdentityState row = ledger.last().get(key);
    if (live == null || live.since() == null || row == null) {
      return;
    }
    // What changed while the run was on its way is seen by the next one.
    if (live.since().isBefore(begun)
        && row.sesView().isVerified()
        && row.effectState().effect() != effect(live)) {
      wrong.add(
          "%s is %s and stored as %s at %s"
              .formatted(words(key), effect(live), row.effectState().effect(), begun));
    }
  }

  /** What was bad before a complete run, and is so still after the next one, is told. */
  private void isTold(IdentityKey key, Instant before) {
    LocalSes.Live live = live(key).orElse(null);
    IdentityState row = ledger.last().get(key);
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
      wrong.add("%s is %s, and nobody was told".formatted(words(key), effect(live)));
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
    IdentityKey key = owed.state().key();
    Reason reason = owed.notice().reason();
    boolean answered =
        switch (reason) {
          case GONE -> isGone(key);
          case NOT_APPLIED -> true;
          case EARLY_WARNING -> faults.mxAnswered().contains(live(owed.state()));
          case STARTED, FLAPPING, REMINDER, RECOVERED ->
              faults.hasAnswered(key)
                  && (!isAboutVerification(owed) || faults.hasAnsweredVerification(key))
                  && (!isAboutSpf(owed) || faults.spfAnswered().contains(live(owed.state())));
          case EARLY_WARNING_OVER ->
              faults.hasAnswered(key)
                  && (live(owed.state()) == null
                      || faults.mxAnswered().contains(live(owed.state())));
          case WORSE, BETTER, LAST_CHANCE, DRIFT, DRIFT_OVER, NOT_APPLIED_OVER, READY ->
              faults.hasAnswered(key);
          case BASELINE,
              HELD,
              HELD_OVER,
              BLIND,
              BLIND_OVER,
              DNS_BLIND,
              DNS_BLIND_OVER,
              MISSING,
              MISSING_OVER,
              UNHEARD,
              UNHEARD_OVER,
              SILENCE_OVER,
              WEEKLY ->
              false;
        };
    if (!answered) {
      wrong.add("told from a could-not-ask: " + reason + " of " + words(key));
    }
  }

  /**
   * Two lists without it, or an event that says so, and an answer about others; where nobody is
   * left, a day of such lists, or an event about what did happen.
   */
  private boolean isGone(IdentityKey key) {
    boolean wasDeleted = isEvent && deletedAt.containsKey(key);
    boolean isProven = faults.isUnknown(key) || wasDeleted || faults.isEmptyForLong(key.region());
    return (isEvent || faults.absences(key) >= SesView.GONE_AFTER)
        && isProven
        && (live(key).isEmpty() || faults.isDropped(key) || wasDeleted);
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
