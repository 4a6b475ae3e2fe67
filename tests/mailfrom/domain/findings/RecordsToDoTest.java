package mailfrom.domain.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Others;
import mailfrom.domain.dns.DnsView.Sibling;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsToDoTest {
  private static final SortedSet<String> HERE = new TreeSet<>(List.of("us-east-1"));
  private static final SortedSet<String> TWO = new TreeSet<>(List.of("eu-west-1", "us-east-1"));
  private static final String US = "feedback-smtp.us-east-1.amazonses.com";
  private static final String EU = "feedback-smtp.eu-west-1.amazonses.com";
  private static final Answer<DomainName> ALIAS =
      new Answer.Found<>(List.of(DomainName.of("host.example.net")));

  private static String todo(
      DnsView view, RecordType type, String region, SortedSet<String> regions) {
    return RecordsToDo.of(view, new NameUse(region, regions, false, null)).stream()
        .filter(record -> record.type() == type)
        .map(
            record ->
                record.state()
                    + " "
                    + (record.priority() == null ? "" : record.priority() + " ")
                    + record.value())
        .collect(Collectors.joining(", "));
  }

  private static String mx(DnsView view) {
    return todo(view, RecordType.MX, "us-east-1", HERE);
  }

  private static String txt(DnsView view) {
    return todo(view, RecordType.TXT, "us-east-1", HERE);
  }

  @Test
  void severalRegionsAreToldTheSameOneRecord() {
    DnsView none = Views.with("");
    assertEquals("ADD 10 " + EU, todo(none, RecordType.MX, "us-east-1", TWO));
    assertEquals("ADD 10 " + EU, todo(none, RecordType.MX, "eu-west-1", TWO));
    DnsView right = Views.with("10 " + US);
    assertEquals("PRESENT 10 " + US, todo(right, RecordType.MX, "eu-west-1", TWO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10 feedback-smtp.sa-east-1.amazonses.com, 10 feedback-smtp.eu-west-1.amazonses.com | PRESENT 10 feedback-smtp.eu-west-1.amazonses.com, REMOVE 10 feedback-smtp.sa-east-1.amazonses.com
          10 feedback-smtp.sa-east-1.amazonses.com, 20 feedback-smtp.us-east-1.amazonses.com | PRESENT 20 feedback-smtp.us-east-1.amazonses.com, REMOVE 10 feedback-smtp.sa-east-1.amazonses.com
          5 feedback-smtp.sa-east-1.amazonses.com, 10 feedback-smtp.sa-east-1.amazonses.com  | PRESENT 10 feedback-smtp.sa-east-1.amazonses.com, REMOVE 5 feedback-smtp.sa-east-1.amazonses.com
          10 mx1.example.com, 20 mx2.example.com  | REMOVE 10 mx1.example.com, REMOVE 20 mx2.example.com, ADD 10 feedback-smtp.eu-west-1.amazonses.com
          10 mx1.example.com                      | REPLACE 10 feedback-smtp.eu-west-1.amazonses.com
          10 feedback-smtp.us-east-1.amazonses.com, 20 feedback-smtp.eu-west-1.amazonses.com | PRESENT 20 feedback-smtp.eu-west-1.amazonses.com, REMOVE 10 feedback-smtp.us-east-1.amazonses.com
          5 feedback-smtp.sa-east-1.amazonses.com, 7 feedback-smtp.ca-central-1.amazonses.com | PRESENT 5 feedback-smtp.sa-east-1.amazonses.com, REMOVE 7 feedback-smtp.ca-central-1.amazonses.com
          """)
  void theOneThatIsKeptIsOfAUsedRegionThenOfTheDocumentedPriorityThenTheFirst(
      String there, String todo) {
    assertEquals(todo, todo(Views.with(there), RecordType.MX, "us-east-1", TWO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      quoteCharacter = '^',
      textBlock =
          """
          none                                   | ADD v=spf1 include:amazonses.com ~all
          v=spf1 include:amazonses.com -all      | PRESENT v=spf1 include:amazonses.com -all
          v=spf1 ptr ~all                        | PRESENT v=spf1 ptr ~all
          v=spf1 +all                            | PRESENT v=spf1 +all
          v=spf1 a -all                          | REPLACE v=spf1 a include:amazonses.com -all
          "v=spf1 include:amazonses.com -all"    | REPLACE v=spf1 include:amazonses.com -all
          v=spf1 include:amazonses.com -all;"v=spf1 -all" | PRESENT v=spf1 include:amazonses.com -all
          v=spf1 a -all;v=spf1 include:amazonses.com -all | PRESENT v=spf1 include:amazonses.com -all, REMOVE v=spf1 a -all
          v=spf1 a -all;v=spf1 include:amazonses.com -al | REPLACE v=spf1 a include:amazonses.com -all, REMOVE v=spf1 include:amazonses.com -al
          v=spf1 a -all;v=spf1 mx -all           | REPLACE v=spf1 a include:amazonses.com -all, REMOVE v=spf1 mx -all
          v=spf1 a -all;v=spf1 mx -all;"v=spf1"  | REPLACE v=spf1 a include:amazonses.com -all, REMOVE v=spf1 mx -all
          """)
  void exactlyOneSpfRecordIsLeftAndSesIsInIt(@Nullable String there, String todo) {
    SpfView spf = Views.spf(there == null ? new String[0] : there.split(";", -1));
    assertEquals(todo, txt(Views.with(spf)));
  }

  @Test
  void anAliasInTheWayIsRemovedAndWhatLiesAtItsTargetDoesNotCount() {
    DnsView view = Views.healthy().with(new Others(ALIAS, null, null, null, null));
    assertEquals("REMOVE host.example.net", todo(view, RecordType.CNAME, "us-east-1", HERE));
    assertEquals("ADD 10 " + US, mx(view));
    assertEquals("ADD " + Spf.RECORD, txt(view));
  }

  @Test
  void whatAWildcardAnswersIsNotThereToBeRemoved() {
    Answer<MxRecord> mail = Views.mx("10 mx.example.net");
    SpfView spf = Views.spf("v=spf1 -all");
    DnsView view =
        Views.with(Views.with(mail), spf)
            .with(
                new Others(
                    ALIAS,
                    null,
                    null,
                    null,
                    new Sibling(mail, ALIAS, new Answer.None<>(true), spf.txt())));
    assertEquals("", todo(view, RecordType.CNAME, "us-east-1", HERE));
    assertEquals("ADD 10 " + US, mx(view));
    assertEquals("ADD " + Spf.RECORD, txt(view));
  }

  /** An MX at the name hides the wildcard's MX; a wildcard's text is then the name's own. */
  @Test
  void aForeignMxOfAWildcardIsHiddenAndNotReplaced() {
    Answer<MxRecord> mail = Views.mx("10 mx.example.net");
    Sibling sibling =
        new Sibling(
            mail, new Answer.None<>(true), new Answer.None<>(true), new Answer.None<>(true));
    DnsView view = Views.with(mail).with(new Others(null, null, null, null, sibling));
    assertEquals("ADD 10 " + US, mx(view));
    assertEquals("PRESENT " + Spf.RECORD, txt(view));
    Others nobody = new Others(null, null, null, null, Views.sibling());
    assertEquals("REPLACE 10 " + US, mx(Views.with(mail).with(nobody)));
  }

  @Test
  void whatMayBeAWildcardsIsNeitherReplacedNorRemoved() {
    Answer<MxRecord> mail = Views.mx("10 mx.example.net");
    Sibling silent =
        new Sibling(
            new Answer.CouldNotAsk<>("SERVFAIL"),
            new Answer.None<>(true),
            new Answer.None<>(true),
            new Answer.CouldNotAsk<>("SERVFAIL"));
    Others others = new Others(null, null, null, null, silent);
    DnsView view = Views.with(Views.with(mail), Views.spf("v=spf1 -all")).with(others);
    assertEquals("", mx(view));
    assertEquals("", txt(view));
    assertTrue(
        DnsFindings.of(view, new NameUse("us-east-1", HERE, false, null)).stream()
            .allMatch(finding -> finding.message().contains("whether a wildcard answers")));
    DnsView missing = Views.with(view, new Answer.None<>(true));
    assertEquals("ADD 10 " + US, mx(missing), "this one is not there in either case");
    assertEquals("REPLACE 10 " + US, mx(view.with(own())), "the name has an address");
    assertEquals("PRESENT 10 " + US, mx(Views.healthy().with(others)), "nothing is to be done");
  }

  /** A sibling without the address that the name has: it is no wildcard's name. */
  private static Others own() {
    Sibling sibling =
        new Sibling(
            new Answer.CouldNotAsk<>("SERVFAIL"),
            new Answer.None<>(true),
            new Answer.None<>(true),
            new Answer.None<>(true));
    return new Others(null, new Answer.Found<>(List.of("192.0.2.1")), null, null, sibling);
  }

  @Test
  void aWildcardThatIsAllRightStays() {
    DnsView healthy = Views.healthy();
    Sibling sibling =
        new Sibling(
            healthy.mx(), new Answer.None<>(true), new Answer.None<>(true), healthy.spf().txt());
    DnsView view = healthy.with(new Others(null, null, null, null, sibling));
    assertEquals("PRESENT 10 " + US, mx(view));
    assertEquals("PRESENT " + Spf.RECORD, txt(view));
    DnsView half = Views.with(view, Views.spf("v=spf1 -all"));
    Sibling forbids =
        new Sibling(
            healthy.mx(), new Answer.None<>(true), new Answer.None<>(true), half.spf().txt());
    DnsView forbidding = half.with(new Others(null, null, null, null, forbids));
    assertEquals("ADD 10 " + US, mx(forbidding), "the wildcard's MX stops to answer as well");
    assertEquals("ADD " + Spf.RECORD, txt(forbidding));
  }

  @Test
  void whatCouldNotBeAskedIsLeftOut() {
    NameUse use = new NameUse("us-east-1", HERE, false, null);
    assertEquals(List.of(), RecordsToDo.of(DnsView.unavailable(Views.NAME, "timeout"), use));
    DnsView onlyTxt = Views.with(new Answer.CouldNotAsk<>("timeout"));
    assertEquals("", mx(onlyTxt));
    assertEquals("PRESENT " + Spf.RECORD, txt(onlyTxt));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"example.com, bounce", "bounce.example.com, @", "com, bounce.example", "none, none"})
  void theHostIsRelativeToTheZoneThatWasFound(@Nullable String zone, @Nullable String host) {
    DnsView view =
        Views.healthy().with(zone == null ? Zone.NOT_ASKED : Zone.of(new DomainName(zone)));
    for (RecordToDo record : RecordsToDo.of(view, new NameUse("us-east-1", HERE, false, null))) {
      assertEquals(Optional.ofNullable(host), record.host());
    }
  }
}
