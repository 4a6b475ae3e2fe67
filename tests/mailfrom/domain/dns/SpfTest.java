package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the table of SPF records does not show: addresses of IPv6, what is proposed, what it costs.
 */
class SpfTest {
  private final DnsByHand dns = new DnsByHand();

  private SpfView judge(String... records) {
    return Spf.judge(Views.NAME, new Answer.Found<>(List.of(records)), dns);
  }

  private SpfView.Proposal proposal(String... records) {
    SpfView.Proposal proposal = judge(records).proposal();
    assertNotNull(proposal);
    return proposal;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v=spf1 ip4:192.0.2.0/24 ~all                                   | NOT_INCLUDED
          v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all                 | COVERS_SES
          v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/34 ip6:2001:db8:4000::/34 ip6:2001:DB8:8000::/33 ~all | COVERS_SES
          v=spf1 ip4:192.0.2.0/24 ip6:::ffff:192.0.2.0/96 ~all           | NOT_INCLUDED
          v=spf1 ip4:0.0.0.0/0 ~all                                      | NOT_INCLUDED
          v=spf1 ip4:0.0.0.0/0 ip6:::/0 ~all                             | COVERS_SES
          v=spf1 a:web.example.net/24//32 ~all                           | COVERS_SES
          v=spf1 a:web.example.net/24//33 ~all                           | NOT_INCLUDED
          v=spf1 mx:web.example.net/24//32 ~all                          | COVERS_SES
          v=spf1 exists:%{v}.example.net ~all                            | NOT_INCLUDED
          v=spf1 include:%{v}.example.net include:amazonses.com ~all     | COVERS_SES
          """)
  void bothFamiliesCountOnceSesHasBoth(String record, SpfVerdict verdict) {
    dns.txt("amazonses.com", "v=spf1 ip4:192.0.2.0/25 ip6:2001:db8::/32 -all")
        .a("web.example.net", "192.0.2.9")
        .aaaa("web.example.net", "2001:db8::9")
        .mx("web.example.net", "10 web.example.net")
        .a("in-addr.example.net", "203.0.113.1")
        .txt("in-addr.example.net", "v=spf1 -all")
        .txt("ip6.example.net", "v=spf1 -all");
    assertEquals(verdict, judge(record).verdict());
  }

  @Test
  void sesMayPublishItsAddressesByIncludes() {
    dns.txt("amazonses.com", "v=spf1 include:a.amazonses.com -ip4:192.0.2.128/25 ~all")
        .txt("a.amazonses.com", "v=spf1 ip4:192.0.2.0/24 -all");
    assertEquals(SpfVerdict.COVERS_SES, judge("v=spf1 ip4:192.0.2.0/24 ~all").verdict());
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 ip4:192.0.2.0/25 ~all").verdict());
    String nine = "v=spf1 a:gone.test.com " + "exists:x.test.com ".repeat(8);
    dns.a("gone.test.com", "203.0.113.1").a("x.test.com", "203.0.113.1");
    assertEquals(
        SpfVerdict.TOO_MANY_LOOKUPS,
        judge(nine.replace("exists", "-a") + "include:amazonses.com ~all").verdict(),
        "its own look-ups count as well");
  }

  @Test
  void whatSesPublishesNowCountsAndNotWhatItPublishedBefore() {
    String record = "v=spf1 ip4:192.0.2.0/24 ~all";
    dns.txt("amazonses.com", "v=spf1 ip4:192.0.2.0/25 -all");
    assertEquals(SpfVerdict.COVERS_SES, judge(record).verdict());
    assertEquals(SpfVerdict.COVERS_SES, judge(record).verdict());
    dns.txt("amazonses.com", "v=spf1 ip4:198.51.100.0/24 -all");
    assertEquals(SpfVerdict.NOT_INCLUDED, judge(record).verdict());
    // Its own record stays, and what it includes changes.
    dns.txt("amazonses.com", "v=spf1 include:a.amazonses.com -all")
        .txt("a.amazonses.com", "v=spf1 ip4:192.0.2.0/25 -all");
    assertEquals(SpfVerdict.COVERS_SES, judge(record).verdict());
    dns.txt("a.amazonses.com", "v=spf1 ip4:198.51.100.0/24 -all");
    assertEquals(SpfVerdict.NOT_INCLUDED, judge(record).verdict());
    dns.txt("amazonses.com", "v=spf1 redirect=a.amazonses.com");
    assertEquals(SpfVerdict.NOT_INCLUDED, judge(record).verdict());
    dns.txt("a.amazonses.com", "v=spf1 ip4:192.0.2.0/25 -all");
    assertEquals(SpfVerdict.COVERS_SES, judge(record).verdict());
  }

  @Test
  void whatOnlyAReceiverCanSayIsOfSesIsLeftOutOfItsAddresses() {
    dns.txt("amazonses.com", "v=spf1 ptr:amazonses.com ip4:192.0.2.0/24 -all");
    assertEquals(SpfVerdict.COVERS_SES, judge(Spf.RECORD).verdict());
    assertEquals(SpfVerdict.COVERS_SES, judge("v=spf1 ip4:192.0.2.0/24 ~all").verdict());
    assertEquals(SpfVerdict.NOT_INCLUDED, judge("v=spf1 ip4:192.0.2.0/25 ~all").verdict());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          v=spf1 include:other.example.net ~all | v=spf1 include:other.example.net include:amazonses.com ~all
          v=spf1 -all                           | v=spf1 include:amazonses.com -all
          v=spf1 a redirect=other.example.net   | v=spf1 a include:amazonses.com redirect=other.example.net
          v=spf1 a                              | v=spf1 a include:amazonses.com ~all
          v=spf1                                | v=spf1 include:amazonses.com ~all
          V=SPF1 -ALL                           | v=spf1 include:amazonses.com -ALL
          v=spf1 ~all include:amazonses.com     | v=spf1 include:amazonses.com ~all
          v=spf1 -include:amazonses.com a ~all  | v=spf1 a include:amazonses.com ~all
          v=spf1 -ip4:192.0.2.0/24 ~all         | v=spf1 include:amazonses.com -ip4:192.0.2.0/24 ~all
          v=spf1 include:gone.example.net ~all  | v=spf1 include:amazonses.com include:gone.example.net ~all
          v=spf1 includ:amazonses.com ~all      | v=spf1 include:amazonses.com ~all
          v=spf1 ipv4:1.2.3.4 mx ~all;          | v=spf1 mx include:amazonses.com ~all
          v=spf1 redirect=a.test.com redirect=b.test.com | v=spf1 include:amazonses.com redirect=a.test.com
          v=spf1 exp=a.test.com exp=b.test.com -all | v=spf1 exp=a.test.com include:amazonses.com -all
          v=spf1 a:1.test.com a:2.test.com a:3.test.com ~all | v=spf1 include:amazonses.com a:1.test.com a:2.test.com a:3.test.com ~all
          "v=spf1  mx ~all"                     | v=spf1 mx include:amazonses.com ~all
          “v=spf1 include:amazonses.com -all”   | v=spf1 include:amazonses.com -all
          """)
  void sesIsPutBeforeTheTermThatDecidesAboutEverybodyElseOrFirstWhereThatIsNotEnough(
      String record, String mended) {
    dns.txt("other.example.net", "v=spf1 ip4:203.0.113.0/24 -all");
    assertEquals(mended, proposal(record).record());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          v=spf1 a ~all                        |
          v=spf1 a ipv4:1.2.3.4 ~all           | "ipv4:1.2.3.4" is left out: no receiver understands it.
          v=spf1 exp=a.test.com EXP=b.test.com | "EXP=b.test.com" is left out: there may be one only.
          v=spf1 a some=a some=b ~all          |
          v=spf1 include:slow.example.net ~al  | "~al" is left out: no receiver understands it.
          """)
  void whatIsLeftOutIsNamed(String record, @Nullable String note) {
    dns.silence("slow.example.net");
    assertEquals(note == null ? List.of() : List.of(note), proposal(record).notes());
  }

  @Test
  void whatIsNotReachedByOthersIsNamed() {
    String ten =
        IntStream.range(0, 10)
            .mapToObj("include:s%d.example.net"::formatted)
            .collect(Collectors.joining(" ", "v=spf1 ", " ?all"));
    for (int i = 0; i < 10; i++) {
      dns.txt("s%d.example.net".formatted(i), "v=spf1 ip4:203.0.113.%d -all".formatted(i));
    }
    SpfView.Proposal proposal = proposal(ten);
    assertTrue(proposal.record().startsWith("v=spf1 include:amazonses.com include:s0"));
    assertEquals(2, proposal.notes().size(), "it is long, too");
    assertTrue(
        proposal.notes().getFirst().contains("do not reach \"include:s9.example.net\""),
        proposal.notes().toString());
  }

  @Test
  void aLongRecordSaysHowToEnterIt() {
    String many =
        IntStream.range(0, 20)
            .mapToObj("ip4:203.0.113.%d"::formatted)
            .collect(Collectors.joining(" ", "v=spf1 ", " ~all"));
    assertTrue(proposal(many).notes().getFirst().contains("255 characters"));
    int room = 255 - "v=spf1 include:amazonses.com ~all".length() - " some=".length();
    String longest = "v=spf1 some=" + "x".repeat(room) + " ~all";
    assertEquals(255, proposal(longest).record().length());
    assertEquals(List.of(), proposal(longest).notes());
  }

  @Test
  void whatOnlyTheRemovedRecordsAllowIsNamed() {
    SpfView.Proposal kept = proposal("v=spf1 include:amazonses.com a -all", "v=spf1 a mx -all");
    assertEquals("v=spf1 include:amazonses.com a -all", kept.record());
    assertEquals(1, kept.notes().size());
    assertTrue(kept.notes().getFirst().contains("left out: mx."), kept.notes().toString());
    assertEquals(
        List.of(), proposal("v=spf1 a -all", "v=spf1 a include:amazonses.com ~all").notes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "v=spf1 a"      | quotation marks
          “v=spf1 a”      | quotation marks
          v=spf1\u00a0a   | parted by
          V=spf1\u2003a   | parted by
          \uFEFFv=spf1 a  | a blank in front
          v=spf1a         | no space stands behind
          V=SPF1;a        | no space stands behind
          """)
  void whatStandsInTheWayOfARecordIsNamed(String text, String flaw) {
    SpfView view = judge(text);
    assertEquals(SpfVerdict.NEARLY, view.verdict());
    assertTrue(view.why() != null && view.why().contains(flaw), String.valueOf(view.why()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          v=spf1 ip4:192.0.2.0/24 ~all                      | of SES's addresses these do not pass: 198.51.100.0/24
          v=spf1 ip4:203.0.113.1 ~all                       | none
          v=spf1 ip4:198.51.100.0/25 ~all                   | of SES's addresses these do not pass: 192.0.2.0/25, 198.51.100.128/25
          v=spf1 include:gone.example.net ~all              | gone.example.net has no SPF record
          v=spf1 redirect=gone.example.net                  | gone.example.net has no SPF record
          v=spf1 redirect=two.example.net                   | two.example.net has 2 SPF records
          v=spf1 a nonsense                                 | no receiver understands "nonsense" in the record of bounce.example.com
          v=spf1 include:slow.example.net ~all              | slow.example.net: SERVFAIL
          v=spf1 mx:slow.example.net ~all                   | slow.example.net: SERVFAIL
          v=spf1 exists:slow.example.net ~all               | slow.example.net: SERVFAIL
          v=spf1 ptr ~all                                   | none
          v=spf1 include:%{i}.example.net ~all              | none
          v=spf1 redirect=%{i}.example.net                  | none
          """)
  void whatIsWrongIsNamed(String record, @Nullable String why) {
    dns.silence("slow.example.net").txt("two.example.net", "v=spf1 -all", "v=spf1 ~all");
    assertEquals(why, judge(record).why());
  }

  @Test
  void ofManyNetworksThatDoNotPassSomeAreNamed() {
    dns.txt(
        "amazonses.com",
        "v=spf1 ip4:10.0.0.1 ip4:10.0.0.3 ip4:10.0.0.5 ip4:10.0.0.7 ip4:10.0.0.9 ip4:10.0.0.11 ip4:10.0.1.0 -all");
    assertEquals(
        "of SES's addresses these do not pass: 10.0.0.1, 10.0.0.3, 10.0.0.5, 10.0.0.7 and 2 more",
        judge("v=spf1 ip4:10.0.1.0/24 -all").why());
  }

  @Test
  void theUsualRecordCostsNothingButTheOneOfSes() {
    judge(Spf.RECORD);
    assertEquals(Set.of("TXT amazonses.com"), dns.asked);
    judge("v=spf1 include:amazonses.com include:other.example.net a mx ~all");
    assertEquals(Set.of("TXT amazonses.com"), dns.asked, "SES passed before");
  }

  @Test
  void whoDoesNotAnswerEndsTheEvaluation() {
    dns.mx("big.example.net", "1 m1.example.net, 2 m2.example.net, 3 m3.example.net")
        .silence("m1.example.net");
    assertEquals(
        SpfVerdict.UNKNOWN, judge("v=spf1 mx:big.example.net a:later.example.net ~all").verdict());
    assertFalse(dns.asked.contains("A later.example.net"));
    assertFalse(dns.asked.contains("A m2.example.net"), "one silence is enough");
  }

  @Test
  void anEndlessWordIsNoTerm() {
    assertEquals(
        SpfVerdict.SYNTAX, judge("v=spf1 exists:" + "a".repeat(60_000) + ".com").verdict());
    assertEquals(SpfVerdict.SYNTAX, judge("v=spf1 " + "%%".repeat(30_000)).verdict());
  }

  @Test
  void aNameThatIsTooLongLosesLabelsInFront() {
    String longest = "a.".repeat(110) + "include.example.net";
    String record = "v=spf1 include:%{d}." + longest + " ~all";
    String name = "bounce.example.com." + longest;
    while (name.length() > 253) {
      name = name.substring(name.indexOf('.') + 1);
    }
    dns.txt(name, Spf.RECORD);
    assertEquals(SpfVerdict.COVERS_SES, judge(record).verdict());
    String fits = "a.".repeat(117) + "example.net";
    assertEquals(253 - 8, fits.length());
    dns.txt("bounce.%s".formatted(fits).replace("bounce", "abcdefg"), Spf.RECORD);
    assertEquals(
        SpfVerdict.COVERS_SES, judge("v=spf1 include:abcdefg.%s ~all".formatted(fits)).verdict());
  }

  @Test
  void escapesStandForCharacters() {
    dns.a("a%b.example.net", "203.0.113.1").a("a b%20c.example.net", "203.0.113.1");
    assertEquals(
        SpfVerdict.NOT_INCLUDED,
        judge("v=spf1 -exists:a%%b.example.net include:amazonses.com ~all").verdict());
    assertEquals(
        SpfVerdict.NOT_INCLUDED,
        judge("v=spf1 -exists:a%_b%-c.example.net include:amazonses.com ~all").verdict());
  }
}
