package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.RateLimit;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.RegionReader;
import mailfrom.app.read.RegionReader.Listing;
import mailfrom.app.read.RegionReader.Seen;
import mailfrom.app.store.Author;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityUpdate;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.RunTexts;
import mailfrom.domain.identity.Ancestor;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Dkim;
import org.jspecify.annotations.Nullable;

/** One read run of one Region: who is listed is read, decided on and stored, then told of. */
final class RegionReadRun {
  private static final int WRITES_AT_ONCE = 16;

  /** What was answered 202 is done in minutes; a batch hands its items over as they can be done. */
  private static final Duration PROMISED_WITHIN = Duration.ofHours(1);

  private final Parts parts;
  private final String region;
  private final LoadedIdentities stored;
  private final RegionReader.Sources sources;
  private final AskedOnce askedOnce;
  private final Instant now;
  private final Deadline stop;
  private final RateLimit writes;
  private final Map<IdentityName, IdentityState> after = new ConcurrentHashMap<>();
  private final AtomicInteger written = new AtomicInteger();

  /** What a run finds before it reads. */
  private record Before(RegionState region, List<Silence> silences) {

    @Nullable Instant lastRunAt() {
      RegionState.LastRun last = region.reading().last();
      return last == null ? null : last.at();
    }
  }

  /**
   * What waits to be applied.
   *
   * @param overdue how many changes wait for so long that a promise is not kept
   */
  private record Queue(Set<IdentityName> names, int overdue) {
    static Queue of(List<IdentityStore.Queued> work, Instant now) {
      Instant promised = now.minus(PROMISED_WITHIN);
      return new Queue(
          work.stream().map(item -> item.key().name()).collect(Collectors.toSet()),
          (int) work.stream().filter(item -> item.since().isBefore(promised)).count());
    }
  }

  /**
   * Makes one.
   *
   * @param stored the Region's rows, which may be loaded meanwhile
   * @param askedOnce what is the same for all Regions of the run
   * @param writes the pace of writes to the table, over all Regions of the run
   * @param now the time of the run's event
   */
  RegionReadRun(
      Parts parts,
      LoadedIdentities stored,
      RegionReader.Sources sources,
      AskedOnce askedOnce,
      RateLimit writes,
      Instant now,
      Deadline stop) {
    this.parts = parts;
    this.region = stored.region();
    this.stored = stored;
    this.sources = sources;
    this.askedOnce = askedOnce;
    this.writes = writes;
    this.now = now;
    this.stop = stop;
  }

  RunReport.RegionReadReport run() {
    try (Lease lease = parts.lease(region + "#read")) {
      return lease.keep() ? new Held(lease).run() : RunReport.RegionReadReport.skipped(region);
    }
  }

  /** The run while it holds its lease: what it started ends before the lease is given back. */
  private final class Held {
    private final Lease lease;
    private final IdentityWriter rows;
    private final IdentityUpdate update;
    private final HealingQueue healing;
    private final Ancestors ancestors = new Ancestors(stored);
    private final Failures failures = new Failures();
    private @Nullable Queue queue;

    Held(Lease lease) {
      this.lease = lease;
      this.rows =
          new IdentityWriter(
              parts.identities(),
              () -> {
                writes.await();
                // Lost to somebody else or not: each row is written under its own condition.
                boolean _ = lease.keep();
              });
      this.update = new IdentityUpdate(rows, parts.policy());
      this.healing = new HealingQueue(rows, now);
    }

    RunReport.RegionReadReport run() {
      Instant begun = parts.clock().now();
      Before before = new Before(parts.regions().find(region), askedOnce.silences());
      Optional<RegionUpdate.Found> read = failures.of(() -> read(before, begun));
      RegionState next =
          read.flatMap(
                  found -> failures.of(() -> new RegionUpdate(parts, region, now).store(found)))
              .orElse(before.region());
      if (!next.held().isHeld()) {
        failures.aside(() -> healing.queue(queue().names()));
      }
      if (read.isEmpty()) {
        failures.aside(
            () -> stored.all().forEach(state -> after.putIfAbsent(state.key().name(), state)));
      }
      Publisher.Report published = parts.publisher(rows).publishAll(next, after.values(), now);
      RegionState.LastRun last = next.reading().last();
      if (read.isPresent() && last != null) {
        // A picture for people holds no message back.
        failures.aside(() -> parts.regions().keepRun(region, last));
      }
      failures.throwFirst();
      return RunReport.RegionReadReport.of(
          next, read.orElseThrow(), queue().overdue(), written.get(), published);
    }

