package mailfrom.domain.incident;

/** Where notices are delivered. */
public enum Topic {
  /** People: one message a run and Region. */
  ALERTS,
  /** Machines: one message a notice. */
  NOTICES
}
