package mailfrom.domain.identity;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * The MAIL FROM domain that an identity is to have, and what is known of its DNS. A domain that
 * somebody else put in the place of the wanted one is never it: nobody is told to publish records
 * for it.
 *
 * @param domain null: none is wanted, and there was none
 * @param isKnown whether the DNS was looked at for this domain; a look at another says nothing
 * @param zone null when it is not known
 */
public record MailFromDns(
    @Nullable DomainName domain,
    boolean isKnown,
    @Nullable DomainName zone,
    List<Finding> findings,
    List<RecordToDo> records) {

  public static final MailFromDns NOTHING =
      new MailFromDns(null, false, null, List.of(), List.of());

  public static MailFromDns of(IdentityState state) {
    DomainName domain = domain(state).orElse(null);
    DnsState looked = state.dnsState();
    if (domain != null && domain.equals(looked.name())) {
      return new MailFromDns(domain, true, looked.zone(), looked.findings(), looked.records());
    }
    List<RecordToDo> needed =
        domain != null && Objects.equals(domain, wanted(state))
            ? List.of(
                RecordToDo.mx(domain, null, state.key().region()), RecordToDo.spf(domain, null))
            : List.of();
    return new MailFromDns(domain, false, null, List.of(), needed);
  }

  private static Optional<DomainName> domain(IdentityState state) {
    Optional<DomainName> wanted = Optional.ofNullable(wanted(state));
    return state.drift() == null ? state.nameToLookAt().or(() -> wanted) : wanted;
  }

  private static @Nullable DomainName wanted(IdentityState state) {
    Desired desired = state.desired();
    return desired == null ? null : desired.settings().mailFromDomain();
  }

  /** What is to be published or removed, the first being what SES needs. */
  public List<RecordToDo> toDo() {
    return records.stream().filter(item -> item.state() != RecordToDo.State.PRESENT).toList();
  }
}
