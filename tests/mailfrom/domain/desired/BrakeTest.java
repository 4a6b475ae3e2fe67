package mailfrom.domain.desired;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrakeTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # planned, identities, pulled
          20,        20,         false
          21,        1050,       false
          21,        1049,       true
          21,        21,         true
          60000000,  2147483647, true
          40000000,  2147483647, false
          """)
  void aRunMayHeal20IdentitiesOrTwoInAHundred(int planned, int identities, boolean pulled) {
    assertEquals(pulled, Brake.isPulled(planned, identities));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # missing, identities, gap
          0,         0,          false
          1,         1,          false
          2,         40,         false
          2,         39,         true
          """)
  void oneMayBeMissingOrFiveInAHundred(int missing, int identities, boolean gap) {
    assertEquals(gap, Brake.isGap(missing, identities));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "86399, true", "86400, false"})
  void aReleaseHoldsForADay(int seconds, boolean released) {
    assertEquals(released, Brake.isReleased(T0, T0.plus(Duration.ofSeconds(seconds))));
  }

  @Test
  void whatWasNeverReleasedIsHeld() {
    assertFalse(Brake.isReleased(null, T0));
  }
}
