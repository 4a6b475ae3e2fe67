package mailfrom.app.store;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import mailfrom.domain.identity.Ancestor;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/** What one identity needs to know of the others, read from the table. */
public final class ContextReader {
  private final IdentityStore identities;
  private final RegionStore regions;
  private final List<String> watched;

  public ContextReader(IdentityStore identities, RegionStore regions, List<String> watched) {
    this.identities = identities;
    this.regions = regions;
    this.watched = watched;
  }

  public EvaluationContext of(IdentityState state, Optional<DomainName> mailFromDomain) {
    RegionState region = regions.find(state.key().region());
    return new EvaluationContext(
        Ancestor.of(nearestVerifiedAncestor(identities, state.key())),
        regionsOf(state.key(), mailFromDomain),
        region.isBaselined(),
        region.reading().lastCompleteAt(),
        regions.silences());
  }

  /** An identity of a Region that SES answered for in the newest run; null: none is known. */
  public @Nullable IdentityName canary(String region) {
    return regions.find(region).reading().canary();
  }

  /** The nearest less granular identity that is verified: SES takes it where this one is none. */
  public static Optional<IdentityState> nearestVerifiedAncestor(
      IdentityStore identities, IdentityKey key) {
    Optional<IdentityName> parent = key.name().parent();
    while (parent.isPresent()) {
      Optional<IdentityState> row =
          identities.find(new IdentityKey(key.account(), key.region(), parent.get()));
      if (row.isPresent() && row.get().sesView().isVerified()) {
        return row;
      }
      parent = parent.get().parent();
    }
    return Optional.empty();
  }

  /** The Regions in which the same identity uses the same MAIL FROM domain, its own included. */
  private SortedSet<String> regionsOf(IdentityKey key, Optional<DomainName> mailFromDomain) {
    SortedSet<String> found = new TreeSet<>(List.of(key.region()));
    if (mailFromDomain.isPresent()) {
      for (String region : watched) {
        if (!region.equals(key.region())) {
          identities
              .find(new IdentityKey(key.account(), region, key.name()))
              .flatMap(IdentityState::nameToLookAt)
              .filter(mailFromDomain.get()::equals)
              .ifPresent(same -> found.add(region));
        }
      }
    }
    return found;
  }
}
