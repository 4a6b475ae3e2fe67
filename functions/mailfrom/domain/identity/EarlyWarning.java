package mailfrom.domain.identity;

import java.time.Instant;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Warning;

/** Success still, but the MX answer became a worse one and stayed so for a second run. */
final class EarlyWarning {
  private EarlyWarning() {}

  /**
   * The state that owes what is to be told.
   *
   * @param before what the DNS had said before this run
   */
  static IdentityState told(
      DnsState before, IdentityState state, Observation seen, EvaluationContext around) {
    Instant at = seen.at();
    DnsState dns = state.dnsState();
    String changed = dns.mxChangedTo();
    DnsView view = seen.view();
    // A run in which nobody looked, or could ask, is not the second one.
    if (changed == null
        || !changed.equals(before.mxChangedTo())
        || view == null
        || !DnsFindings.mxCheck(view).isKnown()) {
      return state;
    }
    IdentityState accepted = state.withDns(dns.withMxUnderSuccess(changed));
    return switch (around.audience(state, at)) {
      case BEFORE_BASELINE -> accepted;
      // Held back, not forgotten: the first run after the silence tells it.
      case SILENCED -> state;
      case LISTENING -> {
        Warning known = state.incidentState().openWarning(Reason.EARLY_WARNING);
        // Of what comes and goes the end is awaited: not each time it comes is told.
        yield known != null && known.again()
            ? accepted
            : accepted.warning(
                Reason.EARLY_WARNING,
                "SES still says Success, but the MX answer is now: %s."
                    .formatted(changed.isEmpty() ? "no record" : changed),
                at);
      }
    };
  }
}
