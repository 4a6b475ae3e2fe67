package mailfrom.app.settings;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.app.store.RegionState;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why something was told of an identity, or was not.
 *
 * @param told what was told of the open incident, in order: delivered, not only decided
 * @param last what was delivered last; null when nothing ever was
 * @param quietBecause why nothing was told when it was decided on last; null when something was
 * @param nextReminderAt when the open incident is reminded of; null when it is not
 * @param silence the silence that holds the longest; null when none does
 */
public record Telling(
    List<Reason> told,
    IncidentState.@Nullable LastTold last,
    Decision.@Nullable Quiet quietBecause,
    @Nullable Instant nextReminderAt,
    @Nullable Silence silence) {
  public Telling {
    told = List.copyOf(told);
  }

  /**
   * What is told of an identity.
   *
   * @param region the row of its Region, whose first report tells of many at once
   * @param silencedBy the silences that hold and mean it
   */
  public static Telling of(IdentityState state, RegionState region, List<Silence> silencedBy) {
    Incident open = state.incidentState().incident();
    List<Reason> told = open == null ? List.of() : told(state, open, region);
    Silence silence = silencedBy.stream().max(Comparator.comparing(Silence::until)).orElse(null);
    return new Telling(
        told,
        last(state, told, region),
        state.incidentState().quiet(),
        open == null || open.isRecovering() ? null : reminder(open, silence),
        silence);
  }

  /** The reasons of an incident, without those that are still owed. */
  private static List<Reason> told(IdentityState state, Incident open, RegionState region) {
    Set<String> untold =
        state.incidentState().owed().stream()
            .filter(Notice::isUntold)
            .map(Notice::id)
            .collect(Collectors.toSet());
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    List<Reason> told = new ArrayList<>();
    for (Reason reason : open.reasons()) {
      int before = counts.merge(reason, 1, Integer::sum) - 1;
      boolean isTold =
          reason == Reason.BASELINE
              ? isReported(region)
              : !untold.contains(Notice.idOf(state.key(), open.startedAt(), reason, before));
      if (isTold) {
        told.add(reason);
      }
    }
    return told;
  }

  /** Whether the Region's first report was told. */
  private static boolean isReported(RegionState region) {
    return region.isBaselined()
        && region.owed().stream()
            .noneMatch(
                notice -> notice.reason() == Reason.BASELINE && notice.delivered().isEmpty());
  }

  /** What was told of it last; in a Region's first report, if that is all there was. */
  private static IncidentState.@Nullable LastTold last(
      IdentityState state, List<Reason> told, RegionState region) {
    IncidentState.LastTold last = state.incidentState().last();
    Instant reportedAt = region.told().baselinedAt();
    return last == null && reportedAt != null && told.contains(Reason.BASELINE)
        ? new IncidentState.LastTold(Reason.BASELINE, reportedAt)
        : last;
  }

  /** When it is reminded of; a silence holds that back, unless mail is lost. */
  private static @Nullable Instant reminder(Incident open, @Nullable Silence silence) {
    Instant due = IncidentDecision.nextReminder(open).orElse(null);
    return due != null
            && silence != null
            && !open.trouble().kind().isMailLost()
            && silence.until().isAfter(due)
        ? silence.until()
        : due;
  }
}
