package mailfrom.domain.identity;

import java.time.Instant;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** Settings that somebody else changed, told once for each. */
final class Drift {
  private Drift() {}

  /**
   * The state that owes what is to be told. A removed MAIL FROM domain is an incident instead.
   *
   * @param changedBy the caller's ARN; null: not known
   */
  static IdentityState told(
      IdentityState state, EvaluationContext around, @Nullable String changedBy, Instant at) {
    DesiredState asked = state.desiredState();
    Settings live = state.sesView().live().settings();
    if (asked == null
        || !isDrift(state)
        || !around.baselined()
        || live.equals(asked.driftToldFor())) {
      return state;
    }
    String detail =
        "%s set %s; asked for here: %s.%s"
            .formatted(
                changedBy == null ? "Somebody else" : changedBy,
                words(live),
                words(asked.desired().settings()),
                state.healingState().isUndoneTooOften()
                    ? " It was set back twice and undone each time: it is left as it is now."
                    : "");
    return state.withDesired(asked.withDriftToldFor(live)).owing(Reason.DRIFT, detail, at);
  }

  private static boolean isDrift(IdentityState state) {
    // What differs between the calls that heal differs by our hand.
    return state.healingState().intent() == null
        && state.effectState().cause() != Cause.REMOVED
        && state.planAsAsked().why() == Plan.Why.DRIFT_LEFT_ALONE;
  }

  private static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + " with " + settings.behaviorOnMxFailure().word();
  }
}
