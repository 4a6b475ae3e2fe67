package mailfrom.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;

/** A fleet of any size, healthy but for a fault planted in every fiftieth identity. */
public final class LargeFleet {
  private static final int ONE_FAULT_IN = 50;

  private LargeFleet() {}

  /**
   * Makes so many domain identities.
   *
   * @return the planted faults: the expected effect and cause ("FALLBACK TEMPORARY_FAILURE") by
   *     identity
   */
  public static Map<String, String> plant(
      LocalSes ses, LocalDns dns, String region, int identities, Instant now) {
    Map<String, String> faults = new TreeMap<>();
    for (int i = 0; i < identities; i++) {
      String name = "team-%05d.example.org".formatted(i);
      String mailFrom = "bounce." + name;
      boolean faulty = i % ONE_FAULT_IN == ONE_FAULT_IN - 1;
      boolean rejects = faulty && (i / ONE_FAULT_IN) % 2 == 1;
      if (faulty) {
        faults.put(name, (rejects ? "REJECTED" : "FALLBACK") + " TEMPORARY_FAILURE");
      } else {
        dns.put(mailFrom, DnsRecords.mailFrom(region));
      }
      ses.put(
          region,
          name,
          mailFrom,
          rejects ? OnMxFailure.REJECT_MESSAGE : OnMxFailure.USE_DEFAULT_VALUE,
          faulty ? Status.TEMPORARY_FAILURE : Status.SUCCESS,
          now.minus(Duration.ofHours(1)));
      ses.dkim(region, name, true);
    }
    return faults;
  }
}
