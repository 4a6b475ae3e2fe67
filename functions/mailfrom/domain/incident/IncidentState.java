package mailfrom.domain.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was told about an identity, and what is still owed.
 *
 * @param incident the open one
 * @param recentStarts when incidents began in the last 24 hours
 * @param flapping whether FLAPPING was told and six stable hours have not passed
 * @param lastChanceFor the deadline for which LAST_CHANCE was told
 * @param owed notices that a topic has not taken yet, oldest first
 */
public record IncidentState(
    @Nullable Incident incident,
    List<Instant> recentStarts,
    boolean flapping,
    @Nullable Instant lastChanceFor,
    List<Notice> owed) {

  public static final IncidentState NOTHING =
      new IncidentState(null, List.of(), false, null, List.of());

  /** How long a start is remembered: too many within this time are flapping. */
  private static final Duration RECENT = Duration.ofHours(24);

  public IncidentState {
    recentStarts = List.copyOf(recentStarts);
    owed = List.copyOf(owed);
  }

  /** An incident begins. */
  IncidentState opened(Incident opened) {
    Instant now = opened.startedAt();
    List<Instant> starts = new ArrayList<>(recentStarts);
    starts.removeIf(start -> start.isBefore(now.minus(RECENT)));
    starts.add(now);
    return new IncidentState(opened, starts, flapping, lastChanceFor, owed);
  }

  /** What is known of the open incident changes. */
  IncidentState with(Incident changed) {
    return new IncidentState(changed, recentStarts, flapping, lastChanceFor, owed);
  }

  IncidentState flappingTold() {
    return new IncidentState(incident, recentStarts, true, lastChanceFor, owed);
  }

  IncidentState lastChanceToldFor(Instant deadline) {
    return new IncidentState(incident, recentStarts, flapping, deadline, owed);
  }

  /** The incident is over. After flapping it was stable for long: the count begins anew. */
  IncidentState ended() {
    return new IncidentState(null, flapping ? List.of() : recentStarts, false, lastChanceFor, owed);
  }

  public IncidentState withOwed(List<Notice> notices) {
    return new IncidentState(incident, recentStarts, flapping, lastChanceFor, notices);
  }

  public IncidentState owing(Notice notice) {
    List<Notice> more = new ArrayList<>(owed);
    more.add(notice);
    return withOwed(more);
  }

  /** The notices that a topic has not taken yet. */
  public List<Notice> owed(Topic topic) {
    return owed.stream().filter(notice -> !notice.delivered().contains(topic)).toList();
  }

  /** After a topic took some notices; those that both took are forgotten. */
  public IncidentState delivered(Topic topic, List<String> noticeIds, Instant at) {
    boolean told = owed.stream().map(Notice::id).anyMatch(noticeIds::contains);
    IncidentState left =
        withOwed(
            owed.stream()
                .map(notice -> noticeIds.contains(notice.id()) ? notice.deliveredTo(topic) : notice)
                .filter(Notice::isOwed)
                .toList());
    return told && incident != null ? left.with(incident.deliveredAt(at)) : left;
  }
}
