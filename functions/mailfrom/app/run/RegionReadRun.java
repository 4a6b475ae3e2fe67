package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.app.apply.Healer;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.WritePace;
import mailfrom.app.read.CachingDns;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.NamesInUse;
import mailfrom.app.read.RegionReader;
import mailfrom.app.read.RegionReader.Listing;
import mailfrom.app.read.RegionReader.Seen;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.app.tell.RunTexts;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.Brake;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/** One read run of one Region. */
final class RegionReadRun {
  private static final Duration KEPT_AFTER_DELETION = Duration.ofDays(30);
  private static final int WRITES_AT_ONCE = 16;

  /** About as many as watch apply heals in a quarter of an hour. */
  private static final int HEALED_A_RUN = 400;

  private final ReadRun.Parts parts;
  private final String region;
  private final LoadedIdentities stored;
  private final NamesInUse names;
  private final CachingDns dns;
  private final Instant now;
  private final Lease lease;
  private final WritePace writePace;
  private final Instant stopAt;
  private final IdentityWriter rows;
  private final Map<IdentityName, IdentityState> after = new ConcurrentHashMap<>();
  private final Queue<IdentityState> healing = new ConcurrentLinkedQueue<>();
  private final AtomicInteger written = new AtomicInteger();

  /** What a run finds before it reads. */
  private record Before(RegionState region, List<Silence> silences, Set<IdentityName> queued) {
    boolean baselined() {
      return region.baselinedAt() != null;
    }
  }

  RegionReadRun(
      ReadRun.Parts parts,
      String region,
      LoadedIdentities stored,
      NamesInUse names,
      CachingDns dns,
      WritePace writePace,
      Instant now,
      Instant stopAt) {
    this.parts = parts;
    this.region = region;
    this.stored = stored;
    this.names = names;
    this.dns = dns;
    this.now = now;
    this.lease = new Lease(parts.leases(), parts.clock(), region + "#read", parts.owner().get());
    this.writePace = writePace.under(lease);
    this.stopAt = stopAt;
    this.rows = new IdentityWriter(parts.identities());
  }

  RunReport.RegionReadReport run() {
    if (!lease.keep()) {
      return RunReport.RegionReadReport.skipped(region);
    }
    try {
      return read();
    } finally {
      lease.release();
    }
  }

  private RunReport.RegionReadReport read() {
    Instant begun = parts.clock().now();
    Before before =
        new Before(
            parts.regionStates().find(region), parts.regionStates().silences(), queuedNames());
    Lanes.Lane writes = parts.lanes().lane(WRITES_AT_ONCE);
    // Who has no MAIL FROM domain may be covered by one above it, and a domain that is new may be
    // used in other Regions too: these are decided on after everything was read.
    Queue<Seen> atTheEnd = new ConcurrentLinkedQueue<>();
    RegionReader reading =
        new RegionReader(
            parts,
            region,
            stored,
            names,
            dns,
            lease,
            stopAt,
            seen -> {
              if (seen.live().mailFromDomain() == null || seen.isNewlyNamed()) {
                atTheEnd.add(seen);
              } else {
                writes.run(() -> evaluate(seen, before, false));
              }
            });
    Listing listing = reading.readAll(before.region().readFirst());
    atTheEnd.forEach(
        seen -> writes.run(() -> evaluate(seen, before, ancestorIsCustom(seen.name(), reading))));
    Gap gap = missing(listing, before, writes);
    writes.join();
    stored.all().forEach(state -> after.putIfAbsent(state.key().name(), state));

    int read = (int) listing.names().stream().filter(reading::wasRead).count();
    // A Region that is not enabled was asked, and said so.
    int unread =
        reading.notEnabled() ? 0 : Math.max(listing.names().size() - read - reading.deleted(), 0);
    boolean blind =
        !reading.notEnabled()
            && (!listing.complete() || unread * 20 > listing.names().size() || dns.isBlind());
    boolean complete = listing.complete() && unread == 0 && !dns.isBlind() && !gap.isHeld();
    Duration took = Duration.between(begun, parts.clock().now());
    RegionState region =
        remember(
            new RegionState.LastRun(now, took, listing.names().size(), read, unread, complete),
            listing,
            reading,
            before,
            blind,
            gap);
    if (region.heldSince() == null) {
      queueHealing(before.queued());
    }
    Publisher.Report published =
        new Publisher(parts, writePace).publish(region, after.values(), now);
    return new RunReport.RegionReadReport(
        this.region,
        false,
        listing.names().size(),
        read,
        unread,
        complete,
        written.get(),
        effects(after.values()),
        troubles(after.values()),
        published.told(),
        published.failed(),
        region.alertsReachNobody());
  }

