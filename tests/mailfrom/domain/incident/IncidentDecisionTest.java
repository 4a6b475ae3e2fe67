package mailfrom.domain.incident;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.incident.IncidentDecision.Audience;
import mailfrom.domain.incident.IncidentDecision.Calm;
import mailfrom.domain.incident.IncidentDecision.Facts;
import mailfrom.domain.incident.IncidentDecision.InTrouble;
import mailfrom.domain.incident.IncidentDecision.Situation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IncidentDecisionTest {
  private static final Trouble LOST =
      new Trouble(TroubleKind.FALLBACK, Cause.TEMPORARY_FAILURE, Severity.WARNING);
  private static final Trouble FAILED =
      new Trouble(TroubleKind.FALLBACK, Cause.FAILED, Severity.WARNING);
  private static final Trouble REJECTED =
      new Trouble(TroubleKind.REJECTED, Cause.TEMPORARY_FAILURE, Severity.CRITICAL);
  private static final Trouble SPF = new Trouble(TroubleKind.SPF_BROKEN, null, Severity.WARNING);
  private static final Trouble NOT_COVERED =
      new Trouble(TroubleKind.NOT_COVERED, Cause.NOT_COVERED, Severity.INFO);

  private IncidentState incidentState = IncidentState.NOTHING;
  private Instant now = T0;

  private static Facts ill(@Nullable Trouble trouble) {
    return new Facts(
        trouble == null ? Calm.HEALTHY : new InTrouble(trouble), null, Audience.LISTENING);
  }

  private static Facts silenced(Trouble trouble) {
    return new Facts(new InTrouble(trouble), null, Audience.SILENCED);
  }

  private static Facts beforeBaseline(Situation situation) {
    return new Facts(situation, null, Audience.BEFORE_BASELINE);
  }

  private static Facts deadline(Situation situation, Instant deadline) {
    return new Facts(situation, deadline, Audience.LISTENING);
  }

  /** What was decided after some time, in one word. */
  private String after(Duration time, Facts facts) {
    now = now.plus(time);
    Decision decision = IncidentDecision.decide(key("example.com"), incidentState, facts, now);
    incidentState = decision.after();
    return switch (decision) {
      case Decision.Tell tell -> tell.reason().name();
      case Decision.StayQuiet quiet -> "quiet " + quiet.why();
    };
  }

  private String at(int minutes, Facts facts) {
    return after(Duration.ofMinutes(minutes), facts);
  }

  @Test
  void aTroubleIsToldOnce() {
    assertEquals("quiet NOT_TROUBLE", at(0, ill(null)));
    assertEquals("STARTED", at(15, ill(LOST)));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(LOST)));
  }

  @ParameterizedTest
  @CsvSource({"9, quiet RECOVERING", "10, RECOVERED"})
  void itIsOverInTheSecondRunTenMinutesLater(int minutes, String decision) {
    at(0, ill(LOST));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    assertEquals(decision, at(minutes, ill(null)));
  }

  @Test
  void aTroubleThatComesBackWithinTenMinutesIsTheSame() {
    at(0, ill(LOST));
    at(15, ill(null));
    assertEquals("quiet ALREADY_TOLD", at(9, ill(LOST)));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    assertEquals("quiet RECOVERING", at(9, ill(null)));
    assertEquals("RECOVERED", at(1, ill(null)));
  }

  @Test
  void worseIsWorseThanWhatWasToldLast() {
    assertEquals("STARTED", at(0, ill(SPF)));
    assertEquals("WORSE", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(FAILED)));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(LOST)));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(FAILED)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    assertEquals("BETTER", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          24, 0, quiet ALREADY_TOLD, REMINDER
          48, 1, quiet ALREADY_TOLD, REMINDER
          96, 2, quiet ALREADY_TOLD, REMINDER
          168, 3, quiet ALREADY_TOLD, REMINDER
          168, 4, quiet ALREADY_TOLD, REMINDER
          """)
  void remindersComeAfterTheLastToldOne(int hours, int before, String minuteBefore, String then) {
    List<Reason> reasons = new ArrayList<>(List.of(Reason.STARTED));
    for (int i = 0; i < before; i++) {
      reasons.add(Reason.REMINDER);
    }
    Incident open = new Incident("id", T0, LOST, LOST, null, reasons, T0, T0, null);
    incidentState =
        new IncidentState(open, List.of(T0), false, null, null, null, null, List.of(), List.of());
    assertEquals(minuteBefore, at(hours * 60 - 1, ill(LOST)));
    assertEquals(then, at(1, ill(LOST)));
    assertEquals("quiet ALREADY_TOLD", at(1, ill(LOST)));
  }

  @Test
  void informationIsNeverReminded() {
    assertEquals("STARTED", at(0, ill(NOT_COVERED)));
    assertEquals("quiet ALREADY_TOLD", after(Duration.ofDays(30), ill(NOT_COVERED)));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theLastChanceIsTwelveHoursBeforeSesGivesUpAndToldOnce(boolean settingUp) {
    Situation now = settingUp ? Calm.SETTING_UP : new InTrouble(LOST);
    Instant end = T0.plus(Duration.ofHours(24));
    at(0, deadline(now, end));
    String quiet = settingUp ? "quiet SETTING_UP" : "quiet ALREADY_TOLD";
    assertEquals(quiet, at(12 * 60 - 1, deadline(now, end)));
    assertEquals("LAST_CHANCE", at(1, deadline(now, end)));
    assertEquals(quiet, at(15, deadline(now, end)));
    assertEquals("LAST_CHANCE", at(15, deadline(now, end.plusSeconds(60))));
  }

  /** The set-up of another domain, after ten calm minutes while it flapped: nothing is rejected. */
  @Test
  void theLastChanceOfASetUpDoesNotTellOfTheTroubleBefore() {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    Instant end = now.plus(Duration.ofHours(1));
    assertEquals("LAST_CHANCE", at(15, deadline(Calm.SETTING_UP, end)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
  }

  /** Two incidents, told and over; the next begins some time after the first did. */
  private void twoIncidents() {
    for (int i = 0; i < 2; i++) {
      assertEquals("STARTED", at(0, ill(LOST)));
      at(15, ill(null));
      assertEquals("RECOVERED", at(15, ill(null)));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, FLAPPING", "1, STARTED"})
  void theThirdIncidentIn24HoursIsFlapping(int minutesMore, String decision) {
    twoIncidents();
    Duration left = Duration.between(now, T0.plus(Duration.ofHours(24)));
    assertEquals(decision, after(left.plusMinutes(minutesMore), ill(LOST)));
  }

  @ParameterizedTest
  @CsvSource({"359, quiet RECOVERING", "360, RECOVERED"})
  void flappingIsQuietUntilSixStableHours(int minutes, String decision) {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    assertEquals("quiet RECOVERING", at(60, ill(null)));
    assertEquals("quiet FLAPPING", at(15, ill(LOST)));
    assertEquals("quiet RECOVERING", at(15, ill(null)));
    assertEquals(decision, at(minutes, ill(null)));
  }

  @Test
  void whatIsToldAsFlappingIsToldAndWhatGetsWorseIsToldAnyway() {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(FAILED)));
    at(15, ill(null));
    assertEquals("quiet RECOVERING", at(60, ill(null)));
    assertEquals("quiet FLAPPING", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(FAILED)), "SES gave up: this flip does not end by itself");
  }

  @ParameterizedTest
  @CsvSource({"59, quiet FLAPPING", "60, STARTED"})
  void whileFlappingWhatStaysDownForAnHourIsTold(int minutes, String decision) {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    at(15, ill(null));
    assertEquals("quiet RECOVERING", at(60, ill(null)));
    assertEquals("quiet FLAPPING", at(15, ill(LOST)));
    assertEquals(decision, at(minutes, ill(LOST)));
  }

  @Test
  void afterFlappingTheCountOfStartsBeginsAnew() {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    at(15, ill(null));
    assertEquals("RECOVERED", at(360, ill(null)));
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
  }

  @ParameterizedTest
  @CsvSource({"9, quiet ALREADY_TOLD", "10, WORSE"})
  void whileFlappingTenCalmMinutesEndNothingButRejectedAfterThemIsToldAnew(
      int minutes, String decision) {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    at(15, ill(null));
    assertEquals("quiet RECOVERING", at(minutes, ill(null)));
    assertEquals(decision, at(1, ill(REJECTED)));
  }

  @Test
  void whatNobodyCoversIsNeverFlapping() {
    twoIncidents();
    assertEquals("STARTED", at(15, ill(NOT_COVERED)));
  }

  @Test
  void rejectedIsToldAlways() {
    twoIncidents();
    assertEquals("FLAPPING", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    at(15, ill(null));
    at(60, ill(null));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    incidentState = IncidentState.NOTHING;
    twoIncidents();
    assertEquals("STARTED", at(15, ill(REJECTED)));
  }

  @Test
  void aMonthOfAnHourlyFlipIsToldOnceAndRemindedOf() {
    List<String> told = new ArrayList<>();
    for (int hour = 0; hour < 24 * 30; hour++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        String decision = at(15, ill(hour % 2 == 0 ? LOST : null));
        if (!decision.startsWith("quiet")) {
          told.add(decision);
        }
      }
    }
    List<String> first = List.of("STARTED", "RECOVERED", "STARTED", "RECOVERED", "FLAPPING");
    assertEquals(first, told.subList(0, first.size()));
    assertEquals(
        Collections.nCopies(6, "REMINDER"),
        told.subList(first.size(), told.size()),
        "after 1, 2, 4 days, then each week");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STARTED,     true
          REMINDER,    true
          FLAPPING,    true
          REJECTED,    false
          WORSE,       false
          LAST_CHANCE, false
          """)
  void aSilenceHoldsBackWhatItMayAndNothingElse(String what, boolean held) {
    Instant end = T0.plus(Duration.ofHours(2));
    String decision =
        switch (what) {
          case "STARTED" -> at(0, silenced(LOST));
          case "REJECTED" -> at(0, silenced(REJECTED));
          case "REMINDER" -> {
            at(0, ill(LOST));
            yield at(24 * 60, silenced(LOST));
          }
          case "FLAPPING" -> {
            twoIncidents();
            yield at(15, silenced(LOST));
          }
          case "WORSE" -> {
            at(0, ill(LOST));
            yield at(15, silenced(FAILED));
          }
          case "LAST_CHANCE" -> {
            at(0, ill(LOST));
            yield at(15, new Facts(new InTrouble(LOST), end, Audience.SILENCED));
          }
          default -> throw new IllegalArgumentException(what);
        };
    assertEquals(held, decision.equals("quiet SILENCED"), decision);
  }

  @Test
  void whatIsStillBadAtTheEndOfASilenceIsTold() {
    assertEquals("quiet SILENCED", at(0, silenced(LOST)));
    assertEquals("STARTED", at(15, ill(LOST)));
  }

  @Test
  void theEndOfWhatNobodyWasToldIsNotTold() {
    at(0, silenced(LOST));
    at(15, ill(null));
    assertEquals("quiet NEVER_TOLD", at(15, ill(null)));
    assertNull(incidentState.incident());
  }

  @Test
  void whatIsInTheBaselineCountsAsTold() {
    assertEquals("quiet IN_BASELINE", at(0, beforeBaseline(new InTrouble(LOST))));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(LOST)));
    assertEquals("WORSE", at(15, ill(REJECTED)));
    at(15, ill(null));
    assertEquals("RECOVERED", at(15, ill(null)));
  }

  @ParameterizedTest
  @EnumSource(names = {"HEALTHY", "NOTHING_WANTED", "GONE"})
  void whatIsOverBeforeTheBaselineIsNotToldAsOver(Calm over) {
    assertEquals("quiet IN_BASELINE", at(0, beforeBaseline(new InTrouble(LOST))));
    at(15, beforeBaseline(over));
    String decision = at(15, beforeBaseline(over));
    assertEquals(over == Calm.HEALTHY ? "quiet NEVER_TOLD" : "quiet NOT_TROUBLE", decision);
    assertNull(incidentState.incident());
  }

  @Test
  void nothingIsToldBeforeTheBaseline() {
    assertEquals("quiet IN_BASELINE", at(0, beforeBaseline(new InTrouble(LOST))));
    assertEquals("quiet IN_BASELINE", at(15, beforeBaseline(new InTrouble(REJECTED))));
    assertEquals("quiet IN_BASELINE", at(15, beforeBaseline(new InTrouble(FAILED))));
    assertEquals(
        "quiet SETTING_UP",
        at(15, new Facts(Calm.SETTING_UP, now.plusSeconds(60), Audience.BEFORE_BASELINE)));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(FAILED)));
    Incident open = incidentState.incident();
    assertEquals(List.of(Reason.BASELINE), open == null ? null : open.reasons());
  }

  @Test
  void whatStartsAgainAfterSesGaveUpIsStillTheSameIncident() {
    at(0, ill(FAILED));
    Facts settingUp = deadline(Calm.SETTING_UP, T0.plus(Duration.ofDays(3)));
    assertEquals("quiet SETTING_UP", at(15, settingUp));
    assertEquals("quiet ALREADY_TOLD", at(15, ill(FAILED)));
  }

  @Test
  void nothingWantedAnyMoreAndGoneEndAtOnce() {
    at(0, ill(LOST));
    IncidentState open = incidentState;
    assertEquals("RECOVERED", at(1, new Facts(Calm.NOTHING_WANTED, null, Audience.LISTENING)));
    incidentState = open;
    assertEquals("GONE", at(1, new Facts(Calm.GONE, null, Audience.LISTENING)));
    assertEquals("quiet NOT_TROUBLE", at(1, new Facts(Calm.GONE, null, Audience.LISTENING)));
  }
}
