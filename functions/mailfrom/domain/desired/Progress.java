package mailfrom.domain.desired;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the newest desired settings have come.
 *
 * @param by who asked: the caller's ARN
 * @param at when they asked
 * @param attempts calls of SetIdentityMailFromDomain made for them
 * @param lastError SES's own words of the last refusal
 * @param promised whether the caller was answered 202, so that a later refusal must be told
 * @param lateCheck how the rules' check stands of settings that were taken before their identity
 *     was read; null: they were checked before they were taken
 */
public record Progress(
    State state,
    String by,
    Instant at,
    int attempts,
    @Nullable String lastError,
    boolean promised,
    @Nullable LateCheck lateCheck) {

  /**
   * A check of the rules that waits for a read of the identity.
   *
   * @param isDue whether it is still to come: nothing is set before
   * @param violations what it found
   */
  public record LateCheck(boolean isDue, List<Violation> violations) {
    static final LateCheck DUE = new LateCheck(true, List.of());

    public LateCheck {
      violations = List.copyOf(violations);
    }
  }

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
    return new Progress(State.QUEUED, by, at, 0, null, false, null);
  }

  public Progress with(State newState) {
    return new Progress(newState, by, at, attempts, lastError, promised, lateCheck);
  }

  public Progress attempted(State newState, @Nullable String error) {
    return new Progress(newState, by, at, attempts + 1, error, promised, lateCheck);
  }

  public Progress withPromise() {
    return new Progress(state, by, at, attempts, lastError, true, lateCheck);
  }

  /** Whether nothing may be set yet: the rules are to be checked first. */
  public boolean isCheckDue() {
    return lateCheck != null && lateCheck.isDue();
  }

  /** The rules are checked once the identity was read. */
  public Progress withCheckDue() {
    return new Progress(state, by, at, attempts, lastError, promised, LateCheck.DUE);
  }

  /** The rules were checked. Those that are broken refuse the settings. */
  public Progress checked(List<Violation> violations) {
    return violations.isEmpty()
        ? new Progress(state, by, at, attempts, lastError, promised, null)
        : new Progress(
            State.REFUSED,
            by,
            at,
            attempts,
            violations.stream().map(Violation::message).collect(Collectors.joining(" ")),
            promised,
            new LateCheck(false, violations));
  }
}
