package mailfrom.domain.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
  private static final Answer<String> NONE = new Answer.None<>(true);
  private static final Answer<MxRecord> MAIL = Views.mx("10 mx.example.net");
  private static final Answer<DomainName> ALIAS =
      new Answer.Found<>(List.of(DomainName.of("host.example.net")));
  private static final Answer<String> ADDRESS = new Answer.Found<>(List.of("192.0.2.1"));

  private static final Instant LISTED = Instant.parse("2026-11-24T10:00:00.123Z");
  private static final Instant RULES_READ = Instant.parse("2026-11-24T09:45:00Z");

  private IdentityName identity = IdentityName.of("example.com");
  private @Nullable DomainName domain = Views.NAME;
  private Set<ViolationCode> accept = Set.of();
  private @Nullable Live live = Live.NONE;
  private boolean managedBefore;
  private @Nullable DnsView view = Views.with(Views.with(""), Views.spf());
  private final Map<IdentityName, @Nullable Boolean> forwarding = new HashMap<>();
  private @Nullable Instant identitiesAt = LISTED;
  private @Nullable List<String> receiptRecipients = List.of();

  private RuleCheck check() {
    return Rules.check(
        new Rules.Facts(
            identity,
            new Desired(
                new Settings(domain, BehaviorOnMxFailure.USE_DEFAULT_VALUE),
                Activation.STAGED,
                accept,
                Map.of()),
            live,
            managedBefore,
            view,
            forwarding,
            identitiesAt,
            receiptRecipients,
            receiptRecipients == null ? null : RULES_READ));
  }

  @Test
  void whatWatchReadSaysHowOldItIs() {
    forwarding.put(IdentityName.of(Views.NAME.value()), true);
    receiptRecipients = List.of(Views.NAME.value());

    assertEquals(
        List.of("As of 2026-11-24T09:45:00Z", "As of 2026-11-24T10:00:00Z"),
        check().violations().stream()
            .map(
                violation -> violation.message().replaceFirst("(?s).*\\((As of .*?)\\.\\).*", "$1"))
            .toList());
  }

  @Test
  void identitiesThatWereNeverListedAreAWarning() {
    identitiesAt = null;

    assertEquals("", violations());
    assertEquals("COULD_NOT_ASK", warnings());
  }

  private String violations() {
    return check().violations().stream()
        .map(violation -> violation.code().name())
        .collect(Collectors.joining(" "));
  }

  private String warnings() {
    return check().warnings().stream().map(Problem::code).collect(Collectors.joining(" "));
  }

  @Test
  void aFreshSubdomainBreaksNoRule() {
    assertEquals(new RuleCheck(List.of(), List.of()), check());
  }

  @Test
  void nothingIsCheckedWhenNothingIsWanted() {
    domain = null;
    live = null;
    view = null;
    receiptRecipients = null;
    assertEquals(new RuleCheck(List.of(), List.of()), check());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com         | bounce.example.com      |
          example.com         | a.b.example.com         |
          example.com         | example.com             | NOT_A_SUBDOMAIN
          example.com         | evilexample.com         | NOT_A_SUBDOMAIN
          example.com         | bounce.evilexample.com  | NOT_A_SUBDOMAIN
          example.com         | bounce.example.com.evil.test | NOT_A_SUBDOMAIN
          example.com         | bounce.example.org      | NOT_A_SUBDOMAIN
          mail.example.com    | bounce.mail.example.com |
          mail.example.com    | bounce.example.com      | NOT_A_SUBDOMAIN
          mail.example.com    | example.com             | NOT_A_SUBDOMAIN
          mail.example.com    | bouncemail.example.com  | NOT_A_SUBDOMAIN
          joe@example.com     | bounce.example.com      |
          joe@example.com     | example.com             | NOT_A_SUBDOMAIN
          joe@mail.example.com | bounce.example.com     | NOT_A_SUBDOMAIN
          example.com         | bounce_1.example.com    | MALFORMED_NAME
          example.com         | bounce.exa_mple.org     | NOT_A_SUBDOMAIN MALFORMED_NAME
          """)
  void onlyANameBelowTheIdentityIsTakenComparedLabelByLabel(
      String name, String mailFrom, @Nullable String codes) {
    identity = IdentityName.of(name);
    domain = DomainName.of(mailFrom);
    assertEquals(codes == null ? "" : codes, violations());
  }

  @Test
  void endsWithIsNotHowSubdomainsAreCompared() {
    domain = DomainName.of("evilexample.com");
    Violation violation = check().violations().getFirst();
    assertEquals(ViolationCode.NOT_A_SUBDOMAIN, violation.code());
    assertTrue(
        violation
            .message()
            .startsWith(
                "Provided MAIL-FROM domain evilexample.com is not subdomain of the domain of the"
                    + " identity example.com."),
        violation.message());
    assertTrue(violation.message().contains("another domain"), violation.message());
  }

  @Test
  void forAnAddressTheMessageNamesTheDomainAfterTheAt() {
    identity = IdentityName.of("Joe@mail.example.com");
    String message = check().violations().getFirst().message();
    assertTrue(message.contains("after '@' counts: mail.example.com"), message);
    assertTrue(message.contains("bounce.mail.example.com"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, such as bounce.example.com.",
    "exa_mple.com, such as bounce.example.com.",
    "example.org, such as bounce.example.org."
  })
  void theExampleOfAGoodNameIsBelowTheIdentityUnlessThatHasAnUnderscoreItself(
      String name, String example) {
    identity = IdentityName.of(name);
    domain = DomainName.of("a_b." + name);
    Violation violation = check().violations().getFirst();
    assertEquals(ViolationCode.MALFORMED_NAME, violation.code());
    assertMessage(example, violation.message());
  }

  @ParameterizedTest
  @CsvSource({
    "RECEIVES_MAIL, true",
    "NAME_IN_USE, true",
    "FEEDBACK_DESTINATION, true",
    "ALREADY_SET, false",
    "NOT_A_SUBDOMAIN, false"
  })
  void whatCanBeAcceptedSaysHowUnlessItSaysSoItself(ViolationCode code, boolean hint) {
    breakEveryRule();
    String message =
        check().violations().stream()
            .filter(violation -> violation.code() == code)
            .findFirst()
            .orElseThrow()
            .message();
    assertEquals(
        hint, message.contains("If it is meant, name %s in \"accept\".".formatted(code)), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5 | (a0@bounce.example.com, a1@bounce.example.com, a2@bounce.example.com, a3@bounce.example.com, a4@bounce.example.com).
          6 | (a0@bounce.example.com, a1@bounce.example.com, a2@bounce.example.com, a3@bounce.example.com, a4@bounce.example.com and 1 more).
          """)
  void fiveIdentitiesBelowTheNameAreNamedAndTheRestIsCounted(int identities, String names) {
    for (int i = 0; i < identities; i++) {
      forwarding.put(IdentityName.of("a%d@bounce.example.com".formatted(i)), true);
    }
    assertMessage(names, check().warnings().getFirst().message());
  }

  @Test
  void everyBrokenRuleIsToldAtOnce() {
    breakEveryRule();
    assertEquals(
        "NOT_A_SUBDOMAIN RECEIVES_MAIL NAME_IN_USE RECEIVES_MAIL FEEDBACK_DESTINATION ALREADY_SET",
        violations());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 mx.example.net",
        "10 inbound-smtp.us-east-1.amazonaws.com",
        "10 abcdefghijkl.fips.wxyz.mail-manager-smtp.amazonaws.com",
        "10 feedback-smtp.us-east-1.amazonses.com, 20 mx.example.net"
      })
  void aForeignMxOfItsOwnReceivesMail(String mx) {
    view = Views.with(mx);
    assertEquals("RECEIVES_MAIL", violations());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 feedback-smtp.us-east-1.amazonses.com",
        "10 feedback-smtp.eu-west-1.amazonses.com",
        "10 feedback-smtp.us-east-1.amazonaws.com",
        "10 feedback-smtp.us-east-1.amazonses.com, 32767 ms12345678.msv1.invalid",
        "0 ."
      })
  void aFeedbackHostAMistypedOneAndTheNullMxReceiveNoMail(String mx) {
    view = Views.with(mx);
    assertEquals("", violations());
  }

  @Test
  void whatAWildcardAnswersIsAWarningAndNoSignOfUse() {
    view =
        Views.inUse(
            MAIL,
            ALIAS,
            ADDRESS,
            new DnsView.Sibling(MAIL, ALIAS, ADDRESS, new Answer.None<>(true)));
    assertEquals("", violations());
    assertEquals("WILDCARD", warnings());
    assertMessage(
        "(MX 10 mx.example.net; CNAME host.example.net; addresses 192.0.2.1)",
        check().warnings().getFirst().message());
  }

  private static void assertMessage(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @CsvSource({"wildcard", "nobody asked beside it"})
  void aFeedbackHostIsNoSignOfUseWhoeverAnswersIt(String whose) {
    Answer<MxRecord> feedback = Views.mx(Views.RIGHT);
    DnsView.Sibling wildcard =
        whose.equals("wildcard")
            ? new DnsView.Sibling(feedback, new Answer.None<>(true), NONE, NONE)
            : null;
    view = Views.inUse(feedback, new Answer.None<>(true), NONE, wildcard);
    assertEquals("", violations());
    assertEquals("", warnings());
  }

  @Test
  void anAnswerThatDiffersFromTheWildcardsIsTheNamesOwn() {
    view =
        Views.inUse(
            MAIL,
            ALIAS,
            NONE,
            new DnsView.Sibling(
                Views.mx("10 other.example.net"),
                new Answer.Found<>(List.of(DomainName.of("other.example.net"))),
                NONE,
                NONE));
    assertEquals("RECEIVES_MAIL NAME_IN_USE", violations());
  }

  @Test
  void aCnameIsAViolationAndAnAddressOrAWildcardIsNone() {
    view = Views.inUse(Views.mx(""), ALIAS, NONE, Views.sibling());
    assertEquals("NAME_IN_USE", violations());
    assertMessage(
        "it is an alias (CNAME) of host.example.net,", check().violations().getFirst().message());
    view = Views.inUse(Views.mx(""), new Answer.None<>(true), ADDRESS, Views.sibling());
    assertEquals("", violations());
    assertEquals("ADDRESS_RECORDS", warnings());
    assertMessage(
        "bounce.example.com has address records (192.0.2.1)",
        check().warnings().getFirst().message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bounce.example.com       | RECEIVES_MAIL |
          Bounce.Example.COM       | RECEIVES_MAIL |
          joe@bounce.example.com   | RECEIVES_MAIL |
          .example.com             | ''            | RECEIPT_RULE
          .com                     | ''            | RECEIPT_RULE
          ''                       | ''            | RECEIPT_RULE
          example.com              | ''            |
          joe@example.com          | ''            |
          .bounce.example.com      | ''            |
          x.bounce.example.com     | ''            |
          .evilbounce.example.com  | ''            |
          evilbounce.example.com   | ''            |
          """)
  void aReceiptRuleThatNamesTheDomainReceivesMail(
      String recipient, String violations, @Nullable String warnings) {
    receiptRecipients = List.of(recipient);
    assertEquals(violations, violations());
    assertEquals(warnings == null ? "" : warnings, warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "unknown",
      textBlock =
          """
          bounce.example.com     | true    | FEEDBACK_DESTINATION | ''
          bounce.example.com     | false   | ''                   | ''
          bounce.example.com     | unknown | ''                   | COULD_NOT_ASK
          joe@bounce.example.com | true    | ''                   | IDENTITY_BELOW
          x.bounce.example.com   | true    | ''                   | IDENTITY_BELOW
          evilbounce.example.com | true    | ''                   | ''
          """)
  void anIdentityThatSendsAndTakesFeedbackMayNotBeTheMailFromDomain(
      String name, @Nullable Boolean flag, String violations, String warnings) {
    forwarding.put(IdentityName.of(name), flag);
    assertEquals(violations, violations());
    assertEquals(warnings, warnings());
  }

  @Test
  void whatSomebodyElseSetIsNotOverwrittenUnasked() {
    live = new Live(Views.NAME, BehaviorOnMxFailure.REJECT_MESSAGE, MailFromStatus.FAILED);
    assertEquals("", violations());
    live =
        new Live(
            DomainName.of("old.example.com"),
            BehaviorOnMxFailure.USE_DEFAULT_VALUE,
            MailFromStatus.SUCCESS);
    assertEquals("ALREADY_SET", violations());
    managedBefore = true;
    assertEquals("", violations());
  }

  @Test
  void acceptedViolationsBecomeWarningsWithTheSameCode() {
    accept = Set.copyOf(Arrays.asList(ViolationCode.values()));
    breakEveryRule();
    assertEquals("NOT_A_SUBDOMAIN", violations(), "SES itself refuses it: no word overrides that");
    assertEquals(
        "RECEIVES_MAIL NAME_IN_USE RECEIVES_MAIL FEEDBACK_DESTINATION ALREADY_SET", warnings());
  }

  private void breakEveryRule() {
    identity = IdentityName.of("example.org");
    view = Views.inUse(MAIL, ALIAS, NONE, Views.sibling());
    receiptRecipients = List.of("bounce.example.com");
    forwarding.put(IdentityName.of("bounce.example.com"), true);
    live =
        new Live(
            DomainName.of("old.example.org"),
            BehaviorOnMxFailure.USE_DEFAULT_VALUE,
            MailFromStatus.SUCCESS);
  }

  @Test
  void acceptingOneViolationLeavesTheOthers() {
    accept = Set.of(ViolationCode.NAME_IN_USE);
    view = Views.inUse(MAIL, ALIAS, NONE, Views.sibling());
    assertEquals("RECEIVES_MAIL", violations());
    assertEquals("NAME_IN_USE", warnings());
  }

  @Test
  void whatCouldNotBeAskedIsAWarningAndNeverAViolation() {
    live = null;
    receiptRecipients = null;
    view = DnsView.unavailable(Views.NAME, "SERVFAIL");
    assertEquals("", violations());
    assertEquals("COULD_NOT_ASK COULD_NOT_ASK COULD_NOT_ASK", warnings());
    view = null;
    assertEquals("", violations());
    assertEquals("COULD_NOT_ASK COULD_NOT_ASK COULD_NOT_ASK", warnings());
  }

  @Test
  void aForeignMxIsNoViolationWhileTheSiblingCouldNotBeAsked() {
    Answer.CouldNotAsk<MxRecord> silent = new Answer.CouldNotAsk<>("timeout");
    view =
        Views.inUse(
            MAIL,
            ALIAS,
            NONE,
            new DnsView.Sibling(silent, new Answer.CouldNotAsk<>("timeout"), NONE, NONE));
    assertEquals("", violations());
    assertEquals("COULD_NOT_ASK", warnings());
  }
}
