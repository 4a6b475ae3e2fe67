package mailfrom.app.read;

import java.util.Optional;
import mailfrom.app.pace.Deadline;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;

/** The DNS, as far as MAIL FROM domains matter. Never throws for what could not be asked. */
public interface Dns {

  /** One look at a MAIL FROM domain. DMARC is no part of it: that depends on the From domain. */
  DnsView look(DomainName name, DnsDepth depth);

  /**
   * What DMARC makes of a MAIL FROM domain under a From domain; empty when somebody could not be
   * asked.
   */
  Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom);

  /** The same for a request: after its deadline nobody is asked any more. */
  Dns until(Deadline deadline);

  /** The same for one run, in which what many names refer to is asked for once. */
  Dns forRun();
}
