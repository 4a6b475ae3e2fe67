package mailfrom.domain.dns;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is remembered of looks at the DNS: since when, twice or once, and of which name. */
class DnsStateTest {
  private static final String REGION = "us-east-1";
  private static final SortedSet<String> REGIONS = new TreeSet<>(List.of(REGION));
  private static final DomainName OTHER = DomainName.of("other.example.com");
  private static final Live PENDING = live("bounce.example.com", "UseDefaultValue", "Pending");

  /** A look: RIGHT, WRONG, UNKNOWN, or OWN (right, at the zone's own servers). */
  private static DnsView mx(String word) {
    Views healthy = Views.healthy();
    return switch (word) {
      case "RIGHT" -> healthy.view();
      case "WRONG" -> healthy.withMx("10 mail.example.net").view();
      case "OWN" -> healthy.from(DnsView.Source.OWN_SERVERS, false, null).view();
      default -> DnsView.unavailable(Views.NAME, "timeout");
    };
  }

  private static DnsState look(DnsState before, DnsView view, Live live, int minute) {
    return before.after(view, live, REGION, REGIONS, minute(minute));
  }

  private static Instant minute(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private static @Nullable Instant minute(@Nullable Integer minute) {
    return minute == null ? null : minute(minute.intValue());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # first,  then,    minutes, status,           the MX is,    right since
          RIGHT,    RIGHT,   9,       Pending,          RIGHT,        0
          RIGHT,    RIGHT,   10,      Pending,          RIGHT_TWICE,  0
          RIGHT,    RIGHT,   10,      TemporaryFailure, RIGHT_TWICE,  0
          RIGHT,    RIGHT,   10,      Failed,           RIGHT,        0
          RIGHT,    OWN,     1,       Failed,           RIGHT_TWICE,  0
          WRONG,    OWN,     1,       Failed,           RIGHT_TWICE,  1
          RIGHT,    UNKNOWN, 10,      Pending,          UNKNOWN,      0
          RIGHT,    WRONG,   10,      Pending,          WRONG,        -
          WRONG,    WRONG,   10,      Pending,          WRONG,        -
          WRONG,    RIGHT,   10,      Pending,          RIGHT,        10
          UNKNOWN,  RIGHT,   10,      Pending,          RIGHT,        10
          UNKNOWN,  UNKNOWN, 10,      Pending,          UNKNOWN,      -
          """)
  void theMxIsRightTwiceWhenTwoLooksTenMinutesApartAgreeAndBothSawIt(
      String first, String then, int minutes, String status, MxCheck mx, @Nullable Integer since) {
    Live live = live("bounce.example.com", "UseDefaultValue", status);
    DnsState after = look(look(DnsState.NOTHING, mx(first), live, 0), mx(then), live, minutes);
    assertEquals(mx, after.mx());
    assertEquals(minute(since), after.mxRightSince());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # first,    then,         broken since
          MISSING,    MISSING,      0
          MISSING,    DUPLICATE,    0
          MISSING,    NOT_INCLUDED, 0
          MISSING,    UNKNOWN,      0
          MISSING,    COVERS_SES,   -
          COVERS_SES, MISSING,      10
          COVERS_SES, UNKNOWN,      -
          UNKNOWN,    DUPLICATE,    10
          """)
  void spfIsBrokenSinceItWasFirstSeenSo(
      SpfVerdict first, SpfVerdict then, @Nullable Integer since) {
    Answer<String> txt = Views.healthy().view().txt();
    DnsState once = look(DnsState.NOTHING, Views.healthy().withSpf(first, txt).view(), PENDING, 0);
    DnsState twice = look(once, Views.healthy().withSpf(then, txt).view(), PENDING, 10);
    assertEquals(minute(since), twice.spfBrokenSince());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # known,           changed,            look,     status,  known then,       changed then
          -,                 -,                  RIGHT,    Success, RIGHT,            -
          -,                 -,                  WRONG,    Success, mail.example.net, -
          -,                 -,                  UNKNOWN,  Success, -,                -
          -,                 -,                  WRONG,    Pending, -,                -
          RIGHT,             -,                  WRONG,    Success, RIGHT,            mail.example.net
          RIGHT,             mail.example.net,   WRONG,    Success, RIGHT,            mail.example.net
          RIGHT,             mail.example.net,   UNKNOWN,  Success, RIGHT,            mail.example.net
          RIGHT,             mail.example.net,   RIGHT,    Success, RIGHT,            -
          RIGHT,             mail.example.net,   WRONG,    Pending, RIGHT,            -
          mail.example.net,  -,                  WRONG,    Success, mail.example.net, -
          mail.example.net,  -,                  RIGHT,    Success, RIGHT,            -
          """)
  void underSuccessAnotherAndWorseMxIsAChange(
      @Nullable String known,
      @Nullable String changed,
      String look,
      String status,
      @Nullable String knownThen,
      @Nullable String changedThen) {
    DnsState before =
        new DnsState(
            Views.NAME,
            List.of(),
            List.of(),
            MxCheck.UNKNOWN,
            null,
            null,
            record(known),
            record(changed));
    Live live = live("bounce.example.com", "UseDefaultValue", status);
    DnsState after = look(before, mx(look), live, 0);
    assertEquals(record(knownThen), after.mxUnderSuccess());
    assertEquals(record(changedThen), after.mxChangedTo());
  }

  private static @Nullable String record(@Nullable String host) {
    return host == null ? null : host.equals("RIGHT") ? Views.RIGHT : "10 " + host;
  }

  @Test
  void severalMxAreTheSameInWhateverOrderTheyAreAnswered() {
    Live live = live("bounce.example.com", "UseDefaultValue", "Success");
    DnsView one = Views.healthy().withMx("10 a.example.net, 20 b.example.net").view();
    DnsView two = Views.healthy().withMx("20 b.example.net, 10 a.example.net").view();
    DnsState once = look(DnsState.NOTHING, one, live, 0);
    assertEquals("10 a.example.net, 20 b.example.net", once.mxUnderSuccess());
    assertEquals(once, look(once, two, live, 15));
  }

  @ParameterizedTest
  @CsvSource({"RIGHT, RIGHT, 10", "UNKNOWN, UNKNOWN,"})
  void whatIsKnownOfOneNameSaysNothingOfAnother(
      String look, MxCheck mx, @Nullable Integer rightSince) {
    DnsState other =
        new DnsState(OTHER, List.of(), List.of(), MxCheck.RIGHT, T0, T0, "10 a", "10 b");
    DnsState after = look(other, mx(look), PENDING, 10);
    assertEquals(Views.NAME, after.name());
    assertEquals(mx, after.mx());
    assertEquals(minute(rightSince), after.mxRightSince());
    assertEquals(null, after.spfBrokenSince());
    assertEquals(null, after.mxUnderSuccess());
    assertEquals(null, after.mxChangedTo());
  }

  @Test
  void successOfAnotherDomainIsNotSuccessOfTheOneThatWasLookedAt() {
    Live other = live("other.example.com", "UseDefaultValue", "Success");
    DnsState after = look(DnsState.NOTHING, mx("WRONG"), other, 0);
    assertEquals(null, after.mxUnderSuccess());
    assertEquals(FindingSeverity.ERROR, after.findings().getFirst().severity());
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, true", "1, true"})
  void spfIsBrokenTwiceTenMinutesAfterItWasFirstSeenSo(int seconds, boolean twice) {
    DnsState broken =
        new DnsState(Views.NAME, List.of(), List.of(), MxCheck.RIGHT, null, T0, null, null);
    assertEquals(twice, broken.isSpfBrokenTwice(minute(10).plusSeconds(seconds)));
    assertEquals(false, DnsState.NOTHING.isSpfBrokenTwice(minute(10)));
  }

  @Test
  void nobodyLookedChangesNothing() {
    DnsState before = look(DnsState.NOTHING, mx("RIGHT"), PENDING, 0);
    assertSame(before, before.after(null, PENDING, REGION, REGIONS, minute(15)));
  }
}
