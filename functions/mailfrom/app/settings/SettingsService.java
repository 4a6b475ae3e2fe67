package mailfrom.app.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.OneForAll;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityUpdate;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.desired.WarningCode;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** What the settings function does for a request: check, record, apply, show. */
public final class SettingsService implements SettingsApi {
  /** From the gateway's time stamp on, a request has this long. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(18);

  /** The gateway itself gives up then: a request that says it is older has another clock. */
  private static final Duration GATEWAY_WAITS = Duration.ofSeconds(30);

  /** A request that dies is taken over by watch after this long; until then the request acts. */
  private static final Duration TAKEN_OVER_AFTER = Duration.ofSeconds(25);

  /** Less is not worth coming back for: the line is as long as the others have made it by then. */
  private static final Duration COME_BACK_AFTER_AT_LEAST = Duration.ofSeconds(1);

  private final IdentityStore identities;
  private final RegionStore regions;
  private final Dns dns;
  private final Pace pace;
  private final MachineClock clock;
  private final Tasks tasks;
  private final Supplier<ManagedPatterns> managed;
  private final HealPolicy policy;
  private final IdentityWriter rows;
  private final SesReader reader;
  private final ContextReader contexts;
  private final RuleChecking rules;
  private final OneForAll oneForAll;
  private final IdentityUpdate update;
  private final Healer healer;
  private final IdentityViews views;
  private final Fleet fleet;

  /**
   * Wires the use case.
   *
   * @param watched the Regions that are watched
   * @param managed which identities may be changed now
   * @param paused whether nothing may be written to SES
   */
  public SettingsService(
      Ses ses,
      IdentityStore identities,
      RegionStore regions,
      Dns dns,
      Pace pace,
      LeaseStore leases,
      MachineClock clock,
      Tasks tasks,
      List<String> watched,
      Supplier<ManagedPatterns> managed,
      HealPolicy policy,
      BooleanSupplier paused) {
    this.identities = identities;
    this.regions = regions;
    this.dns = dns;
    this.pace = pace;
    this.clock = clock;
    this.tasks = tasks;
    this.managed = managed;
    this.policy = policy;
    this.rows = new IdentityWriter(identities);
    this.reader = new SesReader(ses, pace, clock);
    this.contexts = new ContextReader(identities, regions, watched);
    this.rules = new RuleChecking(identities, regions, contexts);
    SettingsApplier applier =
        new SettingsApplier(ses, pace, clock, reader, contexts, rows, paused);
    this.oneForAll = new OneForAll(applier, pace, leases, clock, rows);
    this.update = new IdentityUpdate(rows, policy);
    this.healer = new Healer(applier, rows, paused);
    this.views = new IdentityViews(regions, policy, paused);
    this.fleet = new Fleet(identities, regions, watched, views);
  }

