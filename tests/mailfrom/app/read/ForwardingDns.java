package mailfrom.app.read;

import java.util.Optional;
import mailfrom.app.pace.Deadline;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;

/** A DNS that another one answers for, to be changed in a place. */
public class ForwardingDns implements Dns {
  private final Dns to;

  public ForwardingDns(Dns to) {
    this.to = to;
  }

  @Override
  public DnsView look(DomainName name, DnsDepth depth) {
    return to.look(name, depth);
  }

  @Override
  public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
    return to.dmarc(from, mailFrom);
  }

  @Override
  public Dns until(Deadline deadline) {
    return to.until(deadline);
  }

  @Override
  public Dns forRun() {
    return to.forRun();
  }
}
