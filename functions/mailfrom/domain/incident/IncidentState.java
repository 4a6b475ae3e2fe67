package mailfrom.domain.incident;

import java.time.Instant;
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

  public IncidentState {
    recentStarts = List.copyOf(recentStarts);
    owed = List.copyOf(owed);
  }

  public IncidentState withOwed(List<Notice> notices) {
    return new IncidentState(incident, recentStarts, flapping, lastChanceFor, notices);
  }
}