  // --- deciding and storing ---

  /**
   * What was read of an identity that was deleted meanwhile: of one that was deleted before this
   * run's time, another one is there now; of a later deletion this run knows nothing.
   */
  private IdentityState unlessGoneSince(IdentityState fresh) {
    return fresh.sesView().asOf().isAfter(now) ? fresh : fresh.ifNotGone();
  }

  private void evaluate(Seen seen, Before run, boolean ancestorIsCustom) {
    IdentityName name = seen.name();
    Observation observation = seen.at(now);
    IdentityState before = stored.known(name);
    SortedSet<String> regionsOfName =
        DnsLook.nameToLookAt(before, seen.live())
            .map(domain -> names.regionsOf(domain, region))
            .orElseGet(() -> new TreeSet<>(List.of(region)));
    EvaluationContext around =
        new EvaluationContext(ancestorIsCustom, regionsOfName, run.baselined(), run.silences());
    IdentityState evaluated = Evaluation.evaluate(before, observation, around);
    Plan plan = evaluated.plan(parts.policy(), run.region().promotingStopped(), now);
    boolean begun = evaluated.healingState().intent() != null;
    boolean heals = evaluated.desiredState() != null && !begun && Healer.heals(plan);
    boolean toDo =
        !run.queued().contains(name)
            && (begun || (evaluated.desiredState() != null && plan instanceof Plan.Call && !heals));
    IdentityState saved = evaluated;
    if (toDo || !IdentityWriter.isSame(before, evaluated)) {
      writePace.await();
      saved =
          rows.change(
              before,
              state -> Evaluation.evaluate(unlessGoneSince(state), observation, around),
              new IdentityWriter.Cause("watch", now, false, toDo ? now : null));
      written.incrementAndGet();
    }
    after.put(name, saved);
    if (heals) {
      healing.add(saved);
    }
  }

  /** What may be healed is queued, the worst first, in portions that leave the queue short. */
  private void queueHealing(Set<IdentityName> queued) {
    long most =
        HEALED_A_RUN
            - healing.stream().filter(state -> queued.contains(state.key().name())).count();
    healing.stream()
        .filter(state -> !queued.contains(state.key().name()))
        .sorted(
            Comparator.comparing(
                    (IdentityState state) -> state.effectState().effect() != Effect.REJECTED)
                .thenComparing(state -> state.effectState().since())
                .thenComparing(state -> state.key().name()))
        .limit(Math.max(most, 0))
        .forEach(
            state -> {
              writePace.await();
              rows.change(
                  state, fresh -> fresh, new IdentityWriter.Cause("watch", now, false, now));
            });
  }

  private boolean ancestorIsCustom(IdentityName name, RegionReader reading) {
    Optional<IdentityName> above = name.parent();
    while (above.isPresent()) {
      IdentityName ancestor = above.get();
      Optional<Live> live = reading.live(ancestor);
      Optional<IdentityState> state = stored.find(ancestor);
      if (reading.isVerified(ancestor) && (live.isPresent() || state.isPresent())) {
        return live.map(Live::isSuccess)
            .or(() -> state.map(known -> known.effectState().effect() == Effect.CUSTOM))
            .orElse(false);
      }
      above = ancestor.parent();
    }
    return false;
  }

  private Set<IdentityName> queuedNames() {
    Set<IdentityName> queued = new HashSet<>();
    parts.identities().queued(region).forEach(item -> queued.add(item.key().name()));
    return queued;
  }

  /**
   * What a complete listing did not name, and was there before.
   *
   * @param count those that are not known to be deleted
   * @param present all that are not known to be deleted
   * @param isHeld whether that is too much to be taken as deleted, and nobody said that it was
   */
  private record Gap(int count, int present, boolean isHeld) {
    static final Gap UNKNOWN = new Gap(0, 0, false);

    boolean isClosed() {
      return !Brake.isGap(count, present);
    }
  }

