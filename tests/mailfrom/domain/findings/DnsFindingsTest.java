package mailfrom.domain.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsByHand;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Others;
import mailfrom.domain.dns.DnsView.Sibling;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.dns.NameServer.NamedBy;
import mailfrom.domain.dns.ServerAnswer;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found beside the tables of records: severities, who was asked, words. */
class DnsFindingsTest {
  private static final SortedSet<String> HERE = new TreeSet<>(List.of("us-east-1"));
  private static final SortedSet<String> TWO = new TreeSet<>(List.of("eu-west-1", "us-east-1"));
  private static final Answer<DomainName> ALIAS =
      new Answer.Found<>(List.of(DomainName.of("host.example.net")));

  static NameUse use(SortedSet<String> regions, boolean success, @Nullable Boolean dkim) {
    return new NameUse("us-east-1", regions, success, dkim);
  }

  private static List<Finding> findings(DnsView view) {
    return DnsFindings.of(view, use(HERE, false, null));
  }

  private static String codes(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.code() + " " + finding.severity())
        .collect(Collectors.joining(", "));
  }

  private static String codes(DnsView view) {
    return codes(findings(view));
  }

  private static Finding only(DnsView view) {
    List<Finding> findings = findings(view);
    assertEquals(1, findings.size(), codes(findings));
    return findings.getFirst();
  }

  private static DnsView others(Answer<MxRecord> mx, Others others) {
    return Views.with(mx).with(others);
  }

  @Test
  void aHealthyNameHasNoFindingAndItsMxIsRight() {
    assertEquals("", codes(Views.healthy()));
    assertEquals(MxCheck.RIGHT, DnsFindings.mxCheck(Views.healthy()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                                               | MX_MISSING ERROR          | WRONG
          10 feedback-smtp.us-east-1.amazonses.com             |                           | RIGHT
          10 feedback-smtp.us-east-1.amazonaws.com             | MX_WRONG_SUFFIX ERROR     | WRONG
          10 feedback-smtp.us-east-1.amazonses.com.example.com | MX_WRONG_SUFFIX ERROR     | WRONG
          10 feedback-smtp.eu-west-1.amazonses.com             | MX_OTHER_REGION WARNING   | RIGHT
          9 feedback-smtp.us-east-1.amazonses.com              | MX_PRIORITY WARNING       | RIGHT
          11 feedback-smtp.eu-west-1.amazonses.com             | MX_OTHER_REGION WARNING, MX_PRIORITY WARNING | RIGHT
          1 aspmx.l.google.com                                 | MX_WRONG_HOST ERROR       | WRONG
          0 .                                                  | MX_WRONG_HOST ERROR       | WRONG
          10 mx1.example.com, 20 mx2.example.com               | MX_MULTIPLE ERROR         | WRONG
          10 feedback-smtp.us-est-1.amazonses.com, 20 mx2.example.com | MX_MULTIPLE ERROR  | WRONG
          """)
  void theMxIsRightOnlyAsTheOneFeedbackHostOfSes(
      @Nullable String mx, @Nullable String codes, MxCheck check) {
    DnsView view = Views.with(mx == null ? "" : mx);
    assertEquals(codes == null ? "" : codes, codes(view));
    assertEquals(check, DnsFindings.mxCheck(view));
  }

  @Test
  void whoeverIsAskedIsNamedAsItCanBeAsked() {
    NameServer local = new NameServer("the resolver", "127.0.0.1", 8053, NamedBy.BOTH);
    DnsView view =
        Views.from(
            Views.with("").with(Views.dmarc(true, true)), new Source.Resolver(local, null, false));
    assertEquals(
        List.of(
            "dig @127.0.0.1 -p 8053 MX bounce.example.com",
            "dig @127.0.0.1 -p 8053 TXT _dmarc.example.com"),
        findings(view).stream().map(Finding::dig).toList());
    assertEquals(
        List.of("the resolver (127.0.0.1)"),
        findings(view).stream().map(Finding::asked).distinct().toList());
    NameServer silent = new NameServer("ns1.example.net", "192.0.2.1", 53, NamedBy.BOTH);
    NameServer awake = new NameServer("192.0.2.2", "192.0.2.2", 53, NamedBy.BOTH);
    Source source =
        new Source.OwnServers(
            List.of(
                new ServerAnswer(silent, new Answer.CouldNotAsk<>("REFUSED"), false),
                new ServerAnswer(awake, new Answer.None<>(true), true)));
    Finding missing = findings(Views.from(Views.with(""), source)).getFirst();
    assertEquals("dig +norecurse @192.0.2.2 MX bounce.example.com", missing.dig());
    assertEquals("192.0.2.2", missing.asked());
  }

  @Test
  void twoMxOfWhichOneIsRightAreCalledBroken() {
    DnsView view = Views.with(Views.RIGHT + ", 10 mx.example.com");
    assertEquals("MX_MULTIPLE ERROR", codes(view));
    assertEquals(Views.RIGHT + ", 10 mx.example.com", only(view).actual());
    assertTrue(only(view).message().contains("Keep one SES feedback host"));
    DnsView none = Views.with("10 a.example.com, 10 b.example.com");
    assertTrue(only(none).message().contains(Views.RIGHT + " alone"));
  }

  @Test
  void amazonawsForAmazonsesIsNamedAsThatMistake() {
    Finding finding = only(Views.with("10 feedback-smtp.us-east-1.amazonaws.com"));
    assertEquals(FindingCode.MX_WRONG_SUFFIX, finding.code());
    assertEquals(Views.RIGHT, finding.expected());
    assertTrue(finding.message().contains(Views.RIGHT), finding.message());
  }

  @Test
  void aHostOfARegionThatDoesNotExistSaysSo() {
    DnsView view =
        Views.with("10 feedback-smtp.us-est-1.amazonses.com")
            .with(Views.healthy().others().withFeedbackHost(new Answer.None<>(false)));
    assertEquals("MX_WRONG_HOST ERROR", codes(view));
    assertTrue(only(view).message().contains("no such SES Region"), only(view).message());
  }

  @Test
  void aRegionThatNobodyKnowsAndNobodyAnswersForIsNeitherRightNorWrong() {
    DnsView view = Views.with("10 feedback-smtp.new-region-1.amazonses.com");
    assertEquals(MxCheck.UNKNOWN, DnsFindings.mxCheck(view));
    assertEquals("MX_OTHER_REGION WARNING, DNS_UNAVAILABLE INFORMATION", codes(view));
    SortedSet<String> there = new TreeSet<>(List.of("new-region-1"));
    assertEquals("", codes(DnsFindings.of(view, use(there, false, null))), "an identity is there");
  }

  @Test
  void anAliasAtTheNameIsAWarning() {
    DnsView view =
        others(
            Views.mx(Views.RIGHT),
            new Others(ALIAS, new Answer.Found<>(List.of("192.0.2.1")), null, null, null));
    assertEquals("CNAME_PRESENT WARNING", codes(view));
    assertEquals("host.example.net", only(view).actual());
    assertEquals("dig CNAME bounce.example.com", only(view).dig());
    assertEquals(MxCheck.RIGHT, DnsFindings.mxCheck(view));
  }

  @Test
  void addressesAloneHintAtAProxyThatHidesTheMailRecords() {
    Answer<String> addresses = new Answer.Found<>(List.of("192.0.2.10", "192.0.2.11"));
    Answer<String> none = new Answer.None<>(true);
    DnsView bare = Views.with(Views.with(""), Views.spf(SpfVerdict.MISSING));
    DnsView proxied =
        bare.with(new Others(new Answer.None<>(true), addresses, null, null, Views.sibling()));
    assertEquals("MX_MISSING ERROR, SPF_MISSING ERROR, MX_HIDDEN_BY_PROXY WARNING", codes(proxied));
    Finding hint = findings(proxied).getLast();
    assertEquals("192.0.2.10, 192.0.2.11", hint.actual());
    assertTrue(hint.message().contains("switch the proxy off"), hint.message());
    assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(proxied));
    Sibling wildcard =
        new Sibling(new Answer.None<>(true), new Answer.None<>(true), addresses, none);
    assertEquals(
        "MX_MISSING ERROR, SPF_MISSING ERROR",
        codes(bare.with(new Others(new Answer.None<>(true), addresses, null, null, wildcard))),
        "the addresses of a wildcard say nothing of this name");
    assertFalse(
        codes(bare.with(new Others(ALIAS, addresses, null, null, Views.sibling())))
            .contains("PROXY"));
    assertFalse(
        codes(Views.with("").with(proxied.others())).contains("PROXY"), "a text shows through");
  }

  @Test
  void aRecordAtTheDoubledNameExplainsTheMissingOne() {
    Others doubled = new Others(null, null, Views.mx(Views.RIGHT), null, null);
    DnsView view = others(Views.mx(""), doubled);
    assertEquals("MX_DOUBLED_NAME ERROR", codes(view));
    assertEquals("dig MX bounce.example.com.example.com", only(view).dig(), "where it stands");
    Others foreign = new Others(null, null, Views.mx("10 mx.example.com"), null, null);
    assertEquals("MX_MISSING ERROR", codes(others(Views.mx(""), foreign)), "a wildcard's");
  }

  @Test
  void aMissingZoneIsOneFindingAndNotFour() {
    DnsView view = Views.with(Views.with(""), Views.spf(SpfVerdict.MISSING)).with(Zone.MISSING);
    assertEquals("ZONE_MISSING ERROR", codes(view));
    assertTrue(only(view).message().contains("expired"));
    assertEquals("dig SOA bounce.example.com", only(view).dig());
    assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(view));
    assertEquals("", codes(Views.healthy().with(Zone.MISSING)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      quoteCharacter = '^',
      textBlock =
          """
          none                                                       | SPF_MISSING ERROR
          "v=spf1 include:amazonses.com ~all"                        | SPF_NEARLY ERROR
          v=spf1 include:amazonses.com ~all                          | none
          v=spf1 -all                                                | SPF_NOT_INCLUDED ERROR
          v=spf1 -all;v=spf1 include:amazonses.com ~all              | SPF_DUPLICATE ERROR
          v=spf1 include:amazonses.com ipv4:192.0.2.1 ~all           | SPF_SYNTAX ERROR
          v=spf1 redirect=bounce.example.com                         | SPF_SYNTAX ERROR
          v=spf1 a a a a a a a a a a a                               | SPF_TOO_MANY_LOOKUPS ERROR
          v=spf1 a:a.test.com a:b.test.com a:c.test.com include:amazonses.com | SPF_VOID_LOOKUPS WARNING
          v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 ~all           | SPF_FLATTENED INFORMATION
          v=spf1 +all                                                | SPF_ALLOWS_ALL WARNING
          v=spf1 ptr ~all                                            | none
          """)
  void eachThingAboutSpfHasItsOwnWord(@Nullable String records, @Nullable String codes) {
    SpfView spf = Views.spf(records == null ? new String[0] : records.split(";", -1));
    DnsView view = Views.with(spf);
    assertEquals(codes == null ? "" : codes, codes(view));
    assertEquals(
        codes == null ? "" : codes,
        codes(DnsFindings.of(view, use(HERE, true, null))),
        "SES looks at the MX only: its Success says nothing about SPF");
    for (Finding finding : findings(view)) {
      assertEquals("dig TXT bounce.example.com", finding.dig());
      assertEquals(
          spf.txt().records().isEmpty() ? null : String.join("; ", spf.txt().records()),
          finding.actual());
    }
  }

  @Test
  void whatIsWrongWithARecordIsNamedAndSoIsWhatIsLeftOut() {
    Finding finding = only(Views.with(Views.spf("v=spf1 ipv4:1.2.3.4 include:amazonses.com -all")));
    assertTrue(
        finding.message().contains("no receiver understands \"ipv4:1.2.3.4\""), finding.message());
    assertTrue(finding.message().contains("\"ipv4:1.2.3.4\" is left out"), finding.message());
    assertEquals("v=spf1 include:amazonses.com -all", finding.expected());
    Finding two = only(Views.with(Views.spf("v=spf1 a -all", "v=spf1 mx -all", "\"v=spf1\"")));
    assertTrue(two.message().contains("has 2 SPF records"), two.message());
    assertTrue(two.message().contains("left out: mx."), two.message());
    Finding part = only(Views.with(Views.spf("v=spf1 ip4:192.0.2.0/24 -all")));
    assertTrue(part.message().contains("198.51.100.0/24"), part.message());
  }

  /** The line to paste asks what was not answered, and a shell takes each name as a name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          include:slow.example.net  | slow.example.net           | dig TXT slow.example.net
          mx:slow.example.net       | slow.example.net           | dig MX slow.example.net
          a:slow.example.net        | slow.example.net           | dig A slow.example.net
          exists:slow.example.net   | slow.example.net           | dig A slow.example.net
          exists:$(id).example.net  | $(id).example.net          | dig A '$(id).example.net'
          exists:a'$(id).slow.net   | a'$(id).slow.net           | dig A 'a'\\''$(id).slow.net'
          """)
  void whatAnswersForAnotherNameIsSaidToBeUnknown(String term, String silent, String dig) {
    SpfView unknown =
        Spf.judge(
            Views.NAME,
            new Answer.Found<>(List.of("v=spf1 %s ~all".formatted(term))),
            new DnsByHand().silence(silent));
    Finding finding = only(Views.with(unknown));
    assertEquals(FindingCode.DNS_UNAVAILABLE, finding.code());
    assertEquals(silent + ": SERVFAIL", finding.actual());
    assertEquals(dig, finding.dig());
  }

  @Test
  void aWildcardsRecordIsNoRecordOfTheName() {
    SpfView forbids = Views.spf("v=spf1 -all");
    Sibling wildcard =
        new Sibling(
            new Answer.None<>(true),
            new Answer.None<>(true),
            new Answer.None<>(true),
            forbids.txt());
    DnsView before =
        Views.with(Views.with(""), forbids)
            .with(new Others(new Answer.None<>(true), null, null, null, wildcard));
    assertEquals("MX_MISSING ERROR, SPF_MISSING ERROR", codes(before));
    Finding finding = findings(before).getLast();
    assertTrue(finding.message().contains("a wildcard answers"), finding.message());
    assertEquals("v=spf1 -all", finding.actual());
    DnsView own =
        Views.with(forbids).with(new Others(new Answer.None<>(true), null, null, null, wildcard));
    assertEquals("SPF_NOT_INCLUDED ERROR", codes(own), "an MX at the name hides the wildcard");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      textBlock =
          """
          false, true,  null,  ''
          true,  true,  null,  DMARC_STRICT_SPF WARNING
          true,  true,  true,  DMARC_STRICT_SPF WARNING
          true,  true,  false, DMARC_STRICT_SPF ERROR
          false, false, true,  DMARC_CANNOT_ALIGN WARNING
          false, false, false, DMARC_CANNOT_ALIGN ERROR
          """)
  void dmarcFailsNowOnlyWhereTheOtherLegFailsToo(
      boolean strict, boolean aligns, @Nullable Boolean dkim, String codes) {
    DnsView view = Views.healthy().with(Views.dmarc(strict, aligns));
    List<Finding> findings = DnsFindings.of(view, use(HERE, false, dkim));
    assertEquals(codes, codes(findings));
    for (Finding finding : findings) {
      assertEquals("dig TXT _dmarc.example.com", finding.dig());
      assertEquals(strict ? "aspf=r" : null, finding.expected());
      assertEquals(strict ? "aspf=s" : null, finding.actual());
      assertEquals(strict, finding.message().contains("aspf=s"));
      assertEquals(Boolean.FALSE.equals(dkim), finding.message().contains("asked for p=reject"));
    }
  }

  @Test
  void whatNobodyAskedOfDmarcIsNoFinding() {
    assertEquals("", codes(Views.healthy().with((DmarcView) null)));
    DmarcView none = new DmarcView(Views.FROM, null, true);
    assertEquals("", codes(Views.healthy().with(none)));
  }

  @Test
  void whileSesSaysSuccessOurOpinionAboutTheMxIsAWarning() {
    for (String mx : List.of("", "10 mx.example.com", Views.RIGHT + ", 10 mx.example.com")) {
      DnsView view = Views.with(mx);
      for (Finding finding : DnsFindings.of(view, use(HERE, true, null))) {
        assertEquals(FindingSeverity.WARNING, finding.severity(), finding.message());
      }
      assertEquals(MxCheck.WRONG, DnsFindings.mxCheck(view));
    }
  }

  @Test
  void whoCouldNotBeAskedIsUnavailableAndNotMissing() {
    DnsView view = DnsView.unavailable(Views.NAME, "SERVFAIL").with(Zone.MISSING);
    assertEquals("DNS_UNAVAILABLE INFORMATION", codes(view));
    assertEquals("MX: SERVFAIL; TXT: SERVFAIL", only(view).actual());
    assertEquals(MxCheck.UNKNOWN, DnsFindings.mxCheck(view));
    DnsView onlyTxt = Views.with(SpfView.unavailable("timeout"));
    assertEquals("DNS_UNAVAILABLE INFORMATION", codes(onlyTxt));
    assertEquals(Spf.RECORD, only(onlyTxt).expected());
    assertEquals("dig TXT bounce.example.com", only(onlyTxt).dig());
    assertEquals(MxCheck.RIGHT, DnsFindings.mxCheck(onlyTxt));
  }

  @Test
  void serversThatDisagreeMakeNothingOfTheMxAndAreNamed() {
    DnsView view = Views.ofOwnServers(Views.RIGHT, "");
    assertEquals("DNS_SERVERS_DISAGREE WARNING", codes(view));
    assertEquals(MxCheck.SERVERS_DISAGREE, DnsFindings.mxCheck(view));
    assertEquals(
        "ns1.example.net (192.0.2.53): MX "
            + Views.RIGHT
            + "; ns1.example.net (192.0.2.53): no MX"
            + " record",
        only(view).actual());
    assertEquals(
        "dig +norecurse @192.0.2.53 MX bounce.example.com", only(view).dig(), "one server, once");
    NameServer one = new NameServer("ns1.example.net", "192.0.2.1", 53, NamedBy.BOTH);
    NameServer two = new NameServer("ns2.example.net", "2001:db8::2", 53, NamedBy.BOTH);
    Source both =
        new Source.OwnServers(
            List.of(
                new ServerAnswer(one, Views.mx(Views.RIGHT), true),
                new ServerAnswer(two, Views.mx(""), true)));
    assertEquals(
        "dig +norecurse @192.0.2.1 MX bounce.example.com;"
            + " dig +norecurse @2001:db8::2 MX bounce.example.com",
        only(Views.from(view, both)).dig(),
        "a command for each: in one, dig asks the wrong one");
  }

  @Test
  void theOwnServersAreAskedTwiceInALook() {
    DnsView view = Views.ofOwnServers(Views.RIGHT, Views.RIGHT);
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertEquals("", codes(view));
  }

  @Test
  void aServerThatIsSilentOrModestIsNamedAndTheOthersAreBelieved() {
    NameServer fine = new NameServer("ns1.example.net", "192.0.2.1", 53, NamedBy.BOTH);
    NameServer lame = new NameServer("ns2.example.net", "192.0.2.2", 5353, NamedBy.PARENT_ONLY);
    Source source =
        new Source.OwnServers(
            List.of(
                new ServerAnswer(fine, Views.mx(Views.RIGHT), false),
                new ServerAnswer(lame, new Answer.CouldNotAsk<>("REFUSED"), false)));
    DnsView view = Views.from(Views.healthy(), source);
    assertEquals(MxCheck.RIGHT_TWICE, DnsFindings.mxCheck(view));
    assertEquals("DNS_UNAVAILABLE INFORMATION, DNS_UNAVAILABLE INFORMATION", codes(view));
    Finding silent = findings(view).getFirst();
    assertEquals(
        "ns2.example.net (192.0.2.2), which only the parent zone names: REFUSED", silent.actual());
    assertEquals("dig +norecurse @192.0.2.2 -p 5353 MX bounce.example.com", silent.dig());
    Finding modest = findings(view).getLast();
    assertTrue(modest.message().contains("an authority"), modest.message());
    assertEquals("ns1.example.net (192.0.2.1)", modest.asked());
  }

  @Test
  void severalRegionsOfANameAreToldTheSameOneRecord() {
    DnsView shared = Views.with("10 feedback-smtp.eu-west-1.amazonses.com");
    List<Finding> differ = DnsFindings.of(shared, use(TWO, false, null));
    assertEquals("REGIONS_DIFFER INFORMATION", codes(differ));
    assertEquals("10 feedback-smtp.eu-west-1.amazonses.com", differ.getFirst().actual());
    assertNull(DnsFindings.of(Views.with(""), use(TWO, false, null)).getLast().actual());
    NameUse other = new NameUse("eu-west-1", TWO, false, null);
    assertEquals(
        DnsFindings.of(Views.with(""), use(TWO, false, null)).getFirst().expected(),
        DnsFindings.of(Views.with(""), other).getFirst().expected());
    DnsView third = Views.with("10 feedback-smtp.sa-east-1.amazonses.com");
    assertEquals(
        "MX_OTHER_REGION WARNING, REGIONS_DIFFER INFORMATION",
        codes(DnsFindings.of(third, use(TWO, false, null))));
  }

  @Test
  void anAnswerThatAResolverKeepsSaysForHowLong() {
    Finding finding =
        only(Views.from(Views.with(""), Views.resolver(Duration.ofSeconds(300), true)));
    assertTrue(finding.message().contains("for another 300 s"), finding.message());
    assertNull(finding.actual());
    assertEquals("the resolver", finding.asked());
    DnsView first = Views.from(Views.with(""), Views.resolver(Duration.ofSeconds(300), false));
    assertFalse(only(first).message().contains("keeps"));
  }

  @Test
  void theWorstComesFirst() {
    DnsView view =
        Views.with(Views.with(""), Views.spf(SpfVerdict.MISSING))
            .with(new Others(ALIAS, null, null, null, null))
            .with(Views.dmarc(true, true));
    assertEquals(
        "MX_MISSING ERROR, SPF_MISSING ERROR, CNAME_PRESENT WARNING, DMARC_STRICT_SPF WARNING,"
            + " REGIONS_DIFFER INFORMATION",
        codes(DnsFindings.of(view, use(TWO, false, null))));
  }
}
