package mailfrom.app.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.Lease;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityUpdate;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;

/** One round of one Region, while it holds the Region's lease. */
final class RegionApplyRun {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  private final Parts parts;
  private final BooleanSupplier paused;
  private final String region;
  private final Times times;
  private final Lease lease;
  private final IdentityWriter rows;
  private final IdentityUpdate update;
  private final SesReader reader;
  private final ContextReader contexts;
  private final Refusals refusals;
  private final SettingsApplier applier;
  private final Healer healer;
  private final Promoter promoter;
  private final List<IdentityState> touched = new ArrayList<>();
  private RegionState ofRegion;
  private int set;
  private int refused;
  private int waiting;

  /**
   * When a run was asked for, and until when it goes on.
   *
   * @param stop when to make no further call
   * @param healing when to heal no further
   */
  record Times(EventTime time, Deadline stop, Deadline healing) {}

  RegionApplyRun(Parts parts, BooleanSupplier paused, String region, Times times, Lease lease) {
    this.parts = parts;
    this.paused = paused;
    this.region = region;
    this.times = times;
    this.reader = parts.reader();
    this.contexts = parts.contexts();
    this.refusals = new Refusals(parts.rules(), parts.dns(), times.time());
    this.lease = lease;
    this.rows =
        new IdentityWriter(
            parts.identities(),
            () -> {
              // Each row is written under its own condition: a lost lease ends the run at its
              // next call.
              boolean _ = lease.keep();
            });
    this.update = new IdentityUpdate(rows, parts.policy());
    this.applier = parts.applier(rows, paused);
    this.healer = new Healer(applier, rows, paused);
    this.ofRegion = parts.regions().find(region);
    this.promoter = new Promoter(parts.regions(), applier, times.time());
  }

  RunReport.RegionApplyReport run(List<IdentityStore.Queued> queued) {
    int done = 0;
    int step = Ses.BATCH;
    for (int from = 0; from < queued.size(); from += step) {
      List<IdentityStore.Queued> batch = queued.subList(from, Math.min(from + step, queued.size()));
      int looked = mayGoOn() ? batch(batch) : 0;
      done += looked;
      if (looked < batch.size()) {
        break;
      }
    }
    Publisher.Report _ =
        parts.publisher(rows).publish(parts.regions().find(region), touched, times.time().event());
    return new RunReport.RegionApplyReport(
        region, false, queued.size(), set, refused, queued.size() - done + waiting);
  }

  /** Works a batch off; returns how many of it were looked at before the time was up. */
  private int batch(List<IdentityStore.Queued> batch) {
    // What was asked for one that was deleted is not done to one that is verified again.
    Map<IdentityStore.Queued, IdentityState> stored = new LinkedHashMap<>();
    batch.forEach(item -> stored.put(item, rows.known(item.key())));
    Map<IdentityName, SesReader.Read> reads = read(stored.values());
    int done = 0;
    Map<IdentityStore.Queued, IdentityState> notReadBack = new LinkedHashMap<>();
    for (IdentityStore.Queued item : batch) {
      if (!mayGoOn()) {
        break;
      }
      IdentityState state = stored.get(item);
      if (state == null) {
        throw new IllegalStateException("each item was loaded");
      }
      switch (reads.get(item.key().name())) {
        case SesReader.Read.Seen(Observation seen) ->
            one(item, state, seen)
                .filter(after -> after.healingState().expected() != null)
                .ifPresent(after -> notReadBack.put(item, after));
        case SesReader.Read.Unknown(boolean isConfirmed) when isConfirmed || !state.wasSeen() ->
            unknown(item, state);
        case SesReader.Read.Unknown _ -> waiting++;
        case SesReader.Read.NotAnswered _ -> waiting++;
        case null -> waiting++;
      }
      done++;
    }
    readBack(notReadBack);
    return done;
  }

  /** There is nothing to set; whoever was promised something else has to be told. */
  private void unknown(IdentityStore.Queued item, IdentityState stored) {
    DesiredState desired = stored.desiredState();
    if (!stored.wasSeen() && desired != null && !desired.isRefused()) {
      touched.add(
          rows.change(
              stored, fresh -> refusals.unknown(fresh, stored), Author.watch(times.time().now())));
    }
    parts.identities().unqueue(item);
  }

  /** What was set is read together: one call for all of a batch. */
  private void readBack(Map<IdentityStore.Queued, IdentityState> set) {
    if (set.isEmpty() || !mayGoOn()) {
      return;
    }
    Map<IdentityName, SesReader.Read> reads = read(set.values());
    set.forEach(
        (item, state) -> {
          if (reads.get(item.key().name()) instanceof SesReader.Read.Seen(Observation seen)) {
            finished(
                item, store(state, seen, state.nameToLookAt(), UnaryOperator.identity()).state());
          }
        });
  }

  private Map<IdentityName, SesReader.Read> read(Collection<IdentityState> states) {
    return reader.read(
        region,
        states,
        ofRegion.reading().canary(),
        SesReader.Depth.SETTINGS,
        times.time().now(),
        times.stop().orIn(WAIT_FOR_SLOT));
  }

  private IdentityUpdate.Updated store(
      IdentityState before,
      Observation seen,
      Optional<DomainName> name,
      UnaryOperator<IdentityState> start) {
    return update.store(
        before,
        start,
        new IdentityUpdate.Read(
            seen,
            contexts.of(before, name),
            ofRegion.promoting().stopped(),
            Author.watch(times.time().now())),
        IdentityUpdate.Next.MINE);
  }

