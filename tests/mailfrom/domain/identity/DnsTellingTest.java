package mailfrom.domain.identity;

import static mailfrom.domain.identity.Steps.BOUNCE;
import static mailfrom.domain.identity.Steps.SUCCESS;
import static mailfrom.domain.identity.Steps.asking;
import static mailfrom.domain.identity.Steps.start;
import static mailfrom.domain.identity.Steps.step;
import static mailfrom.domain.identity.Steps.told;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of SPF and MX while SES says Success: what two runs saw. */
class DnsTellingTest {
  private static DnsView spf(SpfVerdict verdict) {
    return Views.with(Views.spf(verdict));
  }

  /** Two runs saw its SPF broken, the second one at minute 15. */
  private static IdentityState toldAsBroken() {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    return step(once, 15, SUCCESS, spf(SpfVerdict.MISSING));
  }

  @ParameterizedTest
  @CsvSource({"9, 0", "10, 1"})
  void brokenSpfIsToldWhenSeenInTwoRunsTenMinutesApart(int minutes, int notices) {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(once));
    assertEquals(notices, told(step(once, minutes, SUCCESS, spf(SpfVerdict.DUPLICATE))).size());
  }

  @Test
  void aRunThatCouldNotAskIsNotTheSecondOneThatSawSpfBroken() {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(step(once, 15, SUCCESS, spf(SpfVerdict.UNKNOWN))));
    assertEquals(List.of(), told(step(once, 15, SUCCESS)));
    IdentityState later = step(step(once, 15, SUCCESS), 30, SUCCESS, spf(SpfVerdict.MISSING));
    assertEquals(List.of(Reason.STARTED), told(later));
  }

  @Test
  void aLookAtAnotherNameDoesNotEndABrokenSpf() {
    IdentityState elsewhere =
        step(
            toldAsBroken(),
            30,
            SUCCESS,
            DnsView.unavailable(DomainName.of("other.example.com"), "timeout"));
    assertEquals(List.of(Reason.STARTED), told(step(elsewhere, 60, SUCCESS)));
  }

  @Test
  void theBrokenSpfOfTheWantedNameSaysNothingOfTheLiveOne() {
    Live live = live("live.example.com", "UseDefaultValue", "Success");
    IdentityState asked = asking(step(start(), 0, live), staged(BOUNCE, "UseDefaultValue"));
    assertEquals(Optional.of(Views.NAME), asked.nameToLookAt());
    IdentityState once = step(asked, 15, live, spf(SpfVerdict.MISSING));
    assertEquals(List.of(), told(step(once, 30, live, spf(SpfVerdict.MISSING))));
  }

  @ParameterizedTest
  @CsvSource({"MISSING, 1", "COVERS_SES, 0", "UNKNOWN, 0", ", 0"})
  void onlyALookThatSeesItMakesASecondRunOfABrokenSpf(@Nullable SpfVerdict second, int notices) {
    IdentityState once = step(start(), 0, SUCCESS, spf(SpfVerdict.MISSING));
    IdentityState twice = step(once, 15, SUCCESS, second == null ? null : spf(second));
    assertEquals(notices, told(twice).size());
  }

  @ParameterizedTest
  @CsvSource({"COVERS_SES, 1", "UNKNOWN, 0", ", 0"})
  void brokenSpfIsOverWhenTwoRunsSawItRightAndNoneThatCouldNotAskCounts(
      @Nullable SpfVerdict second, int ends) {
    IdentityState once = step(toldAsBroken(), 30, SUCCESS, spf(SpfVerdict.COVERS_SES));
    IdentityState twice = step(once, 45, SUCCESS, second == null ? null : spf(second));
    assertEquals(ends, told(twice).stream().filter(Reason.RECOVERED::equals).count());
    IdentityState later = step(twice, 60, SUCCESS, spf(SpfVerdict.COVERS_SES));
    assertEquals(1, told(later).stream().filter(Reason.RECOVERED::equals).count());
  }

  @ParameterizedTest
  @CsvSource({"MISSING, 1", "UNKNOWN, 0"})
  void brokenSpfIsRemindedOfOnlyWhenItIsSeen(SpfVerdict now, int reminders) {
    IdentityState dayLater = step(toldAsBroken(), 25 * 60, SUCCESS, spf(now));
    assertEquals(reminders, told(dayLater).stream().filter(Reason.REMINDER::equals).count());
  }

  private static DnsView mx(String records) {
    return Views.with(records);
  }

  @Test
  void aWorseMxAnswerUnderSuccessIsWarnedOfInTheSecondRunAndOnce() {
    IdentityState healthy = step(start(), 0, SUCCESS, Views.healthy());
    IdentityState once = step(healthy, 15, SUCCESS, mx("10 mail.example.net"));
    assertEquals(List.of(), told(once));
    IdentityState twice = step(once, 30, SUCCESS, mx("10 mail.example.net"));
    assertEquals(List.of(Reason.EARLY_WARNING), told(twice));
    assertEquals(
        List.of(Reason.EARLY_WARNING), told(step(twice, 45, SUCCESS, mx("10 mail.example.net"))));
  }

  @ParameterizedTest
  @CsvSource({"10 mail.example.net, 10 mail.example.net", "'', no record"})
  void anEarlyWarningSaysWhatTheMxIsNow(String records, String words) {
    IdentityState healthy = step(start(), 0, SUCCESS, Views.healthy());
    IdentityState warned = step(step(healthy, 15, SUCCESS, mx(records)), 30, SUCCESS, mx(records));
    assertEquals(
        "SES still says Success, but the MX answer is now: %s.".formatted(words),
        warned.incidentState().owed().getFirst().detail());
  }

  @Test
  void aRunThatCouldNotAskIsNotTheSecondOneThatSawAnotherMx() {
    IdentityState once =
        step(step(start(), 0, SUCCESS, Views.healthy()), 15, SUCCESS, mx("10 mail.example.net"));
    assertEquals(
        List.of(), told(step(once, 30, SUCCESS, DnsView.unavailable(Views.NAME, "timeout"))));
    assertEquals(List.of(), told(step(once, 30, SUCCESS)));
  }

  @Test
  void anAnswerThatWasAlreadyWrongWhenFirstSeenUnderSuccessIsNoChange() {
    IdentityState first = step(start(), 0, SUCCESS, mx("20 mail.example.net"));
    assertEquals(List.of(), told(step(first, 15, SUCCESS, mx("20 mail.example.net"))));
  }
}
