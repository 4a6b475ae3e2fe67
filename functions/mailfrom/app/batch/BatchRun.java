package mailfrom.app.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.Dns;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.settings.RuleChecking;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * What an apply run does for open batches: it checks items, hands a few at a time to the Regions'
 * queues, and collects what came of them. It makes no Set itself.
 *
 * <p>An item is noted as handed over before its settings are recorded in its identity's row; the
 * note has the version that they replace. So wherever a run dies, the next one can tell whether
 * they were recorded, and nothing is asked for twice.
 */
public final class BatchRun {
  /** Of one Region: what is out when twenty refusals in a row stop the batch. */
  private static final int OUT_AT_MOST = 20;

  private static final int REFUSALS_IN_A_ROW = 20;
  private static final int AT_ONCE = 16;
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  /** Parked items wait for DNS, which read runs look at every 15 minutes. */
  private static final Duration PARKED_LOOKED_AT_EVERY = Duration.ofMinutes(15);

  /** As long as an identity that is not verified yet is tried again. */
  private static final Duration FOLLOWED_FOR = Duration.ofDays(14);

  private final BatchStore batches;
  private final IdentityStore identities;
  private final RegionStore regions;
  private final ContextReader contexts;
  private final SesReader reader;
  private final Dns dns;
  private final Tasks tasks;
  private final HealPolicy policy;
  private final BooleanSupplier paused;
  private final Lease lease;
  private final Instant now;
  private final Deadline stop;
  private final IdentityWriter rows;
  private final RuleChecking rules;
  private final Map<String, BatchWork> known = new HashMap<>();
  private final Set<String> couldNotAsk = new HashSet<>();

  /**
   * Makes one for an apply run.
   *
   * @param paused whether nothing may be written to SES
   * @param lease who has it works on batches; taken with the first open one
   * @param now the time of the run's event
   * @param stop when to do nothing more
   */
  public BatchRun(
      BatchStore batches,
      IdentityStore identities,
      RegionStore regions,
      ContextReader contexts,
      SesReader reader,
      Dns dns,
      Tasks tasks,
      HealPolicy policy,
      BooleanSupplier paused,
      Lease lease,
      Instant now,
      Deadline stop) {
    this.batches = batches;
    this.identities = identities;
    this.regions = regions;
    this.contexts = contexts;
    this.reader = reader;
    this.dns = dns;
    this.tasks = tasks;
    this.policy = policy;
    this.paused = paused;
    this.lease = lease;
    this.now = now;
    this.stop = stop;
    this.rows = new IdentityWriter(identities);
    this.rules = new RuleChecking(identities, regions, contexts);
  }

  /**
   * Brings all open batches as far as they can go without a Set.
   *
   * @return how many items were handed to the Regions' queues
   */
  public int step() {
    List<String> open = batches.open();
    if (open.isEmpty() || !lease.keep()) {
      return 0;
    }
    int handedOver = 0;
    for (String id : open) {
      Optional<BatchWork> work = mayGoOn() ? work(id) : Optional.empty();
      if (work.isPresent()) {
        handedOver += step(work.get());
      }
    }
    return handedOver;
  }

  private boolean mayGoOn() {
    return !stop.isOver() && lease.keep();
  }

  /** The batch as this run knows it, unless somebody else wrote it since. */
  private Optional<BatchWork> work(String id) {
    BatchWork work = known.get(id);
    if (work != null
        && batches.find(id, now).map(Batch::rowVersion).orElse(0L) == work.head().rowVersion()) {
      return Optional.of(work);
    }
    Optional<BatchWork> loaded = BatchWork.load(batches, id, now);
    loaded.ifPresent(fresh -> known.put(id, fresh));
    return loaded;
  }

  private int step(BatchWork work) {
    int handedOver = 0;
    boolean ours = check(work) && settle(work);
    if (ours && !work.head().goesOn()) {
      ours = work.cancelUnsent(work.head().reason());
    }
    ours = ours && work.twins() && work.endIfDone(now);
    if (ours && work.head().isOpen()) {
      if (now.isAfter(work.head().createdAt().plus(FOLLOWED_FOR))) {
        ours = giveUp(work);
      } else if (work.head().state() == Batch.State.RUNNING && !paused.getAsBoolean()) {
        handedOver = handOver(work);
      }
    }
    if (!ours) {
      known.remove(work.head().id());
    }
    return handedOver;
  }

