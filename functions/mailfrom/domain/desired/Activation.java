package mailfrom.domain.desired;

/** When desired settings are handed to SES. */
public enum Activation {
  /** Never makes mail worse: RejectMessage waits for Success, a new domain for its MX. */
  STAGED("staged"),
  /** SES is called only once the MX is right, so that the 72 hours cannot run out. */
  WHEN_READY("whenReady"),
  /** Now, with a warning when mail will be rejected or fall back. */
  IMMEDIATE("immediate");

  private final String word;

  Activation(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
