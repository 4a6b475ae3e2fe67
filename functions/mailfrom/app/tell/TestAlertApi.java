package mailfrom.app.tell;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import mailfrom.domain.identity.Caller;

/** What the settings function does to prove that messages arrive. */
public interface TestAlertApi {

  /** The forms that messages have. */
  enum Form {
    /** A text, as for people about a run. */
    PEOPLE,
    /** JSON about one identity. */
    NOTICE_ABOUT_IDENTITY,
    /** JSON about a run. */
    NOTICE_ABOUT_RUN,
    /** A text, where alarms go. */
    OPERATIONS
  }

  /** A message that a topic took. */
  record Sent(Topics.Name topic, Form form, String messageId) {}

  /** What sending gave. */
  sealed interface Outcome {
    /**
     * Every topic took its messages.
     *
     * @param listeners confirmed subscriptions by topic; one that could not be asked for is missing
     */
    record AllSent(List<Sent> sent, Map<Topics.Name, Integer> listeners) implements Outcome {}

    /**
     * A topic did not take a message, and nothing was sent after it.
     *
     * @param sent what was taken before
     */
    record NotTaken(Topics.Name topic, String why, List<Sent> sent, Duration retryAfter)
        implements Outcome {}
  }

  /** Sends one message of each form to each topic. */
  Outcome send(Caller caller);
}
