package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of an event as it goes on: what is done minutes after the event began is done that much
 * later than it, whatever the machine's clock says.
 *
 * @param event the time of the event
 * @param begun when it was taken up, by the machine's clock
 */
public record EventTime(MachineClock clock, Instant event, Instant begun) {

  /** Of an event that is taken up now. */
  public static EventTime from(MachineClock clock, Instant event) {
    return new EventTime(clock, event, clock.now());
  }

  public Instant now() {
    Duration since = Duration.between(begun, clock.now());
    return since.isNegative() ? event : event.plus(since);
  }
}