  /**
   * Counts the absences of stored identities that a complete listing did not name. The second one
   * in a row is a deletion, unless too many are missing at once.
   */
  private Gap missing(Listing listing, Before before, Lanes.Lane writes) {
    if (!listing.complete()) {
      return Gap.UNKNOWN;
    }
    Set<IdentityName> listed = new HashSet<>(listing.names());
    List<IdentityState> absent =
        stored.all().stream()
            .filter(state -> state.wasSeen() && !listed.contains(state.key().name()))
            .toList();
    int count = (int) absent.stream().filter(state -> !state.isGone()).count();
    int present = (int) stored.all().stream().filter(state -> !state.isGone()).count();
    // A release is for what was missing then: as much again is another gap.
    RegionState.@Nullable Missing known = before.region().missing();
    boolean isReleased = known != null && Brake.isReleased(known.releasedAt(), now);
    int unexplained = count - (isReleased && known != null ? known.count() : 0);
    Gap gap = new Gap(count, present, Brake.isGap(unexplained, present));
    if (!gap.isHeld()) {
      for (IdentityState state : absent) {
        writes.run(() -> after.put(state.key().name(), absent(state, before.baselined())));
      }
    }
    return gap;
  }

  private IdentityState absent(IdentityState state, boolean baselined) {
    if (state.isGone()) {
      if (state.sesView().asOf().plus(KEPT_AFTER_DELETION).isBefore(now)
          && state.incidentState().owed().isEmpty()) {
        parts.identities().forget(state);
      }
      return state;
    }
    writePace.await();
    return rows.change(
        state,
        fresh -> {
          if (fresh.isGone() || fresh.sesView().asOf().isAfter(now)) {
            // An event was faster.
            return fresh;
          }
          int absences = fresh.sesView().absences() + 1;
          IdentityState counted = fresh.withSesView(fresh.sesView().withAbsences(absences));
          return absences >= SesView.GONE_AFTER
              ? Evaluation.gone(counted, now, baselined)
              : counted;
        },
        new IdentityWriter.Cause("watch", now, false, null));
  }

  // --- the Region ---

  private RegionState remember(
      RegionState.LastRun run,
      Listing listing,
      RegionReader reading,
      Before before,
      boolean blind,
      Gap gap) {
    Collection<IdentityState> states = after.values();
    boolean notEnabled = reading.notEnabled();
    CallResult<Integer> listeners = parts.topics().listeners(Topics.Name.ALERTS);
    @Nullable IdentityName readFirst =
        listing.names().stream().filter(reading::wasLeft).findFirst().orElse(null);
    return parts
        .regionStates()
        .change(
            region,
            state -> {
              RegionState.Builder next =
                  state.toBuilder().lastRun(run).readFirst(notEnabled ? null : readFirst);
              if (listeners instanceof CallResult.Answered<Integer>(Integer count)) {
                next.alertsReachNobody(count == 0);
              }
              reading
                  .receiptRecipients()
                  .ifPresent(found -> next.receiptRecipients(found).receiptRecipientsAt(now));
              if (run.complete()) {
                next.lastCompleteAt(now).identities(run.listed());
              }
              // What is missing at once keeps its state: that does not put the first report off.
              boolean readAll = gap.isHeld() && run.couldNotAsk() == 0;
              if (state.baselinedAt() == null && (run.complete() || readAll)) {
                next.baselinedAt(now).owing(baseline(states));
              }
              if (notEnabled && !state.notEnabledTold()) {
                next.notEnabledTold(true)
                    .owing(
                        notice(
                            Reason.BLIND,
                            "The account has not enabled the Region %s: nothing is watched there."
                                .formatted(region)));
              }
              missing(state, listing, gap, next);
              brake(state, run, next);
              silencesOver(state, states, before.silences(), next);
              if (blind && state.blindSince() == null) {
                next.blindSince(now)
                    .owing(notice(Reason.BLIND, blindText(run, listing.complete())));
              }
              if (!blind && !notEnabled && state.blindSince() != null) {
                next.blindSince(null)
                    .owing(notice(Reason.BLIND_OVER, RunTexts.blindOver(state.blindSince())));
              }
              return next.build();
            });
  }

  /**
   * A gap in the list is told once, and once more when there is none any more; one that a release
   * was not for is told anew.
   */
  private void missing(RegionState state, Listing listing, Gap gap, RegionState.Builder next) {
    RegionState.@Nullable Missing known = state.missing();
    if (gap.isHeld()) {
      boolean isTold = known != null && known.releasedAt() == null;
      next.missing(
          new RegionState.Missing(
              isTold && known != null ? known.since() : now, gap.count(), null));
      if (!isTold) {
        next.owing(notice(Reason.BLIND, RunTexts.missing(gap.count(), gap.present(), this.region)));
      }
    } else if (listing.complete() && gap.isClosed() && known != null) {
      next.missing(null).owing(notice(Reason.BLIND_OVER, RunTexts.missingOver(this.region)));
    }
  }

