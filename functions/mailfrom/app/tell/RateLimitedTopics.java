package mailfrom.app.tell;

import java.time.Duration;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.RateLimit;
import mailfrom.app.text.Message;

/**
 * Topics that people get at most five messages a second from: whoever publishes more waits. What
 * machines get is not held up.
 */
public final class RateLimitedTopics implements Topics {
  static final Duration BETWEEN_MESSAGES = Duration.ofMillis(200);

  private final Topics topics;
  private final RateLimit toPeople;

  public RateLimitedTopics(Topics topics, MachineClock clock) {
    this.topics = topics;
    this.toPeople = new RateLimit(clock, BETWEEN_MESSAGES);
  }

  @Override
  public Published publish(Name topic, Message message) {
    switch (topic) {
      case ALERTS -> toPeople.await();
      case NOTICES, OPERATIONS -> {}
    }
    return topics.publish(topic, message);
  }

  @Override
  public CallResult<Integer> listeners(Name topic) {
    return topics.listeners(topic);
  }
}
