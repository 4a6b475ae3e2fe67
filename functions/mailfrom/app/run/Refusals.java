package mailfrom.app.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mailfrom.app.pace.EventTime;
import mailfrom.app.read.Dns;
import mailfrom.app.settings.RuleChecking;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.Violation;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;

/**
 * How settings end that were taken and cannot be applied: the rules refuse them late, SES does not
 * know the identity, or never takes it for verified. Who was promised more is told.
 */
final class Refusals {
  /** An identity that SES does not take for verified is tried again for this long. */
  private static final Duration VERIFICATION_TRIED_FOR = Duration.ofDays(14);

  private static final String UNKNOWN_IDENTITY =
      "There is no such identity in this Region: check its spelling and its Region.";

  private final RuleChecking rules;
  private final Dns dns;
  private final EventTime time;

  Refusals(RuleChecking rules, Dns dns, EventTime time) {
    this.rules = rules;
    this.dns = dns;
    this.time = time;
  }

  /** What the rules say of settings that were taken before their identity was read. */
  Optional<List<Violation>> check(IdentityState stored, Observation seen) {
    DesiredState asked = stored.desiredState();
    if (asked == null || !asked.progress().isCheckDue()) {
      return Optional.empty();
    }
    DomainName domain = asked.desired().settings().mailFromDomain();
    DnsView view = domain == null ? null : dns.look(domain, DnsDepth.RULES);
    return Optional.of(rules.check(stored, seen, asked.desired(), view).violations());
  }

  /** Keeps what the rules said, unless other settings were asked for since. */
  IdentityState checked(
      IdentityState state, IdentityState stored, Optional<List<Violation>> broken) {
    return broken.isPresent() && version(state) == version(stored)
        ? state.withProgress(progress -> progress.checked(broken.get()))
        : state;
  }

  /** Refused by rules, or unknown to SES: told when the caller was promised more. */
  IdentityState refused(IdentityState state) {
    DesiredState desired = state.desiredState();
    if (desired == null || !desired.isRefused() || !desired.progress().promised()) {
      return state;
    }
    Progress.LateCheck check = desired.progress().lateCheck();
    return check == null
        ? Evaluation.notApplied(state, String.valueOf(desired.progress().lastError()), time.now())
        : Evaluation.notApplied(state, check.violations(), time.now());
  }

  /** As SES does not know it, unless other settings were asked for since. */
  IdentityState unknown(IdentityState fresh, IdentityState stored) {
    return version(fresh) == version(stored)
        ? refused(
            fresh.withProgress(
                progress -> progress.attempted(Progress.State.REFUSED, UNKNOWN_IDENTITY)))
        : fresh;
  }

  /** Whether SES has not taken it for verified all the while. */
  boolean isGivenUp(IdentityState state) {
    DesiredState desired = state.desiredState();
    return desired != null
        && desired.progress().state() == Progress.State.WAITING_FOR_VERIFICATION
        && !time.event().isBefore(desired.progress().at().plus(VERIFICATION_TRIED_FOR));
  }

  IdentityState givenUp(IdentityState state) {
    DesiredState desired = state.desiredState();
    if (desired == null || !isGivenUp(state)) {
      return state;
    }
    String words = desired.progress().lastError();
    IdentityState refusedState = state.withDesired(desired.with(Progress.State.REFUSED));
    return desired.progress().promised() && words != null
        ? Evaluation.notApplied(refusedState, words, time.now())
        : refusedState;
  }

  private static long version(IdentityState state) {
    DesiredState desired = state.desiredState();
    return desired == null ? 0 : desired.version();
  }
}
