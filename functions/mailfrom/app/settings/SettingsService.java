package mailfrom.app.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.OneForAll;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.ConfirmedReader;
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
import org.jspecify.annotations.Nullable;

/** What the settings function does for a request: check, record, apply, show. */
public final class SettingsService implements SettingsApi {
  /** From the gateway's time stamp on, a request has this long. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(18);

  /** The gateway itself gives up then: a request that says it is older has another clock. */
  private static final Duration GATEWAY_WAITS = Duration.ofSeconds(30);

  private final IdentityStore identities;
  private final RegionStore regions;
  private final Dns dns;
  private final MachineClock clock;
  private final Supplier<ManagedPatterns> managed;
  private final IdentityWriter rows;
  private final ContextReader contexts;
  private final IdentityUpdate update;
  private final Reading reading;
  private final Applying applying;
  private final PutRequest put;
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
    this.clock = clock;
    this.managed = managed;
    this.rows = new IdentityWriter(identities);
    SesReader reader = new SesReader(ses, pace, clock);
    this.contexts = new ContextReader(identities, regions, watched);
    this.reading = new Reading(new ConfirmedReader(ses, reader, identities), contexts, pace);
    SettingsApplier applier = new SettingsApplier(ses, pace, clock, reader, contexts, rows, paused);
    this.update = new IdentityUpdate(rows, policy);
    IdentityViews views = new IdentityViews(regions, policy, paused);
    this.applying =
        new Applying(
            identities,
            regions,
            policy,
            rows,
            clock,
            new OneForAll(applier, pace, leases, clock, rows),
            new Healer(applier, rows, paused),
            views);
    this.put =
        new PutRequest(
            rows, reading, new RuleChecking(identities, regions, contexts), dns, tasks, applying);
    this.fleet = new Fleet(identities, regions, watched, views);
  }

  @Override
  public Outcome put(
      IdentityKey key, Desired desired, @Nullable String ifMatch, boolean dryRun, Caller caller) {
    if (!managed.get().allows(key.name())) {
      return new Outcome.NotManaged();
    }
    return put.of(key, new PutRequest.Asked(desired, ifMatch, dryRun, caller, deadline(caller)));
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

  @Override
  public Outcome stopManaging(IdentityKey key, @Nullable String ifMatch, Caller caller) {
    if (!managed.get().allows(key.name())) {
      return new Outcome.NotManaged();
    }
    IdentityState stored = rows.known(key);
    if (!stored.wasSeen()) {
      return new Outcome.UnknownIdentity();
    }
    boolean changed = stored.desiredState() != null;
    return applying.recording(
        key,
        () ->
            rows.store(
                stored,
                state ->
                    ETags.match(ifMatch, state.desired())
                        ? Optional.of(IdentityWriter.Store.of(state.neverAsked()))
                        : Optional.empty(),
                Author.of(caller.arn(), caller.at())),
        changed,
        List.of(),
        caller.at(),
        state -> applying.shown(state, false, changed, List.of(), caller.at()));
  }

  @Override
  public Outcome get(IdentityKey key, Caller caller) {
    IdentityState stored = rows.known(key);
    if (stored.wasSeen() || stored.desiredState() != null) {
      return applying.shown(stored, false, null, List.of(), caller.at());
    }
    return switch (reading.of(stored, caller, deadline(caller))) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      case SesReader.Read.NotAnswered _ -> reading.couldNotAsk(key);
      case SesReader.Read.Seen(Observation seen) ->
          applying.shown(
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
    return switch (reading.of(stored, caller, deadline)) {
      case SesReader.Read.Unknown _ -> new Outcome.UnknownIdentity();
      case SesReader.Read.NotAnswered none when stored.wasSeen() && none.isOfLine() ->
          applying.promised(stored, false, List.of(), caller);
      case SesReader.Read.NotAnswered _ -> reading.couldNotAsk(key);
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
    IdentityUpdate.Read around =
        new IdentityUpdate.Read(
            seen,
            contexts.of(stored, name),
            regions.find(stored.key().region()).promoting().stopped(),
            Author.of(caller.arn(), caller.at()));
    return applying.recording(
        stored.key(),
        () ->
            Optional.of(
                update
                    .store(
                        stored,
                        // Who checks wants what was asked for, whatever somebody else put in its
                        // place.
                        fresh -> askedAgain(fresh.ifNotGone(), read, caller),
                        around,
                        IdentityUpdate.Next.MINE)
                    .state()),
        null,
        List.of(),
        caller.at(),
        after -> afterCheck(after, caller, deadline));
  }

  private Outcome afterCheck(IdentityState after, Caller caller, Deadline deadline) {
    DesiredState asked = after.desiredState();
    if (asked != null && asked.progress().isCheckDue()) {
      return applying.promised(after, false, List.of(), caller);
    }
    // Promoting is left to watch, as in put.
    return applying.plan(after, caller.at()) instanceof Plan.Call call
            && asked != null
            && after.healingState().intent() == null
            && call.action() != PlanAction.PROMOTE
        ? applying.call(after, call, List.of(), caller, deadline)
        : applying.shown(after, Applying.isPending(after), null, List.of(), caller.at());
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
    Instant since = regions.find(region).held().heldSince();
    RegionState _ = regions.change(region, state -> state.released(caller.at()));
    return new Released(region, since);
  }
}
