package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may be the MAIL FROM domain of another identity. */
class ForwardingDueTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static final Rotation NOBODY = new Rotation(HOUR, null, TestingIdentity.T0);

  private static boolean isDue(String name, String listed, boolean isFirstRun, Rotation rotation) {
    ForwardingDue due = new ForwardingDue(isFirstRun, rotation);
    List<IdentityName> names =
        Arrays.stream(listed.split(" ", -1)).map(IdentityName::of).filter(due::take).toList();
    return Stream.concat(names.stream(), due.others().getOrDefault(true, List.of()).stream())
        .anyMatch(IdentityName.of(name)::equals);
  }

  @ParameterizedTest
  @CsvSource({
    // what is listed,                           who,                        whether it is asked for
    "bounce.example.com example.com,             bounce.example.com,         true",
    "a.bounce.example.com example.com,           a.bounce.example.com,       true",
    "bounce.example.com news@example.com,        bounce.example.com,         true",
    "bounce.example.com example.com,             example.com,                false",
    "bounce.example.com news@bounce.example.com, bounce.example.com,         false",
    "bounce.example.com notexample.com,          bounce.example.com,         false",
    "news@bounce.example.com example.com,        news@bounce.example.com,    false",
    "bounce.example.com,                         bounce.example.com,         false",
  })
  void inEachRunThoseWhoLieBelowAnother(String listed, String name, boolean isDue) {
    assertEquals(isDue, isDue(name, listed, false, NOBODY));
  }

  @Test
  void nowAndThenEachDomain() {
    Rotation everybody = new Rotation(HOUR, TestingIdentity.T0, TestingIdentity.T0.plus(HOUR));
    String listed = "shop.example news@shop.example";
    assertTrue(isDue("shop.example", listed, false, everybody));
    assertFalse(isDue("news@shop.example", listed, false, everybody));
  }

  @Test
  void eachDomainInTheFirstRun() {
    String listed = "shop.example news@shop.example";
    assertTrue(isDue("shop.example", listed, true, NOBODY));
    assertFalse(isDue("news@shop.example", listed, true, NOBODY));
  }
}
