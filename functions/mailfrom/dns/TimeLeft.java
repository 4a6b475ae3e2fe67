package mailfrom.dns;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The time for one question: a server that sends a byte now and then gains none. */
final class TimeLeft {
  private final long end;

  TimeLeft(Duration timeout) {
    this.end = System.nanoTime() + timeout.toNanos();
  }

  /** For a socket's time-out; throws when the time is up. */
  int millis() throws SocketTimeoutException {
    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (left <= 0) {
      throw new SocketTimeoutException("the answer took too long");
    }
    return Math.toIntExact(left);
  }
}
