package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsFindingsTest {
  private static final SortedSet<String> HERE = new TreeSet<>(List.of("us-east-1"));
  private static final SortedSet<String> TWO = new TreeSet<>(List.of("eu-west-1", "us-east-1"));

  private static List<Finding> findings(Views views) {
    return DnsFindings.of(views.view(), "us-east-1", HERE, false);
  }

  private static String codes(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.code() + " " + finding.severity())
        .collect(Collectors.joining(", "));
  }

  @Test
  void aHealthyNameHasNoFindingAndItsMxIsRight() {
    assertEquals(List.of(), findings(Views.healthy()));
    assertEquals(MxCheck.RIGHT, DnsFindings.mxSight(Views.healthy().view()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10 feedback-smtp.us-east-1.amazonses.com             |                           | RIGHT
                                                               | MX_MISSING ERROR          | WRONG
          10 feedback-smtp.us-east-1.amazonaws.com             | MX_WRONG_SUFFIX ERROR     | WRONG
          10 feedback-smtp.us-east-1.amazonses.com.example.com | MX_WRONG_SUFFIX ERROR     | WRONG
          10 feedback-smtp.eu-west-1.amazonses.com             | MX_OTHER_REGION WARNING   | RIGHT
          20 feedback-smtp.us-east-1.amazonses.com             | MX_PRIORITY WARNING       | RIGHT
          9 feedback-smtp.us-east-1.amazonses.com              | MX_PRIORITY WARNING       | RIGHT
          10 inbound-smtp.us-east-1.amazonaws.com              | MX_WRONG_HOST ERROR       | WRONG
          1 aspmx.l.google.com                                 | MX_WRONG_HOST ERROR       | WRONG
          10 evilfeedback-smtp.us-east-1.amazonses.com         | MX_WRONG_HOST ERROR       | WRONG
          0 .                                                  | MX_WRONG_HOST ERROR       | WRONG
          10 feedback-smtp.us-east-1.amazonses.com, 20 mx.example.com | MX_MULTIPLE ERROR  | WRONG
          10 feedback-smtp.us-east-1.amazonses.com, 20 feedback-smtp.us-east-1.amazonses.com | MX_MULTIPLE ERROR | WRONG
          10 feedback-smtp.eu-west-1.amazonses.com, 10 feedback-smtp.us-east-1.amazonses.com | MX_MULTIPLE ERROR | WRONG
          10 mx1.example.com, 20 mx2.example.com               | MX_MULTIPLE ERROR         | WRONG
          """)
  void theMxIsRightOnlyAsTheOneFeedbackHostOfSes(
      @Nullable String mx, @Nullable String codes, MxCheck sight) {
    Views views = Views.healthy().withMx(mx);
    assertEquals(codes == null ? "" : codes, codes(findings(views)));
    assertEquals(sight, DnsFindings.mxSight(views.view()));
  }

  @Test
  void twoMxOfWhichOneIsRightAreCalledBroken() {
    Views views = Views.healthy().withMx(Views.RIGHT + ", 10 mx.example.com");
    Finding finding = findings(views).getFirst();
    assertEquals(FindingCode.MX_MULTIPLE, finding.code());
    assertEquals(FindingSeverity.ERROR, finding.severity());
    assertEquals(Views.RIGHT + ", 10 mx.example.com", finding.actual());
    assertEquals(MxCheck.WRONG, DnsFindings.mxSight(views.view()));
  }

  @Test
  void amazonawsForAmazonsesIsNamedAsThatMistake() {
    Finding finding =
        findings(Views.healthy().withMx("10 feedback-smtp.us-east-1.amazonaws.com")).getFirst();
    assertEquals(FindingCode.MX_WRONG_SUFFIX, finding.code());
    assertEquals(Views.RIGHT, finding.expected());
    assertTrue(finding.message().contains(Views.RIGHT), finding.message());
  }

  @Test
  void anAliasAtTheNameIsAWarningAndAnAddressIsNone() {
    Views views =
        Views.healthy()
            .withCname(new Answer.Found<>(List.of(DomainName.of("host.example.net"))))
            .withAddress(new Answer.Found<>(List.of("192.0.2.1")));
    assertEquals("CNAME_PRESENT WARNING", codes(findings(views)));
    assertEquals("host.example.net", findings(views).getFirst().actual());
    assertEquals(MxCheck.RIGHT, DnsFindings.mxSight(views.view()));
  }

  @Test
  void aRecordAtTheDoubledNameExplainsTheMissingOne() {
    Views views = Views.healthy().withMx("").withDoubled(Views.mx(Views.RIGHT));
    assertEquals("MX_DOUBLED_NAME ERROR", codes(findings(views)));
    assertEquals(
        "MX_MISSING ERROR",
        codes(findings(views.withDoubled(Views.mx("10 mx.example.com")))),
        "what a wildcard answers there is not ours");
  }

  @Test
  void aMissingZoneIsOneFindingAndNotFour() {
    Views views = Views.healthy().withMx("").withSpf().withZone(DnsView.Zone.MISSING);
    List<Finding> findings = findings(views);
    assertEquals("ZONE_MISSING ERROR", codes(findings));
    assertTrue(findings.getFirst().message().contains("expired"));
    assertEquals(MxCheck.WRONG, DnsFindings.mxSight(views.view()));
    assertEquals("", codes(findings(Views.healthy().withZone(DnsView.Zone.MISSING))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          none                                               | SPF_MISSING ERROR
          v=spf1 include:amazonses.com ~all                  | ''
          v=spf1 -all                                        | SPF_NOT_INCLUDED ERROR
          v=spf1 -all;v=spf1 include:amazonses.com ~all      | SPF_DUPLICATE ERROR
          v=spf1 ptr ~all                                    | ''
          """)
  void spfMustBeOneRecordThatLetsSesSend(@Nullable String records, String codes) {
    Views views =
        records == null
            ? Views.healthy().withSpf()
            : Views.healthy().withSpf(records.split(";", -1));
    assertEquals(codes, codes(findings(views)));
    assertEquals(
        codes,
        codes(DnsFindings.of(views.view(), "us-east-1", HERE, true)),
        "SES looks at the MX only: its Success says nothing about SPF");
  }

  @Test
  void strictSpfAlignmentIsExplained() {
    List<Finding> findings = findings(Views.healthy().withStrict(true));
    assertEquals("DMARC_STRICT_SPF WARNING", codes(findings));
    assertTrue(findings.getFirst().message().contains("aspf=s"));
    assertEquals("", codes(findings(Views.healthy().withStrict(false))));
    assertEquals("", codes(findings(Views.healthy().withStrict(null))));
  }

  @Test
  void whileSesSaysSuccessOurOpinionAboutTheMxIsAWarning() {
    for (String mx : List.of("", "10 mx.example.com", Views.RIGHT + ", 10 mx.example.com")) {
      DnsView view = Views.healthy().withMx(mx).view();
      for (Finding finding : DnsFindings.of(view, "us-east-1", HERE, true)) {
        assertEquals(FindingSeverity.WARNING, finding.severity(), finding.message());
      }
      assertEquals(MxCheck.WRONG, DnsFindings.mxSight(view));
    }
  }

  @Test
  void whoCouldNotBeAskedIsUnavailableAndNotMissing() {
    Views views =
        new Views(DnsView.unavailable(Views.NAME, "SERVFAIL")).withZone(DnsView.Zone.MISSING);
    assertEquals("DNS_UNAVAILABLE INFORMATION", codes(findings(views)));
    assertEquals(MxCheck.UNKNOWN, DnsFindings.mxSight(views.view()));
    Views onlyTxt =
        Views.healthy().withSpf(SpfVerdict.UNKNOWN, new Answer.CouldNotAsk<>("timeout"));
    assertEquals("DNS_UNAVAILABLE INFORMATION", codes(findings(onlyTxt)));
    assertEquals(MxCheck.RIGHT, DnsFindings.mxSight(onlyTxt.view()));
  }

  @Test
  void serversThatDisagreeMakeTheMxUnknownWhateverTheySay() {
    for (String mx : List.of("", Views.RIGHT, "10 mx.example.com")) {
      Views views = Views.healthy().withMx(mx).from(DnsView.Source.OWN_SERVERS, true, null);
      assertEquals("DNS_SERVERS_DISAGREE WARNING", codes(findings(views)));
      assertEquals(MxCheck.UNKNOWN, DnsFindings.mxSight(views.view()));
    }
  }

  @Test
  void theOwnServersAreAskedTwiceInALook() {
    Views views = Views.healthy().from(DnsView.Source.OWN_SERVERS, false, null);
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxSight(views.view()));
  }

  @Test
  void severalRegionsOfANameAreToldTheSameOneRecord() {
    DnsView shared = Views.healthy().withMx("10 feedback-smtp.eu-west-1.amazonses.com").view();
    assertEquals(
        "REGIONS_DIFFER INFORMATION", codes(DnsFindings.of(shared, "us-east-1", TWO, false)));
    DnsView none = Views.healthy().withMx("").view();
    assertEquals(
        DnsFindings.of(none, "us-east-1", TWO, false).getFirst().expected(),
        DnsFindings.of(none, "eu-west-1", TWO, false).getFirst().expected());
    DnsView third = Views.healthy().withMx("10 feedback-smtp.sa-east-1.amazonses.com").view();
    assertEquals(
        "MX_OTHER_REGION WARNING, REGIONS_DIFFER INFORMATION",
        codes(DnsFindings.of(third, "us-east-1", TWO, false)));
  }

  @Test
  void aCachedAnswerSaysUntilWhen() {
    Instant until = Instant.parse("2026-11-24T10:05:00Z");
    Finding finding =
        findings(Views.healthy().withMx("").from(DnsView.Source.RESOLVER, false, until)).getFirst();
    assertTrue(finding.message().contains("2026-11-24T10:05:00Z"), finding.message());
    assertNull(finding.actual());
    assertFalse(findings(Views.healthy().withMx("")).getFirst().message().contains("cached"));
  }

  @Test
  void theWorstComesFirst() {
    Views views =
        Views.healthy()
            .withMx("")
            .withSpf()
            .withCname(new Answer.Found<>(List.of(DomainName.of("host.example.net"))))
            .withStrict(true);
    assertEquals(
        "MX_MISSING ERROR, SPF_MISSING ERROR, CNAME_PRESENT WARNING, DMARC_STRICT_SPF WARNING,"
            + " REGIONS_DIFFER INFORMATION",
        codes(DnsFindings.of(views.view(), "us-east-1", TWO, false)));
  }
}
