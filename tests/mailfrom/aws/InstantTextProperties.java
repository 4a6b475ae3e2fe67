package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Instants are written and read as the JDK does it, whatever they are. */
class InstantTextProperties {

  @Property
  void isTheTextThatTheJdkWrites(
      @ForAll @LongRange(min = -70_000_000_000L, max = 300_000_000_000L) long seconds,
      @ForAll @IntRange(max = 999) int fraction,
      @ForAll @IntRange(max = 2) int thousands) {
    Instant at =
        Instant.ofEpochSecond(seconds, fraction * new long[] {1, 1_000, 1_000_000}[thousands]);
    assertEquals(at.toString(), InstantText.of(at));
    assertEquals(at, InstantText.parse(at.toString()));
  }

  @Property
  void readsOrRefusesWhatTheJdkDoes(
      @ForAll @IntRange(max = 29) int place, @ForAll char character, @ForAll boolean whole) {
    String right = whole ? "2024-02-29T23:59:59Z" : "2024-02-29T23:59:59.123456789Z";
    StringBuilder text = new StringBuilder(right);
    text.setCharAt(place % right.length(), character);
    sameAsTheJdk(text.toString());
  }

  @Example
  void theEdgesAreTheJdks() {
    for (String text :
        new String[] {
          "",
          "Z",
          "2026-02-29T00:00:00Z",
          "2026-02-28T24:00:00Z",
          "2016-12-31T23:59:60Z",
          "2026-11-28T22:00:00.Z",
          "2026-11-28T22:00:00.1Z",
          "2026-11-28T22:00:00.1234567890Z",
          "2026-11-28T22:00:00z",
          "2026-11-28T22:00:00+00:00",
          "2026-11-28T22:00Z",
          "-0001-01-01T00:00:00Z",
          "+10000-01-01T00:00:00Z",
          "0000-01-01T00:00:00Z"
        }) {
      sameAsTheJdk(text);
    }
  }

  private static void sameAsTheJdk(String text) {
    Instant expected;
    try {
      expected = Instant.parse(text);
    } catch (DateTimeException e) {
      assertThrows(DateTimeException.class, () -> InstantText.parse(text), text);
      return;
    }
    assertEquals(expected, InstantText.parse(text), text);
  }
}
