package mailfrom.watch;

import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.app.pace.CallResult;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/** Topics of which a run's log and metrics learn what they did not take, and why. */
final class LoggingTopics implements Topics {
  private static final Logger LOG = LoggerFactory.getLogger(LoggingTopics.class);

  /** When a topic is down, each of thousands of notices fails for the same reason. */
  private static final int MOST_LOGGED = 5;

  private final Topics topics;
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  LoggingTopics(Topics topics) {
    this.topics = topics;
  }

  /**
   * Messages that a topic did not take.
   *
   * @param failed they are published again by the next run
   * @param refused for their form: a minimal one was published in their place
   */
  record Untaken(int failed, int refused) {
    int all() {
      return failed + refused;
    }
  }

  /** What was not taken since this was asked last. */
  Untaken sinceLast() {
    return new Untaken(failed.getAndSet(0), refused.getAndSet(0));
  }

  @Override
  public Published publish(Name topic, Message message) {
    Published published = topics.publish(topic, message);
    switch (published) {
      case Published.Taken taken -> {
        // As it should be.
      }
      case Published.Failed(String why) ->
          note(failed, "A topic did not take a message", topic, message, why);
      case Published.FormRefused(String why) ->
          note(refused, "SNS refused a message for its form", topic, message, why);
    }
    return published;
  }

  private static void note(
      AtomicInteger count, String what, Name topic, Message message, String why) {
    if (count.incrementAndGet() <= MOST_LOGGED) {
      LOG.warn(
          what,
          StructuredArguments.entry("topic", topic.name()),
          StructuredArguments.entry("subject", message.subject()),
          StructuredArguments.entry("why", why));
    }
  }

  @Override
  public CallResult<Integer> listeners(Name topic) {
    return topics.listeners(topic);
  }
}
