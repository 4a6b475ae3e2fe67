package mailfrom.domain.desired;

/** What the rules warn of and forbid nothing for, besides a violation that was accepted. */
public enum WarningCode implements Problem.Code {
  /** The name has address records: something else may use it. */
  ADDRESS_RECORDS,
  /** A wildcard answers for the name. */
  WILDCARD,
  /** A receipt rule covers the name, and does not name exactly it. */
  RECEIPT_RULE,
  /** Identities of SES lie at or below the name. */
  IDENTITY_BELOW,
  COULD_NOT_ASK
}
