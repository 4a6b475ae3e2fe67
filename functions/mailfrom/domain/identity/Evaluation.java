package mailfrom.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.incident.Warning;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
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
    return seen.over(before, around.ancestor())
        .map(ses -> evaluate(before, ses, seen, around, changedBy))
        .orElse(before);
  }

  private static IdentityState evaluate(
      IdentityState stored,
      SesView ses,
      Observation seen,
      EvaluationContext around,
      @Nullable String changedBy) {
    // What our last Set made is read now.
    HealingState healing = stored.healingState().expecting(null);
    IdentityState before = stored.withHealing(healing);
    boolean startsAgain = healing.isStartingAgain(ses.live());
    IdentityState start =
        healing.intent() == null || startsAgain
            ? before
            : before
                .withHealing(healing.withIntent(null))
                .ifAsked(asked -> asked.startedAgain(ses.live()));
    IdentityState sighted = start.withSesView(ses);
    if (startsAgain && ses.live().mailFromDomain() == null && ses.isVerified()) {
      // Between our clear and our set its effect stays: what is missing is missing by our hand.
      // What else SES says is told, but for a verification that was lost then and is back now.
      return start.effectState().effect() == Effect.UNVERIFIED
          ? sighted
          : telling(sighted, start, seen, around);
    }
    Instant at = seen.at();
    EffectState effect =
        start
            .effectState()
            .after(
                start.sesView(),
                start.sesView().lastRead(around.lastComplete()),
                ses,
                start.desiredState(),
                around.ancestor().isCustom());
    DnsState dns =
        start.dnsState().after(seen.view(), ses, start.key().region(), around.regionsOfName(), at);
    IdentityState stood = sighted.withEffect(effect).withDns(dns);
    IdentityState progressed =
        DriftTelling.seen(
            startsAgain ? stood : stood.ifAsked(asked -> asked.after(stood.planAsAsked())),
            start.healingState().isOurs(ses.live().settings()) ? null : changedBy,
            at);
    IdentityState telling = telling(progressed, start, seen, around);
    IdentityState ready =
        around.baselined() && isReady(stored, start, telling) ? ready(start, telling, at) : telling;
    IdentityState told =
        DriftTelling.told(EarlyWarning.told(start.dnsState(), ready, seen, around), around, at);
    return startsAgain ? told : WarningEnd.told(told, seen.view(), at);
  }

  /** What is owed for how it is now. */
  private static IdentityState telling(
      IdentityState now, IdentityState before, Observation seen, EvaluationContext around) {
    Instant at = seen.at();
    return now.situation(at, seen.view())
        .filter(situation -> isProven(situation, before, seen))
        .map(situation -> owe(now, situation, around.audience(now, at), at))
        .orElseGet(() -> now.quietFor(Decision.Quiet.NOT_SEEN));
  }

  /**
   * The state as it is read once SES does what it documents after our last Set, to be shown until
   * then: nothing is told for it. When nothing is expected, this state.
   */
  public static IdentityState expected(IdentityState state) {
    Live next = state.healingState().expected();
    SetCall set = state.healingState().lastSet();
    if (next == null || set == null) {
      return state;
    }
    SesView asRead = state.sesView();
    SesView ses = asRead.with(next, set.at());
    IdentityState stood =
        state
            .withSesView(ses)
            .withEffect(
                state.effectState().after(asRead, asRead.asOf(), ses, state.desiredState(), false));
    return stood.ifAsked(asked -> asked.after(stood.planAsAsked()));
  }

  /** That a lost verification is back is said by a read of it, and not by what else was read. */
  private static boolean isProven(
      IncidentDecision.Situation situation, IdentityState before, Observation seen) {
    Incident open = before.incidentState().incident();
    return seen.verified() != null
        || situation instanceof IncidentDecision.InTrouble
        || open == null
        || open.trouble().kind() != TroubleKind.UNVERIFIED;
  }

  /** Whether its set-up is done now, or RejectMessage was promoted. */
  private static boolean isReady(IdentityState stored, IdentityState before, IdentityState after) {
    boolean works = after.effectState().effect() == Effect.CUSTOM;
    boolean done =
        works && expected(sinceOurSet(stored, after)).effectState().phase() == Phase.SETUP;
    Live was = before.sesView().live();
    boolean promoted =
        works
            && after.desiredState() != null
            && after.desiredState().desired().activation() == Activation.STAGED
            && after.sesView().live().settings().equals(after.desiredState().desired().settings())
            && after.sesView().live().behaviorOnMxFailure() == BehaviorOnMxFailure.REJECT_MESSAGE
            && was.isSuccess()
            && was.behaviorOnMxFailure() == BehaviorOnMxFailure.USE_DEFAULT_VALUE;
    return before.wasSeen() && (done || promoted);
  }

  /**
   * The state that was stored, as our last Set left it, also when nobody read it meanwhile. Where
   * how the Set ended was not noted, what is read now says that SES took it.
   */
  private static IdentityState sinceOurSet(IdentityState stored, IdentityState now) {
    HealingState healing = stored.healingState();
    SetCall set = healing.lastSet();
    return healing.expected() == null
            && set != null
            && !set.at().isBefore(stored.sesView().asOf())
            && healing.isOurs(now.sesView().live().settings())
        ? stored.withHealing(healing.expecting(stored.live().after(set.settings()).orElse(null)))
        : stored;
  }

  /** For machines; and for people who heard that SES was about to give the set-up up. */
  private static IdentityState ready(IdentityState before, IdentityState after, Instant at) {
    Notice ready = after.notice(Reason.READY, Severity.INFO, null, at, 0, at);
    return after.owing(isLastChanceTold(before) ? ready : ready.toMachinesOnly());
  }

  /** Whether people heard that SES gives up soon: then they hear how it went. */
  private static boolean isLastChanceTold(IdentityState state) {
    Instant deadline = state.deadline();
    return deadline != null && deadline.equals(state.incidentState().lastChanceFor());
  }

  /**
   * The state after the identity was deleted at SES: told for each that was cared for or worked, or
   * that people were to do something about, and its incident ends.
   *
   * @param by who deleted it; null: not known
   * @param baselined whether the Region's first report was told
   */
  public static IdentityState gone(
      IdentityState before, @Nullable String by, Instant at, boolean baselined) {
    Decision decision =
        IncidentDecision.decide(
            before.key(),
            before.incidentState(),
            new IncidentDecision.Facts(
                IncidentDecision.Calm.GONE,
                before.deadline(),
                baselined
                    ? IncidentDecision.Audience.LISTENING
                    : IncidentDecision.Audience.BEFORE_BASELINE),
            at);
    IdentityState after = before.withIncidents(decision.after().withWarnings(List.of()));
    boolean matters =
        before.desiredState() != null || before.effectState().effect() == Effect.CUSTOM;
    Incident open = before.incidentState().incident();
    // What was told before the Region's first report has its end before it, too.
    boolean isWarned = before.incidentState().warnings().stream().anyMatch(Warning::isOpen);
    boolean isTold = baselined && (matters || open != null || isLastChanceTold(before));
    if (!isTold && !isWarned) {
      return after;
    }
    return after.owing(
        before
            .notice(
                Reason.GONE,
                matters ? Severity.WARNING : Severity.INFO,
                by == null ? null : "It was deleted by %s.".formatted(by),
                open == null ? at : open.startedAt(),
                0,
                at)
            .about(open));
  }

  /** The state after a delete event that a read confirmed: deleted at once. */
  public static IdentityState deleted(
      IdentityState before, @Nullable String by, Instant at, boolean baselined) {
    return gone(before.withSesView(before.sesView().goneAt(at)), by, at, baselined);
  }

  /** What SES refused after the caller had been answered 202, as a notice. */
  public static IdentityState notApplied(IdentityState state, String sesWords, Instant at) {
    return state.warning(
        Reason.NOT_APPLIED, "SES refused the settings that were asked for: " + sesWords, at);
  }

  /** What the rules forbid after the caller had been answered 202, as a notice. */
  public static IdentityState notApplied(
      IdentityState state, List<Violation> violations, Instant at) {
    return state.warning(
        Reason.NOT_APPLIED,
        violations.stream()
            .map(broken -> "%s: %s".formatted(broken.code(), broken.message()))
            .collect(Collectors.joining(" ", "The settings that were asked for break rules. ", "")),
        at);
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
    IdentityState after = WarningEnd.inItsEnd(state.withIncidents(decision.after()), decision);
    return switch (decision) {
      case Decision.StayQuiet quiet -> after;
      case Decision.Tell tell ->
          after.owing(
              state
                  .notice(
                      tell.reason(),
                      severity(tell),
                      tell.reason() == Reason.RECOVERED ? ended(state) : null,
                      start(state, tell.incident()),
                      tell.count(),
                      at)
                  .about(tell.incident()));
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
      case UNVERIFIED -> "It is not verified: nothing can be sent as it.";
      case CUSTOM, FALLBACK, REJECTED -> null;
    };
  }
}
