package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.RateLimit;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.CachingDns;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.NamesInUse;
import mailfrom.app.read.RegionReader;
import org.jspecify.annotations.Nullable;

/**
 * The read run: every identity of every Region is listed, read, decided on and stored, and what is
 * owed is published. Regions go side by side, each at its own pace.
 */
public final class ReadRun {
  /** A row a write: at most 250 a second over all Regions. */
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(4);

  private final Parts parts;

  public ReadRun(Parts parts) {
    this.parts = parts;
  }

  /**
   * Reads once.
   *
   * @param now the time of the run's event
   * @param stopAt when to stop reading, by the machine's clock
   */
  public RunReport.ReadReport run(Instant now, Instant stopAt) {
    Instant begun = parts.clock().now();
    Deadline stop = new Deadline(parts.clock(), stopAt);
    RateLimit writes = new RateLimit(parts.clock(), BETWEEN_WRITES);
    ConcurrentLinkedQueue<RunReport.RegionReadReport> reports = new ConcurrentLinkedQueue<>();
    try (Tasks.Scope tasks = parts.tasks().open()) {
      // The rows come once SES was asked, and leave room for that: one Region after the other.
      // Which Regions share a name is known after the last.
      Loading loading = new Loading(tasks.lane(1));
      NamesInUse names = new NamesInUse(loading::join);
      RegionReader.Sources sources =
          new RegionReader.Sources(
              parts.ses(),
              parts.reader(),
              parts.clock(),
              new CachingDns(parts.dns(), parts.clock(), stopAt),
              names,
              parts.watched().size() > 1);
      List<LoadedIdentities> rows =
          parts.watched().stream()
              .map(region -> new LoadedIdentities(parts.account(), region, loading::begin))
              .toList();
      loading.of(() -> LoadedIdentities.loadAll(rows, parts.identities(), names));
      AskedOnce askedOnce = new AskedOnce(parts);
      List<RegionReadRun> runs = new ArrayList<>();
      for (LoadedIdentities stored : rows) {
        runs.add(new RegionReadRun(parts, stored, sources, askedOnce, writes, now, stop));
      }
      // Who lists a Region calls SES.
      Tasks.Lane reading = tasks.promptLane(runs.size());
      runs.forEach(run -> reading.run(() -> reports.add(run.run())));
      reading.join();
      loading.join();
    }
    return new RunReport.ReadReport(
        now,
        Duration.between(begun, parts.clock().now()),
        reports.stream().sorted(Comparator.comparing(RunReport.RegionReadReport::region)).toList());
  }

  /** Loading the rows of all Regions, begun by the first who wants it. */
  private static final class Loading {
    private final Tasks.Lane lane;
    private @Nullable Runnable task;

    Loading(Tasks.Lane lane) {
      this.lane = lane;
    }

    synchronized void of(Runnable loading) {
      task = loading;
    }

    synchronized void begin() {
      if (task != null) {
        Runnable loading = task;
        task = null;
        lane.run(loading);
      }
    }

    void join() {
      begin();
      lane.join();
    }
  }
}
