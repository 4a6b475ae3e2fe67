package mailfrom.app.text;

import java.util.List;
import java.util.function.BiFunction;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Narrowing;
import mailfrom.app.advice.Runbook;
import mailfrom.app.advice.Step;
import mailfrom.app.advice.Step.Kind;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What people read for a reason besides what is so now.
 *
 * @param words of a run what it is about in a few words; of an identity a sentence that explains
 *     the reason, or nothing when the reason says enough
 * @param runbook null: none, or for trouble that of its cause
 * @param goesOn how the trouble of an identity goes on, in a word; empty: that is all there is
 * @param incident of a run what it is about from its beginning to its end; null: it has no end
 * @param steps what its reader does about a run of a Region
 */
record ReasonText(
    String words,
    @Nullable Runbook runbook,
    String goesOn,
    @Nullable String incident,
    BiFunction<RunNotice, String, List<Step>> steps) {
  private static final String SES = "SES";
  private static final String DNS = "DNS";
  private static final String HEARD = "heard";

  static ReasonText of(Reason reason) {
    return switch (reason) {
      case STARTED, RECOVERED, EARLY_WARNING_OVER, DRIFT_OVER, NOT_APPLIED_OVER -> plain("");
      case WORSE -> goingOn("worse", "");
      case REMINDER -> goingOn("still", "");
      case BETTER -> goingOn("better", "Mail flows again, but the incident goes on.");
      case LAST_CHANCE -> plain("Then nothing heals by itself any more.");
      case FLAPPING ->
          goingOn(
              "flapping",
              "The third incident in 24 hours. From now on not each flip is told: the next message"
                  + " comes when it stays down for an hour, gets worse, or was stable for 6 hours.");
      case GONE -> plain("SES no longer knows it: nothing is sent as it.");
      case READY -> plain("Mail goes out as asked for.");
      case EARLY_WARNING ->
          by(
              Runbook.EARLY_WARNING,
              "Mail still goes out with its MAIL FROM domain, but not for long if SES sees the"
                  + " same.");
      case DRIFT -> by(Runbook.DRIFT, "The settings at SES are not what was asked for.");
      case NOT_APPLIED ->
          by(Runbook.NOT_APPLIED, "What had been answered with 202 was not applied.");
      case BASELINE ->
          by(Runbook.BASELINE, "first complete run of this Region")
              .with((_, region) -> list(Narrowing.of(region).inTrouble()));
      case HELD -> by(Runbook.HELD, "repairs are held back").with(ReasonText::letGo);
      case HELD_OVER -> plain("no repairs are held back any more");
      case BLIND -> by(Runbook.BLIND, "SES could not be asked").about(SES);
      case BLIND_OVER -> plain("SES answers again").about(SES);
      case DNS_BLIND ->
          by(Runbook.DNS_BLIND, "the DNS could not be asked")
              .about(DNS)
              .with((_, region) -> list(Narrowing.of(region).with(FindingCode.DNS_UNAVAILABLE)));
      case DNS_BLIND_OVER -> plain("the DNS answers again").about(DNS);
      case MISSING ->
          by(Runbook.MISSING, "identities are missing from SES's list")
              .with(
                  (run, region) ->
                      run.names().isEmpty()
                          ? List.of()
                          : list(Narrowing.of(region).named(run.names())));
      case MISSING_OVER -> plain("nothing is missing from SES's list any more");
      case UNHEARD -> by(Runbook.UNHEARD, "some messages reach nobody").about(HEARD);
      case UNHEARD_OVER -> plain("every message reaches somebody again").about(HEARD);
      case SILENCE_OVER ->
          plain("a silence is over, and not all is well")
              .with((run, region) -> list(Narrowing.of(region).inTrouble().named(run.names())));
      // It is about all Regions.
      case WEEKLY ->
          plain("weekly report")
              .with(
                  (run, _) ->
                      list(
                          run.severity() == Severity.INFO
                              ? Narrowing.NONE
                              : Narrowing.NONE.inTrouble()));
    };
  }

  private static ReasonText plain(String words) {
    return new ReasonText(words, null, "", null, (_, _) -> List.of());
  }

  private static ReasonText goingOn(String how, String words) {
    return new ReasonText(words, null, how, null, (_, _) -> List.of());
  }

  private static ReasonText by(Runbook runbook, String words) {
    return new ReasonText(words, runbook, "", null, (_, _) -> List.of());
  }

  private ReasonText about(String what) {
    return new ReasonText(words, runbook, goesOn, what, steps);
  }

  private ReasonText with(BiFunction<RunNotice, String, List<Step>> does) {
    return new ReasonText(words, runbook, goesOn, incident, does);
  }

  private static List<Step> list(Narrowing to) {
    return List.of(Step.run(Kind.LIST, to.list()));
  }

  private static List<Step> letGo(RunNotice run, String region) {
    return RunTexts.title(run).contains(RunTexts.HELD_BACK)
        ? List.of(
            Step.run(Kind.LET_GO, Narrowing.of(region).managed().list(), Command.release(region)))
        : List.of();
  }
}
