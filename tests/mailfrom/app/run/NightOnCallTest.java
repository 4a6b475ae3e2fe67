package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A night on call: what somebody found who tried the product as a user for thousands of customer
 * domains, and the test of what has to happen instead. What no other class shows stands here.
 */
class NightOnCallTest {
  private static final String NAME = "customer.example";

  private final World world = new World();

  /** Small things of that night have the number 0. */
  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
           1 | domain.incident.IncidentDecisionTest  | whileFlappingWhatStaysDownForAnHourIsTold
           1 | domain.incident.IncidentDecisionTest  | whatIsToldAsFlappingIsToldAndWhatGetsWorseIsToldAnyway
           1 | domain.incident.WeeksTest             | noTroubleIsUntoldForMoreThan25HoursAndEachMessageToActOnHasItsEnd
           2 | app.settings.PutTableTest             | whatIsAskedForIsSetNowUnlessItIsSoOrWouldBreakMail
           3 | app.run.NightOnCallTest               | aManagedCustomerThatIsDeletedIsToldThoughAllWasWell
           3 | app.run.NightOnCallTest               | aManagedCustomerThatIsNotVerifiedAnyMoreIsCriticalAtOnce
           4 | app.settings.PutTableTest             | whatIsAskedForIsSetNowUnlessItIsSoOrWouldBreakMail
           5 | domain.findings.RecordsToDoTest           | theHostIsRelativeToTheZoneThatWasFound
           5 | dns.FieldCasesTest                    | theHostToPublishAtIsOfTheZoneThatWasFound
           6 | app.run.NightOnCallTest               | whatWasSetIsByWhoAskedForItAndWhatHealedByWatch
           6 | app.run.LostNoticesTest               | aPlantedBugIsFound
           7 | app.text.AlertTextsTest               | whatIsToBePublishedIsOfTheWantedDomainAndNotOfTheIntruders
           7 | api.RecordTextsTest                   | whatIsToBePublishedIsOfTheWantedDomainAndNotOfTheOneThatSomebodyElseSet
           7 | api.FleetRequestsTest                 | anIntrudersDomainIsNeverToldToBePublishedInJsonOrCsv
           7 | app.advice.StepsTest                  | anIntrudersDomainIsNeverToldToBePublished
           8 | app.settings.TellingTest              | driftStaysInThePlanAndSaysWhatItWouldNeed
           8 | app.run.NightOnCallTest               | driftIsRemindedOfWeekly
           9 | app.settings.TellingTest              | whatWasToldIsSaidWithItsTimeAndWhenItIsToldAgain
           9 | app.settings.TellingTest              | aSilenceIsNamedWithWhatItHoldsBack
          10 | app.read.BlindRunsTest                | nothingIsConcludedFromIt
          11 | app.run.ReadRunTest                   | whoeverIsDeletedOnPurposeIsBelievedToBe
          11 | app.run.ReadRunTest                   | whoIsMissingFromTheListAndKnownByNameIsWatchedAndNamed
          12 | app.run.NightOnCallTest               | aSetUpThatIsDoneIsToldToMachinesAloneWithItsLabels
          13 | app.text.AlertTextsTest               | thePhoneShowsHowManyAndWhat
          13 | app.run.ListedNamesTest               | theseAreThoseThatTheMessageNames
          14 | app.text.AlertTextsTest               | everyNameIsThereWithItsLabels
          15 | app.run.NightOnCallTest               | aRecoveryTellsFromWhenToWhenHowItWasHealedWhoIsWellAndWhetherAnyIsLeft
          15 | app.run.ListedNamesTest               | whoIsLeftIsWhoIsStillInTrouble
          16 | app.settings.SendersAndFleetTest      | theWorstComesFirstWhatRecoversAfterItAndPagesLoseAndDoubleNothing
          16 | app.text.AlertTextsTest               | whatHealsIsNotRed
          17 | api.SilenceRequestsTest               | theAnswerSaysWhomItMeansAndADryRunKeepsNothing
          17 | app.tell.SilencesTest                 | atTheEndOneMessageTellsWhatIsStillBad
          18 | e2e.CommandsTest                      | eachCommandOfAMailRuns
          18 | e2e.CommandsTest                      | eachCommandOfAnAnswerRuns
          18 | e2e.CommandsTest                      | eachCommandOfADocumentRuns
          19 | app.batch.BatchTest                   | aBatchEndsWhenItsLastItemIsSetAndNotWhenTheRunBegan
          20 | api.FleetRequestsTest                 | allFiltersOfTheFleetAreHandedOver
          20 | api.BatchRequestsTest                 | batchesAreListedAndTheirItemsAskedForByState
          21 | api.FleetRequestsTest                 | csvHasALineAnIdentityAndItsCursorInAHeader
          21 | api.FleetRequestsTest                 | theRecordsOfTheFleetAreALineEach
          22 | api.RecordTextsTest                   | theTextHasZoneHostTypeValueAndWhy
          22 | api.RecordTextsTest                   | theZoneFileHasWhatIsToBeThereAndTheRestInComments
          23 | page.PageForTheNightTest              | eachRowOfTheFleetSaysWhatIsToBeDone
          23 | page.PageForTheNightTest              | whoNeedsSomebodyComesFirstApartFromSetUpsAndIsFoundByAPartOfItsName
          23 | page.PageForTheNightTest              | anIdentityIsSeenWithAllThatOneAsksForAtNight
          23 | page.SameStepsTest                    | mailChatAndPageSayTheSameSteps
          23 | e2e.PageInBrowserTest                 | fromTheFleetToTheRecordOfAnIdentity
          23 | e2e.PageInBrowserTest                 | eachViewFitsEachWidthInBothThemes
          24 | app.settings.SettingsServiceTest      | stagedRejectMessageWaitsForSuccessAndTheRightMxInTwoRuns
          24 | api.BatchRequestsTest                 | aBatchThatIsOverSaysWhatTheMailOfItsIdentitiesGets
          25 | app.batch.BatchTest                   | whatIsAdoptedTakesLabelsAndLabelsAloneAreNoNewVersion
          25 | domain.desired.DesiredStateTest       | aLabelIsNoNewVersionOfTheSettings
           0 | app.text.AlertTextsTest               | aBaselineNamesFiftyRejectedIdentitiesAndCountsTheRest
           0 | app.json.JsonWriterTest               | anInstantHasThreeDigitsOfASecond
           0 | app.text.AlertTextsTest               | whatIsMissingIsSaidOnceAsTheRecordToPublish
           0 | domain.findings.DnsFindingsTest           | aMissingZoneIsOneFindingAndNotFour
           0 | api.SettingsHandlerTest               | blanksAroundANameAreNotPartOfIt
           0 | domain.identity.EvaluationTest        | dkimThatIsKnownNotToSignMakesAFallbackCritical
          """)
  void eachFindingHasATestOfWhatMustHappen(int finding, String of, String name) throws Exception {
    assertTrue(
        Arrays.stream(Class.forName("mailfrom." + of).getDeclaredMethods())
            .filter(method -> method.getName().equals(name))
            .anyMatch(
                method ->
                    method.isAnnotationPresent(Test.class)
                        || method.isAnnotationPresent(ParameterizedTest.class)),
        () -> "finding %d has no test %s of %s".formatted(finding, name, of));
  }

  private static Desired wanted() {
    Desired plain = World.wants("bounce." + NAME, "UseDefaultValue", Activation.STAGED);
    return new Desired(
        plain.settings(), plain.activation(), plain.accept(), Map.of("customer", "4711"));
  }

  /** Cared for, and well. */
  private void managed() {
    // Beside others: the only one of a Region is not believed to be deleted at once.
    List.of("a.example", "b.example").forEach(world::healthy);
    world.healthy(NAME);
    world.read();
    var _ = world.put(NAME, wanted());
    var _ = world.apply();
    world.read();
  }

  private List<HistoryEntry> history(HistoryEntry.What what) {
    return world
        .identities
        .history(World.key(NAME), 100, null, world.time.instant())
        .items()
        .stream()
        .filter(entry -> entry.what() == what)
        .toList();
  }

  /** Two come back by themselves; the third fails first, and watch starts it again. */
  @Test
  void aRecoveryTellsFromWhenToWhenHowItWasHealedWhoIsWellAndWhetherAnyIsLeft() {
    world.policy = new HealPolicy(true, false);
    managed();
    List<String> three = List.of("a.example", "b.example", NAME);
    three.forEach(name -> world.mx(name, Mx.NONE));
    world.read();
    assertEquals(List.of("STARTED"), world.taken.reasons(NAME));
    List.of("a.example", "b.example").forEach(name -> world.mx(name, Mx.RIGHT));
    for (int i = 0; i < 4; i++) {
      world.read();
    }
    String two = world.taken.alerts().getLast().text();
    assertTrue(two.contains("2 work again, 1 is left"), two);
    assertTrue(two.contains("a.example") && two.contains("b.example"), two);
    assertTrue(two.contains("Was: falling back to amazonses.com (TEMPORARY_FAILURE)"), two);
    assertTrue(
        two.matches("(?s).*From: 2026-11-23 \\d\\d:\\d\\d to \\d\\d:\\d\\d UTC, \\d+ minutes.*"),
        two);
    assertTrue(two.contains("Healed: SES found the MX record."), two);

    for (int i = 0; i < 80; i++) {
      world.time.advance(Duration.ofHours(1));
      world.read();
    }
    world.mx(NAME, Mx.RIGHT);
    for (int i = 0; i < 8; i++) {
      world.read();
      var _ = world.apply();
    }
    assertEquals("RECOVERED", world.taken.reasons(NAME).getLast());
    String one = world.taken.alerts().getLast().text();
    assertTrue(one.contains("works again, none is left"), one);
    assertTrue(one.contains("Was: falling back to amazonses.com (FAILED)"), one);
    assertTrue(one.contains("Healed: watch started SES again at 2026-11-2"), one);
    assertTrue(one.contains("Labels: customer=4711"), one);
  }

  @Test
  void aManagedCustomerThatIsDeletedIsToldThoughAllWasWell() {
    managed();
    world.ses.delete(World.REGION, NAME);
    world.read();
    world.read();
    world.read();
    assertEquals(List.of("GONE"), world.taken.reasons(NAME));
    assertTrue(world.taken.alerts().getLast().subject().contains("was deleted at SES"));
    assertEquals(1, history(HistoryEntry.What.DELETED).size());
  }

  @Test
  void aManagedCustomerThatIsNotVerifiedAnyMoreIsCriticalAtOnce() {
    managed();
    world.ses.addDomain(World.REGION, NAME, false);
    world.read();
    assertEquals(List.of("STARTED"), world.taken.reasons(NAME));
    assertEquals(TroubleKind.UNVERIFIED, world.row(NAME).trouble().orElseThrow().kind());
    assertEquals(Severity.CRITICAL, world.row(NAME).severity().orElseThrow());
  }

  @Test
  void whatWasSetIsByWhoAskedForItAndWhatHealedByWatch() {
    world.policy = new HealPolicy(true, false);
    world.ses.addDomain(World.REGION, NAME, true);
    world.read();
    var _ = world.put(NAME, wanted());
    var _ = world.apply();
    world.read();
    world.time.advance(Duration.ofHours(73));
    world.read();
    world.mx(NAME, Mx.RIGHT);
    world.read();
    var _ = world.apply();
    world.read();
    assertEquals(
        List.of("RESTART watch", "APPLY arn:mia"),
        history(HistoryEntry.What.SETTINGS).stream()
            // What was there at first sight, nobody of us set.
            .filter(entry -> entry.before() != null)
            .map(entry -> entry.action() + " " + entry.by())
            .toList());
  }

  @Test
  void driftIsRemindedOfWeekly() {
    managed();
    world.ses.put(
        World.REGION,
        NAME,
        "mail." + NAME,
        LocalSes.OnMxFailure.USE_DEFAULT_VALUE,
        LocalSes.Status.SUCCESS,
        world.time.instant());
    world.dns.put("mail." + NAME, Mx.RIGHT);
    world.read();
    assertEquals(List.of("DRIFT"), world.taken.reasons(NAME));
    world.time.advance(Duration.ofDays(6));
    world.read();
    assertEquals(List.of("DRIFT"), world.taken.reasons(NAME));
    world.time.advance(Duration.ofDays(1));
    world.read();
    assertEquals(List.of("DRIFT", "DRIFT"), world.taken.reasons(NAME));
  }

  @Test
  void aSetUpThatIsDoneIsToldToMachinesAloneWithItsLabels() {
    world.ses.addDomain(World.REGION, NAME, true);
    world.read();
    var _ = world.put(NAME, wanted());
    var _ = world.apply();
    world.read();
    int toPeople = world.taken.alerts().size();
    world.mx(NAME, Mx.RIGHT);
    world.read();
    assertEquals(List.of("READY"), world.taken.reasons(NAME));
    assertEquals(toPeople, world.taken.alerts().size());
  }
}
