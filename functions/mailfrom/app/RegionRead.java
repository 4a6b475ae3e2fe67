package mailfrom.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
import mailfrom.app.Ses.Operation;
import mailfrom.domain.DnsView;
import mailfrom.domain.Effect;
import mailfrom.domain.Evaluation;
import mailfrom.domain.IdentityKey;
import mailfrom.domain.IdentityName;
import mailfrom.domain.IdentityState;
import mailfrom.domain.Incident;
import mailfrom.domain.Live;
import mailfrom.domain.Notice;
import mailfrom.domain.Observation;
import mailfrom.domain.Plan;
import mailfrom.domain.Reason;
import mailfrom.domain.Severity;
import mailfrom.domain.Sight;
import mailfrom.domain.Silence;
import mailfrom.domain.Surroundings;
import mailfrom.domain.Trouble;
import org.jspecify.annotations.Nullable;

/** One read run of one Region. */
final class RegionRead {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);
  private static final Duration KEPT_AFTER_DELETION = Duration.ofDays(30);
  private static final int TRIES = 3;
  private static final int LOOKS_AT_ONCE = 32;
  private static final int WRITES_AT_ONCE = 16;

  /** About as many as watch apply heals in a quarter of an hour. */
  private static final int HEALED_A_RUN = 400;

  private final WatchRead.Parts parts;
  private final String region;
  private final NamesInUse names;
  private final DnsOfRun dns;
  private final Instant now;
  private final Instant stopAt;
  private final HeldLease lease;
  private final Rows rows;
  private final List<Silence> silences;
  private final Map<IdentityName, IdentityState> stored = new HashMap<>();

  private final Map<IdentityName, Sighting> live = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> verified = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> dkim = new ConcurrentHashMap<>();
  private final Map<IdentityName, Boolean> forwarding = new ConcurrentHashMap<>();
  private final Map<IdentityName, DnsView> views = new ConcurrentHashMap<>();
  private final Set<IdentityName> deleted = ConcurrentHashMap.newKeySet();
  private final Queue<IdentityState> healing = new ConcurrentLinkedQueue<>();
  private final AtomicInteger couldNotAsk = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final WritePace writePace;
  private volatile boolean notEnabled;

  private record Sighting(Live live, Instant begunAt) {}

  RegionRead(
      WatchRead.Parts parts,
      String region,
      List<IdentityState> rowsOfRegion,
      NamesInUse names,
      DnsOfRun dns,
      Instant now,
      Instant stopAt) {
    this.parts = parts;
    this.region = region;
    this.names = names;
    this.dns = dns;
    this.now = now;
    this.stopAt = stopAt;
    this.lease =
        new HeldLease(parts.leases(), parts.clock(), region + "#read", parts.owner().get());
    this.writePace = new WritePace(parts.clock(), lease);
    this.rows = new Rows(parts.identities());
    this.silences = parts.regionStates().silences();
    rowsOfRegion.forEach(state -> stored.put(state.key().name(), state));
  }

  RunReport.RegionRead run() {
    if (!lease.keep()) {
      return RunReport.RegionRead.skipped(region);
    }
    try {
      return read();
    } finally {
      lease.release();
    }
  }

  private RunReport.RegionRead read() {
    Instant begun = parts.clock().now();
    RegionState before = parts.regionStates().find(region);
    Lanes.Lane mailFromLane = parts.lanes().lane(1);
    Lanes.Lane verificationLane = parts.lanes().lane(1);
    Lanes.Lane dkimLane = parts.lanes().lane(1);
    Lanes.Lane forwardingLane = parts.lanes().lane(1);
    Lanes.Lane dnsLane = parts.lanes().lane(LOOKS_AT_ONCE);
    Batcher verification =
        new Batcher(batch -> verificationLane.run(() -> readVerification(batch)));
    Batcher signing = new Batcher(batch -> dkimLane.run(() -> readDkim(batch)));
    Batcher settings =
        new Batcher(
            batch -> {
              mailFromLane.run(() -> readMailFrom(batch, verification, signing, dnsLane));
              forwardingLane.run(() -> readForwarding(batch));
            });

    Listing listing = list(before, settings);
    settings.flush();
    mailFromLane.join();
    verification.flush();
    signing.flush();
    verificationLane.join();
    dkimLane.join();
    forwardingLane.join();
    dnsLane.join();
    Optional<List<String>> recipients = receiptRecipients();

    Lanes.Lane writes = parts.lanes().lane(WRITES_AT_ONCE);
    Map<IdentityName, IdentityState> after = new ConcurrentHashMap<>(stored);
    Set<IdentityName> queued = queuedNames();
    boolean baselined = before.baselinedAt() != null;
    for (IdentityName name : listing.names()) {
      writes.run(() -> evaluate(name, baselined, before.promotingStopped(), queued, after));
    }
    boolean tooManyGone = missing(listing, baselined, after, writes);
    writes.join();

    int read = (int) listing.names().stream().filter(this::wasRead).count();
    int unread = listing.names().size() - read - deleted.size();
    boolean blind =
        !notEnabled
            && (!listing.complete() || unread * 20 > listing.names().size() || dns.isBlind());
    boolean complete = listing.complete() && unread == 0 && !dns.isBlind() && !tooManyGone;
    Duration took = Duration.between(begun, parts.clock().now());
    RegionState region =
        remember(
            new RegionState.LastRun(
                now, took, listing.names().size(), read, Math.max(unread, 0), complete),
            listing,
            recipients,
            blind,
            tooManyGone,
            after.values());
    if (region.heldSince() == null) {
      queueHealing(queued);
    }
    Publisher.Report published =
        new Publisher(parts, writePace).publish(region, after.values(), now);
    return new RunReport.RegionRead(
        this.region,
        false,
        listing.names().size(),
        read,
        Math.max(unread, 0),
        complete,
        written.get(),
        effects(after.values()),
        troubles(after.values()),
        published.told(),
        published.failed(),
        region.alertsReachNobody());
  }

  private boolean wasRead(IdentityName name) {
    return live.containsKey(name) && (verified.containsKey(name) || known(name).wasSeen());
  }

  // --- reading ---

  /** The names of a Region, and whether they were listed to the last page. */
  private record Listing(Collection<IdentityName> names, boolean complete) {}

  /**
   * Lists the identities and hands them on as they come. What the last run could not read comes
   * first. When SES cannot list them, those that are stored are read.
   */
  private Listing list(RegionState before, Batcher settings) {
    Set<IdentityName> listed = new LinkedHashSet<>();
    IdentityName readFirst = before.readFirst();
    String token = null;
    do {
      String page = token;
      Optional<Ses.Page> answer =
          askUntilAnswered(Operation.LIST_IDENTITIES, () -> parts.ses().list(region, page));
      if (answer.isEmpty()) {
        stored.values().stream()
            .filter(state -> !state.isGone())
            .map(state -> state.key().name())
            .sorted()
            .filter(listed::add)
            .forEach(settings::add);
        return new Listing(listed, false);
      }
      for (IdentityName name : answer.get().names()) {
        if (listed.add(name) && readFirst == null) {
          settings.add(name);
        }
      }
      token = answer.get().nextToken();
    } while (token != null);
    if (readFirst != null) {
      List<IdentityName> inOrder = new ArrayList<>(listed);
      int first = Math.max(inOrder.indexOf(readFirst), 0);
      inOrder.subList(first, inOrder.size()).forEach(settings::add);
      inOrder.subList(0, first).forEach(settings::add);
    }
    return new Listing(listed, true);
  }

  private void readMailFrom(
      List<IdentityName> batch, Batcher verification, Batcher signing, Lanes.Lane dnsLane) {
    AtomicInteger tries = new AtomicInteger();
    Instant[] begun = {parts.clock().now()};
    Optional<Ses.MailFrom> answer =
        askUntilAnswered(
            Operation.GET_MAIL_FROM,
            () -> {
              tries.incrementAndGet();
              begun[0] = parts.clock().now();
              return parts.ses().mailFrom(region, batch);
            });
    if (answer.isEmpty()) {
      couldNotAsk.addAndGet(batch.size());
      return;
    }
    for (IdentityName name : batch) {
      Live seen = answer.get().live().get(name);
      if (seen == null) {
        if (!answer.get().unknownWords().containsKey(name)) {
          // Listed, and not known a moment later: deleted in between.
          deleted.add(name);
        }
        continue;
      }
      live.put(name, new Sighting(seen, begun[0]));
      IdentityState state = known(name);
      if (!state.sight().isVerified() || !seen.isSuccess()) {
        verification.add(name);
      }
      if (!seen.isSuccess()) {
        signing.add(name);
      }
      Looks.nameToLookAt(state, seen)
          .ifPresent(
              domain -> {
                names.add(domain, region);
                dnsLane.run(() -> views.put(name, Looks.look(dns, state, seen, domain)));
              });
    }
  }

  private void readVerification(List<IdentityName> batch) {
    askUntilAnswered(Operation.GET_VERIFICATION, () -> parts.ses().verified(region, batch))
        .ifPresent(
            answer -> {
              // SES leaves out what it does not know.
              batch.forEach(name -> verified.put(name, answer.getOrDefault(name, false)));
            });
  }

  private void readDkim(List<IdentityName> batch) {
    askUntilAnswered(Operation.GET_DKIM, () -> parts.ses().dkimSigns(region, batch))
        .ifPresent(dkim::putAll);
  }

  private void readForwarding(List<IdentityName> batch) {
    askUntilAnswered(Operation.GET_NOTIFICATION, () -> parts.ses().forwarding(region, batch))
        .ifPresent(forwarding::putAll);
  }

  private Optional<List<String>> receiptRecipients() {
    // Receiving exists only in some Regions: one try, and no answer is no news.
    return asked(Operation.DESCRIBE_RECEIPT_RULES, () -> parts.ses().receiptRecipients(region), 1);
  }

  private <T> Optional<T> askUntilAnswered(Operation operation, Reader.Call<T> call) {
    return asked(operation, call, TRIES);
  }

  /** Asks at the pace. Throttling is waited out; other failures are tried a few times. */
  private <T> Optional<T> asked(Operation operation, Reader.Call<T> call, int tries) {
    int failures = 0;
    while (failures < tries
        && !notEnabled
        && parts.clock().now().isBefore(stopAt)
        && lease.keep()) {
      Optional<Slot> slot = parts.pace().take(region, operation, WAIT_FOR_SLOT);
      if (slot.isEmpty()) {
        continue;
      }
      switch (slot.get().in(call::make)) {
        case Asked.Answer<T>(T value) -> {
          return Optional.of(value);
        }
        case Asked.CouldNotAsk<T>(Asked.Kind kind, String why) -> {
          switch (kind) {
            case THROTTLED -> {
              parts.pace().throttled(region, operation);
              failures += tries == 1 ? 1 : 0;
            }
            case SLOT_MISSED -> failures += 0;
            case FAILED -> failures++;
            case REGION_NOT_ENABLED -> notEnabled = true;
          }
        }
      }
    }
    return Optional.empty();
  }

  // --- deciding and storing ---

  private IdentityState known(IdentityName name) {
    IdentityState state = stored.get(name);
    if (state == null) {
      return IdentityState.unseen(new IdentityKey(parts.account(), region, name));
    }
    // Deleted and back again: it is somebody else's now, and gets none of its old settings.
    return state.ifNotGone();
  }

  /**
   * What was read of an identity that was deleted meanwhile: of one that was deleted before this
   * run's time, another one is there now; of a later deletion this run knows nothing.
   */
  private IdentityState unlessGoneSince(IdentityState fresh) {
    return fresh.sight().asOf().isAfter(now) ? fresh : fresh.ifNotGone();
  }

  private void evaluate(
      IdentityName name,
      boolean baselined,
      boolean promotingStopped,
      Set<IdentityName> queued,
      Map<IdentityName, IdentityState> after) {
    Sighting seen = live.get(name);
    if (seen == null || !wasRead(name)) {
      return;
    }
    Observation observation =
        new Observation(
            now,
            seen.begunAt(),
            verified.get(name),
            seen.live(),
            dkim.get(name),
            forwarding.get(name),
            views.get(name));
    IdentityState before = known(name);
    Surroundings around = surroundings(before, seen.live(), baselined);
    IdentityState evaluated = Evaluation.evaluate(before, observation, around);
    Plan plan = evaluated.plan(parts.policy(), promotingStopped, now);
    boolean begun = evaluated.healing().intent() != null;
    boolean heals = evaluated.wanted() != null && !begun && Healer.heals(plan);
    boolean toDo =
        !queued.contains(name)
            && (begun || (evaluated.wanted() != null && plan instanceof Plan.Call && !heals));
    IdentityState saved = evaluated;
    if (toDo || !Rows.isSame(before, evaluated)) {
      writePace.await();
      saved =
          rows.change(
              before,
              state -> Evaluation.evaluate(unlessGoneSince(state), observation, around),
              new Rows.Cause("watch", now, false, toDo ? now : null));
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
                    (IdentityState state) -> state.standing().effect() != Effect.REJECTED)
                .thenComparing(state -> state.standing().since())
                .thenComparing(state -> state.key().name()))
        .limit(Math.max(most, 0))
        .forEach(
            state -> {
              writePace.await();
              rows.change(state, fresh -> fresh, new Rows.Cause("watch", now, false, now));
            });
  }

  private Surroundings surroundings(IdentityState state, Live seen, boolean baselined) {
    SortedSet<String> regionsOfName =
        Looks.nameToLookAt(state, seen)
            .map(domain -> names.regionsOf(domain, region))
            .orElseGet(() -> new TreeSet<>(List.of(region)));
    return new Surroundings(
        ancestorIsCustom(state.key().name()), regionsOfName, baselined, silences);
  }

  private boolean ancestorIsCustom(IdentityName name) {
    Optional<IdentityName> parent = name.parent();
    while (parent.isPresent()) {
      IdentityName ancestor = parent.get();
      Sighting seen = live.get(ancestor);
      IdentityState state = stored.get(ancestor);
      boolean isVerified =
          verified.getOrDefault(ancestor, state != null && state.sight().isVerified());
      if (isVerified && (seen != null || state != null)) {
        return seen != null
            ? seen.live().isSuccess()
            : state != null && state.standing().effect() == Effect.CUSTOM;
      }
      parent = ancestor.parent();
    }
    return false;
  }

  private Set<IdentityName> queuedNames() {
    Set<IdentityName> queued = new HashSet<>();
    parts.identities().queued(region).forEach(item -> queued.add(item.key().name()));
    return queued;
  }

  /**
   * Counts the absences of stored identities that a complete listing did not name. The second one
   * in a row is a deletion, unless more than five in a hundred are missing at once.
   */
  private boolean missing(
      Listing listing,
      boolean baselined,
      Map<IdentityName, IdentityState> after,
      Lanes.Lane writes) {
    if (!listing.complete()) {
      return false;
    }
    Set<IdentityName> listed = new HashSet<>(listing.names());
    List<IdentityState> absent =
        stored.values().stream()
            .filter(state -> state.wasSeen() && !listed.contains(state.key().name()))
            .toList();
    long newlyAbsent = absent.stream().filter(state -> !state.isGone()).count();
    long present = stored.values().stream().filter(state -> !state.isGone()).count();
    if (newlyAbsent > 1 && newlyAbsent * 20 > present) {
      return true;
    }
    for (IdentityState state : absent) {
      writes.run(() -> after.put(state.key().name(), absent(state, baselined)));
    }
    return false;
  }

  private IdentityState absent(IdentityState state, boolean baselined) {
    if (state.isGone()) {
      if (state.sight().asOf().plus(KEPT_AFTER_DELETION).isBefore(now)
          && state.telling().owed().isEmpty()) {
        parts.identities().forget(state);
      }
      return state;
    }
    writePace.await();
    return rows.change(
        state,
        fresh -> {
          int absences = fresh.sight().absences() + 1;
          IdentityState counted = fresh.with(fresh.sight().withAbsences(absences));
          return absences >= Sight.GONE_AFTER ? Evaluation.gone(counted, now, baselined) : counted;
        },
        new Rows.Cause("watch", now, false, null));
  }

  // --- the Region ---

  private RegionState remember(
      RegionState.LastRun run,
      Listing listing,
      Optional<List<String>> recipients,
      boolean blind,
      boolean tooManyGone,
      Collection<IdentityState> states) {
    Asked<Integer> listeners = parts.topics().listeners(Topics.Name.ALERTS);
    @Nullable IdentityName readFirst =
        run.read() == run.listed()
            ? null
            : listing.names().stream()
                .filter(name -> !live.containsKey(name))
                .findFirst()
                .orElse(null);
    return parts
        .regionStates()
        .change(
            region,
            state -> {
              RegionState.Builder next =
                  state.toBuilder().lastRun(run).readFirst(notEnabled ? null : readFirst);
              if (listeners instanceof Asked.Answer<Integer>(Integer count)) {
                next.alertsReachNobody(count == 0);
              }
              recipients.ifPresent(found -> next.receiptRecipients(found).receiptRecipientsAt(now));
              if (run.complete()) {
                next.lastCompleteAt(now).identities(run.listed());
              }
              // What is missing at once keeps its state: that does not put the first report off.
              boolean readAll = tooManyGone && run.couldNotAsk() == 0;
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
              if (tooManyGone) {
                next.owing(
                    notice(
                        Reason.BLIND,
                        "More than 5 % of the identities are missing from the list of "
                            + region
                            + ": nothing was taken as deleted."));
              }
              brake(state, run, next);
              silencesOver(state, states, next);
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
      RegionState state, Collection<IdentityState> states, RegionState.Builder next) {
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
              : states.stream().filter(one -> isBadAndCoveredBy(silence, one)).toList();
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

  private boolean isBadAndCoveredBy(Silence silence, IdentityState state) {
    Incident incident = state.telling().incident();
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
        states.stream().filter(state -> state.telling().incident() != null).toList();
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

  private static Map<Trouble, Integer> troubles(Collection<IdentityState> states) {
    Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
    for (IdentityState state : states) {
      Incident incident = state.telling().incident();
      if (incident != null && incident.quietSince() == null && !state.isGone()) {
        troubles.merge(incident.ill().trouble(), 1, Integer::sum);
      }
    }
    return troubles;
  }

  private static Map<Effect, Integer> effects(Collection<IdentityState> states) {
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    for (IdentityState state : states) {
      if (state.wasSeen() && !state.isGone()) {
        effects.merge(state.standing().effect(), 1, Integer::sum);
      }
    }
    return effects;
  }
}
