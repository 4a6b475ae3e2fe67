package mailfrom.domain.identity;

import java.time.Instant;
import java.util.Objects;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.dns.DnsState;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/**
 * The step from one state of an identity to the next, in its order: what SES said, the effect, the
 * DNS, how far the wanted settings have come, and then what is owed to people. Pure: the same input
 * gives the same state and the same notice ids.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * The state after an observation. An observation that is older than the row, or that began before
   * our last Set, changes nothing.
   */
  public static IdentityState evaluate(
      IdentityState before, Observation seen, EvaluationContext around) {
    return evaluate(before, seen, around, null);
  }

  /**
   * The same, when it is known who changed what is seen.
   *
   * @param changedBy the caller's ARN; null: not known
   */
  public static IdentityState evaluate(
      IdentityState before,
      Observation seen,
      EvaluationContext around,
      @Nullable String changedBy) {
    if (seen.at().isBefore(before.sesView().asOf())
        || before.healingState().wasSetAfter(seen.begunAt())) {
      return before;
    }
    return seen.over(before.sesView())
        .map(ses -> evaluate(before, ses, seen, around, changedBy))
        .orElse(before);
  }

  private static IdentityState evaluate(
      IdentityState before,
      SesView ses,
      Observation seen,
      EvaluationContext around,
      @Nullable String changedBy) {
    HealingState healing = before.healingState();
    boolean startsAgain = healing.isStartingAgain(ses.live());
    IdentityState start =
        healing.intent() == null || startsAgain
            ? before
            : before
                .withHealing(healing.withIntent(null))
                .ifAsked(asked -> asked.startedAgain(ses.live()));
    IdentityState sighted = start.withSesView(ses);
    if (startsAgain && ses.live().mailFromDomain() == null && ses.isVerified()) {
      // Between our clear and our set nothing is decided: what is missing is missing by our hand.
      return sighted;
    }
    Instant at = seen.at();
    EffectState effect =
        start
            .effectState()
            .after(
                start.sesView(),
                ses,
                start.desiredState(),
                around.nearestVerifiedAncestorIsCustom());
    DnsState dns =
        start
            .dnsState()
            .after(seen.view(), ses.live(), start.key().region(), around.regionsOfName(), at);
    IdentityState stood = sighted.withEffect(effect).withDns(dns);
    IdentityState progressed =
        startsAgain ? stood : stood.ifAsked(asked -> asked.after(stood.planAsAsked()));
    IdentityState telling =
        progressed
            .situation(at, seen.view())
            .map(situation -> owe(progressed, situation, around.audience(progressed, at), at))
            .orElse(progressed);
    return Drift.told(
        EarlyWarning.told(start.dnsState(), telling, seen, around), around, changedBy, at);
  }

  /**
   * The state after the identity was deleted at SES: its incident ends, the rest is kept.
   *
   * @param baselined whether the Region's first report was told
   */
  public static IdentityState gone(IdentityState before, Instant at, boolean baselined) {
    return owe(
        before,
        IncidentDecision.Calm.GONE,
        baselined ? IncidentDecision.Audience.LISTENING : IncidentDecision.Audience.BEFORE_BASELINE,
        at);
  }

  /** The state after a delete event that a read confirmed: deleted at once. */
  public static IdentityState deleted(IdentityState before, Instant at, boolean baselined) {
    return gone(before.withSesView(before.sesView().goneAt(at)), at, baselined);
  }

  /** What SES refused after the caller had been answered 202, as a notice. */
  public static IdentityState notApplied(IdentityState state, String sesWords, Instant at) {
    return state.owing(
        Reason.NOT_APPLIED, "SES refused the settings that were asked for: " + sesWords, at);
  }

  private static IdentityState owe(
      IdentityState state,
      IncidentDecision.Situation situation,
      IncidentDecision.Audience audience,
      Instant at) {
    Decision decision =
        IncidentDecision.decide(
            state.key(),
            state.incidentState(),
            new IncidentDecision.Facts(situation, state.deadline(), audience),
            at);
    IdentityState after = state.withIncidents(decision.after());
    return switch (decision) {
      case Decision.StayQuiet quiet -> after;
      case Decision.Tell tell ->
          after.owing(
              state.notice(
                  tell.reason(),
                  severity(tell),
                  tell.reason() == Reason.RECOVERED ? ended(state) : null,
                  start(state, tell.incident()),
                  tell.count(),
                  at));
    };
  }

  private static Severity severity(Decision.Tell tell) {
    if (tell.reason().kind() == Reason.Kind.END) {
      return Severity.INFO;
    }
    Incident incident = tell.incident();
    return incident == null ? Severity.WARNING : incident.trouble().severity();
  }

  /** Another domain may be set up without a change of effect: its last chance is another one. */
  private static Instant start(IdentityState state, @Nullable Incident incident) {
    EffectState effect = state.effectState();
    return incident != null
        ? incident.startedAt()
        : Objects.requireNonNullElse(effect.statusSince(), effect.since());
  }

  /** Why an incident is over, when that is not because mail gets the MAIL FROM domain again. */
  private static @Nullable String ended(IdentityState state) {
    return switch (state.effectState().effect()) {
      case DEFAULT ->
          state.isClearedAsAsked()
              ? "Nothing is wanted any more: mail goes out from amazonses.com, as asked for."
              : "No custom MAIL FROM domain is set any more.";
      case UNVERIFIED -> "SES no longer says that it is verified: nothing can be sent as it.";
      case CUSTOM, FALLBACK, REJECTED -> null;
    };
  }
}
