package mailfrom.domain.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mailfrom.domain.incident.Decision.Quiet;
import org.jspecify.annotations.Nullable;

/**
 * What was told about an identity, and what is still owed.
 *
 * @param incident the open one
 * @param recentStarts when incidents began in the last 24 hours
 * @param flapping whether it goes up and down too often for each flip to be told
 * @param flappingToldAt when FLAPPING was told last
 * @param lastChanceFor the deadline for which LAST_CHANCE was told
 * @param quiet why nothing was told when it was decided on last; null when something was
 * @param last what was delivered last; null when nothing ever was
 * @param warnings what was told beside incidents: the newest of each reason
 * @param owed notices that a topic has not taken yet, oldest first
 */
public record IncidentState(
    @Nullable Incident incident,
    List<Instant> recentStarts,
    boolean flapping,
    @Nullable Instant flappingToldAt,
    @Nullable Instant lastChanceFor,
    @Nullable Quiet quiet,
    @Nullable LastTold last,
    List<Warning> warnings,
    List<Notice> owed) {

  public static final IncidentState NOTHING =
      new IncidentState(null, List.of(), false, null, null, null, null, List.of(), List.of());

  /** How long a start is remembered: too many within this time are flapping. */
  private static final Duration RECENT = Duration.ofHours(24);

  public IncidentState {
    recentStarts = List.copyOf(recentStarts);
    warnings = List.copyOf(warnings);
    owed = List.copyOf(owed);
  }

  /** A notice that a topic took, and when. */
  public record LastTold(Reason reason, Instant at) {}

  /** An incident begins. */
  IncidentState opened(Incident opened) {
    Instant now = opened.startedAt();
    List<Instant> starts = new ArrayList<>(recentStarts);
    starts.removeIf(start -> start.isBefore(now.minus(RECENT)));
    starts.add(now);
    return new IncidentState(
        opened, starts, flapping, flappingToldAt, lastChanceFor, quiet, last, warnings, owed);
  }

  /** What is known of the open incident changes. */
  IncidentState with(Incident changed) {
    return new IncidentState(
        changed,
        recentStarts,
        flapping,
        flappingToldAt,
        lastChanceFor,
        quiet,
        last,
        warnings,
        owed);
  }

  /** Whether FLAPPING was told within the last day: once is enough. */
  boolean flappingIsKnown(Instant now) {
    return flappingToldAt != null && flappingToldAt.isAfter(now.minus(RECENT));
  }

  /** It flaps. */
  IncidentState flaps() {
    return new IncidentState(
        incident, recentStarts, true, flappingToldAt, lastChanceFor, quiet, last, warnings, owed);
  }

  IncidentState flappingTold(Instant now) {
    return new IncidentState(
        incident, recentStarts, true, now, lastChanceFor, quiet, last, warnings, owed);
  }

  /** It flaps no more: it stays down. */
  IncidentState staysDown() {
    return new IncidentState(
        incident, recentStarts, false, flappingToldAt, lastChanceFor, quiet, last, warnings, owed);
  }

  IncidentState lastChanceToldFor(Instant deadline) {
    return new IncidentState(
        incident, recentStarts, flapping, flappingToldAt, deadline, quiet, last, warnings, owed);
  }

  /** The incident is over. After flapping it was stable for long: the count begins anew. */
  IncidentState ended() {
    return new IncidentState(
        null,
        flapping ? List.of() : recentStarts,
        false,
        flapping ? null : flappingToldAt,
        lastChanceFor,
        quiet,
        last,
        warnings,
        owed);
  }

  /** What was told for a reason beside incidents; null: nothing, or none that is open. */
  public @Nullable Warning openWarning(Reason reason) {
    Warning known = warning(reason);
    return known != null && known.isOpen() ? known : null;
  }

  private @Nullable Warning warning(Reason reason) {
    return warnings.stream().filter(one -> one.reason() == reason).findFirst().orElse(null);
  }

  /** Something beside incidents is told. */
  public IncidentState warned(Reason reason, Instant now) {
    Warning told = Warning.told(reason, warning(reason), now);
    return withWarnings(
        Stream.concat(warnings.stream().filter(one -> one.reason() != reason), Stream.of(told))
            .toList());
  }

  /** With what became of the warnings. */
  public IncidentState withWarnings(List<Warning> now) {
    return new IncidentState(
        incident, recentStarts, flapping, flappingToldAt, lastChanceFor, quiet, last, now, owed);
  }

  /** Why nothing is told; null: something is. */
  public IncidentState quiet(@Nullable Quiet why) {
    return new IncidentState(
        incident, recentStarts, flapping, flappingToldAt, lastChanceFor, why, last, warnings, owed);
  }

  public IncidentState withOwed(List<Notice> notices) {
    return new IncidentState(
        incident,
        recentStarts,
        flapping,
        flappingToldAt,
        lastChanceFor,
        quiet,
        last,
        warnings,
        notices);
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
    List<Notice> taken = owed.stream().filter(notice -> noticeIds.contains(notice.id())).toList();
    if (taken.isEmpty()) {
      return this;
    }
    List<Notice> left =
        owed.stream()
            .map(notice -> taken.contains(notice) ? notice.deliveredTo(topic) : notice)
            .filter(Notice::isOwed)
            .toList();
    return new IncidentState(
        incident == null ? null : incident.deliveredAt(at),
        recentStarts,
        flapping,
        flappingToldAt,
        lastChanceFor,
        quiet,
        new LastTold(taken.getLast().reason(), at),
        warnings,
        left);
  }
}
