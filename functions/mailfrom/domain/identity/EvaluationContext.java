package mailfrom.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import mailfrom.domain.incident.IncidentDecision;
import org.jspecify.annotations.Nullable;

/**
 * What the evaluation of one identity needs to know of the others.
 *
 * @param regionsOfName the Regions in which an identity uses the same MAIL FROM domain, its own
 *     included
 * @param baselined whether the Region's first report was told
 * @param lastComplete when the newest complete run of the Region was; null before the first
 * @param silences the silences there are
 */
public record EvaluationContext(
    Ancestor ancestor,
    SortedSet<String> regionsOfName,
    boolean baselined,
    @Nullable Instant lastComplete,
    List<Silence> silences) {
  public EvaluationContext {
    silences = List.copyOf(silences);
  }

  /** Whether people hear what is told about an identity. */
  IncidentDecision.Audience audience(IdentityState state, Instant at) {
    if (!baselined) {
      return IncidentDecision.Audience.BEFORE_BASELINE;
    }
    return silences.stream().anyMatch(silence -> silence.matches(state, at))
        ? IncidentDecision.Audience.SILENCED
        : IncidentDecision.Audience.LISTENING;
  }
}
