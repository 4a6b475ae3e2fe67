package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * The slots in the table: for each (account, Region, operation) the instant from which the next
 * call is free. And the turns: reserved slots whose one call answers all who wait for it.
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

  /** From when on the next call of an operation is free: of a line, its end. */
  Instant free(String region, SesOperation operation);

  /**
   * A reserved slot whose call others may join until it is closed.
   *
   * @param at when the slot begins
   */
  record Turn(String id, Instant at) {}

  /** What came of reserving a turn. */
  sealed interface Reservation {
    /** The slot is the caller's; whoever comes before it begins is told of the turn. */
    record Made(Instant at) implements Reservation {}

    /** Nothing was reserved: somebody's turn is still to come. */
    record Open(Turn turn) implements Reservation {}

    /**
     * Nothing was reserved: the line is too long.
     *
     * @param free its end
     */
    record Full(Instant free) implements Reservation {}
  }

  /**
   * Reserves the next slot for a turn, as {@link #reserve} does, unless another turn is to come: of
   * those who wait, one reserves. A slot that is free now is nobody's turn to join.
   *
   * @param turn the turn's id; what is reserved is noted under it
   * @param full a turn to come that cannot be joined any more; null: none is known
   */
  Reservation reserveTurn(
      String region,
      SesOperation operation,
      Instant now,
      Duration gap,
      Duration maxWait,
      String turn,
      @Nullable String full);

  /** Makes a turn for these names that others may join; returns its id. No slot is reserved. */
  String open(List<IdentityName> names);

  /** Adds names to a turn; false when it was closed, or would have more than one call takes. */
  boolean join(String turn, List<IdentityName> names);

  /** Ends the joining: all names of the turn. What was joined before is among them. */
  List<IdentityName> close(String turn);

  /** Keeps what the call of a turn gave, for those who joined it. */
  void answer(String turn, Record answer);

  /** What the call of a turn gave; empty while it is not known. */
  <T extends Record> Optional<T> answer(String turn, Class<T> type);
}
