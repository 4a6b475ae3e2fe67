package mailfrom.local;

import java.util.Arrays;
import java.util.Optional;

/** A question about SES that is not settled, and that the local SES answers either way. */
public enum Switch {
  /**
   * Setting a MAIL FROM domain that is Success again, with whatever behaviour, turns it into
   * Pending.
   */
  SET_RESETS_SUCCESS("setResetsSuccess", false),
  /** Setting a Failed one again starts it anew; otherwise it must be cleared first. */
  SET_RESTARTS_FAILED("setRestartsFailed", true),
  /** Leaving the MAIL FROM domain out is refused: only an empty string clears. */
  CLEAR_NEEDS_EMPTY_STRING("clearNeedsEmptyString", false),
  /** The one call a second is one budget for all operations of a Region. */
  SHARED_PACE("sharedPace", false),
  /** A MAIL FROM domain for an identity that is not verified is refused. */
  VERIFIED_REQUIRED("verifiedRequired", true),
  /** A change without a behaviour keeps the old one; otherwise it becomes UseDefaultValue. */
  BEHAVIOR_KEPT_WHEN_LEFT_OUT("behaviorKeptWhenLeftOut", false),
  /** A new identity is verified the moment it is made. */
  VERIFY_AT_ONCE("verifyAtOnce", true);

  private final String word;
  private final boolean byDefault;

  Switch(String word, boolean byDefault) {
    this.word = word;
    this.byDefault = byDefault;
  }

  /** The name of the switch in JSON. */
  public String word() {
    return word;
  }

  /** How it stands until somebody turns it. */
  public boolean byDefault() {
    return byDefault;
  }

  /** The switch of that name, if there is one. */
  public static Optional<Switch> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
  }
}