  private boolean giveUp(BatchWork work) {
    return work.cancelUnsent("Its turn did not come within 14 days.")
        && work.end(
            now,
            "What still waits after 14 days is not followed any more; each identity shows how far"
                + " it is.");
  }

  // ---------------------------------------------------------------- checking

  private boolean check(BatchWork work) {
    if (work.head().state() != Batch.State.CHECKING) {
      return true;
    }
    couldNotAsk.clear();
    while (mayGoOn()) {
      List<BatchItem> some = nextUnchecked(work);
      if (some.isEmpty()) {
        break;
      }
      for (BatchItem item : checked(work.head(), some)) {
        work.put(item);
      }
      if (!work.save()) {
        return false;
      }
    }
    if (work.items(item -> item.state() == BatchItem.State.CHECKING && item.twinOf() == null)
        .isEmpty()) {
      work.change(head -> head.with(Batch.State.RUNNING, null));
      return work.twins();
    }
    return true;
  }

  /** Those that one read of SES takes: of one Region. */
  private List<BatchItem> nextUnchecked(BatchWork work) {
    Map<String, List<BatchItem>> ofRegion =
        work
            .items(
                item ->
                    item.state() == BatchItem.State.CHECKING
                        && item.twinOf() == null
                        && !couldNotAsk.contains(item.key().region()))
            .stream()
            .collect(
                Collectors.groupingBy(
                    item -> item.key().region(), LinkedHashMap::new, Collectors.toList()));
    return ofRegion.values().stream()
        .findFirst()
        .map(items -> items.subList(0, Math.min(items.size(), Ses.BATCH)))
        .orElse(List.of());
  }

  private List<BatchItem> checked(Batch head, List<BatchItem> items) {
    String region = items.getFirst().key().region();
    Map<Integer, IdentityState> stored = new ConcurrentHashMap<>();
    sideBySide(items, item -> stored.put(item.index(), rows.known(item.key())));
    Map<IdentityName, SesReader.Read> reads =
        reader.read(
            region,
            stored.values(),
            contexts.canary(region),
            SesReader.Depth.SETTINGS,
            now,
            stop.orIn(WAIT_FOR_SLOT));
    Map<Integer, BatchItem> results = new ConcurrentHashMap<>();
    sideBySide(
        items,
        item -> {
          IdentityState state = stored.get(item.index());
          SesReader.Read read = reads.get(item.key().name());
          if (state != null && read != null) {
            results.put(item.index(), checked(head, item, state, read));
          }
        });
    List<BatchItem> checked = List.copyOf(results.values());
    if (checked.stream().anyMatch(item -> item.state() == BatchItem.State.CHECKING)) {
      // The next run asks again.
      couldNotAsk.add(region);
    }
    return checked;
  }

  private BatchItem checked(Batch head, BatchItem item, IdentityState stored, SesReader.Read read) {
    Desired desired = item.desired();
    return switch (read) {
      case SesReader.Read.Unknown _ -> unknown(item);
      case SesReader.Read.NotAnswered _ ->
          desired == null || !stored.wasSeen() ? item : checked(head, item, desired, stored, null);
      case SesReader.Read.Seen(Observation seen) ->
          desired == null
              ? adopted(head, item, stored, seen)
              : checked(head, item, desired, stored, seen);
    };
  }

  private static BatchItem unknown(BatchItem item) {
    return item.invalid(
        List.of(
            Problem.of(
                BatchItem.Invalid.UNKNOWN_IDENTITY,
                "SES has no such identity in this Region. Check its spelling and region, or create"
                    + " it in SES first.")));
  }

