package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalClockTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final LocalClock clock = new LocalClock(InstantSource.fixed(START));

  @Test
  void movesAddUp() {
    assertEquals(START.plus(HOUR), clock.advance(HOUR));
    assertEquals(START.plus(HOUR.multipliedBy(2)), clock.advance(HOUR));
    assertEquals(START.plus(HOUR.multipliedBy(2)), clock.instant());
    assertEquals(HOUR.multipliedBy(2), clock.offset());
    assertEquals(clock.instant(), clock.utc().instant());
  }

  @Test
  void followersSeeBothEndsOfAMove() {
    List<Instant> told = new ArrayList<>();
    clock.follow(told::add);

    clock.advance(HOUR);

    assertEquals(List.of(START, START.plus(HOUR)), told);
  }

  @Test
  void timeDoesNotGoBack() {
    assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    assertEquals(START, clock.advance(Duration.ZERO));
  }
}
