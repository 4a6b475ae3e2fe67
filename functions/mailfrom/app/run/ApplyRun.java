package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import mailfrom.app.batch.BatchRun;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.IdentityStore;

/**
 * The apply run: what is queued is read, planned again, and set, one call a slot. Returns at once
 * when nothing is queued and no batch is open.
 */
public final class ApplyRun {
  /**
   * Of each run, which begins every minute, healing takes half a minute: so its calls take at most
   * half of an interval, and what people ask for never waits long behind it.
   */
  private static final Duration HEALS_FOR = Duration.ofSeconds(30);

  private final Parts parts;
  private final BooleanSupplier paused;
  private final BatchStore batches;

  public ApplyRun(Parts parts, BooleanSupplier paused, BatchStore batches) {
    this.parts = parts;
    this.paused = paused;
    this.batches = batches;
  }

  /**
   * Applies once.
   *
   * @param now the time of the run's event
   * @param stopAt when to make no further call, by the machine's clock
   */
  public RunReport.ApplyReport run(Instant now, Instant stopAt) {
    Deadline stop = new Deadline(parts.clock(), stopAt);
    RegionApplyRun.Times times =
        new RegionApplyRun.Times(EventTime.from(parts.clock(), now), stop, stop.orIn(HEALS_FOR));
    try (Lease lease = parts.lease("batches")) {
      BatchRun ofBatches =
          new BatchRun(
              batches,
              parts.identities(),
              parts.regions(),
              parts.contexts(),
              parts.confirmedReader(),
              parts.dns(),
              parts.tasks(),
              parts.policy(),
              paused,
              lease,
              times.time(),
              stop);
      int handedOver = ofBatches.step();
      List<RunReport.RegionApplyReport> reports = regions(times);
      // Batches hand over a few items at a time, so that they can still be stopped.
      while (handedOver > 0) {
        handedOver = ofBatches.step();
        if (handedOver > 0) {
          reports = RunReport.RegionApplyReport.together(reports, regions(times));
        }
      }
      return new RunReport.ApplyReport(
          now, Duration.between(times.time().begun(), parts.clock().now()), reports);
    }
  }

  /** One round: the queue of each Region, side by side. */
  private List<RunReport.RegionApplyReport> regions(RegionApplyRun.Times times) {
    ConcurrentLinkedQueue<RunReport.RegionApplyReport> reports = new ConcurrentLinkedQueue<>();
    try (Tasks.Scope tasks = parts.tasks().open()) {
      Tasks.Lane lane = tasks.lane(parts.watched().size());
      for (String region : parts.watched()) {
        lane.run(() -> reports.add(ofRegion(region, times)));
      }
      lane.join();
    }
    return reports.stream()
        .sorted(Comparator.comparing(RunReport.RegionApplyReport::region))
        .toList();
  }

  private RunReport.RegionApplyReport ofRegion(String region, RegionApplyRun.Times times) {
    // What a request still works on is queued for later.
    List<IdentityStore.Queued> queued =
        parts.identities().queued(region).stream()
            .filter(item -> !item.since().isAfter(times.time().event()))
            .toList();
    if (queued.isEmpty() || paused.getAsBoolean()) {
      return new RunReport.RegionApplyReport(region, false, queued.size(), 0, 0, queued.size());
    }
    try (Lease lease = parts.lease(region + "#apply")) {
      return lease.keep()
          ? new RegionApplyRun(parts, paused, region, times, lease).run(queued)
          : new RunReport.RegionApplyReport(region, true, queued.size(), 0, 0, queued.size());
    }
  }
}
