package mailfrom.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules for a MAIL FROM domain: what SES demands, and what would break somebody's mail. */
public final class Rules {
  private Rules() {}

  /**
   * What the rules look at.
   *
   * @param live what SES says now; null when it could not be asked
   * @param managedBefore whether it was ever asked for
   * @param view the DNS of the MAIL FROM domain at {@link DnsDepth#RULES}; null when not looked at
   * @param forwardingAtOrBelow identities that are the MAIL FROM domain, an address at it, or below
   *     it, and whether feedback is forwarded for them (null: not known)
   * @param receiptRecipients recipients of the enabled receipt rules; null when not known
   */
  public record Facts(
      IdentityName identity,
      Desired desired,
      @Nullable Live live,
      boolean managedBefore,
      @Nullable DnsView view,
      Map<IdentityName, @Nullable Boolean> forwardingAtOrBelow,
      @Nullable List<String> receiptRecipients) {}

  public static RuleCheck check(Facts facts) {
    List<Violation> violations = new ArrayList<>();
    DomainName domain = facts.desired().settings().mailFromDomain();
    if (domain != null && !domain.isBelow(facts.identity().domain())) {
      violations.add(new Violation(ViolationCode.NOT_A_SUBDOMAIN, "not a subdomain"));
    }
    return new RuleCheck(violations, List.of());
  }
}
