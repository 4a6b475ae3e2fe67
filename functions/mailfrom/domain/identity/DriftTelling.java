package mailfrom.domain.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings that somebody else put in the place of what was asked for: seen in each read, told once
 * a value until they are told as over, and reminded of weekly while they last. Owners that take
 * turns are told once a pair.
 */
final class DriftTelling {
  /** What was told within this time is known; what lasts as long is told again. */
  private static final Duration KNOWN_FOR = Duration.ofDays(7);

  private DriftTelling() {}

  /**
   * The state with the drift that is seen, or without one.
   *
   * @param changedBy who changed what is live; null: not known
   */
  static IdentityState seen(IdentityState state, @Nullable String changedBy, Instant at) {
    return state.ifAsked(asked -> asked.drifted(drift(state, asked, changedBy, at)));
  }

  private static @Nullable Drift drift(
      IdentityState state, DesiredState asked, @Nullable String changedBy, Instant at) {
    // What differs between the calls that heal differs by our hand; and of one that is not verified
    // nothing is asked.
    if (state.healingState().intent() != null
        || state.planAsAsked().why() != Plan.Why.DRIFT_LEFT_ALONE) {
      return null;
    }
    Settings live = state.sesView().live().settings();
    Drift before = asked.drift();
    if (before == null || !before.live().sameAs(live)) {
      return new Drift(live, at, changedBy, null);
    }
    return before.by() == null && changedBy != null
        ? new Drift(live, before.since(), changedBy, before.told())
        : before;
  }

  /** The state that owes what is to be told. A removed MAIL FROM domain is an incident instead. */
  static IdentityState told(IdentityState state, EvaluationContext around, Instant at) {
    DesiredState asked = state.desiredState();
    Drift drift = asked == null ? null : asked.drift();
    if (asked == null
        || drift == null
        || state.effectState().cause() == Cause.REMOVED
        || (state.incidentState().openWarning(Reason.DRIFT) != null && isKnown(asked, drift, at))) {
      return state;
    }
    // A silence does not hold it back: somebody else has a hand in it.
    return around.audience(state, at) == IncidentDecision.Audience.BEFORE_BASELINE
        ? state
        : state
            .withDesired(asked.driftTold(drift.toldAt(at)))
            .warning(Reason.DRIFT, words(state, asked, drift, at), at);
  }

  private static boolean isKnown(DesiredState asked, Drift drift, Instant at) {
    return asked.driftsTold().stream()
        .filter(known -> known.live().sameAs(drift.live()))
        .map(Drift::told)
        .anyMatch(told -> told != null && told.isAfter(at.minus(KNOWN_FOR)));
  }

  private static String words(IdentityState state, DesiredState asked, Drift drift, Instant at) {
    List<Drift> others =
        asked.driftsTold().stream()
            .filter(known -> !known.live().sameAs(drift.live()))
            .filter(known -> known.told() != null && known.told().isAfter(at.minus(KNOWN_FOR)))
            .sorted(Comparator.comparing(Drift::since).reversed())
            .toList();
    String turns =
        others.isEmpty()
            ? ""
            : " They take turns with others: %s."
                .formatted(
                    others.stream()
                        .map(other -> "%s set %s".formatted(who(other), words(other.live())))
                        .collect(Collectors.joining("; ")));
    boolean again = drift.told() != null;
    return "%s set %s%s; asked for here: %s.%s%s"
        .formatted(
            who(drift),
            words(drift.live()),
            again ? ", and it is still so" : "",
            words(asked.desired().settings()),
            turns,
            state.healingState().isUndoneTooOften()
                ? " It was set back twice and undone each time: it is left as it is now."
                : "");
  }

  private static String who(Drift drift) {
    return Optional.ofNullable(drift.by()).orElse("Somebody else");
  }

  /** Settings in a few words. */
  static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + " with " + settings.behaviorOnMxFailure().word();
  }
}
