package mailfrom.app;

import mailfrom.domain.DnsDepth;
import mailfrom.domain.DnsView;
import mailfrom.domain.DomainName;

/** The DNS, as far as MAIL FROM domains matter. Never throws for what could not be asked. */
public interface Dns {

  /** One look at a MAIL FROM domain. */
  DnsView look(DomainName name, DnsDepth depth);
}
