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
import mailfrom.domain.identity.MailFromDns;
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
  private static final String NOT_ASKED = "not known: the DNS was not asked, or did not answer";

  /** The records of the wanted domain, what is to be done first. */
  static List<DnsRecord> of(IdentityState state) {
    MailFromDns dns = MailFromDns.of(state);
    DomainName domain = dns.domain();
    if (!dns.isKnown()) {
      return dns.records().isEmpty() && domain != null && waitsForMx(state)
          ? List.of(of(RecordToDo.mx(domain, null, state.key().region()), NOT_ASKED))
          : dns.records().stream().map(item -> of(item, NOT_ASKED)).toList();
    }
    return dns.records().stream()
        .sorted((one, other) -> Boolean.compare(isThere(one), isThere(other)))
        .map(item -> of(item, thereNow(item, dns.findings())))
        .toList();
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
}
