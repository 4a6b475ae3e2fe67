package mailfrom.domain.incident;

import org.jspecify.annotations.Nullable;

/** What was decided about telling something of an identity's trouble. */
public sealed interface Decision {

  /** What is remembered. */
  IncidentState after();

  /**
   * Something is told.
   *
   * @param incident the one that it is about; null for a setup, which is none
   * @param count how often this was told of it before, for the notice's id
   */
  record Tell(Reason reason, @Nullable Incident incident, int count, IncidentState after)
      implements Decision {}

  /** Nothing is told. */
  record StayQuiet(Quiet why, IncidentState after) implements Decision {}

  /** Why nothing is told. */
  enum Quiet {
    NOT_TROUBLE,
    /** In the BASELINE report of the Region. */
    IN_BASELINE,
    ALREADY_TOLD,
    SETTING_UP,
    /** The trouble is gone, but not for long enough. */
    RECOVERING,
    /** It ended, and nobody had been told that it began. */
    NEVER_TOLD,
    /** It goes up and down: not each flip is told. */
    FLAPPING,
    SILENCED,
    /** What it is about could not be asked in this run: that neither goes on nor ends. */
    NOT_SEEN
  }
}
