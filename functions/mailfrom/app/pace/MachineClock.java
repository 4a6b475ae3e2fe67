package mailfrom.app.pace;

import java.time.Instant;

/** The machine's own time: for pace, leases and the order of reads and Sets, and nothing else. */
public interface MachineClock {
  Instant now();

  /**
   * Waits until an instant. May wake late.
   *
   * @throws Interrupted when the work of this thread is ended meanwhile
   */
  void sleepUntil(Instant instant);
}
