package mailfrom.app.pace;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A slot of SES's pace: when a call may be made.
 *
 * @param from when it begins
 * @param until when it is over: a call that has not left for SES by then is not made any more,
 *     since the next slot's may be about to
 */
public record Slot(Instant from, Instant until) {
  private static final ScopedValue<Slot> CURRENT = ScopedValue.newInstance();

  /** Whether a call at {@code at} comes too late. */
  public boolean isOver(Instant at) {
    return at.isAfter(until);
  }

  /** Makes a call in this slot: who sends it finds the slot in {@link #current()}. */
  public <T> T in(Supplier<T> call) {
    return ScopedValue.where(CURRENT, this).call(call::get);
  }

  /** The slot of the call that this thread makes; empty when it makes none. */
  public static Optional<Slot> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }
}