    /** As it was when it was first needed: the first calls to SES do not wait for it. */
    private synchronized Queue queue() {
      if (queue == null) {
        queue = Queue.of(parts.identities().queued(region), now);
      }
      return queue;
    }

    private RegionUpdate.Found read(Before before, Instant begun) {
      try (Tasks.Scope tasks = parts.tasks().open()) {
        return read(before, tasks, begun);
      }
    }

    /** Decides on one identity beside others, whatever becomes of them. */
    private void run(Tasks.Lane decisions, Runnable decision) {
      decisions.run(() -> failures.aside(decision));
    }

    private RegionUpdate.Found read(Before before, Tasks.Scope tasks, Instant begun) {
      Tasks.Lane decisions = tasks.lane(WRITES_AT_ONCE);
      // Two kinds of identities wait for the end of the reads: those without a MAIL FROM domain (an
      // ancestor read later may cover them), and those whose domain no row knew (another Region may
      // use it).
      Collection<Seen> atTheEnd = new ConcurrentLinkedQueue<>();
      RegionReader reading =
          new RegionReader(
              sources,
              region,
              stored,
              lease,
              before.lastRunAt(),
              now,
              stop,
              tasks,
              new RegionReader.Receiver() {
                @Override
                public void seen(Seen seen) {
                  if (seen.live().mailFromDomain() == null
                      || (seen.dkim() == Dkim.BARE && ancestors.mayBeAbove(seen.name()))
                      || seen.isNewlyNamed()) {
                    atTheEnd.add(seen);
                  } else {
                    Held.this.run(decisions, () -> decide(seen, before, Ancestor.NONE));
                  }
                }

                @Override
                public void receiptRecipients(List<String> recipients) {
                  Receipts receipts = Receipts.read(recipients, now);
                  failures.aside(() -> parts.regions().keepReceipts(region, receipts));
                }
              });
      Listing listing = reading.readAll(before.region().reading().readFirst());
      atTheEnd.forEach(
          seen ->
              run(decisions, () -> decide(seen, before, ancestors.nearest(seen.name(), reading))));
      Unlisted unlisted = absent(listing, reading, before, decisions);
      List<IdentityName> notRead =
          Stream.concat(
                  listing.names().stream().filter(name -> !reading.wasRead(name)),
                  unlisted.notRead().stream())
              .toList();
      if (listing.complete()) {
        listing.names().stream()
            .filter(name -> !reading.wasRead(name))
            .forEach(name -> run(decisions, () -> listedAgain(name)));
      }
      if (!RegionUpdate.isTooMany(
          notRead.size(), listing.names().size() + unlisted.missing().size())) {
        // The run is complete without them: it says nothing of them.
        notRead.forEach(name -> run(decisions, () -> notAnswered(name)));
      }
      run(decisions, () -> askedOnce.seeList(region));
      decisions.join();
      stored.all().forEach(state -> after.putIfAbsent(state.key().name(), state));
      Tasks.Lane placing = tasks.lane(WRITES_AT_ONCE);
      stored.misplaced().forEach(state -> run(placing, () -> putInPlace(state)));
      placing.join();
      int read = (int) listing.names().stream().filter(reading::wasRead).count();
      return new RegionUpdate.Found(
          begun,
          listing,
          read,
          listing.names().size() - read,
          reading,
          unlisted,
          healing.size(),
          failures.isEmpty(),
          List.copyOf(after.values()),
          before.silences(),
          sources.dns().isBlind()
              ? Optional.of(
                  RunTexts.dnsBlind(sources.dns().failed(), sources.dns().looks(), after.values()))
              : Optional.empty(),
          askedOnce.listeners(Topics.Name.ALERTS),
          askedOnce.listeners(Topics.Name.OPERATIONS));
    }

