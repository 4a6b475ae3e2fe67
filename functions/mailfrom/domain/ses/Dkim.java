package mailfrom.domain.ses;

/** What SES says of the DKIM of one identity. */
public enum Dkim {
  SIGNS,
  /** It was set up, and is off or not verified. */
  DOES_NOT_SIGN,
  /**
   * Off and not started. An address, and a name below a domain, may be signed by the domain's keys
   * all the same.
   */
  BARE
}
