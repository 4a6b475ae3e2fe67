package mailfrom.domain.effect;

/** Why mail does not get the custom MAIL FROM domain. */
public enum Cause {
  /** SES has not found the MX record yet. */
  PENDING,
  /** SES gave up looking for the MX record. */
  FAILED,
  /** The MX record was there and is not now. */
  TEMPORARY_FAILURE,
  /** Somebody else removed the setting. */
  REMOVED,
  /** It was verified, and is not any more: SES takes no mail of it. */
  VERIFICATION_LOST,
  /** The ancestor domain has a MAIL FROM domain, and this more granular identity has none. */
  NOT_COVERED
}
