package mailfrom.domain.effect;

/** Whether the live MAIL FROM domain has ever worked. */
public enum Phase {
  /** SES has not said Success for it yet. */
  SETUP,
  LIVE
}
