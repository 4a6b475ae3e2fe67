package mailfrom.domain.ses;

import java.util.Objects;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * The MAIL FROM domain of an identity and what happens when its MX record cannot be read: the
 * arguments of SetIdentityMailFromDomain.
 *
 * @param mailFromDomain null disables the custom MAIL FROM domain
 */
public record Settings(
    @Nullable DomainName mailFromDomain, BehaviorOnMxFailure behaviorOnMxFailure) {

  public static final Settings NONE = new Settings(null, BehaviorOnMxFailure.USE_DEFAULT_VALUE);

  /** Whether both mean the same to SES: without a domain the behaviour means nothing. */
  public boolean sameAs(Settings other) {
    return mailFromDomain == null ? other.mailFromDomain == null : equals(other);
  }

  public boolean domainEquals(@Nullable DomainName domain) {
    return Objects.equals(mailFromDomain, domain);
  }

  public Settings with(BehaviorOnMxFailure behavior) {
    return new Settings(mailFromDomain, behavior);
  }
}
