package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The slots in the table: for each (account, Region, operation) the instant from which the next
 * call is free.
 */
public interface SlotStore {

  /**
   * Reserves the next slot: now when it is free, else the end of the queue when that is at most
   * {@code maxWait} away. Empty: nothing was reserved.
   */
  Optional<Instant> reserve(
      String region, SesOperation operation, Instant now, Duration gap, Duration maxWait);

  /**
   * Gives a slot back in which no call was made. When nobody has one after it, the next call is
   * free from its begin on again; else nothing changes.
   */
  void giveBack(String region, SesOperation operation, Instant slot, Duration gap);

  /** Doubles the gap of an operation until {@code until}: SES said Throttling. */
  void slowDown(String region, SesOperation operation, Instant until);
}
