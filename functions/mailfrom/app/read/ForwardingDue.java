package mailfrom.app.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;

/**
 * Of whom a run asks whether feedback is forwarded. Only the rule that a MAIL FROM domain is no
 * From domain needs it, and a MAIL FROM domain lies below the domain of another identity: those
 * that do are asked for in each run, once all are listed. What lies below none, and may one day, is
 * asked for in a Region's first run and then in its turn; an address never matters.
 */
final class ForwardingDue {
  private final boolean isFirstRun;
  private final Rotation rotation;
  private final Set<DomainName> domains = new HashSet<>();
  private final List<IdentityName> others = new ArrayList<>();

  ForwardingDue(boolean isFirstRun, Rotation rotation) {
    this.isFirstRun = isFirstRun;
    this.rotation = rotation;
  }

  /** Takes one that was listed; whether it is asked for, whoever is listed beside it. */
  boolean take(IdentityName name) {
    domains.add(name.domain());
    boolean isDue = !name.isAddress() && (isFirstRun || rotation.isTurnOf(name.value()));
    if (!isDue) {
      others.add(name);
    }
    return isDue;
  }

  /** Once all are listed: of each of the others, whether it is asked for all the same. */
  Map<Boolean, List<IdentityName>> others() {
    return others.stream()
        .collect(
            Collectors.partitioningBy(name -> !name.isAddress() && isBelowAnother(name.domain())));
  }

  private boolean isBelowAnother(DomainName domain) {
    Optional<DomainName> above = domain.parent();
    while (above.isPresent() && !domains.contains(above.get())) {
      above = above.get().parent();
    }
    return above.isPresent();
  }
}
