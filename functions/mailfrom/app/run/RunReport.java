package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.TroubleKind;

/** What a run of watch did: its result, its log line and its metrics. */
public sealed interface RunReport {

  /**
   * A read run.
   *
   * @param at the run's time
   * @param took by the machine's clock
   */
  record ReadReport(Instant at, Duration took, List<RegionReadReport> regions)
      implements RunReport {
    /** Whether it was complete for every Region. */
    public boolean complete() {
      return regions.stream().allMatch(RegionReadReport::complete);
    }
  }

  /** An apply run. */
  record ApplyReport(Instant at, Duration took, List<RegionApplyReport> regions)
      implements RunReport {}

  /**
   * What came of a batch of events.
   *
   * @param at when the newest of them was sent
   * @param messages messages that could be read
   * @param identitiesRead identities that were read for them
   * @param failed the ids of the messages about identities that could not be asked for
   */
  record EventReport(
      Instant at, Duration took, int messages, int identitiesRead, Set<String> failed)
      implements RunReport {
    public EventReport {
      failed = Set.copyOf(failed);
    }
  }

  /**
   * A read run of one Region.
   *
   * @param skipped whether another run holds the Region's lease: nothing was done
   * @param listed identities that SES listed
   * @param read identities whose settings were read
   * @param couldNotAsk identities that were listed, and nobody answered for
   * @param cannotWatch listed texts that are no identity's name: nobody can be asked about them
   * @param complete listed to the last page, at most five in a hundred could not be asked, and
   *     everything was stored
   * @param overdue changes that have waited for more than an hour to be made
   * @param stored rows that changed
   * @param effects identities by effect
   * @param troubles identities in trouble, by what it is
   * @param told notices that both topics took in this run, by reason
   * @param failedDeliveries messages that a topic did not take
   * @param alertsReachNobody whether the topic for people has no confirmed subscription
   * @param operationsReachNobody whether the topic of the alarms has none
   */
  record RegionReadReport(
      String region,
      boolean skipped,
      int listed,
      int read,
      int couldNotAsk,
      int cannotWatch,
      boolean complete,
      int overdue,
      int stored,
      Map<Effect, Integer> effects,
      Map<TroubleKind, Integer> troubles,
      Map<Reason, Integer> told,
      int failedDeliveries,
      boolean alertsReachNobody,
      boolean operationsReachNobody) {

    static RegionReadReport skipped(String region) {
      return new RegionReadReport(
          region, true, 0, 0, 0, 0, false, 0, 0, Map.of(), Map.of(), Map.of(), 0, false, false);
    }

    /** Of a run that found something, stored so many rows and published. */
    static RegionReadReport of(
        RegionState region,
        RegionUpdate.Found found,
        int overdue,
        int stored,
        Publisher.Report published) {
      Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
      Map<TroubleKind, Integer> troubles = new EnumMap<>(TroubleKind.class);
      for (IdentityState state : found.states()) {
        if (state.wasSeen() && !state.isGone()) {
          effects.merge(state.effectState().effect(), 1, Integer::sum);
          Incident incident = state.incidentState().incident();
          if (incident != null && incident.quietSince() == null) {
            troubles.merge(incident.trouble().kind(), 1, Integer::sum);
          }
        }
      }
      return new RegionReadReport(
          region.region(),
          false,
          found.listing().names().size() + found.listing().cannotWatch().size(),
          found.read(),
          found.couldNotAsk(),
          found.listing().cannotWatch().size(),
          found.isComplete(),
          overdue,
          stored,
          effects,
          troubles,
          published.told(),
          published.failed(),
          region.told().alertsReachNobody(),
          region.told().operationsReachNobody());
    }
  }

  /**
   * An apply run of one Region.
   *
   * @param queued identities that waited
   * @param set calls of SetIdentityMailFromDomain that SES took
   * @param refused calls that SES refused for good
   * @param left identities that still wait
   */
  record RegionApplyReport(
      String region, boolean skipped, int queued, int set, int refused, int left) {

    /** Two rounds of one run, Region by Region: what the first left is in the second's queue. */
    static List<RegionApplyReport> together(
        List<RegionApplyReport> first, List<RegionApplyReport> second) {
      List<RegionApplyReport> together = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        RegionApplyReport one = first.get(i);
        RegionApplyReport other = second.get(i);
        together.add(
            new RegionApplyReport(
                one.region,
                one.skipped && other.skipped,
                one.queued - one.left + other.queued,
                one.set + other.set,
                one.refused + other.refused,
                other.left));
      }
      return together;
    }
  }
}
