package mailfrom.domain.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same as {@link WeeksTest}, over ten thousand weeks. */
@Tag("slow")
class WeeksSlowTest {
  private static final int WEEKS = 10_000;

  @Test
  void noTroubleIsUntoldForMoreThan25HoursAndEachMessageToActOnHasItsEnd() {
    assertEquals(List.of(), WeeksTest.wrong(WEEKS, UnaryOperator.identity()).limit(5).toList());
  }
}