  /** Where nothing is left to do; what SES took from us is read first. */
  private void finished(IdentityStore.Queued item, IdentityState state) {
    touched.add(state);
    if (state.healingState().intent() == null
        && state.healingState().expected() == null
        && !hasMoreToDo(state)) {
      parts.identities().unqueue(item);
    }
  }

  /** Works one off; gives nothing when it has to wait. */
  private Optional<IdentityState> one(
      IdentityStore.Queued item, IdentityState stored, Observation read) {
    boolean begun = stored.healingState().intent() != null;
    if (!begun && plan(stored) instanceof Plan.Call call && call.heals() && !mayHeal()) {
      waiting++;
      return Optional.empty();
    }
    Live live = read.live() == null ? stored.sesView().live() : read.live();
    Optional<DomainName> name = stored.nameToLookAt();
    DnsView view =
        name.map(domain -> DnsLook.look(parts.dns(), stored, live, domain, false)).orElse(null);
    Observation seen =
        new Observation(
            times.time().now(), read.begunAt(), read.verified(), read.live(), null, null, view);
    Optional<List<Violation>> broken = refusals.check(stored, seen);
    IdentityUpdate.Updated updated =
        store(
            stored,
            seen,
            name,
            fresh -> refusals.checked(withoutOldIntent(fresh.ifNotGone()), stored, broken));
    IdentityState state = updated.state();
    if (!broken.orElse(List.of()).isEmpty()) {
      state = rows.change(state, refusals::refused, Author.watch(times.time().now()));
    }
    if (refusals.isGivenUp(state)) {
      state = rows.change(state, refusals::givenUp, Author.watch(times.time().now()));
    } else if (state.healingState().intent() != null) {
      state = healed(healer.finish(state, attempt(PlanAction.RESTART, Author.WATCH, true)));
    } else if (updated.plan() instanceof Plan.Call call && state.desiredState() != null) {
      state = execute(item, state, call, live);
    }
    finished(item, state);
    return Optional.of(state);
  }

  private SettingsApplier.Attempt attempt(PlanAction action, String by, boolean readsBack) {
    return new SettingsApplier.Attempt(
        action, by, times.time(), times.stop().orIn(WAIT_FOR_SLOT), readsBack);
  }

  /** What the brake holds back is queued again by the run that may let it go. */
  private boolean hasMoreToDo(IdentityState state) {
    return state.desiredState() != null
        && plan(state) instanceof Plan.Call call
        && !(call.heals() && isHeld());
  }

  private boolean isHeld() {
    return ofRegion.held().isHeld();
  }

  /** What was begun for settings that nobody wants any more, or that SES refused, is over. */
  private IdentityState withoutOldIntent(IdentityState state) {
    Settings intent = state.healingState().intent();
    DesiredState desired = state.desiredState();
    boolean old =
        intent != null
            && desired != null
            && (desired.isRefused()
                || (desired.isPending()
                    && !desired.desired().settings().domainEquals(intent.mailFromDomain())));
    return old ? state.withHealing(state.healingState().withIntent(null)) : state;
  }

  private boolean mayHeal() {
    return !times.healing().isOver();
  }

  private IdentityState execute(
      IdentityStore.Queued item, IdentityState state, Plan.Call call, Live before) {
    boolean promotes = call.action() == PlanAction.PROMOTE;
    if (promotes && !ofRegion.promoting().wentWell() && set > 0) {
      // The first PROMOTE of a Region goes alone: the next run sees how it went.
      return state;
    }
    if (call.heals() && (isHeld() || !mayHeal())) {
      return state;
    }
    DesiredState desired = state.desiredState();
    SettingsApplier.Attempt attempt =
        attempt(
            call.action(),
            call.action() == PlanAction.APPLY && desired != null
                ? Author.watchFor(desired.progress().by())
                : Author.WATCH,
            // What heals or promotes goes on with what SES has made of it.
            call.action() != PlanAction.APPLY || Healer.startsAgain(state, call));
    if (Healer.startsAgain(state, call)) {
      return healed(healer.startAgain(state, call, item.since(), attempt));
    }
    if (call.heals()) {
      return healed(healer.setBack(state, call, attempt));
    }
    return switch (applier.set(state, call.settings(), attempt)) {
      case SettingsApplier.Outcome.Done(IdentityState after, boolean readBack) -> {
        set++;
        yield promotes && readBack ? promoted(after, before) : after;
      }
      case SettingsApplier.Outcome.Refused(IdentityState after, String words) -> {
        refused++;
        yield after;
      }
      case SettingsApplier.Outcome.NotCalled(IdentityState after) -> after;
      case SettingsApplier.Outcome.Later(IdentityState after) -> after;
    };
  }

  private IdentityState healed(Healer.Healed healed) {
    set += healed.sets();
    if (healed.last() instanceof SettingsApplier.Outcome.Refused) {
      refused++;
    }
    return healed.state();
  }

  private IdentityState promoted(IdentityState after, Live before) {
    Promoter.Promoted promoted =
        promoter.promoted(after, before, attempt(PlanAction.PROMOTE, Author.WATCH, true));
    ofRegion = promoted.region();
    return promoted.state();
  }

  private Plan plan(IdentityState state) {
    return state.plan(parts.policy(), ofRegion.promoting().stopped(), times.time().event());
  }

  private boolean mayGoOn() {
    return !times.stop().isOver() && !paused.getAsBoolean() && lease.keep();
  }
}
