package mailfrom.domain.incident;

/** Why something is told. */
public enum Reason {
  STARTED,
  /** Worse than what was told last. */
  WORSE,
  /** Mail flows again, but the incident goes on. */
  BETTER,
  /** Twelve hours or less until SES gives up. */
  LAST_CHANCE,
  REMINDER,
  /** The third incident in 24 hours. */
  FLAPPING,
  RECOVERED,
  /** The identity was deleted. */
  GONE,
  /** Success still, but the MX answer changed. */
  EARLY_WARNING,
  /** Somebody else changed the settings. */
  DRIFT,
  /** SES refused what had been answered 202 for. */
  NOT_APPLIED,
  /** A Region's first complete run. */
  BASELINE,
  /** The brake holds repairs back. */
  HELD,
  /** Could not ask too often. */
  BLIND,
  BLIND_OVER,
  /** A silence ended, and some of what it covered is still bad. */
  SILENCE_OVER,
  /** Once a week, when asked for: all is well, or what is not. */
  WEEKLY;

  /** Whether it is about one identity, or about a run. */
  public boolean isAboutIdentity() {
    return switch (this) {
      case STARTED,
          WORSE,
          BETTER,
          LAST_CHANCE,
          REMINDER,
          FLAPPING,
          RECOVERED,
          GONE,
          EARLY_WARNING,
          DRIFT,
          NOT_APPLIED ->
          true;
      case BASELINE, HELD, BLIND, BLIND_OVER, SILENCE_OVER, WEEKLY -> false;
    };
  }
}
