package mailfrom.app.tell;

import mailfrom.app.pace.CallResult;
import mailfrom.app.text.Message;

/** The topics that messages are published to. */
public interface Topics {

  /** A topic. */
  enum Name {
    ALERTS,
    NOTICES,
    OPERATIONS
  }

  /** What publishing gave. */
  sealed interface Published {
    /**
     * Taken.
     *
     * @param messageId SNS's id of the message
     */
    record Taken(String messageId) implements Published {}

    /** Refused for its form: it will never be taken as it is. */
    record FormRefused(String why) implements Published {}

    /** Not taken, or not known to be: to be published again. */
    record Failed(String why) implements Published {}
  }

  Published publish(Name topic, Message message);

  /** How many confirmed subscriptions a topic has: how many it reaches. */
  CallResult<Integer> listeners(Name topic);
}
