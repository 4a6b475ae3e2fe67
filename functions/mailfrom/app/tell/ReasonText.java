package mailfrom.app.tell;

import mailfrom.domain.incident.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What people read for a reason besides what is so now.
 *
 * @param words of a run what it is about in a few words; of an identity a sentence that explains
 *     the reason, or nothing when the reason says enough
 * @param runbook null: none, or for trouble that of its cause
 */
record ReasonText(String words, @Nullable Runbook runbook) {

  static ReasonText of(Reason reason) {
    return switch (reason) {
      case STARTED, WORSE, REMINDER, RECOVERED -> plain("");
      case BETTER -> plain("Mail flows again, but the incident goes on.");
      case LAST_CHANCE -> plain("Then nothing heals by itself any more.");
      case FLAPPING ->
          plain(
              "The third incident in 24 hours. From now on not each flip is told: the next message"
                  + " comes when it stays down for an hour, gets worse, or was stable for 6 hours.");
      case GONE -> plain("SES no longer knows it: nothing is sent as it.");
      case READY -> plain("Mail goes out as asked for.");
      case EARLY_WARNING ->
          new ReasonText(
              "Mail still goes out with its MAIL FROM domain, but not for long if SES sees the"
                  + " same.",
              Runbook.EARLY_WARNING);
      case DRIFT ->
          new ReasonText("The settings at SES are not what was asked for.", Runbook.DRIFT);
      case NOT_APPLIED ->
          new ReasonText("What had been answered with 202 was not applied.", Runbook.NOT_APPLIED);
      case BASELINE -> new ReasonText("first complete run of this Region", Runbook.BASELINE);
      case HELD -> new ReasonText("repairs are held back", Runbook.HELD);
      case BLIND -> new ReasonText("SES could not be asked", Runbook.BLIND);
      case BLIND_OVER -> plain("SES answers again");
      case DNS_BLIND -> new ReasonText("the DNS could not be asked", Runbook.DNS_BLIND);
      case DNS_BLIND_OVER -> plain("the DNS answers again");
      case MISSING -> new ReasonText("identities are missing from SES's list", Runbook.MISSING);
      case UNHEARD -> new ReasonText("some messages reach nobody", Runbook.UNHEARD);
      case UNHEARD_OVER -> plain("every message reaches somebody again");
      case SILENCE_OVER -> plain("a silence is over, and not all is well");
      case WEEKLY -> plain("weekly report");
    };
  }

  private static ReasonText plain(String words) {
    return new ReasonText(words, null);
  }
}
