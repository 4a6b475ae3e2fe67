package mailfrom.domain.desired;

/** A rule that desired settings may break. */
public enum ViolationCode implements Problem.Code {
  /** The MAIL FROM domain is not a subdomain of the identity (SES, rule 1). */
  NOT_A_SUBDOMAIN(false),
  MALFORMED_NAME(false),
  /** The name receives mail (SES, rule 3). */
  RECEIVES_MAIL(true),
  /** The name sends, and feedback is forwarded to it (SES, rule 2). */
  FEEDBACK_DESTINATION(true),
  /** The name has a CNAME of its own. */
  NAME_IN_USE(true),
  /** Never asked for, and SES has another MAIL FROM domain for the identity. */
  ALREADY_SET(true);

  private final boolean overridable;

  ViolationCode(boolean overridable) {
    this.overridable = overridable;
  }

  /** Whether naming the code in {@code accept} overrides it. */
  public boolean overridable() {
    return overridable;
  }
}
