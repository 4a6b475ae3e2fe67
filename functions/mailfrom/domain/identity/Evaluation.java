package mailfrom.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.DnsFindings;
import mailfrom.domain.dns.DnsState;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.RecordsToDo;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.EffectTable;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The step from one state of an identity to the next: what was read changes sight, standing, DNS
 * memory and wanted settings, and what is to be told is owed. Pure: the same input gives the same
 * state and the same notice ids.
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
    Instant lastSet = before.healingState().lastSetAt();
    if (seen.at().isBefore(before.sesView().asOf())
        || (lastSet != null && seen.begunAt().isBefore(lastSet))) {
      return before;
    }
    Live live = seen.live();
    if (live == null || (seen.verified() == null && !before.wasSeen())) {
      return before;
    }
    Settings intent = before.healingState().intent();
    boolean healing = intent != null && !isOver(intent, live);
    IdentityState start = intent == null || healing ? before : afterIntent(before, live);
    IdentityState sighted = sighted(start, seen);
    if (healing && live.mailFromDomain() == null && sighted.sesView().isVerified()) {
      // Between our clear and our set nothing is decided: what is missing is missing by our hand.
      return sighted;
    }
    EffectState effectState = standing(start, sighted.sesView(), seen.at(), around);
    IdentityState stood =
        new IdentityState(
            start.key(),
            start.rowVersion(),
            sighted.sesView(),
            effectState,
            start.desiredState(),
            dns(start, sighted.sesView().live(), seen, around),
            start.incidentState(),
            start.healingState());
    return tell(start, healing ? stood : withProgress(stood), seen, around, changedBy);
  }

  private static IdentityState sighted(IdentityState state, Observation seen) {
    return state.with(sight(state.sesView(), seen));
  }

  /** Whether SES looks for the record again, or somebody set another domain meanwhile. */
  private static boolean isOver(Settings intent, Live live) {
    boolean failed = live.status() == MailFromStatus.FAILED;
    return live.mailFromDomain() != null && !(failed && intent.domainEquals(live.mailFromDomain()));
  }

  /**
   * A setup is started again with UseDefaultValue. A wanted RejectMessage follows as its activation
   * says: staged by a promotion, otherwise by applying what is left.
   */
  private static IdentityState afterIntent(IdentityState before, Live live) {
    IdentityState state = before.with(before.healingState().withIntent(null));
    DesiredState desiredState = before.desiredState();
    boolean restIsLeft =
        desiredState != null
            && !desiredState.isPending()
            && desiredState.desired().activation() != Activation.STAGED
            && desiredState.desired().settings().domainEquals(live.mailFromDomain())
            && !desiredState.desired().settings().equals(live.settings());
    return desiredState != null && restIsLeft ? state.with(desiredState.reopened()) : state;
  }

  /**
   * The state after the identity was deleted at SES: its incident ends, the rest is kept.
   *
   * @param baselined whether the Region's first report was told
   */
  public static IdentityState gone(IdentityState before, Instant at, boolean baselined) {
    IncidentDecision.Decision decision =
        IncidentDecision.decide(
            before.key(),
            before.incidentState(),
            new IncidentDecision.Facts(null, false, false, true, null, baselined, false),
            at);
    return owe(before, decision, at, null);
  }

  /** The state after a delete event that a read confirmed: deleted at once. */
  public static IdentityState deleted(IdentityState before, Instant at, boolean baselined) {
    return gone(before.with(before.sesView().goneAt(at)), at, baselined);
  }

  private static SesView sight(SesView before, Observation seen) {
    return new SesView(
        seen.verified() == null ? before.verified() : seen.verified(),
        seen.live() == null ? before.live() : seen.live(),
        seen.dkimSigns() == null ? before.dkimSigns() : seen.dkimSigns(),
        seen.forwarding() == null ? before.forwarding() : seen.forwarding(),
        seen.at(),
        0);
  }

  private static EffectState standing(
      IdentityState before, SesView sesView, Instant at, EvaluationContext around) {
    EffectState old = before.effectState();
    Live live = sesView.live();
    DesiredState desiredState = before.desiredState();
    Verdict verdict =
        EffectTable.decide(
            new EffectTable.Facts(
                sesView.isVerified(),
                live,
                before.desired(),
                desiredState != null && desiredState.everApplied(),
                old.lastMailFrom() != null,
                around.nearestVerifiedAncestorIsCustom()));
    boolean nothingWanted = desiredState != null && desiredState.desired().wantsNothing();
    DomainName lastMailFrom =
        live.mailFromDomain() != null
            ? live.mailFromDomain()
            : nothingWanted ? null : old.lastMailFrom();
    boolean worked = live.isSuccess() || live.status() == MailFromStatus.TEMPORARY_FAILURE;
    DomainName succeededFor = worked ? live.mailFromDomain() : old.succeededFor();
    boolean first = !before.wasSeen();
    boolean sameVerdict = !first && verdict.equals(old.verdict());
    Live oldLive = before.sesView().live();
    boolean sameStatus =
        !first
            && Objects.equals(live.mailFromDomain(), oldLive.mailFromDomain())
            && live.status() == oldLive.status();
    return new EffectState(
        verdict,
        phase(live, verdict, lastMailFrom, succeededFor),
        sameVerdict ? old.since() : at,
        sameVerdict ? old.sinceExact() : !first,
        live.status() == null ? null : sameStatus ? old.statusSince() : at,
        sameStatus ? old.statusSinceExact() : !first,
        succeededFor,
        lastMailFrom);
  }

  private static @Nullable Phase phase(
      Live live,
      Verdict verdict,
      @Nullable DomainName lastMailFrom,
      @Nullable DomainName succeededFor) {
    DomainName domain = verdict.cause() == Cause.REMOVED ? lastMailFrom : live.mailFromDomain();
    if (domain == null) {
      return verdict.cause() == Cause.REMOVED ? Phase.LIVE : null;
    }
    return domain.equals(succeededFor) ? Phase.LIVE : Phase.SETUP;
  }

  private static DnsState dns(
      IdentityState before, Live live, Observation seen, EvaluationContext around) {
    DnsState old = before.dnsState();
    DnsView view = seen.view();
    if (view == null) {
      return old;
    }
    boolean sameName = view.name().equals(old.name());
    boolean success = live.isSuccess() && view.name().equals(live.mailFromDomain());
    List<Finding> findings =
        DnsFindings.of(view, before.key().region(), around.regionsOfName(), success);
    MxCheck mx = DnsFindings.mxSight(view);
    Instant rightSince =
        switch (mx) {
          case RIGHT, RIGHT_TWICE ->
              sameName && old.mxRightSince() != null ? old.mxRightSince() : seen.at();
          case WRONG -> null;
          case UNKNOWN -> sameName ? old.mxRightSince() : null;
        };
    // What SES gave up is started again only on the word of the zone's own servers.
    boolean twice =
        mx == MxCheck.RIGHT
            && live.status() != MailFromStatus.FAILED
            && rightSince != null
            && !seen.at().isBefore(rightSince.plus(IncidentDecision.RECOVERED_AFTER));
    Instant spfBrokenSince =
        switch (view.spf()) {
          case COVERS_SES -> null;
          case MISSING, DUPLICATE, NOT_INCLUDED ->
              sameName && old.spfBrokenSince() != null ? old.spfBrokenSince() : seen.at();
          case UNKNOWN -> sameName ? old.spfBrokenSince() : null;
        };
    String answer = mx == MxCheck.UNKNOWN ? null : mxText(view);
    String underSuccess = sameName ? old.mxUnderSuccess() : null;
    String changedTo = null;
    if (success && answer != null) {
      if (underSuccess == null || mx.isRight()) {
        underSuccess = answer;
      } else if (!answer.equals(underSuccess)) {
        changedTo = answer;
      }
    } else if (success) {
      changedTo = sameName ? old.mxChangedTo() : null;
    }
    return new DnsState(
        view.name(),
        findings,
        RecordsToDo.of(view, before.key().region(), around.regionsOfName()),
        twice ? MxCheck.RIGHT_TWICE : mx,
        rightSince,
        spfBrokenSince,
        underSuccess,
        changedTo);
  }

  private static String mxText(DnsView view) {
    return view.mx().records().stream()
        .sorted()
        .map(MxRecord::text)
        .collect(Collectors.joining(", "));
  }

  /** Live equal to what is wanted, or to its first step, means that it was applied. */
  private static IdentityState withProgress(IdentityState state) {
    DesiredState desiredState = state.desiredState();
    if (desiredState == null || desiredState.isRefused()) {
      return state;
    }
    Plan plan = state.plan(new HealPolicy(false, false), false, state.sesView().asOf());
    DesiredState after =
        switch (plan) {
          case Plan.Nothing nothing ->
              nothing.why() == Plan.Why.ALREADY_SO
                  ? desiredState.reached(Progress.State.APPLIED)
                  : desiredState;
          case Plan.Wait wait ->
              switch (wait.action()) {
                case APPLY -> desiredState.with(desiredState.progress().with(wait.state()));
                case PROMOTE -> desiredState.reached(wait.state());
                case RESTART, REPAIR -> desiredState;
              };
          case Plan.Call call ->
              switch (call.action()) {
                case PROMOTE -> desiredState.reached(Progress.State.WAITING_FOR_DNS);
                case APPLY ->
                    desiredState.progress().state() == Progress.State.WAITING_FOR_DNS
                        ? desiredState.with(desiredState.progress().with(Progress.State.QUEUED))
                        : desiredState;
                case RESTART, REPAIR -> desiredState;
              };
        };
    boolean settled = plan instanceof Plan.Nothing n && n.why() == Plan.Why.ALREADY_SO;
    return state.with(settled ? after.withDriftToldFor(null) : after);
  }

  private static IdentityState tell(
      IdentityState before,
      IdentityState state,
      Observation seen,
      EvaluationContext around,
      @Nullable String changedBy) {
    Instant at = seen.at();
    EffectState effectState = state.effectState();
    DesiredState desiredState = state.desiredState();
    boolean settingUp =
        effectState.phase() == Phase.SETUP
            && effectState.effect() == Effect.FALLBACK
            && effectState.cause() == Cause.PENDING;
    boolean nothingWanted =
        desiredState != null
            && desiredState.desired().wantsNothing()
            && effectState.effect() == Effect.DEFAULT;
    IdentityState owing = state;
    if (!isSpfUnknown(state, seen.view())) {
      IncidentDecision.Decision decision =
          IncidentDecision.decide(
              state.key(),
              state.incidentState(),
              new IncidentDecision.Facts(
                  state.trouble(at, seen.view()).orElse(null),
                  settingUp,
                  nothingWanted,
                  false,
                  state.deadline(),
                  around.baselined(),
                  around.silence(state, at)),
              at);
      owing = owe(state, decision, at, detail(state));
    }
    return drift(earlyWarning(before, owing, seen, around), at, around, changedBy);
  }

  /** Its SPF was broken, and this run did not see it: that neither goes on nor ends. */
  private static boolean isSpfUnknown(IdentityState state, @Nullable DnsView look) {
    Incident incident = state.incidentState().incident();
    return incident != null
        && incident.trouble().kind() == TroubleKind.SPF_BROKEN
        && state.effectState().effect() == Effect.CUSTOM
        && (look == null
            || !look.name().equals(state.sesView().live().mailFromDomain())
            || look.spf() == SpfVerdict.UNKNOWN);
  }

  private static @Nullable String detail(IdentityState state) {
    return switch (state.effectState().effect()) {
      case DEFAULT ->
          state.desiredState() != null && state.desiredState().desired().wantsNothing()
              ? "Nothing is wanted any more: mail goes out from amazonses.com, as asked for."
              : "No custom MAIL FROM domain is set any more.";
      case UNVERIFIED -> "SES no longer says that it is verified: nothing can be sent as it.";
      case CUSTOM, FALLBACK, REJECTED -> null;
    };
  }

  private static IdentityState owe(
      IdentityState state,
      IncidentDecision.Decision decision,
      Instant at,
      @Nullable String detail) {
    IdentityState after = state.with(decision.after());
    Reason reason = decision.reason();
    if (reason == null) {
      return after;
    }
    Incident incident = decision.incident();
    Instant start = incident != null ? incident.startedAt() : startOfSetup(state.effectState());
    boolean over = reason == Reason.RECOVERED || reason == Reason.GONE;
    Severity severity =
        over ? Severity.INFO : incident == null ? Severity.WARNING : incident.trouble().severity();
    return after.owing(
        notice(
            state,
            Notice.idOf(state.key(), start, reason, decision.count()),
            reason,
            severity,
            over ? detail : null,
            at));
  }

  /** Another domain may be set up without a change of effect: its last chance is another one. */
  private static Instant startOfSetup(EffectState effectState) {
    Instant statusSince = effectState.statusSince();
    return statusSince != null ? statusSince : effectState.since();
  }

  private static Notice notice(
      IdentityState state,
      String id,
      Reason reason,
      Severity severity,
      @Nullable String detail,
      Instant at) {
    EffectState effectState = state.effectState();
    return new Notice(
        id,
        reason,
        severity,
        effectState.effect(),
        effectState.cause(),
        effectState.phase(),
        effectState.since(),
        state.deadline(),
        detail,
        at,
        Set.of());
  }

  /** Success still, but the MX answer became a worse one and stayed so for a second run. */
  private static IdentityState earlyWarning(
      IdentityState before, IdentityState state, Observation seen, EvaluationContext around) {
    Instant at = seen.at();
    DnsState dns = state.dnsState();
    String changed = dns.mxChangedTo();
    DnsView view = seen.view();
    // A run in which nobody looked, or could ask, is not the second one.
    if (changed == null
        || !changed.equals(before.dnsState().mxChangedTo())
        || view == null
        || DnsFindings.mxSight(view) == MxCheck.UNKNOWN) {
      return state;
    }
    IdentityState accepted = state.with(dns.withMxUnderSuccess(changed));
    if (!around.baselined()) {
      return accepted;
    }
    if (around.silence(state, at)) {
      // Held back, not forgotten: the first run after the silence tells it.
      return state;
    }
    String detail =
        "SES still says Success, but the MX answer is now: %s."
            .formatted(changed.isEmpty() ? "no record" : changed);
    return accepted.owing(
        notice(
            state,
            Notice.idOf(state.key(), at, Reason.EARLY_WARNING, 0),
            Reason.EARLY_WARNING,
            Severity.WARNING,
            detail,
            at));
  }

  /** Somebody else changed the settings. A removed MAIL FROM domain is an incident instead. */
  private static IdentityState drift(
      IdentityState state, Instant at, EvaluationContext around, @Nullable String changedBy) {
    DesiredState desiredState = state.desiredState();
    // What differs between the calls that heal differs by our hand.
    boolean ours = state.healingState().intent() != null;
    if (desiredState == null
        || desiredState.isPending()
        || desiredState.isRefused()
        || ours
        || !around.baselined()) {
      return state;
    }
    Settings live = state.sesView().live().settings();
    boolean drifted =
        switch (state.plan(new HealPolicy(false, false), false, at)) {
          case Plan.Nothing nothing -> nothing.why() == Plan.Why.DRIFT_LEFT_ALONE;
          case Plan.Call call -> call.action() == PlanAction.REPAIR;
          case Plan.Wait wait -> false;
        };
    if (!drifted
        || state.effectState().cause() == Cause.REMOVED
        || live.equals(desiredState.driftToldFor())) {
      return state;
    }
    String detail =
        "%s set %s; asked for here: %s.%s"
            .formatted(
                changedBy == null ? "Somebody else" : changedBy,
                words(live),
                words(desiredState.desired().settings()),
                state.healingState().isUndoneTooOften()
                    ? " It was set back twice and undone each time: it is left as it is now."
                    : "");
    Notice notice =
        notice(
            state,
            Notice.idOf(state.key(), at, Reason.DRIFT, 0),
            Reason.DRIFT,
            Severity.WARNING,
            detail,
            at);
    return state.with(desiredState.withDriftToldFor(live)).owing(notice);
  }

  private static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + " with " + settings.behaviorOnMxFailure().word();
  }

  /** What SES refused after the caller had been answered 202, as a notice. */
  public static IdentityState notApplied(IdentityState state, String sesWords, Instant at) {
    return state.owing(
        notice(
            state,
            Notice.idOf(state.key(), at, Reason.NOT_APPLIED, 0),
            Reason.NOT_APPLIED,
            Severity.WARNING,
            "SES refused the settings that were asked for: " + sesWords,
            at));
  }
}
