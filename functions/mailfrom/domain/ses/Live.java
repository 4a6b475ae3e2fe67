package mailfrom.domain.ses;

import java.util.Objects;
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

  public Settings settings() {
    return new Settings(mailFromDomain, behaviorOnMxFailure);
  }
}
