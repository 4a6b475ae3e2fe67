package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import mailfrom.domain.identity.TestingIdentity;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant T0 = TestingIdentity.T0;

  /** However the runs come, a name's turn comes once in each hour that they cover. */
  @Property
  void eachNameHasOneTurnInAnHour(
      @ForAll String name, @ForAll @Size(4) List<@IntRange(min = 1, max = 899) Integer> gaps) {
    Instant last = T0;
    int turns = 0;
    for (int gap : gaps) {
      Instant now = last.plusSeconds(gap);
      turns += new Rotation(HOUR, last, now).isTurnOf(name) ? 1 : 0;
      last = now;
    }
    turns += new Rotation(HOUR, last, T0.plus(HOUR)).isTurnOf(name) ? 1 : 0;
    assertEquals(1, turns);
  }

  @Test
  void aQuarterOfThemHasATurnInAQuarterOfTheTime() {
    Rotation rotation = new Rotation(HOUR, T0, T0.plus(Duration.ofMinutes(15)));
    long turns =
        IntStream.range(0, 10_000)
            .mapToObj("team-%05d.example.org"::formatted)
            .filter(rotation::isTurnOf)
            .count();
    assertTrue(turns > 2_000 && turns < 3_000, () -> turns + " turns");
  }

  @Test
  void whereNoRunWasBeforeAndWhereTheSameOneComesAgainItIsNobodysTurn() {
    assertFalse(new Rotation(HOUR, null, T0).isTurnOf("shop.example"));
    assertFalse(new Rotation(HOUR, T0, T0).isTurnOf("shop.example"));
  }

  @Test
  void afterALongTimeItIsEverybodysTurn() {
    assertTrue(new Rotation(HOUR, T0, T0.plus(HOUR)).isTurnOf("shop.example"));
  }
}