  private BatchItem checked(
      Batch head,
      BatchItem item,
      Desired desired,
      IdentityState stored,
      @Nullable Observation seen) {
    DomainName domain = desired.settings().mailFromDomain();
    DnsView view =
        domain == null ? null : DnsLook.whole(dns, stored.key().name(), domain, DnsDepth.RULES);
    RuleCheck check = rules.check(stored, seen, desired, view);
    if (!check.violations().isEmpty()) {
      return item.invalid(
          check.violations().stream()
              .map(broken -> Problem.of(broken.code(), broken.message()))
              .toList());
    }
    if (head.dryRun()) {
      return item.with(BatchItem.State.VALID, null);
    }
    UnaryOperator<IdentityState> asked =
        state -> rules.asked(state.ifNotGone(), seen, desired, view, caller(head));
    IdentityState planned = asked.apply(stored);
    DesiredState desiredState = planned.desiredState();
    boolean already =
        seen != null
            && desiredState != null
            && !desiredState.isPending()
            && !(plan(planned) instanceof Plan.Call);
    if (!already) {
      return item.with(BatchItem.State.WAITING, null);
    }
    rows.change(stored, asked, Author.of(head.by(), now));
    return item.with(BatchItem.State.UNCHANGED, null);
  }

  private BatchItem adopted(Batch head, BatchItem item, IdentityState stored, Observation seen) {
    if (head.dryRun()) {
      return item.with(BatchItem.State.VALID, null);
    }
    UnaryOperator<IdentityState> adopted =
        state -> rules.adopted(state.ifNotGone(), seen, item.labels(), caller(head));
    if (adopted.apply(stored).equals(stored)) {
      return item.with(BatchItem.State.UNCHANGED, null);
    }
    rows.change(stored, adopted, Author.of(head.by(), now));
    return item.with(BatchItem.State.APPLIED, null);
  }

  private Plan plan(IdentityState state) {
    return state.plan(policy, regions.find(state.key().region()).promoting().stopped(), now);
  }

  private static Caller caller(Batch head) {
    return new Caller(head.by(), head.createdAt());
  }

  // ---------------------------------------------------------------- handing over

  private int handOver(BatchWork work) {
    Map<String, Integer> out = new HashMap<>();
    work.items(item -> item.isOut() && !item.parked())
        .forEach(item -> out.merge(item.key().region(), 1, Integer::sum));
    List<BatchItem> next =
        work.items(
            item ->
                item.isUnsent()
                    && item.state() == BatchItem.State.WAITING
                    && out.merge(item.key().region(), 1, Integer::sum) <= OUT_AT_MOST);
    Map<Integer, BatchItem> noted = new ConcurrentHashMap<>();
    sideBySide(
        next,
        item ->
            noted.put(
                item.index(), item.handedOver(version(rows.known(item.key()).desiredState()))));
    noted.values().forEach(work::put);
    if (!work.save()) {
      known.remove(work.head().id());
      return 0;
    }
    Map<Integer, BatchItem> recorded = new ConcurrentHashMap<>();
    sideBySide(
        List.copyOf(noted.values()),
        item -> recorded.put(item.index(), recorded(work.head(), item)));
    // Saved with what comes of them; a run that dies before finds it in the identities' rows.
    recorded.values().forEach(work::put);
    return recorded.size();
  }

  private BatchItem recorded(Batch head, BatchItem item) {
    Desired desired = item.desired();
    Long over = item.over();
    if (desired == null || over == null) {
      throw new IllegalStateException("item %d was never to be set".formatted(item.index()));
    }
    rows.changeAndQueue(
        rows.known(item.key()),
        fresh -> {
          IdentityState state = fresh.ifNotGone();
          return version(state.desiredState()) == over
              // The caller was answered 202: a refusal has to be told.
              ? RuleChecking.wanting(state, desired, state.sesView().live(), caller(head))
                  .withProgress(Progress::withPromise)
              : fresh;
        },
        Author.of(head.by(), now),
        now);
    return item.withRecorded();
  }

  private static long version(@Nullable DesiredState desiredState) {
    return desiredState == null ? 0 : desiredState.version();
  }

  // ---------------------------------------------------------------- collecting

