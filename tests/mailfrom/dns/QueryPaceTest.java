package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryPaceTest {
  private long now = -5_000_000_000L;
  private final List<Long> sent = new ArrayList<>();
  private final QueryPace pace =
      new QueryPace(300, () -> now, duration -> now += duration.toNanos());

  private void send(int queries) throws InterruptedException {
    for (int i = 0; i < queries; i++) {
      pace.await();
      sent.add(now);
    }
  }

  @Test
  void noSecondHasMoreThanItsQueries() throws InterruptedException {
    send(1000);
    now += Duration.ofSeconds(3).toNanos();
    send(1000);
    for (int i = 0; i + 300 < sent.size(); i++) {
      long apart = sent.get(i + 300) - sent.get(i);
      assertTrue(apart >= Duration.ofSeconds(1).toNanos(), "query " + i + ": " + apart);
    }
  }

  @Test
  void theQueriesOfOneLookDoNotWait() throws InterruptedException {
    long before = now;
    send(20);
    assertEquals(before, now);
    send(1);
    assertTrue(now > before);
  }

  @Test
  void aPaceBelowItsBurstIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new QueryPace(20, () -> now, _ -> {}));
    new QueryPace(21, () -> now, _ -> {});
  }
}
