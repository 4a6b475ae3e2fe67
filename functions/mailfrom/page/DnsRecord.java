package mailfrom.page;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A DNS record as one types it into a DNS console.
 *
 * @param host the name relative to the zone; null when the zone is not known
 * @param zone null when it is not known
 * @param thereNow what is there instead
 */
record DnsRecord(
    String name,
    @Nullable String host,
    @Nullable String zone,
    String type,
    @Nullable Integer priority,
    String value,
    int ttl,
    String toDo,
    boolean isThere,
    String thereNow) {

  /** The records of the domain that matters now, what is to be done first. */
  static List<DnsRecord> of(IdentityState state) {
    List<RecordToDo> known = Advice.records(state);
    if (!known.isEmpty()) {
      return known.stream()
          .sorted((one, other) -> Boolean.compare(isThere(one), isThere(other)))
          .map(item -> of(item, thereNow(item, state.dnsState().findings())))
          .toList();
    }
    DomainName domain = state.sesView().live().mailFromDomain();
    return domain != null && waitsForMx(state)
        ? List.of(
            of(
                RecordToDo.mx(domain, null, state.key().region()),
                "not known: the DNS was not asked"))
        : List.of();
  }

  private static boolean waitsForMx(IdentityState state) {
    Cause cause = state.effectState().cause();
    return cause == Cause.PENDING
        || cause == Cause.TEMPORARY_FAILURE
        || cause == Cause.FAILED
        || state.effectState().effect() == Effect.REJECTED;
  }

  private static boolean isThere(RecordToDo item) {
    return item.state() == RecordToDo.State.PRESENT;
  }

  private static DnsRecord of(RecordToDo item, String thereNow) {
    return new DnsRecord(
        item.name().value(),
        item.host().orElse(null),
        item.zone() == null ? null : item.zone().value(),
        item.type().name(),
        item.priority(),
        item.value(),
        item.ttlSeconds(),
        Words.of(item.state()),
        isThere(item),
        thereNow);
  }

  private static String thereNow(RecordToDo item, List<Finding> findings) {
    return switch (item.state()) {
      case PRESENT -> "as it should be";
      case REMOVE -> "this value";
      case ADD, REPLACE -> seen(item, findings).orElse("nothing");
    };
  }

  /** What the DNS answered for the type, by what was found wrong with it. */
  private static Optional<String> seen(RecordToDo item, List<Finding> findings) {
    boolean isMx = item.type() == RecordType.MX;
    return findings.stream()
        .filter(finding -> finding.code().isAboutMx() == isMx)
        .map(Finding::actual)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** In one line, as a reader knows it from a zone file. */
  String line() {
    return "%s  %s  %s%s"
        .formatted(host == null ? name : host, type, priority == null ? "" : priority + " ", value);
  }
}
