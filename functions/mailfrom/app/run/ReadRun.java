package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.WritePace;
import mailfrom.app.read.CachingDns;
import mailfrom.app.read.Dns;
import mailfrom.app.read.LoadedIdentities;
import mailfrom.app.read.NamesInUse;
import mailfrom.app.read.Ses;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.Topics;
import mailfrom.domain.desired.HealPolicy;

/**
 * The read run: every identity of every Region is listed, read, decided on and stored, and what is
 * owed is published. Regions go side by side, each at its own pace.
 */
public final class ReadRun {
  private final Parts parts;

  /**
   * What a read run works with.
   *
   * @param account the account's twelve digits
   * @param owner makes a name for the holder of a lease
   */
  public record Parts(
      String account,
      List<String> regions,
      Ses ses,
      IdentityStore identities,
      RegionStore regionStates,
      Dns dns,
      Topics topics,
      LeaseStore leases,
      Pace pace,
      MachineClock clock,
      Lanes lanes,
      HealPolicy policy,
      Supplier<String> owner) {}

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
    NamesInUse names = new NamesInUse();
    CachingDns dns = new CachingDns(parts.dns(), parts.clock(), stopAt);
    WritePace writePace = new WritePace(parts.clock());
    // The rows come while SES is asked already, and leave room for that: one Region after the
    // other. Which Regions share a name is known after the last.
    Lanes.Lane loading = parts.lanes().lane(1);
    List<RegionReadRun> reads = new ArrayList<>();
    for (String region : parts.regions()) {
      LoadedIdentities rows = new LoadedIdentities(parts.account(), region, loading::join);
      loading.run(() -> rows.load(parts.identities(), names));
      reads.add(new RegionReadRun(parts, region, rows, names, dns, writePace, now, stopAt));
    }
    Lanes.Lane reading = parts.lanes().lane(parts.regions().size());
    ConcurrentLinkedQueue<RunReport.RegionReadReport> reports = new ConcurrentLinkedQueue<>();
    reads.forEach(read -> reading.run(() -> reports.add(read.run())));
    reading.join();
    loading.join();
    List<RunReport.RegionReadReport> sorted =
        reports.stream().sorted((one, other) -> one.region().compareTo(other.region())).toList();
    return new RunReport.ReadReport(now, Duration.between(begun, parts.clock().now()), sorted);
  }
}
