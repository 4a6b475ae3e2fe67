package mailfrom.domain.findings;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
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
  private static final Live SUCCESS = live("bounce.example.com", "UseDefaultValue", "Success");
  private static final Live FAILED = live("bounce.example.com", "UseDefaultValue", "Failed");

  /** A look: RIGHT, WRONG, UNKNOWN, or OWN (right, at the zone's own servers). */
  private static DnsView mx(String word) {
    return switch (word) {
      case "RIGHT" -> Views.healthy();
      case "WRONG" -> Views.with("10 mail.example.net");
      case "OWN" -> Views.ofOwnServers(Views.RIGHT);
      default -> DnsView.unavailable(Views.NAME, "timeout");
    };
  }

  private static DnsState known(
      DomainName name,
      @Nullable Instant rightSince,
      @Nullable Instant spfBrokenSince,
      @Nullable String underSuccess,
      @Nullable String changedTo) {
    return new DnsState(
        name,
        Views.FROM,
        List.of(),
        List.of(),
        rightSince == null ? MxCheck.UNKNOWN : MxCheck.RIGHT,
        rightSince,
        rightSince,
        null,
        spfBrokenSince,
        Views.relaxed(),
        underSuccess,
        changedTo);
  }

  private static DnsState look(DnsState before, DnsView view, Live live, long minute) {
    return before.after(view, ses(live), REGION, REGIONS, minute(minute));
  }

  private static SesView ses(Live live) {
    return new SesView(true, live, null, null, T0, 0, false);
  }

  private static Instant minute(long minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private static @Nullable Instant minute(@Nullable Integer minute) {
    return minute == null ? null : minute(minute.longValue());
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
          MISSING,    NEARLY,       0
          MISSING,    SYNTAX,       0
          MISSING,    TOO_MANY_LOOKUPS, 0
          MISSING,    UNKNOWN,      0
          MISSING,    COVERS_SES,   -
          COVERS_SES, MISSING,      10
          COVERS_SES, UNKNOWN,      -
          UNKNOWN,    DUPLICATE,    10
          """)
  void spfIsBrokenSinceItWasFirstSeenSo(
      SpfVerdict first, SpfVerdict then, @Nullable Integer since) {
    DnsState once = look(DnsState.NOTHING, Views.with(Views.spf(first)), PENDING, 0);
    DnsState twice = look(once, Views.with(Views.spf(then)), PENDING, 10);
    assertEquals(minute(since), twice.spfBrokenSince());
    assertEquals(then, twice.spf());
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
    DnsState before = known(Views.NAME, null, null, record(known), record(changed));
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
    DnsView one = Views.with("10 a.example.net, 20 b.example.net");
    DnsView two = Views.with("20 b.example.net, 10 a.example.net");
    DnsState once = look(DnsState.NOTHING, one, live, 0);
    assertEquals("10 a.example.net, 20 b.example.net", once.mxUnderSuccess());
    assertEquals(once, look(once, two, live, 15));
  }

  @ParameterizedTest
  @CsvSource({"RIGHT, RIGHT, 10", "UNKNOWN, UNKNOWN,"})
  void whatIsKnownOfOneNameSaysNothingOfAnother(
      String look, MxCheck mx, @Nullable Integer rightSince) {
    DnsState other = known(OTHER, T0, T0, "10 a", "10 b");
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
    DnsState broken = known(Views.NAME, null, T0, null, null);
    assertEquals(twice, broken.isSpfBrokenTwice(minute(10).plusSeconds(seconds)));
    assertEquals(false, DnsState.NOTHING.isSpfBrokenTwice(minute(10)));
  }

  @Test
  void nobodyLookedChangesNothing() {
    DnsState before = look(DnsState.NOTHING, mx("RIGHT"), PENDING, 0);
    assertSame(before, before.after(null, ses(PENDING), REGION, REGIONS, minute(15)));
  }

  private static DnsView kept(DnsView view, long minutes, boolean isInstead) {
    return Views.from(view, Views.resolver(Duration.ofMinutes(minutes), isInstead));
  }

  /** Where SES gave up, the first answer has to be older than it may have been kept. */
  @ParameterizedTest
  @CsvSource({
    "30,  true,  30, RIGHT",
    "30,  true,  31, RIGHT_TWICE",
    "1,   true,  9,  RIGHT",
    "1,   true,  10, RIGHT_TWICE",
    "1,   false, 99, RIGHT"
  })
  void whereSesGaveUpAResolverIsBelievedOnceItMustHaveAskedAgain(
      long ttl, boolean ownAreSilent, long minute, MxCheck check) {
    DnsState first = look(DnsState.NOTHING, kept(Views.healthy(), ttl, ownAreSilent), FAILED, 0);
    assertEquals(MxCheck.RIGHT, first.mx());
    assertEquals(minute(ttl), first.mxKeptUntil());
    DnsState later = look(first, kept(Views.healthy(), 999, ownAreSilent), FAILED, minute);
    assertEquals(check, later.mx());
    assertEquals(minute(ttl), later.mxKeptUntil(), "what counts is the first answer");
  }

  @Test
  void whatTheOwnServersSawFirstAResolverConfirms() {
    DnsState first = look(DnsState.NOTHING, Views.ofOwnServers(Views.RIGHT), FAILED, 0);
    assertNull(first.mxKeptUntil());
    DnsState later = look(first, kept(Views.healthy(), 999, true), FAILED, 10);
    assertEquals(MxCheck.RIGHT_TWICE, later.mx());
  }

  @Test
  void aWrongAnswerBeginsAnewAndNoneDoesNot() {
    DnsState first = look(DnsState.NOTHING, kept(Views.healthy(), 5, true), FAILED, 0);
    DnsState wrong = look(first, kept(Views.with(""), 5, true), FAILED, 15);
    assertEquals(MxCheck.WRONG, wrong.mx());
    assertNull(wrong.mxRightSince());
    assertNull(wrong.mxKeptUntil());
    DnsView nobody = DnsView.unavailable(Views.NAME, "timeout");
    for (DnsView view : List.of(nobody, Views.ofOwnServers(Views.RIGHT, ""))) {
      DnsState unknown = look(first, view, FAILED, 15);
      assertFalse(unknown.mx().isKnown());
      assertEquals(T0, unknown.mxRightSince());
      assertEquals(minute(5), unknown.mxKeptUntil());
    }
  }

  @Test
  void nothingOfANameIsKnownOfAnother() {
    DnsState first = look(DnsState.NOTHING, Views.healthy(), SUCCESS, 0);
    DomainName other = DomainName.of("other.example.com");
    DnsView view = DnsView.of(other, Views.mx(Views.RIGHT), Views.spf(SpfVerdict.UNKNOWN));
    DnsState second = look(first, view, PENDING, 15);
    assertEquals(minute(15), second.mxRightSince());
    assertNull(second.zone());
    assertNull(second.dmarc());
    assertNull(second.mxUnderSuccess());
  }

  @Test
  void whatWasNotAskedIsAsItWasKnown() {
    DnsState first =
        look(DnsState.NOTHING, Views.healthy().with(Views.dmarc(true, true)), PENDING, 0);
    DnsView bare = DnsView.of(Views.NAME, Views.mx(Views.RIGHT), Views.spf(SpfVerdict.COVERS_SES));
    DnsState second = look(first, bare, SUCCESS, 15);
    assertEquals(first.zone(), second.zone());
    assertEquals(first.dmarc(), second.dmarc());
    assertEquals(
        List.of(FindingCode.DMARC_STRICT_SPF),
        second.findings().stream().map(Finding::code).toList());
    assertEquals(Views.FROM, second.records().getFirst().zone());
    DnsState gone = look(first, Views.with("").with(Zone.MISSING), PENDING, 15);
    assertNull(gone.zone());
  }

  @Test
  void withoutTextsItIsStillKnownWhatWasRight() {
    DnsState state = look(DnsState.NOTHING, Views.with(""), FAILED, 0);
    DnsState without = state.withoutTexts();
    assertEquals(List.of(), without.findings());
    assertEquals(List.of(), without.records());
    assertEquals(state.with(List.of(), List.of()), without);
    assertEquals("x", state.withMxUnderSuccess("x").mxUnderSuccess());
  }
}
