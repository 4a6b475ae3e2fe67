package mailfrom.app.read;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;

/**
 * Of whom a run asks whether feedback is forwarded. Only the rule that a MAIL FROM domain is no
 * From domain needs it, and a MAIL FROM domain lies below the domain of another identity: those
 * that do are asked for in each run. What lies below none, and may one day, is asked for now and
 * then; an address never matters.
 */
final class ForwardingDue {
  private final Set<DomainName> domains;
  private final Rotation rotation;

  /**
   * Makes one for a run.
   *
   * @param listed all identities of the Region
   */
  ForwardingDue(Collection<IdentityName> listed, Rotation rotation) {
    this.domains = listed.stream().map(IdentityName::domain).collect(Collectors.toSet());
    this.rotation = rotation;
  }

  boolean isDue(IdentityName name) {
    return !name.isAddress() && (rotation.isTurnOf(name.value()) || isBelowAnother(name.domain()));
  }

  private boolean isBelowAnother(DomainName domain) {
    Optional<DomainName> above = domain.parent();
    while (above.isPresent() && !domains.contains(above.get())) {
      above = above.get().parent();
    }
    return above.isPresent();
  }
}