    // --- deciding and storing ---

    /** Whoever wrote the row since has put it in its place. */
    private void putInPlace(IdentityState before) {
      IdentityState state = after.getOrDefault(before.key().name(), before);
      if (state.rowVersion() == before.rowVersion()) {
        after.put(state.key().name(), rows.again(before));
      }
    }

    private void decide(Seen seen, Before run, Ancestor ancestor) {
      IdentityState before = stored.known(seen.name());
      SortedSet<String> regionsOfName =
          DnsLook.nameToLookAt(before, seen.live())
              .map(domain -> sources.names().regionsOf(domain, region))
              .orElseGet(() -> new TreeSet<>(List.of(region)));
      decide(before, seen.at(now), context(ancestor, regionsOfName, run), run);
    }

    private EvaluationContext context(
        Ancestor ancestor, SortedSet<String> regionsOfName, Before run) {
      return new EvaluationContext(
          ancestor,
          regionsOfName,
          run.region().isBaselined(),
          run.region().reading().lastCompleteAt(),
          run.silences());
    }

    private void decide(
        IdentityState before, Observation seen, EvaluationContext context, Before run) {
      boolean promotingStopped = run.region().promoting().stopped();
      IdentityUpdate.Updated updated =
          update.store(
              before,
              RegionReadRun.this::unlessGoneSince,
              new IdentityUpdate.Read(seen, context, promotingStopped, Author.watch(now)),
              queue().names().contains(before.key().name())
                  ? IdentityUpdate.Next.IS_QUEUED
                  : IdentityUpdate.Next.QUEUED);
      IdentityState state = updated.state();
      if (state.rowVersion() != before.rowVersion()) {
        written.incrementAndGet();
      }
      after.put(state.key().name(), state);
      healing.add(updated);
    }

    /** Who is not listed: decided on where SES answered, and deleted by proof alone. */
    private Unlisted absent(
        Listing listing, RegionReader reading, Before before, Tasks.Lane decisions) {
      if (!listing.complete()) {
        return Unlisted.NOBODY;
      }
      AbsentReader absent = new AbsentReader(stored, before.region(), rows, now);
      for (IdentityState state : absent.outdated(listing)) {
        failures.aside(
            () -> {
              IdentityStore.Saved _ = parts.identities().forget(state);
            });
      }
      Unlisted unlisted = absent.read(listing, reading);
      unlisted
          .unknown()
          .forEach(
              state -> run(decisions, () -> after.put(state.key().name(), absent.missed(state))));
      unlisted
          .seen()
          .forEach(
              (state, seen) ->
                  run(
                      decisions,
                      () ->
                          decide(
                              state,
                              seen,
                              context(
                                  ancestors.nearest(state.key().name(), reading),
                                  new TreeSet<>(List.of(region)),
                                  before),
                              before)));
      return unlisted;
    }

    /** A list has one that an earlier one lacked: what it lacks from now on counts anew. */
    private void listedAgain(IdentityName name) {
      IdentityState state = stored.known(name);
      if (state.sesView().absences() > 0) {
        after.put(
            name,
            rows.change(
                state,
                fresh ->
                    fresh.isGone() ? fresh : fresh.withSesView(fresh.sesView().withAbsences(0)),
                Author.watch(now)));
      }
    }

    /** A complete run after this one says nothing of it. */
    private void notAnswered(IdentityName name) {
      IdentityState state = stored.known(name);
      if (state.wasSeen() && !state.sesView().unanswered()) {
        after.put(
            name,
            rows.change(
                state,
                fresh -> fresh.wasSeen() ? fresh.withSesView(fresh.sesView().notAnswered()) : fresh,
                Author.watch(now)));
      }
    }
  }

  /**
   * What was read of an identity that was deleted meanwhile: of one that was deleted before this
   * run's time, another one is there now; of a later deletion this run knows nothing.
   */
  private IdentityState unlessGoneSince(IdentityState fresh) {
    return fresh.sesView().asOf().isAfter(now) ? fresh : fresh.ifNotGone();
  }
}
