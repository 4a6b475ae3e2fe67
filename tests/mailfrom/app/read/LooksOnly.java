package mailfrom.app.read;

import java.util.Optional;
import mailfrom.app.pace.Deadline;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.name.DomainName;

/** A DNS of which only the looks matter: nobody answers for DMARC. */
@FunctionalInterface
public interface LooksOnly extends Dns {

  @Override
  default Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
    return Optional.empty();
  }

  @Override
  default Dns forRun() {
    return this;
  }

  @Override
  default Dns until(Deadline deadline) {
    return this;
  }
}
