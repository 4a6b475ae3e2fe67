package mailfrom.domain.dns;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Addresses that are checked together, all of one family.
 *
 * @param known the addresses; empty when they have no number
 */
record SpfClients(Kind kind, boolean isV6, AddressSet known) {
  enum Kind {
    KNOWN,
    /** One that SES will have some day: in no network but that of all addresses. */
    NEW_OF_SES,
    /** Those of SES when nobody can be asked for them: in any network, or not. */
    UNKNOWN_OF_SES
  }

  static SpfClients of(AddressSet addresses, boolean v6) {
    return new SpfClients(Kind.KNOWN, v6, addresses);
  }

  /** The addresses of a set, those of each family by themselves. */
  static List<SpfClients> families(AddressSet addresses) {
    return Stream.of(
            of(addresses.and(AddressSet.ALL_V4), false), of(addresses.and(AddressSet.ALL_V6), true))
        .filter(family -> !family.known.isEmpty())
        .toList();
  }

  /** Addresses of SES without a number. */
  static SpfClients symbol(Kind kind, boolean v6) {
    return new SpfClients(kind, v6, AddressSet.NONE);
  }

  boolean isOfSes() {
    return kind != Kind.KNOWN;
  }

  Optional<SpfClients> in(AddressSet networks) {
    return switch (kind) {
      case KNOWN -> some(known.and(networks));
      case NEW_OF_SES -> areAll(networks) ? Optional.of(this) : Optional.empty();
      case UNKNOWN_OF_SES ->
          networks.and(family()).isEmpty() ? Optional.empty() : Optional.of(this);
    };
  }

  Optional<SpfClients> outside(AddressSet networks) {
    return switch (kind) {
      case KNOWN -> some(known.minus(networks));
      case NEW_OF_SES, UNKNOWN_OF_SES -> areAll(networks) ? Optional.empty() : Optional.of(this);
    };
  }

  private AddressSet family() {
    return isV6 ? AddressSet.ALL_V6 : AddressSet.ALL_V4;
  }

  private boolean areAll(AddressSet networks) {
    return networks.containsAll(family());
  }

  SpfClients plus(SpfClients others) {
    return new SpfClients(kind, isV6, known.plus(others.known));
  }

  private Optional<SpfClients> some(AddressSet addresses) {
    return addresses.isEmpty() ? Optional.empty() : Optional.of(of(addresses, isV6));
  }
}
