package mailfrom.api;

import static mailfrom.api.TestEvents.mailFrom;
import static mailfrom.api.TestEvents.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mailfrom.app.settings.SettingsApi;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The records as whoever owns the DNS gets them. */
class RecordTextsTest {
  private static final String PATH = mailFrom("example.com") + "/records";
  private final Door door = Door.ofOneRegion();

  private String asked(SettingsApi.IdentityView view, String accept) {
    door.calls.outcome = new SettingsApi.Outcome.Shown(view, false, null, List.of());
    Door.Answer answer = door.ask(request("GET", PATH).header("accept", accept));
    assertEquals(200, answer.status());
    return answer.text();
  }

  private static SettingsApi.IdentityView with(RecordToDo... records) {
    SettingsApi.IdentityView view = Samples.fallback();
    return Samples.view(
        view.state().withDns(view.state().dnsState().with(List.of(), List.of(records))),
        view.plan());
  }

  private static RecordToDo record(
      RecordType type,
      @Nullable String zone,
      @Nullable Integer priority,
      String value,
      RecordToDo.State state) {
    return new RecordToDo(
        Samples.BOUNCE,
        type,
        zone == null ? null : DomainName.of(zone),
        priority,
        value,
        300,
        state);
  }

  @Test
  void whatIsToBePublishedIsOfTheWantedDomainAndNotOfTheOneThatSomebodyElseSet() {
    assertEquals(
        """
        Somebody else set mailer.example.com as the MAIL FROM domain of example.com, and bounce.example.com is asked for: that is to be put back at Amazon SES.

        For the mail of example.com, please make these changes in the DNS, where they are not made yet: nobody looked. They are about bounce.example.com, the domain to which bounces go.

          What:     add
          Name:     bounce.example.com.
          Type:     MX
          Priority: 10
          Value:    feedback-smtp.us-east-1.amazonses.com
          TTL:      300
          Why:      Amazon SES uses the domain only while it finds this record, and bounces come back by it.

          What:     add
          Name:     bounce.example.com.
          Type:     TXT
          Value:    v=spf1 include:amazonses.com ~all
          TTL:      300
          Why:      It tells receivers that Amazon SES may send for the domain (SPF).
        """,
        asked(Samples.drifted(), "text/plain"));
    assertEquals(
        """
        ; example.com in us-east-1
        ; Somebody else set mailer.example.com as the MAIL FROM domain of example.com, and bounce.example.com is asked for: that is to be put back at Amazon SES.
        bounce.example.com. 300 IN MX 10 feedback-smtp.us-east-1.amazonses.com.
        bounce.example.com. 300 IN TXT "v=spf1 include:amazonses.com ~all"
        """,
        asked(Samples.drifted(), "text/dns"));
  }

  @Test
  void nothingIsToBePublishedForADomainThatSomebodyElseSetWhereNoneIsWanted() {
    SettingsApi.IdentityView drifted = Samples.driftedFromNothing();
    for (String type : List.of("text/plain", "text/dns")) {
      String text = asked(drifted, type);
      assertTrue(text.contains("and none is asked for"), text);
      assertFalse(text.contains("feedback-smtp"), text);
    }
  }

  @Test
  void theTextHasZoneHostTypeValueAndWhy() {
    assertEquals(
        """
        For the mail of example.com, please make these changes in the DNS. They are about bounce.example.com, the domain to which bounces go.

        In the zone example.com:

          What:     add
          Host:     bounce
          Name:     bounce.example.com.
          Type:     MX
          Priority: 10
          Value:    feedback-smtp.us-east-1.amazonses.com
          TTL:      300
          Why:      Amazon SES uses the domain only while it finds this record, and bounces come back by it.
        """,
        asked(Samples.fallback(), "*/*"));
  }

  @Test
  void whatIsRemovedComesLastAndWithoutAZoneTheWholeNameIsGiven() {
    String text =
        asked(
            with(
                record(RecordType.CNAME, null, null, "x.example.net", RecordToDo.State.REMOVE),
                record(RecordType.TXT, null, null, "v=spf1 -all", RecordToDo.State.REPLACE)),
            "text/plain");
    assertTrue(text.indexOf("in the place of") < text.indexOf("remove"), text);
    assertTrue(!text.contains("Host:") && !text.contains("In the zone"), text);
  }

  @Test
  void theZoneFileHasWhatIsToBeThereAndTheRestInComments() {
    assertEquals(
        """
        ; example.com in us-east-1
        bounce.example.com. 300 IN MX 10 feedback-smtp.us-east-1.amazonses.com.
        ; is there: bounce.example.com. 300 IN TXT "v=spf1 include:amazonses.com ~all"
        ; remove: bounce.example.com. 300 IN CNAME x.example.net.
        ; in the place of what is there:
        bounce.example.com. 300 IN TXT "a\\\\"b\\\\\\\\c\\\\010%s" "d"
        """
            .replace("\\\\", "\\")
            .formatted("x".repeat(249)),
        asked(
            with(
                record(
                    RecordType.MX,
                    "example.com",
                    10,
                    "feedback-smtp.us-east-1.amazonses.com",
                    RecordToDo.State.ADD),
                record(
                    RecordType.TXT,
                    null,
                    null,
                    "v=spf1 include:amazonses.com ~all",
                    RecordToDo.State.PRESENT),
                record(RecordType.CNAME, null, null, "x.example.net", RecordToDo.State.REMOVE),
                record(
                    RecordType.TXT,
                    null,
                    null,
                    "a\"b\\c\n" + "x".repeat(249) + "d",
                    RecordToDo.State.REPLACE)),
            "text/dns"));
  }

  @Test
  void whereNothingIsToBeDoneTheTextSaysSo() {
    assertEquals(
        "The DNS records of bounce.example.com, by which example.com sends its mail, are right."
            + " Nothing is to be done.\n",
        asked(
            with(
                record(RecordType.MX, null, 10, "feedback-smtp.example", RecordToDo.State.PRESENT)),
            "text/plain"));
    assertEquals(
        "example.com has no MAIL FROM domain, and none is asked for: nothing is to be published.\n",
        asked(Samples.neverAsked(Samples.key("example.com")), "text/plain"));
    door.calls.outcome = new SettingsApi.Outcome.UnknownIdentity();
    assertEquals(404, door.ask(request("GET", PATH)).status());
  }
}