  /** Too many repairs at once are held back, and told once, until somebody lets them go. */
  private void brake(RegionState state, RegionState.LastRun run, RegionState.Builder next) {
    if (Brake.isPulled(healing.size(), run.listed())) {
      if (state.heldSince() == null && !Brake.isReleased(state.releasedAt(), now)) {
        next.heldSince(now)
            .owing(notice(Reason.HELD, RunTexts.held(healing.size(), run.listed(), this.region)));
      }
    } else if (run.complete()) {
      next.heldSince(null).releasedAt(null);
    }
  }

  /**
   * What a silence covered and is still bad is told once, in the first run after its end. A first
   * report tells all that is bad anyway.
   */
  private void silencesOver(
      RegionState state,
      Collection<IdentityState> states,
      List<Silence> silences,
      RegionState.Builder next) {
    List<Silence> over =
        silences.stream()
            .filter(silence -> silence.state(now) == Silence.State.ENDED)
            .sorted(Comparator.comparing(Silence::until).thenComparing(Silence::id))
            .toList();
    next.silencesOver(over.stream().map(Silence::id).toList());
    if (state.baselinedAt() == null) {
      return;
    }
    for (Silence silence : over) {
      List<IdentityState> bad =
          state.silencesOver().contains(silence.id())
              ? List.of()
              : states.stream().filter(one -> isBadAndCoveredBy(silence, one, silences)).toList();
      if (!bad.isEmpty()) {
        next.owing(
            new RunNotice(
                Notice.hash(
                    parts.account()
                        + "|"
                        + region
                        + "|"
                        + Reason.SILENCE_OVER
                        + "|"
                        + silence.id()),
                Reason.SILENCE_OVER,
                worst(bad),
                RunTexts.silenceOver(silence, bad),
                now,
                Set.of()));
      }
    }
  }

  private boolean isBadAndCoveredBy(Silence silence, IdentityState state, List<Silence> silences) {
    Incident incident = state.incidentState().incident();
    return incident != null
        && incident.quietSince() == null
        && silence.match().matches(state)
        && silences.stream().noneMatch(other -> other.matches(state, now));
  }

  private static Severity worst(Collection<IdentityState> states) {
    return states.stream()
        .flatMap(state -> state.severity().stream())
        .max(Comparator.naturalOrder())
        .orElse(Severity.INFO);
  }

  private String blindText(RegionState.LastRun run, boolean listed) {
    if (!listed) {
      return "The list of identities could not be read to its end. What was known is read; what is"
          + " new is not seen.";
    }
    return run.couldNotAsk() > 0
        ? RunTexts.blind("SES", run.couldNotAsk(), run.listed())
        : dns.blindText();
  }

  private RunNotice baseline(Collection<IdentityState> states) {
    List<IdentityState> ill =
        states.stream().filter(state -> state.incidentState().incident() != null).toList();
    return new RunNotice(
        Notice.hash(parts.account() + "|" + region + "|" + Reason.BASELINE),
        Reason.BASELINE,
        worst(ill),
        RunTexts.baseline(states.size(), ill),
        now,
        Set.of());
  }

  private RunNotice notice(Reason reason, String text) {
    return new RunNotice(
        Notice.hash(parts.account() + "|" + region + "|" + reason + "|" + now + "|" + text),
        reason,
        reason == Reason.BLIND_OVER ? Severity.INFO : Severity.WARNING,
        text,
        now,
        Set.of());
  }

  private static Map<TroubleKind, Integer> troubles(Collection<IdentityState> states) {
    Map<TroubleKind, Integer> troubles = new EnumMap<>(TroubleKind.class);
    for (IdentityState state : states) {
      Incident incident = state.incidentState().incident();
      if (incident != null && incident.quietSince() == null && !state.isGone()) {
        troubles.merge(incident.trouble().kind(), 1, Integer::sum);
      }
    }
    return troubles;
  }

  private static Map<Effect, Integer> effects(Collection<IdentityState> states) {
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    for (IdentityState state : states) {
      if (state.wasSeen() && !state.isGone()) {
        effects.merge(state.effectState().effect(), 1, Integer::sum);
      }
    }
    return effects;
  }
}
