package mailfrom.app.read;

import java.util.Optional;
import java.util.function.Supplier;
import mailfrom.app.pace.Deadline;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;

/** A DNS that another one answers for, to be changed in a place; it stands for each run, too. */
public class ForwardingDns implements Dns {
  private final Supplier<Dns> to;

  /** Makes one that asks whoever it is just then. */
  public ForwardingDns(Supplier<Dns> to) {
    this.to = to;
  }

  @Override
  public DnsView look(DomainName name, DnsDepth depth) {
    return to.get().look(name, depth);
  }

  @Override
  public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
    return to.get().dmarc(from, mailFrom);
  }

  @Override
  public Dns until(Deadline deadline) {
    return this;
  }

  @Override
  public Dns forRun() {
    return this;
  }
}
