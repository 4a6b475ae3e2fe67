package mailfrom.domain.ses;

import java.util.Optional;

/** SES's word for the state of a custom MAIL FROM domain. */
public enum MailFromStatus {
  /** SES looks for the MX record, for 72 hours. */
  PENDING("Pending"),
  SUCCESS("Success"),
  /** SES stopped looking; only a new call starts it again. */
  FAILED("Failed"),
  /** The record was there and is not now: SES looks for 72 hours. */
  TEMPORARY_FAILURE("TemporaryFailure");

  private final String word;

  MailFromStatus(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** Whether SES still looks for the record, and gives up 72 hours after the status began. */
  public boolean hasDeadline() {
    return this == PENDING || this == TEMPORARY_FAILURE;
  }

  public static Optional<MailFromStatus> ofWord(String word) {
    for (MailFromStatus status : values()) {
      if (status.word.equals(word)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
