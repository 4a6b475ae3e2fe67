package mailfrom.domain.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Planner;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Warning;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/// The end of what was told beside incidents: told once it was not seen for ten minutes, in two
/// reads; longer when it had come back.
///
/// | told | now | it is |
/// | --- | --- | --- |
/// | `DRIFT`, `NOT_APPLIED` | nothing is asked for by anybody any more | not seen |
/// | `DRIFT`, `NOT_APPLIED` | live is what is asked for, or its first step | not seen |
/// | `DRIFT`, `NOT_APPLIED` | drift; refused | seen |
/// | `DRIFT`, `NOT_APPLIED` | else: still to be applied, or not verified | as before |
/// | `EARLY_WARNING` | no MAIL FROM domain is set, and none is missed | not seen |
/// | `EARLY_WARNING` | mail falls back or is lost: an incident with its own end | as before |
/// | `EARLY_WARNING` | the live domain's MX is right | not seen |
/// | `EARLY_WARNING` | it is not | seen |
/// | `EARLY_WARNING` | nobody looked, or could ask | as before |
final class WarningEnd {
  private WarningEnd() {}

  private enum Sight {
    SEEN,
    NOT_SEEN,
    AS_BEFORE
  }

  /**
   * The state that owes the ends.
   *
   * @param look this read's look at the DNS; null: nobody looked
   */
  static IdentityState told(IdentityState state, @Nullable DnsView look, Instant at) {
    List<Warning> left = new ArrayList<>();
    List<Notice> ends = new ArrayList<>();
    for (Warning before : state.incidentState().warnings()) {
      Warning now = before.isOpen() ? after(before, state, look, at) : before;
      if (now.isKept(at)) {
        left.add(now);
      }
      if (before.isOpen() && !now.isOpen()) {
        ends.add(end(now, state, at));
      }
    }
    IdentityState next = state.withIncidents(state.incidentState().withWarnings(left));
    for (Notice end : ends) {
      next = next.owing(end);
    }
    return next;
  }

  private static Warning after(
      Warning open, IdentityState state, @Nullable DnsView look, Instant at) {
    Warning now =
        switch (sight(open.reason(), state, look)) {
          case SEEN -> open.seen();
          case NOT_SEEN -> open.notSeen(at);
          case AS_BEFORE -> open;
        };
    return now.isOver(at) ? now.over(at) : now;
  }

  private static Notice end(Warning over, IdentityState state, Instant at) {
    return state.notice(
        over.reason().over().orElseThrow(),
        Severity.INFO,
        words(over, state),
        over.toldAt(),
        0,
        at);
  }

  /** Mail gets its MAIL FROM domain again, and the MX is right: no warning of it is left. */
  static IdentityState inItsEnd(IdentityState state, Decision decision) {
    boolean isEnd = decision instanceof Decision.Tell tell && tell.reason() == Reason.RECOVERED;
    IncidentState incidents = state.incidentState();
    return isEnd && state.mxOfThatName().isRight()
        ? state.withIncidents(
            incidents.withWarnings(
                incidents.warnings().stream()
                    .filter(warning -> warning.reason() != Reason.EARLY_WARNING)
                    .toList()))
        : state;
  }

  private static Sight sight(Reason reason, IdentityState state, @Nullable DnsView look) {
    return reason == Reason.EARLY_WARNING ? ofTheMx(state, look) : ofTheSettings(state);
  }

  private static Sight ofTheSettings(IdentityState state) {
    DesiredState asked = state.desiredState();
    if (asked == null || isAsAsked(state, asked)) {
      return Sight.NOT_SEEN;
    }
    return asked.drift() != null || asked.isRefused() ? Sight.SEEN : Sight.AS_BEFORE;
  }

  private static boolean isAsAsked(IdentityState state, DesiredState asked) {
    return state.effectState().effect() != Effect.UNVERIFIED
        && Planner.isSet(state.sesView().live(), asked.desired());
  }

  private static Sight ofTheMx(IdentityState state, @Nullable DnsView look) {
    DomainName live = state.sesView().live().mailFromDomain();
    return switch (state.effectState().effect()) {
      case DEFAULT -> Sight.NOT_SEEN;
      case UNVERIFIED, REJECTED, FALLBACK -> Sight.AS_BEFORE;
      case CUSTOM -> {
        MxCheck mx =
            look != null && look.name().equals(live) ? DnsFindings.mxCheck(look) : MxCheck.UNKNOWN;
        yield !mx.isKnown() ? Sight.AS_BEFORE : mx.isRight() ? Sight.NOT_SEEN : Sight.SEEN;
      }
    };
  }

  private static String words(Warning over, IdentityState state) {
    if (over.reason() == Reason.EARLY_WARNING) {
      return state.effectState().effect() == Effect.DEFAULT
          ? "No custom MAIL FROM domain is set any more."
          : "SES says Success, as it did all the time.";
    }
    if (state.desiredState() == null) {
      return "Nothing is asked for here any more.";
    }
    Settings live = state.sesView().live().settings();
    SetCall set = state.healingState().lastSet();
    return "SES has what is asked for: "
        + DriftTelling.words(live)
        + (set != null && !set.at().isBefore(over.toldAt()) && set.settings().sameAs(live)
            ? ", set by %s.".formatted(set.by())
            : ".");
  }
}
