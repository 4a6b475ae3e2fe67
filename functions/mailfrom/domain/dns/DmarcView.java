package mailfrom.domain.dns;

import java.util.Locale;
import java.util.Optional;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What DMARC makes of a MAIL FROM domain under one From domain (RFC 9989). The same MAIL FROM
 * domain may have another view under another identity.
 *
 * @param from the domain of the From address: that of the identity
 * @param policy the policy that receivers apply; null when there is none
 * @param aligns whether SPF of the MAIL FROM domain can align with the From domain in relaxed mode
 */
public record DmarcView(DomainName from, @Nullable Policy policy, boolean aligns) {

  /** What receivers do with mail that fails. */
  public enum Action {
    NONE,
    QUARANTINE,
    REJECT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A policy as it applies to a From domain.
   *
   * @param at the domain whose record it is: the From domain, or one above it
   * @param action by {@code p}, {@code sp} or {@code np}, whichever applies
   * @param strictSpf whether SPF counts for the From domain itself only ({@code aspf=s})
   * @param strictDkim the same for DKIM ({@code adkim=s})
   */
  public record Policy(String at, Action action, boolean strictSpf, boolean strictDkim) {
    /** The name of its record. */
    public String recordName() {
      return "_dmarc." + at;
    }
  }

  /** Whether a pass of SPF for the MAIL FROM domain counts. Without a policy nothing asks. */
  public boolean spfCounts() {
    return policy == null || (aligns && !policy.strictSpf());
  }

  /** The policy, unless receivers have none to apply. */
  public Optional<Policy> applied() {
    return Optional.ofNullable(policy);
  }
}
