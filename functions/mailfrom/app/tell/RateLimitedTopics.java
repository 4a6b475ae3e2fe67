package mailfrom.app.tell;

import java.time.Duration;
import java.time.Instant;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.MachineClock;

/**
 * Topics that people get at most five messages a second from: whoever publishes more waits. What
 * machines get is not held up.
 */
public final class RateLimitedTopics implements Topics {
  static final Duration BETWEEN_MESSAGES = Duration.ofMillis(200);

  private final Topics topics;
  private final MachineClock clock;
  private Instant free = Instant.MIN;

  public RateLimitedTopics(Topics topics, MachineClock clock) {
    this.topics = topics;
    this.clock = clock;
  }

  @Override
  public Published publish(Name topic, Message message) {
    return switch (topic) {
      case ALERTS -> {
        try {
          clock.sleepUntil(turn());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          yield new Published.Failed("interrupted while it waited for its turn");
        }
        yield topics.publish(topic, message);
      }
      case NOTICES, OPERATIONS -> topics.publish(topic, message);
    };
  }

  /** Each gets a turn of its own, the gap after the one before it. */
  private synchronized Instant turn() {
    Instant now = clock.now();
    Instant turn = now.isBefore(free) ? free : now;
    free = turn.plus(BETWEEN_MESSAGES);
    return turn;
  }

  @Override
  public CallResult<Integer> listeners(Name topic) {
    return topics.listeners(topic);
  }
}
