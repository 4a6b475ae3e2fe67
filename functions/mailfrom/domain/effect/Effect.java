package mailfrom.domain.effect;

/** What mail sent now gets. */
public enum Effect {
  /** The custom MAIL FROM domain. */
  CUSTOM,
  /** SES refuses the message. */
  REJECTED,
  /** amazonses.com, although a custom MAIL FROM domain is expected. */
  FALLBACK,
  /** amazonses.com, and nothing else is expected. */
  DEFAULT,
  /** The identity cannot send as itself. */
  UNVERIFIED
}
