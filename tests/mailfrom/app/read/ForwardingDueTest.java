package mailfrom.app.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may be the MAIL FROM domain of another identity. */
class ForwardingDueTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static ForwardingDue of(String listed, Rotation rotation) {
    return new ForwardingDue(
        Arrays.stream(listed.split(" ", -1)).map(IdentityName::of).toList(), rotation);
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
    Rotation nobody = new Rotation(HOUR, null, TestingIdentity.T0);
    assertEquals(isDue, of(listed, nobody).isDue(IdentityName.of(name)));
  }

  @Test
  void nowAndThenEachDomain() {
    Rotation everybody = new Rotation(HOUR, TestingIdentity.T0, TestingIdentity.T0.plus(HOUR));
    ForwardingDue due = of("shop.example news@shop.example", everybody);
    assertEquals(true, due.isDue(IdentityName.of("shop.example")));
    assertEquals(false, due.isDue(IdentityName.of("news@shop.example")));
  }
}
