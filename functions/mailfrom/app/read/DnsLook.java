package mailfrom.app.read;

import java.util.Optional;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;

/** How much of the DNS is looked at for an identity. */
public final class DnsLook {
  private DnsLook() {}

  /**
   * Looks as deep as is needed. The zone's own name servers are asked before a restart, and before
   * what the resolver says becomes a notice: a resolver may keep an old answer.
   *
   * @param withDmarc whether to look at DMARC though nothing is wrong
   */
  public static DnsView look(
      Dns dns, IdentityState state, Live live, DomainName name, boolean withDmarc) {
    boolean healthy = live.isSuccess() && name.equals(live.mailFromDomain());
    DnsView view = dns.look(name, healthy ? DnsDepth.HEALTHY : DnsDepth.FINDINGS);
    boolean own = wantsOwnServers(state, live, healthy, view);
    if (own) {
      view = dns.look(name, DnsDepth.OWN_SERVERS);
    }
    return !healthy || own || withDmarc ? withDmarc(dns, state.key().name(), view) : view;
  }

  /** A look at all of one depth, whatever is known. */
  public static DnsView whole(Dns dns, IdentityName identity, DomainName name, DnsDepth depth) {
    return withDmarc(dns, identity, dns.look(name, depth));
  }

  /** Where nobody answers for the MX, nobody is asked for the rest. */
  private static DnsView withDmarc(Dns dns, IdentityName identity, DnsView view) {
    return view.mx().couldNotAsk()
        ? view
        : dns.dmarc(identity.domain(), view.name()).map(view::with).orElse(view);
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
    MxCheck mx = DnsFindings.mxCheck(view);
    if (!mx.isKnown()) {
      return false;
    }
    if (healthy) {
      return !mx.isRight() || view.spf().verdict().isBroken();
    }
    Incident incident = state.incidentState().incident();
    boolean told = incident != null && incident.wasTold();
    return mx.isRight() ? live.status() == MailFromStatus.FAILED : !told;
  }
}
