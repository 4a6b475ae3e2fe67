package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mailfrom.app.pace.MachineClock;
import org.junit.jupiter.api.Test;

/** How often a change is tried again, and after which pauses. */
class RetryTest {
  private static final Instant T0 = Instant.parse("2026-11-28T10:00:00Z");

  private final List<Duration> pauses = new ArrayList<>();

  /** A time that stands still, and notes who would wait. */
  private final MachineClock clock =
      new MachineClock() {
        @Override
        public Instant now() {
          return T0;
        }

        @Override
        public void sleepUntil(Instant instant) {
          pauses.add(Duration.between(T0, instant));
        }
      };

  @Test
  void pausesGrowToAnEndAndTheTriesHaveOne() {
    Retry.Tries tries = new Retry(clock, () -> 1).of("the Region us-east-1");
    for (int i = 1; i < Retry.TRIES; i++) {
      tries.again();
    }
    assertEquals(
        Stream.of(0, 20, 40, 80, 160, 320, 320).map(Duration::ofMillis).toList(),
        pauses.subList(0, 7));
    assertEquals(Retry.TRIES - 1, pauses.size());
    String told =
        String.valueOf(assertThrows(IllegalStateException.class, tries::again).getMessage());
    assertTrue(told.contains("the Region us-east-1"), told);
  }

  @Test
  void aPartOfAPauseIsKept() {
    Retry.Tries tries = new Retry(clock, () -> 0.25).of("a row");
    for (int i = 0; i < 3; i++) {
      tries.again();
    }
    assertEquals(Stream.of(0, 5, 10).map(Duration::ofMillis).toList(), pauses);
  }
}
