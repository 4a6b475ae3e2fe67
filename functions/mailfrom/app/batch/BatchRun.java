package mailfrom.app.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.ConfirmedReader;
import mailfrom.app.read.Dns;
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
import mailfrom.domain.desired.Progress;
import mailfrom.domain.identity.IdentityState;
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
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  /** Parked items wait for DNS, which read runs look at every 15 minutes. */
  private static final Duration PARKED_LOOKED_AT_EVERY = Duration.ofMinutes(15);

  /** As long as an identity that is not verified yet is tried again. */
  private static final Duration FOLLOWED_FOR = Duration.ofDays(14);

  private final BatchStore batches;
  private final IdentityStore identities;
  private final ContextReader contexts;
  private final ConfirmedReader reader;
  private final SideBySide sideBySide;
  private final BooleanSupplier paused;
  private final Lease lease;
  private final EventTime time;
  private final Deadline stop;
  private final IdentityWriter rows;
  private final BatchCheck check;
  private final Map<String, BatchWork> known = new HashMap<>();

  /**
   * Makes one for an apply run.
   *
   * @param paused whether nothing may be written to SES
   * @param lease who has it works on batches; taken with the first open one
   * @param time of the run's event, which goes on
   * @param stop when to do nothing more
   */
  public BatchRun(
      BatchStore batches,
      IdentityStore identities,
      RegionStore regions,
      ContextReader contexts,
      ConfirmedReader reader,
      Dns dns,
      Tasks tasks,
      HealPolicy policy,
      BooleanSupplier paused,
      Lease lease,
      EventTime time,
      Deadline stop) {
    this.batches = batches;
    this.identities = identities;
    this.contexts = contexts;
    this.reader = reader;
    this.sideBySide = new SideBySide(tasks);
    this.paused = paused;
    this.lease = lease;
    this.time = time;
    this.stop = stop;
    this.rows = new IdentityWriter(identities);
    this.check =
        new BatchCheck(
            contexts,
            reader,
            dns,
            rows,
            new RuleChecking(identities, regions, contexts),
            state ->
                state.plan(
                    policy, regions.find(state.key().region()).promoting().stopped(), time.now()),
            sideBySide,
            this::mayGoOn,
            time,
            stop);
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
        && batches.find(id, time.now()).map(Batch::rowVersion).orElse(0L)
            == work.head().rowVersion()) {
      return Optional.of(work);
    }
    Optional<BatchWork> loaded = BatchWork.load(batches, id, time.now());
    loaded.ifPresent(fresh -> known.put(id, fresh));
    return loaded;
  }

  private int step(BatchWork work) {
    int handedOver = 0;
    boolean ours = check.check(work) && settle(work);
    if (ours && !work.head().goesOn()) {
      ours = work.cancelUnsent(work.head().reason());
    }
    ours = ours && work.twins() && work.endIfDone(time.now());
    if (ours && work.head().isOpen()) {
      if (time.now().isAfter(work.head().createdAt().plus(FOLLOWED_FOR))) {
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
            time.now(),
            "What still waits after 14 days is not followed any more; each identity shows how far"
                + " it is.");
  }

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
    sideBySide.run(
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
    sideBySide.run(
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
              ? RuleChecking.wanting(
                      state, desired, state.sesView().live(), BatchCheck.caller(head))
                  .withProgress(Progress::withPromise)
              : fresh;
        },
        Author.of(head.by(), time.now()),
        // The same run takes from the queue what is due when it begins.
        time.event());
    return item.withRecorded();
  }

  private static long version(@Nullable DesiredState desiredState) {
    return desiredState == null ? 0 : desiredState.version();
  }

  private boolean settle(BatchWork work) {
    Instant parkedAt = work.head().parkedLookedAt();
    boolean parkedToo =
        parkedAt == null || !time.now().isBefore(parkedAt.plus(PARKED_LOOKED_AT_EVERY));
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
      work.change(head -> head.withParkedLookedAt(time.now()));
    }
    for (int chunk = 0; chunk < work.chunks(); chunk++) {
      List<BatchItem> out =
          work.itemsOf(chunk, item -> item.isOut() && (parkedToo || !item.parked()));
      Map<Integer, BatchItem> results = new ConcurrentHashMap<>();
      sideBySide.run(
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
    return switch (reader.read(state, canary, time.now(), stop.orIn(WAIT_FOR_SLOT))) {
      case SesReader.Read.Unknown _ ->
          item.with(
              BatchItem.State.REFUSED, "SES does not know the identity any more; nothing was set.");
      case SesReader.Read.NotAnswered _ -> item;
      case SesReader.Read.Seen _ -> recorded(head, item);
    };
  }
}
