package mailfrom.domain.ses;

import java.util.Optional;

/** What SES does with mail while the MX record of the MAIL FROM domain cannot be read. */
public enum BehaviorOnMxFailure {
  /** SES uses amazonses.com or a subdomain of it. */
  USE_DEFAULT_VALUE("UseDefaultValue"),
  /** SES answers MailFromDomainNotVerified and sends nothing. */
  REJECT_MESSAGE("RejectMessage");

  private final String word;

  BehaviorOnMxFailure(String word) {
    this.word = word;
  }

  /** SES's own word, which the API uses too. */
  public String word() {
    return word;
  }

  public static Optional<BehaviorOnMxFailure> ofWord(String word) {
    for (BehaviorOnMxFailure behavior : values()) {
      if (behavior.word.equals(word)) {
        return Optional.of(behavior);
      }
    }
    return Optional.empty();
  }
}
