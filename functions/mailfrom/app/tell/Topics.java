package mailfrom.app.tell;

import java.util.Map;
import mailfrom.app.pace.CallResult;
import org.jspecify.annotations.Nullable;

/** The topics that messages are published to. */
public interface Topics {

  /** A topic. */
  enum Name {
    ALERTS,
    NOTICES,
    OPERATIONS
  }

  /**
   * A message.
   *
   * @param subject ASCII, at most 99 characters
   * @param attributes for subscription filters
   * @param chat the form for chat applications beside the text; null: none
   */
  record Message(
      String subject, String text, Map<String, String> attributes, @Nullable String chat) {
    /** One that has the same form for everybody. */
    public Message(String subject, String text, Map<String, String> attributes) {
      this(subject, text, attributes, null);
    }
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
