package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mailfrom.domain.name.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpfTest {
  private static final DomainName NAME = DomainName.of("bounce.example.com");
  private final Map<String, Answer<String>> dns = new HashMap<>();

  private SpfVerdict judge(String... records) {
    dns.put(NAME.value(), new Answer.Found<>(List.of(records)));
    return Spf.judge(NAME, this::txt);
  }

  private Answer<String> txt(DomainName name) {
    return dns.getOrDefault(name.value(), new Answer.None<>(false));
  }

  private void put(String name, String record) {
    dns.put(name, new Answer.Found<>(List.of(record)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v=spf1 include:amazonses.com ~all            | COVERS_SES
          v=spf1 include:amazonses.com -all            | COVERS_SES
          V=SPF1 INCLUDE:AmazonSES.com ~ALL            | COVERS_SES
          v=spf1 include:amazonses.com. ~all           | COVERS_SES
          v=spf1 +include:amazonses.com ~all           | COVERS_SES
          v=spf1 -include:amazonses.com ~all           | NOT_INCLUDED
          v=spf1 ~include:amazonses.com ~all           | NOT_INCLUDED
          v=spf1 ?include:amazonses.com include:amazonses.com | NOT_INCLUDED
          v=spf1 ~all include:amazonses.com            | NOT_INCLUDED
          v=spf1 a mx ip4:192.0.2.1 include:amazonses.com | COVERS_SES
          v=spf1 include:amazonses.com                 | COVERS_SES
          v=spf1 include:amazonaws.com ~all            | NOT_INCLUDED
          v=spf1 include:evilamazonses.com ~all        | NOT_INCLUDED
          v=spf1 include:amazonses.com.evil.test ~all  | NOT_INCLUDED
          v=spf1 includ:amazonses.com ~all             | NOT_INCLUDED
          v=spf1 include amazonses.com ~all            | NOT_INCLUDED
          v=spf1                                       | NOT_INCLUDED
          v=spf1 -all                                  | NOT_INCLUDED
          v=spf1 some=thing include:amazonses.com ~all | COVERS_SES
          v=spf1 exists:%{i}.spf.example.net ~all      | UNKNOWN
          v=spf1 exists:%{i}.spf.example.net include:amazonses.com ~all | COVERS_SES
          v=spf1 ptr ~all                              | UNKNOWN
          v=spf1 include:%{d}.example.net ~all         | UNKNOWN
          v=spf1 redirect=amazonses.net                | NOT_INCLUDED
          """)
  void anIncludeOfSesCountsWhenNothingDecidesBeforeIt(String record, SpfVerdict verdict) {
    put("amazonses.net", "v=spf1 -all");
    assertEquals(verdict, judge(record));
  }

  @Test
  void aNameWithoutSpfRecordIsMissingOneWhateverOtherTextItHas() {
    assertEquals(SpfVerdict.MISSING, judge("v=spf10 include:amazonses.com", "hello"));
    dns.clear();
    assertEquals(SpfVerdict.MISSING, Spf.judge(NAME, this::txt));
  }

  @Test
  void twoSpfRecordsAreOneTooManyThoughBothAreRight() {
    assertEquals(SpfVerdict.DUPLICATE, judge(Spf.RECORD, "v=spf1 include:amazonses.com -all"));
    assertEquals(SpfVerdict.COVERS_SES, judge(Spf.RECORD, "google-site-verification=1"));
  }

  @Test
  void sesIsReachedThroughIncludesAndRedirects() {
    put("spf.example.com", "v=spf1 include:deep.example.com ~all");
    put("deep.example.com", "v=spf1 redirect=deeper.example.com");
    put("deeper.example.com", "v=spf1 include:amazonses.com -all");
    assertEquals(SpfVerdict.COVERS_SES, judge("v=spf1 include:spf.example.com ~all"));
    assertEquals(SpfVerdict.COVERS_SES, judge("v=spf1 redirect=spf.example.com"));
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 -include:spf.example.com ~all"));
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 ~all redirect=spf.example.com"));
  }

  @Test
  void anIncludedRecordThatDoesNotPassLetsTheNextTermDecide() {
    put("other.example.com", "v=spf1 -include:amazonses.com -all");
    assertEquals(
        SpfVerdict.COVERS_SES, judge("v=spf1 include:other.example.com include:amazonses.com"));
  }

  @ParameterizedTest
  @CsvSource({"9, COVERS_SES", "10, NOT_INCLUDED"})
  void theEleventhLookUpBreaksTheRecord(int lookUpsBefore, SpfVerdict verdict) {
    assertEquals(
        verdict, judge("v=spf1 " + "a ".repeat(lookUpsBefore) + "include:amazonses.com ~all"));
  }

  @Test
  void aLoopEnds() {
    put("loop.example.com", "v=spf1 include:bounce.example.com ~all");
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 include:loop.example.com ~all"));
    put("loop.example.com", "v=spf1 redirect=loop.example.com");
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 redirect=loop.example.com"));
  }

  @Test
  void anIncludeOfANameWithoutSpfBreaksTheRecord() {
    assertEquals(
        SpfVerdict.NOT_INCLUDED, judge("v=spf1 include:gone.example.com include:amazonses.com"));
  }

  @Test
  void whoCouldNotBeAskedIsUnknownAndNeverMissing() {
    dns.put("slow.example.com", new Answer.CouldNotAsk<>("timeout"));
    assertEquals(SpfVerdict.UNKNOWN, judge("v=spf1 include:slow.example.com ~all"));
    assertEquals(SpfVerdict.UNKNOWN, judge("v=spf1 redirect=slow.example.com"));
    assertEquals(
        SpfVerdict.COVERS_SES, judge("v=spf1 include:slow.example.com include:amazonses.com"));
    dns.put(NAME.value(), new Answer.CouldNotAsk<>("SERVFAIL"));
    assertEquals(SpfVerdict.UNKNOWN, Spf.judge(NAME, this::txt));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v=spf1 include:_spf.google.com ~all   | v=spf1 include:_spf.google.com include:amazonses.com ~all
          v=spf1 -all                           | v=spf1 include:amazonses.com -all
          v=spf1 a redirect=x.example.com       | v=spf1 a include:amazonses.com redirect=x.example.com
          v=spf1 a                              | v=spf1 a include:amazonses.com ~all
          v=spf1                                | v=spf1 include:amazonses.com ~all
          v=spf1 ~all include:amazonses.com     | v=spf1 include:amazonses.com ~all
          v=spf1 -include:amazonses.com a ~all  | v=spf1 include:amazonses.com a ~all
          v=spf1 includ:amazonses.com ~all      | v=spf1 include:amazonses.com ~all
          """)
  void sesIsPutBeforeTheTermThatDecidesAboutEverybodyElse(String record, String mended) {
    assertEquals(mended, Spf.withSes(record));
    assertTrue(Spf.includesSesItself(mended));
  }
}
