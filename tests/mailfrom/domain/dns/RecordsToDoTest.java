package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  private static String todo(Views views, String type, String region, SortedSet<String> regions) {
    return RecordsToDo.of(views.view(), region, regions).stream()
        .filter(record -> record.type().equals(type))
        .map(
            record ->
                record.state()
                    + " "
                    + (record.priority() == null ? "" : record.priority() + " ")
                    + record.value())
        .collect(Collectors.joining(", "));
  }

  private static String mx(Views views) {
    return todo(views, "MX", "us-east-1", HERE);
  }

  private static String txt(Views views) {
    return todo(views, "TXT", "us-east-1", HERE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                        | ADD 10 US
          10 US                         | PRESENT 10 US
          20 US                         | PRESENT 20 US
          10 EU                         | PRESENT 10 EU
          10 mx.test                    | REPLACE 10 US
          10 US, 10 mx.test             | PRESENT 10 US, REMOVE 10 mx.test
          5 mx.test, 10 EU, 10 US       | PRESENT 10 US, REMOVE 5 mx.test, REMOVE 10 EU
          10 US, 20 US                  | PRESENT 10 US, REMOVE 20 US
          1 a.test, 2 b.test            | REMOVE 1 a.test, REMOVE 2 b.test, ADD 10 US
          """)
  void exactlyOneFeedbackHostIsLeft(@Nullable String there, String todo) {
    String records = there == null ? "" : there.replace("US", US).replace("EU", EU);
    assertEquals(todo.replace("US", US).replace("EU", EU), mx(Views.healthy().withMx(records)));
  }

  @Test
  void aSecondMxIsNeverSuggestedToRegionsThatShareTheName() {
    for (String region : TWO) {
      assertEquals("PRESENT 10 " + US, todo(Views.healthy().withMx("10 " + US), "MX", region, TWO));
      assertEquals("ADD 10 " + EU, todo(Views.healthy().withMx(""), "MX", region, TWO));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          none                                   | ADD v=spf1 include:amazonses.com ~all
          v=spf1 include:amazonses.com -all      | PRESENT v=spf1 include:amazonses.com -all
          v=spf1 ptr ~all                        | PRESENT v=spf1 ptr ~all
          v=spf1 a -all                          | REPLACE v=spf1 a include:amazonses.com -all
          v=spf1 a -all;v=spf1 include:amazonses.com -all | PRESENT v=spf1 include:amazonses.com -all, REMOVE v=spf1 a -all
          v=spf1 a -all;v=spf1 mx -all           | REPLACE v=spf1 a include:amazonses.com -all, REMOVE v=spf1 mx -all
          """)
  void exactlyOneSpfRecordIsLeftAndSesIsInIt(@Nullable String there, String todo) {
    Views views =
        there == null ? Views.healthy().withSpf() : Views.healthy().withSpf(there.split(";", -1));
    assertEquals(todo, txt(views));
  }

  @Test
  void anAliasInTheWayIsRemovedAndWhatLiesAtItsTargetDoesNotCount() {
    Answer<DomainName> alias = new Answer.Found<>(List.of(DomainName.of("host.example.net")));
    Views views = Views.healthy().withCname(alias);
    assertEquals("REMOVE host.example.net", todo(views, "CNAME", "us-east-1", HERE));
    assertEquals("ADD 10 " + US, mx(views));
    assertEquals("ADD " + Spf.RECORD, txt(views));
  }

  @Test
  void whatAWildcardAnswersIsNotThereToBeRemoved() {
    Answer<DomainName> alias = new Answer.Found<>(List.of(DomainName.of("host.example.net")));
    Answer<MxRecord> mail = Views.mx("10 mx.example.net");
    Views views =
        Views.healthy()
            .withCname(alias)
            .withMx(mail)
            .withSibling(new DnsView.Sibling(mail, alias, new Answer.None<>(true)));
    assertEquals("", todo(views, "CNAME", "us-east-1", HERE));
    assertEquals("ADD 10 " + US, mx(views));
  }

  @Test
  void whatCouldNotBeAskedIsLeftOut() {
    assertEquals(
        List.of(), RecordsToDo.of(DnsView.unavailable(Views.NAME, "timeout"), "us-east-1", HERE));
    assertEquals("", mx(Views.healthy().withMx(new Answer.CouldNotAsk<>("timeout"))));
    assertEquals(
        "PRESENT " + Spf.RECORD, txt(Views.healthy().withMx(new Answer.CouldNotAsk<>("timeout"))));
  }
}
