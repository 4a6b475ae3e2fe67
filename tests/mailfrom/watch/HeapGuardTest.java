package mailfrom.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapGuardTest {
  private static final long MOST = 380;

  private final AtomicLong used = new AtomicLong();
  private int collections;

  @ParameterizedTest
  @CsvSource({
    // used at one look after the other, what is alive, collections
    "100 200 228,         80, 0",
    "100 229,             80, 1",
    "229 200 228,         80, 1",
    "229 229 300,         80, 3",
    "250 270 296,        240, 1",
    "250 270 298,        240, 2",
    "350 350 350,        340, 1",
  })
  void garbageIsCollectedBeforeTheHeapIsFullAndNotForWhatIsAlive(
      String looks, long alive, int expected) {
    HeapGuard guard =
        new HeapGuard(
            () -> new HeapGuard.Heap(used.get(), MOST),
            () -> {
              collections++;
              used.set(alive);
            });
    for (String look : looks.split(" ", -1)) {
      used.set(Long.parseLong(look));
      guard.collectIfFull();
    }
    assertEquals(expected, collections);
  }

  @ParameterizedTest
  @CsvSource({"100", "300"})
  void theEndOfARunIsCollectedInAnyCase(long before) {
    used.set(before);
    HeapGuard guard =
        new HeapGuard(() -> new HeapGuard.Heap(used.get(), MOST), () -> collections++);
    guard.close();
    assertEquals(1, collections);
  }
}
