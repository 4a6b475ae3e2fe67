package mailfrom.app.read;

import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;

/** The DNS, as far as MAIL FROM domains matter. Never throws for what could not be asked. */
public interface Dns {

  /** One look at a MAIL FROM domain. */
  DnsView look(DomainName name, DnsDepth depth);
}
