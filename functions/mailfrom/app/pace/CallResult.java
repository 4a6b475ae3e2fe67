package mailfrom.app.pace;

/** What asking somebody gave: an answer, or that nobody could be asked, which is never a change. */
public sealed interface CallResult<T> {

  /** The answer. */
  record Answered<T>(T value) implements CallResult<T> {}

  /**
   * No answer.
   *
   * @param why for logs and warnings
   */
  record NotAnswered<T>(Kind kind, String why) implements CallResult<T> {}

  /** Whether there was no answer, and for this reason. */
  default boolean isOf(Kind kind) {
    return this instanceof NotAnswered<T>(Kind its, String _) && its == kind;
  }

  /** Why there was no answer. */
  enum Kind {
    /** Nobody was asked: no slot was free in time. */
    NO_SLOT,
    THROTTLED,
    /** Nothing was sent: the call came too late for its slot. */
    SLOT_MISSED,
    FAILED,
    /** The account has not enabled this Region. */
    REGION_NOT_ENABLED,
    /** A policy of the organisation denies this Region. */
    REGION_DENIED,
    /** SES is not in this Region, or there is no such Region. */
    REGION_WITHOUT_SES;

    /** Whether nobody can be asked in this Region, and asking again is of no use. */
    public boolean isOfRegion() {
      return switch (this) {
        case NO_SLOT, THROTTLED, SLOT_MISSED, FAILED -> false;
        case REGION_NOT_ENABLED, REGION_DENIED, REGION_WITHOUT_SES -> true;
      };
    }

    /** Whether the turn did not come in time: others were before, at our own line or at SES's. */
    public boolean isOfLine() {
      return switch (this) {
        case NO_SLOT, THROTTLED, SLOT_MISSED -> true;
        case FAILED, REGION_NOT_ENABLED, REGION_DENIED, REGION_WITHOUT_SES -> false;
      };
    }
  }
}