  private boolean settle(BatchWork work) {
    Instant parkedAt = work.head().parkedLookedAt();
    boolean parkedToo = parkedAt == null || !now.isBefore(parkedAt.plus(PARKED_LOOKED_AT_EVERY));
    if (work.items(item -> item.isOut() && (parkedToo || !item.parked())).isEmpty()) {
      return true;
    }
    Map<String, Set<IdentityKey>> queued = new HashMap<>();
    for (BatchItem item : work.items(BatchItem::isOut)) {
      queued.computeIfAbsent(
          item.key().region(),
          region ->
              identities.queued(region).stream()
                  .map(IdentityStore.Queued::key)
                  .collect(Collectors.toSet()));
    }
    if (parkedToo) {
      work.change(head -> head.withParkedLookedAt(now));
    }
    for (int chunk = 0; chunk < work.chunks(); chunk++) {
      List<BatchItem> out =
          work.itemsOf(chunk, item -> item.isOut() && (parkedToo || !item.parked()));
      Map<Integer, BatchItem> results = new ConcurrentHashMap<>();
      sideBySide(
          out,
          item ->
              results.put(
                  item.index(),
                  settled(work.head(), item, queued.getOrDefault(item.key().region(), Set.of()))));
      for (BatchItem item : out) {
        count(work, results.getOrDefault(item.index(), item));
      }
      // A chunk's results and the refusals counted in it are stored together.
      if (!out.isEmpty() && !work.save()) {
        return false;
      }
    }
    return true;
  }

  private void count(BatchWork work, BatchItem item) {
    work.put(item);
    switch (item.state()) {
      case APPLIED -> work.change(head -> head.withRefusedInARow(0));
      case REFUSED -> {
        work.change(head -> head.withRefusedInARow(head.refusedInARow() + 1));
        if (work.head().goesOn() && work.head().refusedInARow() >= REFUSALS_IN_A_ROW) {
          work.change(
              head ->
                  head.with(
                      Batch.State.STOPPED,
                      "Stopped: SES refused %d items in a row. It said last: %s"
                          .formatted(REFUSALS_IN_A_ROW, item.lastError())));
        }
      }
      case CHECKING, WAITING, UNCHANGED, VALID, INVALID, CANCELLED -> {
        // They say nothing about what SES takes.
      }
    }
  }

  private BatchItem settled(Batch head, BatchItem item, Set<IdentityKey> queued) {
    // What was recorded for an identity that was deleted since is still what this item asked for.
    IdentityState row = item.recorded() ? rows.fresh(item.key()) : rows.known(item.key());
    DesiredState desiredState = row.desiredState();
    Desired desired = item.desired();
    boolean same = desiredState != null && desiredState.desired().equals(desired);
    Long over = item.over();
    if (!item.recorded() && over != null && version(desiredState) == over) {
      return head.goesOn()
          ? recorded(head, item)
          : item.with(BatchItem.State.CANCELLED, head.reason());
    }
    if (desiredState == null) {
      return item.with(
          BatchItem.State.CANCELLED, "Somebody stopped managing the identity meanwhile.");
    }
    if (!same) {
      return item.with(
          BatchItem.State.CANCELLED,
          "%s asked for something else meanwhile.".formatted(desiredState.progress().by()));
    }
    String error = desiredState.progress().lastError();
    if (desiredState.isRefused()) {
      return item.with(BatchItem.State.REFUSED, error);
    }
    if (!desiredState.isPending()) {
      return item.with(BatchItem.State.APPLIED, null);
    }
    return switch (desiredState.progress().state()) {
      case WAITING_FOR_DNS, WAITING_FOR_VERIFICATION -> item.parked(true, error);
      case QUEUED, APPLIED, REFUSED ->
          queued.contains(item.key()) ? item.parked(false, error) : lost(head, item);
    };
  }

  /** Nobody has it to do: SES does not know the identity any more, or a run died early. */
  private BatchItem lost(Batch head, BatchItem item) {
    IdentityState state = rows.known(item.key());
    IdentityName canary = contexts.canary(state.key().region());
    return switch (reader.read(state, canary, now, stop.orIn(WAIT_FOR_SLOT))) {
      case SesReader.Read.Unknown(boolean isConfirmed) ->
          isConfirmed
              ? item.with(
                  BatchItem.State.REFUSED,
                  "SES does not know the identity any more; nothing was set.")
              : item;
      case SesReader.Read.NotAnswered _ -> item;
      case SesReader.Read.Seen _ -> recorded(head, item);
    };
  }

  // ---------------------------------------------------------------- side by side

  /** Something to do for an item. */
  private interface Task {
    void of(BatchItem item);
  }

  private void sideBySide(List<BatchItem> items, Task task) {
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(AT_ONCE);
      items.forEach(item -> lane.run(() -> task.of(item)));
      lane.join();
    }
  }
}
