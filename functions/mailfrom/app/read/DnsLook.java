package mailfrom.app.read;

import java.util.Optional;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsFindings;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;

/** How much of the DNS is looked at for an identity. */
public final class DnsLook {
  private DnsLook() {}

  /**
   * Looks as deep as is needed. The zone's own name servers are asked before a restart, and before
   * what the resolver says becomes a notice: a resolver may keep an old answer.
   */
  public static DnsView look(Dns dns, IdentityState state, Live live, DomainName name) {
    boolean healthy = live.isSuccess() && name.equals(live.mailFromDomain());
    DnsView view = dns.look(name, healthy ? DnsDepth.HEALTHY : DnsDepth.FINDINGS);
    return wantsOwnServers(state, live, healthy, view)
        ? dns.look(name, DnsDepth.OWN_SERVERS)
        : view;
  }

  /** The domain whose DNS matters, as live is seen now. */
  public static Optional<DomainName> nameToLookAt(IdentityState state, Live seen) {
    Optional<DomainName> known = state.nameToLookAt();
    boolean wanted = state.desiredState() != null && state.desiredState().isPending();
    return wanted || seen.mailFromDomain() == null
        ? known
        : Optional.ofNullable(seen.mailFromDomain());
  }

  private static boolean wantsOwnServers(
      IdentityState state, Live live, boolean healthy, DnsView view) {
    MxCheck mx = DnsFindings.mxSight(view);
    if (mx == MxCheck.UNKNOWN) {
      return false;
    }
    if (healthy) {
      return !mx.isRight() || view.spf().isBroken();
    }
    Incident incident = state.incidentState().incident();
    boolean told = incident != null && incident.wasTold();
    return mx.isRight() ? live.status() == MailFromStatus.FAILED : !told;
  }
}
