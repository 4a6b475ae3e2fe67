package mailfrom.domain.desired;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the newest desired settings have come.
 *
 * @param by who asked: the caller's ARN
 * @param at when they asked
 * @param attempts calls of SetIdentityMailFromDomain made for them
 * @param lastError SES's own words of the last refusal
 * @param promised whether the caller was answered 202, so that a later refusal must be told
 */
public record Progress(
    State state,
    String by,
    Instant at,
    int attempts,
    @Nullable String lastError,
    boolean promised) {

  /** How far. */
  public enum State {
    QUEUED,
    /** The MX record is not right yet. */
    WAITING_FOR_DNS,
    /** SES says that the identity is not verified yet: tried again for 14 days. */
    WAITING_FOR_VERIFICATION,
    APPLIED,
    /** SES refused them: final until desired changes. */
    REFUSED
  }

  /** Asked for just now. */
  public static Progress queued(String by, Instant at) {
    return new Progress(State.QUEUED, by, at, 0, null, false);
  }

  public Progress with(State newState) {
    return new Progress(newState, by, at, attempts, lastError, promised);
  }

  public Progress attempted(State newState, @Nullable String error) {
    return new Progress(newState, by, at, attempts + 1, error, promised);
  }

  public Progress withPromise() {
    return new Progress(state, by, at, attempts, lastError, true);
  }
}
