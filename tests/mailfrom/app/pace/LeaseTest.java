package mailfrom.app.pace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import mailfrom.local.LocalClock;
import org.junit.jupiter.api.Test;

/** A lease of a run: at most one holder, and none after its end. */
class LeaseTest {
  private final LocalClock time =
      new LocalClock(InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")));
  private final MovingClock clock = new MovingClock(time);
  private final LeaseStore leases = new InMemoryLeaseStore(clock);

  private Lease lease(String owner) {
    return new Lease(leases, clock, "us-east-1#read", owner);
  }

  @Test
  void oneHolderAtATime() {
    try (Lease first = lease("first");
        Lease second = lease("second")) {
      assertTrue(first.keep());
      assertFalse(second.keep());
    }
    try (Lease third = lease("third")) {
      assertTrue(third.keep(), "it was given back");
    }
  }

  /** A late part of a dead run asked for it again, and made the next run skip. */
  @Test
  void whatWasReleasedStaysReleased() {
    Lease dead = lease("dead");
    assertTrue(dead.keep());
    dead.close();
    assertFalse(dead.keep());
    try (Lease next = lease("next")) {
      assertTrue(next.keep());
    }
  }

  @Test
  void itIsRenewedOnTheWayAndLostWhenItIsNot() {
    try (Lease first = lease("first");
        Lease second = lease("second")) {
      assertTrue(first.keep());
      for (int i = 0; i < 10; i++) {
        time.advance(Duration.ofSeconds(21));
        assertTrue(first.keep());
        assertFalse(second.keep());
      }
      time.advance(Duration.ofSeconds(61));
      assertTrue(second.keep(), "nobody renewed it for a minute");
      assertFalse(first.keep());
    }
  }

  @Test
  void whoNeverHeldItReleasesNothing() {
    try (Lease first = lease("first")) {
      assertTrue(first.keep());
      lease("first").close();
      try (Lease other = lease("other")) {
        assertFalse(other.keep());
      }
    }
  }
}
