package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * A slot of SES's pace: when a call may be made. Each call to SES takes one as an argument, so that
 * a call that nobody paced does not compile.
 *
 * @param from when it begins
 * @param until when it is over: a call that has not left for SES by then is not made any more,
 *     since the next slot's may be about to
 * @param gap from its begin to the next slot
 */
public record Slot(Instant from, Instant until, Duration gap) {

  /** Whether a call at {@code at} comes too late. */
  public boolean isOver(Instant at) {
    return at.isAfter(until);
  }
}
