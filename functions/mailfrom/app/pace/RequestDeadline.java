package mailfrom.app.pace;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * The deadline of the request that a thread works for, for the adapters whose calls have no place
 * for it: what the SDK makes of a call is a connection that knows its address and nothing else.
 */
public final class RequestDeadline {
  /** A call that began in time may end: an answer is promised two seconds after the deadline. */
  private static final Duration TO_END = Duration.ofSeconds(1);

  /** Later, what was accepted is stored all the same: several calls, and each a short one. */
  private static final Duration TO_STORE = Duration.ofMillis(250);

  private static final Duration FOREVER = Duration.ofDays(1);

  private static final ScopedValue<Deadline> OF_THREAD = ScopedValue.newInstance();

  private RequestDeadline() {}

  /** Works for a request. */
  public static <T> T during(Deadline deadline, Supplier<T> work) {
    return ScopedValue.where(OF_THREAD, deadline).call(work::get);
  }

  /** The same task, for the request of this thread, whatever thread it is done in. */
  static Runnable carried(Runnable task) {
    if (!OF_THREAD.isBound()) {
      return task;
    }
    Deadline deadline = OF_THREAD.get();
    return () -> ScopedValue.where(OF_THREAD, deadline).run(task);
  }

  /** How long a call may take that may take so long by itself. */
  public static Duration atMost(Duration time) {
    return Collections.min(List.of(time, Collections.max(List.of(left(), TO_STORE))));
  }

  /** Whether there is time for another try of a call, after a pause. */
  public static boolean allows(Duration pause) {
    return left().compareTo(pause) > 0;
  }

  private static Duration left() {
    return OF_THREAD.isBound() ? OF_THREAD.get().plus(TO_END).left() : FOREVER;
  }
}
