package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same as {@link LostNoticesTest}, ten thousand times. */
@Tag("slow")
class LostNoticesSlowTest {
  private static final int SEEDS = 10_000;

  @Test
  void everyStartWorseningAndEndIsDelivered() {
    assertEquals(List.of(), LostNoticesTest.failures(LongStream.range(0, SEEDS)));
  }
}
