package mailfrom.dns;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Finds the zone that a name is in: where it is cut from its parent. */
final class ZoneFinder {
  /** Who could not be asked twice on the way up to the zone is not asked further. */
  private static final int MOST_SILENT = 2;

  /**
   * Second labels under which registries of countries delegate, as they do under the country's own.
   * A zone that ends there is nobody's domain.
   */
  private static final Set<String> REGISTRY_LABELS =
      Set.of(
          "ac", "co", "com", "edu", "go", "gob", "gov", "gv", "id", "ltd", "me", "mil", "ne", "net",
          "nom", "or", "org", "plc", "sch", "web");

  private final Resolvers resolvers;

  ZoneFinder(Resolvers resolvers) {
    this.resolvers = resolvers;
  }

  /**
   * What is known of the zone of a name.
   *
   * @param apex the nearest one that answered; null when none did
   * @param isSure whether nothing below it stayed silent, which might be a zone of its own
   */
  record Found(Zone.State state, @Nullable Name apex, boolean isSure) {
    static final Found NOTHING = new Found(Zone.State.NOT_ASKED, null, false);

    Zone zone() {
      Optional<DomainName> name =
          apex == null || !isSure
              ? Optional.empty()
              : DomainName.parse(Records.plain(apex)).toOptional();
      return name.map(Zone::of).orElse(state == Zone.State.MISSING ? Zone.MISSING : Zone.NOT_ASKED);
    }

    /** The same, when the apex's own servers have answered for the name. */
    Found proven() {
      return new Found(state, apex, true);
    }
  }

  /**
   * Finds it: one question for the start of authority, which a negative answer names too. Up to the
   * parent only where that was not said.
   */
  Found find(Name name) {
    int silent = 0;
    boolean nobodyKnowsIt = false;
    for (Name at = name; at.labels() > 2; at = new Name(at, 1)) {
      switch (resolvers.ask(at, Type.SOA)) {
        case Reply.None _ -> {
          silent++;
          nobodyKnowsIt = false;
          if (silent >= MOST_SILENT) {
            return Found.NOTHING;
          }
        }
        case Reply.Came came -> {
          if (came.isAlias()) {
            continue;
          }
          Optional<Name> apex = came.zone();
          if (apex.isPresent() && at.subdomain(apex.get())) {
            return isRegistrys(apex.get(), name)
                ? missing(silent == 0)
                : new Found(Zone.State.DELEGATED, apex.get(), silent == 0);
          }
          nobodyKnowsIt = !came.nameExists();
        }
      }
    }
    return missing(nobodyKnowsIt && silent == 0);
  }

  private static Found missing(boolean isSure) {
    return isSure ? new Found(Zone.State.MISSING, null, true) : Found.NOTHING;
  }

  /**
   * Whether a zone is the root's, a top-level domain's or one that a registry delegates from. Above
   * a MAIL FROM domain is an identity's: one label below a zone, the zone is somebody's.
   */
  private static boolean isRegistrys(Name apex, Name name) {
    int labels = apex.labels() - 1;
    return labels < 2
        || (labels == 2
            && name.labels() > apex.labels() + 1
            && apex.getLabelString(1).length() == 2
            && REGISTRY_LABELS.contains(apex.getLabelString(0).toLowerCase(Locale.ROOT)));
  }
}