  @Override
  public Outcome put(
      IdentityKey key, Desired desired, @Nullable String ifMatch, boolean dryRun, Caller caller) {
    if (!managed.get().allows(key.name())) {
      return new Outcome.NotManaged();
    }
    IdentityState stored = rows.known(key);
    if (!matches(ifMatch, stored)) {
      return new Outcome.PreconditionFailed();
    }
    DomainName domain = desired.settings().mailFromDomain();
    Deadline deadline = deadline(caller);
    AtomicReference<@Nullable DnsView> view = new AtomicReference<>();
    SesReader.Read read;
    // The DNS is asked while the slot for SES is waited for.
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane aside = scope.lane(1);
      if (domain != null) {
        aside.run(
            () -> view.set(DnsLook.whole(dns.until(deadline), key.name(), domain, DnsDepth.RULES)));
      }
      read = read(stored, caller, deadline);
      aside.join();
    }
    return switch (read) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      // Nothing is known of it, and nothing is recorded: SES does not answer, or nothing is to be.
      case SesReader.Read.NotAnswered none when !stored.wasSeen() && (dryRun || !none.isOfLine()) ->
          couldNotAsk(key);
      case SesReader.Read.NotAnswered none ->
          checked(stored, null, none, desired, ifMatch, view.get(), dryRun, caller, deadline);
      case SesReader.Read.Seen(Observation seen) ->
          checked(stored, seen, null, desired, ifMatch, view.get(), dryRun, caller, deadline);
    };
  }

  private SesReader.Read read(IdentityState stored, Caller caller, Deadline deadline) {
    return reader.read(stored, contexts.canary(stored.key().region()), caller.at(), deadline);
  }

  /** When to come back: when the turn would come. */
  private Outcome couldNotAsk(IdentityKey key) {
    Duration wait = pace.untilFree(key.region(), SesOperation.GET_MAIL_FROM);
    return new Outcome.CouldNotAskSes(
        wait.compareTo(COME_BACK_AFTER_AT_LEAST) < 0 ? COME_BACK_AFTER_AT_LEAST : wait);
  }

  private Deadline deadline(Caller caller) {
    return deadline(clock, caller);
  }

  /** Until when a caller's request has to be answered, about. */
  static Deadline deadline(MachineClock clock, Caller caller) {
    Instant now = clock.now();
    boolean sameClock = caller.at().isBefore(now) && caller.at().isAfter(now.minus(GATEWAY_WAITS));
    return new Deadline(clock, (sameClock ? caller.at() : now).plus(ANSWERS_WITHIN));
  }

  private Outcome checked(
      IdentityState stored,
      @Nullable Observation seen,
      SesReader.Read.@Nullable NotAnswered couldNotAsk,
      Desired desired,
      @Nullable String ifMatch,
      @Nullable DnsView view,
      boolean dryRun,
      Caller caller,
      Deadline deadline) {
    RuleCheck check = rules.check(stored, seen, desired, view);
    boolean isForeign =
        check.violations().stream().anyMatch(broken -> broken.code() == ViolationCode.ALREADY_SET);
    if (isForeign && stored.desiredState() == null) {
      // What is live may be what another caller asked for while this one waited.
      IdentityState fresh = rows.known(stored.key());
      if (fresh.desiredState() != null) {
        return checked(fresh, seen, couldNotAsk, desired, ifMatch, view, dryRun, caller, deadline);
      }
    }
    List<Problem> warnings = new ArrayList<>(check.warnings());
    if (couldNotAsk != null) {
      warnings.add(
          Problem.of(
              WarningCode.COULD_NOT_ASK,
              "SES could not be asked just now (%s). Watch reads it and applies what is missing."
                  .formatted(couldNotAsk.why())));
    }
    if (!check.violations().isEmpty()) {
      return new Outcome.RulesBroken(check.violations(), warnings);
    }
    IdentityState planned = rules.asked(stored, seen, desired, view, caller);
    Plan plan = plan(planned, caller.at());
    boolean isForWatch = couldNotAsk != null && couldNotAsk.isOfLine();
    boolean changes =
        !desired.equals(stored.desired())
            || SettingsApplier.version(planned) != SettingsApplier.version(stored)
            || plan instanceof Plan.Call;
    if (dryRun) {
      return shown(planned, false, changes, warnings, caller.at());
    }
    // Somebody else's newer settings stay as they are, and nothing is queued for this request.
    Optional<IdentityState> stillMatching =
        rows.store(
            stored,
            fresh -> {
              IdentityState state = fresh.ifNotGone();
              return matches(ifMatch, state)
                  ? Optional.of(
                      new IdentityWriter.Store(
                          rules.asked(state, seen, desired, view, caller),
                          plan instanceof Plan.Call ? takenOverAt(caller) : null,
                          false))
                  : Optional.empty();
            },
            Author.of(caller.arn(), caller.at()));
    if (stillMatching.isEmpty()) {
      return new Outcome.PreconditionFailed();
    }
    IdentityState recorded = stillMatching.get();
    if (isForWatch || recorded.healingState().intent() != null) {
      // Its turn does not come in time, or its setup is being started again: watch has it now.
      return promised(recorded, changes, warnings, caller);
    }
    return switch (plan(recorded, caller.at())) {
      case Plan.Nothing nothing -> shown(recorded, false, changes, warnings, caller.at());
      case Plan.Wait wait -> shown(recorded, isPending(recorded), changes, warnings, caller.at());
      // Promoting is left to watch: it looks whether Success stood it, and takes it back.
      case Plan.Call call ->
          couldNotAsk == null && call.action() != PlanAction.PROMOTE
              ? call(recorded, call, warnings, caller, deadline)
              : promised(recorded, true, warnings, caller);
    };
  }

  private static Instant takenOverAt(Caller caller) {
    return caller.at().plus(TAKEN_OVER_AFTER);
  }

  private Outcome call(
      IdentityState recorded,
      Plan.Call call,
      List<Problem> warnings,
      Caller caller,
      Deadline deadline) {
    SettingsApplier.Attempt attempt =
        new SettingsApplier.Attempt(
            call.action(), caller.arn(), EventTime.from(clock, caller.at()), deadline, false);
    return switch (made(recorded, call, attempt, caller)) {
      // It stays in the queue: the next run reads what SES has made of it.
      case SettingsApplier.Outcome.Done(IdentityState state, boolean _) ->
          state.healingState().intent() != null || plan(state, caller.at()) instanceof Plan.Call
              ? promised(state, true, warnings, caller)
              : shown(state, isPending(Evaluation.expected(state)), true, warnings, caller.at());
      case SettingsApplier.Outcome.Refused(IdentityState state, String words) -> {
        identities.unqueue(new IdentityStore.Queued(state.key(), takenOverAt(caller)));
        yield new Outcome.RefusedBySes(words);
      }
      case SettingsApplier.Outcome.NotCalled(IdentityState state) ->
          promised(state, true, warnings, caller);
      case SettingsApplier.Outcome.Later(IdentityState state) ->
          promised(state, true, warnings, caller);
    };
  }

  private SettingsApplier.Outcome made(
      IdentityState recorded, Plan.Call call, SettingsApplier.Attempt attempt, Caller caller) {
    if (Healer.startsAgain(recorded, call)) {
      return healer.startAgain(recorded, call, takenOverAt(caller), attempt).last();
    }
    return call.heals()
        ? healer.setBack(recorded, call, attempt).last()
        : oneForAll.set(recorded, call.settings(), attempt, row -> toSet(row, caller));
  }

  /** What has to be set of a row to apply what it wants now. */
  private Optional<Settings> toSet(IdentityState row, Caller caller) {
    return row.healingState().intent() == null
            && plan(row, caller.at()) instanceof Plan.Call call
            && call.action() == PlanAction.APPLY
        ? Optional.of(call.settings())
        : Optional.empty();
  }

  /** Answered 202: watch applies it, and a refusal has to be told. */
  private Outcome promised(
      IdentityState state, boolean changes, List<Problem> warnings, Caller caller) {
    IdentityState promised =
        rows.changeAndQueue(
            state,
            fresh ->
                fresh.ifAsked(
                    asked ->
                        asked.isRefused() ? asked : asked.with(asked.progress().withPromise())),
            Author.of(caller.arn(), caller.at()),
            caller.at());
    return shown(promised, true, changes, warnings, caller.at());
  }

  @Override
  public Outcome stopManaging(IdentityKey key, @Nullable String ifMatch, Caller caller) {
    if (!managed.get().allows(key.name())) {
      return new Outcome.NotManaged();
    }
    IdentityState stored = rows.known(key);
    if (!stored.wasSeen()) {
      return new Outcome.UnknownIdentity();
    }
    Optional<IdentityState> after =
        rows.store(
            stored,
            state ->
                matches(ifMatch, state)
                    ? Optional.of(IdentityWriter.Store.of(state.neverAsked()))
                    : Optional.empty(),
            Author.of(caller.arn(), caller.at()));
    return after
        .map(state -> shown(state, false, stored.desiredState() != null, List.of(), caller.at()))
        .orElseGet(Outcome.PreconditionFailed::new);
  }

  @Override
  public Outcome get(IdentityKey key, Caller caller) {
    IdentityState stored = rows.known(key);
    if (stored.wasSeen() || stored.desiredState() != null) {
      return shown(stored, false, null, List.of(), caller.at());
    }
    return switch (read(stored, caller, deadline(caller))) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      case SesReader.Read.NotAnswered _ -> couldNotAsk(key);
      case SesReader.Read.Seen(Observation seen) ->
          shown(
              Evaluation.evaluate(stored, seen, contexts.of(stored, Optional.empty())),
              false,
              null,
              List.of(),
              caller.at());
    };
  }

  @Override
  public Outcome check(IdentityKey key, Caller caller) {
    if (!managed.get().allows(key.name())) {
      return new Outcome.NotManaged();
    }
    Deadline deadline = deadline(caller);
    IdentityState stored = rows.known(key);
    return switch (read(stored, caller, deadline)) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      case SesReader.Read.NotAnswered none when stored.wasSeen() && none.isOfLine() ->
          promised(stored, false, List.of(), caller);
      case SesReader.Read.NotAnswered _ -> couldNotAsk(key);
      case SesReader.Read.Seen(Observation seen) -> checked(stored, seen, caller, deadline);
    };
  }

  private Outcome checked(
      IdentityState stored, Observation read, Caller caller, Deadline deadline) {
    Optional<DomainName> name = nameAfter(askedAgain(stored, read, caller), read);
    DnsView view =
        name.map(
                n ->
                    DnsLook.whole(
                        dns.until(deadline), stored.key().name(), n, DnsDepth.OWN_SERVERS))
            .orElse(null);
    Observation seen =
        new Observation(read.at(), read.begunAt(), read.verified(), read.live(), null, null, view);
    IdentityUpdate.Updated updated =
        update.store(
            stored,
            // Who checks wants what was asked for, whatever somebody else put in its place.
            fresh -> askedAgain(fresh.ifNotGone(), read, caller),
            new IdentityUpdate.Read(
                seen,
                contexts.of(stored, name),
                regions.find(stored.key().region()).promoting().stopped(),
                Author.of(caller.arn(), caller.at())),
            IdentityUpdate.Next.MINE);
    IdentityState after = updated.state();
    DesiredState asked = after.desiredState();
    if (asked != null && asked.progress().isCheckDue()) {
      return promised(after, false, List.of(), caller);
    }
    // Promoting is left to watch, as in put.
    return updated.plan() instanceof Plan.Call call
            && asked != null
            && after.healingState().intent() == null
            && call.action() != PlanAction.PROMOTE
        ? call(after, call, List.of(), caller, deadline)
        : shown(after, isPending(after), null, List.of(), caller.at());
  }

  private static IdentityState askedAgain(IdentityState state, Observation read, Caller caller) {
    Desired desired = state.desired();
    Live live = read.live();
    return desired == null || live == null || live.status() == MailFromStatus.FAILED
        ? state
        : RuleChecking.wanting(state, desired, live, caller);
  }

  private static Optional<DomainName> nameAfter(IdentityState stored, Observation seen) {
    Live live = seen.live();
    Optional<DomainName> known = stored.nameToLookAt();
    return known.isPresent() || live == null ? known : Optional.ofNullable(live.mailFromDomain());
  }

  @Override
  public IdentityStore.HistoryPage history(
      IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    return identities.history(key, limit, cursor, now);
  }

  @Override
  public FleetPage list(FleetQuery query, Instant now) {
    return fleet.list(query, now);
  }

  @Override
  public Summary summary(Instant now) {
    return fleet.summary(now);
  }

  @Override
  public Sender sender(IdentityKey address, Instant now) {
    return fleet.sender(address, now);
  }

  @Override
  public Released release(String region, Caller caller) {
    Instant since = regions.find(region).held().since();
    RegionState _ = regions.change(region, state -> state.released(caller.at()));
    return new Released(region, since);
  }

  /** Whether what was asked for is recorded, and not at SES yet. */
  private static boolean isPending(IdentityState state) {
    return state.desiredState() != null && state.desiredState().isPending();
  }

  private Plan plan(IdentityState state, Instant now) {
    return state.plan(policy, regions.find(state.key().region()).promoting().stopped(), now);
  }

  private static boolean matches(@Nullable String ifMatch, IdentityState state) {
    return ifMatch == null || ifMatch.equals("*") || ifMatch.equals(ETags.of(state.desired()));
  }

  private Outcome shown(
      IdentityState state,
      boolean accepted,
      @Nullable Boolean changed,
      List<Problem> warnings,
      Instant now) {
    return new Outcome.Shown(views.of(state, now), accepted, changed, List.copyOf(warnings));
  }
}
