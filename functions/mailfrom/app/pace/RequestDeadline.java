package mailfrom.app.pace;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The deadline of the request that a thread works for, for the adapters whose calls have no place
 * for it: what the SDK makes of a call is a connection that knows its address and nothing else.
 */
public final class RequestDeadline {
  /** A call that began in time may end: an answer is promised two seconds after the deadline. */
  private static final Duration TO_END = Duration.ofSeconds(1);

  private static final ScopedValue<Deadline> OF_THREAD = ScopedValue.newInstance();

  private RequestDeadline() {}

  /** Works for a request. */
  public static <T> T during(Deadline deadline, Supplier<T> work) {
    return ScopedValue.where(OF_THREAD, deadline).call(work::get);
  }

  /** How long a call may take that may take so long by itself. */
  public static Duration atMost(Duration time) {
    if (!OF_THREAD.isBound()) {
      return time;
    }
    Duration left = OF_THREAD.get().left().plus(TO_END);
    return left.compareTo(time) < 0 ? left : time;
  }
}
