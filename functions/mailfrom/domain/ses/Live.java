package mailfrom.domain.ses;

import java.util.Objects;
import java.util.Optional;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What SES says now about the MAIL FROM of an identity. No domain means that nothing is configured,
 * whatever the status says (some answers say Pending there).
 */
public record Live(
    @Nullable DomainName mailFromDomain,
    BehaviorOnMxFailure behaviorOnMxFailure,
    @Nullable MailFromStatus status) {

  /** Nothing is configured. */
  public static final Live NONE = new Live(null, BehaviorOnMxFailure.USE_DEFAULT_VALUE, null);

  public Live {
    if (mailFromDomain == null) {
      status = null;
    } else if (status == null) {
      throw new IllegalArgumentException("a MAIL FROM domain without a status");
    }
  }

  /** Whether SES says the same of the same domain. */
  public boolean hasStatusOf(Live other) {
    return status == other.status && Objects.equals(mailFromDomain, other.mailFromDomain);
  }

  public boolean isSuccess() {
    return status == MailFromStatus.SUCCESS;
  }

  /**
   * What SES documents to say next when it took settings: it looks for the record of a new domain.
   * Of a domain that it gave up nothing is documented.
   */
  public Optional<Live> after(Settings taken) {
    DomainName domain = taken.mailFromDomain();
    if (domain == null) {
      return Optional.of(NONE);
    }
    boolean isNew = status == null || !domain.equals(mailFromDomain);
    return status == MailFromStatus.FAILED && !isNew
        ? Optional.empty()
        : Optional.of(
            new Live(domain, taken.behaviorOnMxFailure(), isNew ? MailFromStatus.PENDING : status));
  }

  public Settings settings() {
    return new Settings(mailFromDomain, behaviorOnMxFailure);
  }
}
