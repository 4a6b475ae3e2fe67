package mailfrom.dns;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The pace of DNS queries: at most so many in any second, a few of them at once. The resolver
 * inside Lambda drops what is above 1,024 packets a second.
 *
 * <p>Nothing is remembered before the first query: a snapshot of the process may wake on a machine
 * whose nanoseconds count from elsewhere.
 */
public final class QueryPace {
  /** A single look asks about so many questions side by side. */
  private static final int AT_ONCE = 20;

  private final long gapNanos;
  private final long slackNanos;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private boolean started;
  private long next;

  /** Waits. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * Makes a pace.
   *
   * @param perSecond the most queries in any second; more than 20
   * @param nanoTime like {@link System#nanoTime}
   */
  public QueryPace(int perSecond, LongSupplier nanoTime, Sleeper sleeper) {
    if (perSecond <= AT_ONCE) {
      throw new IllegalArgumentException(
          "a pace is more than %d queries a second, not %d".formatted(AT_ONCE, perSecond));
    }
    this.gapNanos = Duration.ofSeconds(1).toNanos() / (perSecond - AT_ONCE) + 1;
    this.slackNanos = gapNanos * (AT_ONCE - 1);
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** A pace by the machine's time. */
  public static QueryPace perSecond(int queries) {
    return new QueryPace(queries, System::nanoTime, Thread::sleep);
  }

  /** Waits until the next query may be sent. */
  public void await() throws InterruptedException {
    long wait = reserve();
    if (wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve() {
    long now = nanoTime.getAsLong();
    if (!started || next - now < -slackNanos) {
      started = true;
      next = now - slackNanos;
    }
    long wait = next - now;
    next += gapNanos;
    return wait;
  }
}
