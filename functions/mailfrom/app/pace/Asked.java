package mailfrom.app.pace;

/** What asking somebody gave: an answer, or that nobody could be asked, which is never a change. */
public sealed interface Asked<T> {

  /** The answer. */
  record Answer<T>(T value) implements Asked<T> {}

  /**
   * No answer.
   *
   * @param why for logs and warnings
   */
  record CouldNotAsk<T>(Kind kind, String why) implements Asked<T> {}

  /** Why there was no answer. */
  enum Kind {
    THROTTLED,
    /** Nothing was sent: the call came too late for its slot. */
    SLOT_MISSED,
    FAILED,
    /** The account has not enabled this Region. */
    REGION_NOT_ENABLED
  }
}
