package mailfrom.app.tell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Interrupted;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.text.Message;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.local.LocalClock;
import org.junit.jupiter.api.Test;

/** The pace of messages to people, on a clock that only waiting moves. */
class RateLimitedTopicsTest {
  private static final Message MESSAGE = new Message("s", "t", Map.of());

  private final LocalClock time = new LocalClock(InstantSource.fixed(TestingIdentity.T0));
  private final List<Duration> published = new ArrayList<>();

  /** Topics that note when they were given something. */
  private final Topics noting =
      new Topics() {
        @Override
        public Published publish(Name topic, Message message) {
          published.add(Duration.between(TestingIdentity.T0, time.instant()));
          return new Published.Taken("m");
        }

        @Override
        public CallResult<Integer> listeners(Name topic) {
          return new CallResult.Answered<>(7);
        }
      };

  private final Topics topics = new RateLimitedTopics(noting, new MovingClock(time));

  private void publish(Topics.Name topic, int messages) {
    for (int i = 0; i < messages; i++) {
      topics.publish(topic, MESSAGE);
    }
  }

  private static List<Duration> millis(long... millis) {
    List<Duration> durations = new ArrayList<>();
    for (long one : millis) {
      durations.add(Duration.ofMillis(one));
    }
    return durations;
  }

  @Test
  void peopleGetFiveMessagesASecond() {
    publish(Topics.Name.ALERTS, 7);
    assertEquals(millis(0, 200, 400, 600, 800, 1000, 1200), published);
    for (int i = 0; i < published.size(); i++) {
      Duration from = published.get(i);
      long within =
          published.stream()
              .filter(at -> at.compareTo(from) >= 0)
              .filter(at -> at.compareTo(from.plusSeconds(1)) < 0)
              .count();
      assertTrue(within <= 5, published::toString);
    }
  }

  @Test
  void whoComesLaterThanTheGapDoesNotWaitAndSavesNothingUp() {
    publish(Topics.Name.ALERTS, 1);
    time.advance(Duration.ofMillis(199));
    publish(Topics.Name.ALERTS, 1);
    time.advance(Duration.ofSeconds(60));
    publish(Topics.Name.ALERTS, 2);
    assertEquals(millis(0, 200, 60_200, 60_400), published);
  }

  @Test
  void machinesAndAlarmsDoNotWait() {
    publish(Topics.Name.ALERTS, 1);
    publish(Topics.Name.NOTICES, 1000);
    publish(Topics.Name.OPERATIONS, 1);
    assertEquals(Duration.ZERO, published.getLast());
    assertEquals(new CallResult.Answered<>(7), topics.listeners(Topics.Name.ALERTS));
  }

  @Test
  void whoIsInterruptedWhileWaitingPublishesNothing() {
    Topics interrupted =
        new RateLimitedTopics(
            noting,
            new MachineClock() {
              @Override
              public Instant now() {
                return TestingIdentity.T0;
              }

              @Override
              public void sleepUntil(Instant instant) {
                throw new Interrupted(new InterruptedException());
              }
            });
    assertThrows(Interrupted.class, () -> interrupted.publish(Topics.Name.ALERTS, MESSAGE));
    assertTrue(Thread.interrupted(), "who waits above learns of it");
    assertEquals(List.of(), published);
  }
}
