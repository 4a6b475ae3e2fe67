package mailfrom.app.tell;

import mailfrom.domain.incident.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What people read for a reason. All words of a reason are here.
 *
 * @param title in a few words; {@code %s} is what is so now
 * @param sentence what happened; {@code %1$s} is what is so now, {@code %2$s} the MAIL FROM domain;
 *     a run says it in its own text
 * @param runbook null: none, or for trouble that of its cause
 */
record ReasonText(String title, String sentence, @Nullable Runbook runbook) {

  static ReasonText of(Reason reason) {
    return switch (reason) {
      case STARTED -> identity("%s", "%1$s");
      case WORSE -> identity("worse: %s", "%1$s");
      case BETTER -> identity("better, but %s", "Mail flows again, but the incident goes on. %1$s");
      case LAST_CHANCE -> identity("SES gives up soon", "SES is about to give up. %1$s");
      case REMINDER -> identity("still: %s", "%1$s");
      case FLAPPING ->
          identity(
              "flapping: %s",
              "The third incident in 24 hours. %1$s From now on not each flip is told: the next"
                  + " message comes when it stays down for an hour, gets worse, or was stable for 6"
                  + " hours.");
      case RECOVERED -> identity("%s", "%1$s");
      case GONE ->
          identity(
              "was deleted at SES", "SES no longer knows the identity: nothing is sent as it.");
      case READY -> identity("ready", "Mail goes out with %2$s as asked for.");
      case EARLY_WARNING ->
          new ReasonText(
              "its MX answer changed",
              "Mail still goes out with %2$s, but not for long if SES sees the same.",
              Runbook.EARLY_WARNING);
      case DRIFT ->
          new ReasonText(
              "its settings were changed",
              "The settings at SES are not what was asked for.",
              Runbook.DRIFT);
      case NOT_APPLIED ->
          new ReasonText(
              "SES refused its settings",
              "What had been answered with 202 was not applied.",
              Runbook.NOT_APPLIED);
      case BASELINE -> run("first complete run of this Region", Runbook.BASELINE);
      case HELD -> run("repairs are held back", Runbook.HELD);
      case BLIND -> run("SES could not be asked", Runbook.BLIND);
      case BLIND_OVER -> run("SES answers again", null);
      case DNS_BLIND -> run("the DNS could not be asked", Runbook.DNS_BLIND);
      case DNS_BLIND_OVER -> run("the DNS answers again", null);
      case MISSING -> run("identities are missing from SES's list", Runbook.MISSING);
      case UNHEARD -> run("some messages reach nobody", Runbook.UNHEARD);
      case UNHEARD_OVER -> run("every message reaches somebody again", null);
      case SILENCE_OVER -> run("a silence is over, and not all is well", null);
      case WEEKLY -> run("weekly report", null);
    };
  }

  private static ReasonText identity(String title, String sentence) {
    return new ReasonText(title, sentence, null);
  }

  private static ReasonText run(String title, @Nullable Runbook runbook) {
    return new ReasonText(title, "", runbook);
  }
}
