package mailfrom.app.text;

import static mailfrom.app.text.Situations.AT;
import static mailfrom.app.text.Situations.LINKS;
import static mailfrom.app.text.Situations.bounce;
import static mailfrom.app.text.Situations.custom;
import static mailfrom.app.text.Situations.lost;
import static mailfrom.app.text.Situations.notCovered;
import static mailfrom.app.text.Situations.open;
import static mailfrom.app.text.Situations.run;
import static mailfrom.app.text.Situations.told;
import static mailfrom.domain.identity.TestingIdentity.ACCOUNT;
import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.notice;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.PlainText;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTextsTest {
  private static final AlertTexts TEXTS =
      new AlertTexts(ACCOUNT, LINKS, new HealPolicy(true, false));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** SNS takes so much, both forms together. */
  private static final int SNS = 256 * 1024;

  private static Message alert(IdentityNotice... told) {
    return TEXTS.alert(REGION, List.of(told), List.of(), null);
  }

  static Stream<String> situations() {
    return Situations.all().keySet().stream();
  }

  private static Message message(String situation) {
    return situation(situation).message(LINKS);
  }

  private static Situations.Situation situation(String name) {
    return Objects.requireNonNull(Situations.all().get(name), name).get();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void eachMailReadsAsItsGoldenFileSays(String situation) throws IOException {
    Message message = message(situation);
    assertSubject(message.subject());
    message
        .text()
        .lines()
        .forEach(line -> assertTrue(line.length() <= 80 || isOneWord(line), line));
    golden(situation + ".txt", "Subject: " + message.subject() + "\n\n" + message.text());
  }

  @ParameterizedTest
  @MethodSource("situations")
  void eachChatMessageReadsAsItsGoldenFileSays(String situation) throws IOException {
    JsonNode chat = chat(message(situation));
    golden(situation + ".chat.json", chat.toPrettyString() + "\n");
    assertAll(
        () -> assertEquals("1.0", chat.at("/version").textValue()),
        () -> assertEquals("custom", chat.at("/source").textValue()),
        () -> assertTrue(length(chat.at("/content/title")) <= 250),
        () -> assertTrue(length(chat.at("/content/description")) <= 2800),
        () -> assertTrue(chat.at("/content/nextSteps").size() <= 5),
        () -> assertTrue(chat.at("/metadata/relatedResources").size() <= 10),
        () -> assertFalse(chat.at("/metadata/threadId").textValue().isEmpty()));
  }

  private static int length(JsonNode text) {
    return text.textValue().length();
  }

  private static JsonNode chat(Message message) throws IOException {
    String chat = message.chat();
    assertNotNull(chat);
    return JSON.readTree(chat);
  }

  /** Of a long one the head and the foot are kept. */
  private static void golden(String file, String text) throws IOException {
    List<String> lines = text.lines().toList();
    String kept =
        lines.size() <= 400
            ? text
            : String.join("\n", lines.subList(0, 40))
                + "\n[...]\n"
                + String.join("\n", lines.subList(lines.size() - 40, lines.size()))
                + "\n";
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(Path.of("tests/mailfrom/app/text/golden", file), kept);
      return;
    }
    try (InputStream golden = AlertTextsTest.class.getResourceAsStream("golden/" + file)) {
      assertNotNull(golden, "no golden file");
      assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), kept);
    }
  }

  @Test
  void eachReasonHasASituation() {
    EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);
    for (var situation : Situations.all().values()) {
      situation.get().told().forEach(told -> seen.add(told.notice().reason()));
      situation.get().runs().forEach(run -> seen.add(run.reason()));
    }
    assertEquals(EnumSet.allOf(Reason.class), seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          started-fallback-temporary-failure | example.com falls back to amazonses.com
          three                | 3 fall back to amazonses.com
          forty                | 40 fall back to amazonses.com
          reminder             | 40 fall back to amazonses.com
          four-thousand        | 4000 are rejected by SES
          mixed                | 2 rejected, 44 falling back
          recovered-forty      | 40 work again, 3 are left
          last-chance-many     | 12 are given up by SES from 2026-11-23 21:00 UTC
          dns-blind            | 45 of 310 names got no answer
          missing              | 3 of 16 identities are missing
          drift                | example.com: somebody else changed its settings
          gone                 | example.com was deleted at SES
          started-unverified-domain | example.com cannot send
          """)
  void thePhoneShowsHowManyAndWhat(String situation, String shown) {
    String subject = message(situation).subject();
    assertTrue(subject.substring(0, Math.min(subject.length(), 60)).contains(shown), subject);
  }

  @Test
  void everyNameIsThereWithItsLabels() {
    String text = message("forty").text();
    for (int i = 0; i < 40; i++) {
      assertTrue(
          text.contains("     mail.cust%03d.example  (customer=c%03d)\n".formatted(i, i)), text);
    }
  }

  @ParameterizedTest
  @CsvSource({"10000, 20", "2000, 240", "4000, 60"})
  void aMessageFitsIntoSnsWhateverTheSizeOfTheFleet(int identities, int length) throws IOException {
    List<IdentityNotice> told =
        IntStream.range(0, identities)
            .mapToObj(
                i -> {
                  String name = "c%05d.example".formatted(i);
                  while (name.length() + 10 < length) {
                    name = "a".repeat(Math.min(60, length - name.length() - 5)) + "." + name;
                  }
                  return told(
                      lost(name, "UseDefaultValue", true)
                          .wanted(
                              settings(bounce(name), "UseDefaultValue"),
                              Activation.STAGED,
                              Map.of("customer", "\"\u00e9".repeat(20)))
                          .build(),
                      Reason.STARTED,
                      Severity.WARNING);
                })
            .toList();
    Message message = TEXTS.alert(REGION, told, List.of(), 10_000);
    String both =
        JSON.writeValueAsString(
            Map.of("default", message.text(), "https", String.valueOf(message.chat())));
    assertTrue(both.getBytes(StandardCharsets.UTF_8).length <= SNS, () -> "" + both.length());
    assertTrue(message.text().contains("Console: "), "it is whole");
    assertTrue(chat(message).toString().length() < 10_000);
  }

  /** A word to be copied stays whole, and a name stands in a line with its labels. */
  private static boolean isOneWord(String line) {
    String bare = line.strip().replaceAll(" \\\\$", "");
    return bare.matches("\\S+|'.*'|\".*\"|\\S+  \\(.*\\)|(Console|Page|Runbook): \\S+");
  }

  private static void assertSubject(String subject) {
    assertTrue(subject.length() <= 99 && !subject.isEmpty(), subject);
    assertTrue(subject.chars().allMatch(c -> c >= ' ' && c <= '~'), subject);
  }

  @Test
  void aLongNameIsShortenedInTheMiddleOfTheSubjectAndWholeInTheText() {
    String name = "local-part-of-many-letters@" + "a".repeat(63) + "." + "b".repeat(63) + ".com";
    IdentityState state =
        named(name)
            .sight(
                true,
                live("bounce." + name.substring(name.indexOf('@') + 1), "RejectMessage", "Failed"),
                null)
            .standing(Effect.REJECTED, Cause.FAILED, Phase.LIVE)
            .build();
    Message message = alert(told(state, Reason.STARTED, Severity.CRITICAL));
    assertSubject(message.subject());
    assertTrue(message.subject().startsWith("local-part"), message.subject());
    assertTrue(message.subject().contains("is rejected by SES"), message.subject());
    assertTrue(message.text().contains(name));
  }

  @Test
  void theSubjectSaysTheWorstThingFirstWhateverItsPlace() {
    Message message =
        alert(
            told(custom("b.example").build(), Reason.RECOVERED, Severity.INFO),
            told(
                lost("a.example", "UseDefaultValue", true).build(),
                Reason.STARTED,
                Severity.WARNING),
            told(
                lost("example.com", "RejectMessage", true).build(),
                Reason.STARTED,
                Severity.CRITICAL));
    assertEquals(
        "1 rejected, 1 falling back, 1 recovered (CRITICAL, us-east-1)", message.subject());
  }

  @Test
  void aMessageAboutTheRunIsFirstOnlyWhenNothingIsWorse() {
    RunNotice blind = run(Reason.BLIND, Severity.WARNING, RunTexts.blind(31, 310));
    IdentityNotice rejected =
        told(lost("example.com", "RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL);
    IdentityNotice over = told(custom("example.com").build(), Reason.RECOVERED, Severity.INFO);
    assertEquals(
        "example.com is rejected by SES: MX record lost, 31 of 310 identities could... (CRITICAL, us-east-1)",
        TEXTS.alert(REGION, List.of(rejected), List.of(blind), null).subject());
    assertEquals(
        "31 of 310 identities could not be asked for at SES, 1 recovered (WARNING, us-east-1)",
        TEXTS.alert(REGION, List.of(over), List.of(blind), null).subject());
  }

  @Test
  void whatOneAncestorDoesNotCoverIsToldAsOne() {
    IdentityState above = custom("example.com").build();
    List<IdentityNotice> told =
        List.of(
            below("a@mail.example.com", above),
            below("b.example.com", above),
            told(notCovered("c@example.org"), Reason.STARTED, Severity.INFO));
    String text = TEXTS.alert(REGION, told, List.of(), null).text();
    assertTrue(text.contains("2 have no MAIL FROM domain of their own"), text);
    assertTrue(text.contains("Below: example.com"), text);
    assertTrue(text.contains("c@example.org has no MAIL FROM domain of its own"), text);
  }

  private static IdentityNotice below(String name, IdentityState above) {
    IdentityState state = notCovered(name);
    return new IdentityNotice(state, notice(state, Reason.STARTED, Severity.INFO, null, AT), above);
  }

  @ParameterizedTest
  @MethodSource("situations")
  void whatIsMissingIsSaidOnceAsTheRecordToPublish(String situation) {
    String text = message(situation).text();
    for (String mail : text.split("\n\n", -1)) {
      assertFalse(mail.contains("MX_MISSING") && mail.contains("Publish:"), mail);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"drift", "drift-rejected"})
  void whatIsToBePublishedIsOfTheWantedDomainAndNotOfTheIntruders(String situation) {
    String text = message(situation).text();
    assertFalse(text.contains("mailer.example.com has no MX record"), text);
    assertTrue(text.contains("Full name: bounce.example.com"), text);
    assertTrue(text.contains("Put back what was asked for:"), text);
  }

  @Test
  void whatHealsIsNotRed() {
    Message message = message("started-healing");
    assertEquals(
        "example.com falls back to amazonses.com: MX record lost (healing) (INFO, us-east-1)",
        message.subject());
    assertFalse(message.text().contains("WARNING"), message.text());
  }

  @Test
  void anIncidentIsOneThreadFromItsStartToItsEnd() throws IOException {
    IdentityState bad = lost("example.com", "UseDefaultValue", true).build();
    Notice start = told(bad, Reason.STARTED, Severity.WARNING).notice();
    List<String> threads = new ArrayList<>();
    for (Reason reason : List.of(Reason.STARTED, Reason.REMINDER, Reason.WORSE, Reason.RECOVERED)) {
      IdentityState state = reason == Reason.RECOVERED ? custom("example.com").build() : bad;
      Notice later = state.notice(reason, Severity.WARNING, null, AT, 0, AT);
      Notice ofIt =
          new Notice(
              later.id(),
              reason,
              later.severity(),
              later.effect(),
              later.cause(),
              later.phase(),
              later.since(),
              later.notBefore(),
              later.deadline(),
              null,
              start.incident(),
              AT,
              Set.of());
      threads.add(
          chat(alert(new IdentityNotice(state, ofIt))).at("/metadata/threadId").textValue());
    }
    assertEquals(1, new TreeSet<>(threads).size(), threads::toString);
  }

  @Test
  void wordsOfOthersAreNoMarksInChat() throws IOException {
    IdentityState state =
        named("`x`*b*_i_&co@example.com")
            .sight(true, live("bounce.example.com", "UseDefaultValue", "Success"), null)
            .standing(Effect.CUSTOM, null, Phase.LIVE)
            .build();
    String text =
        chat(alert(
                told(
                    state,
                    Reason.NOT_APPLIED,
                    Severity.WARNING,
                    "<!channel> `x` [a](https://b.example) :tada: @here")))
            .at("/content")
            .toString();
    assertFalse(text.contains("<"), text);
    String bare = text.replaceAll("`[^`]*`", "");
    for (String mark : List.of("*b*", "_i_", "channel", "](", ":tada:", "@here", "`")) {
      assertFalse(bare.contains(mark), bare);
    }
  }

  @Test
  void aCommandIsSafeToPasteWhateverTheLocalPart() {
    IdentityState state =
        named("o'brien`$x`&co@example.com")
            .standing(Effect.FALLBACK, Cause.NOT_COVERED, null)
            .build();
    String text = alert(told(state, Reason.STARTED, Severity.INFO)).text();
    assertTrue(text.contains("'o'\\''brien`$x`&co@example.com'"), text);
  }

  @Test
  void controlCharactersOfOthersDoNotReachPeople() {
    Message message =
        alert(
            told(
                custom("example.com").build(),
                Reason.NOT_APPLIED,
                Severity.WARNING,
                "a\r\nb\u001b[2Jc\u202ed"));
    assertTrue(
        message.text().chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)),
        message.text());
    assertFalse(message.text().contains("\u202e"));
  }

  @Test
  void aCommandLongerThanALineIsContinued() {
    String text =
        new PlainText()
            .command(2, List.of("aws", "ses", "x".repeat(40), "--identities", "y".repeat(40)))
            .toString();
    assertEquals(
        "  aws ses " + "x".repeat(40) + " --identities \\\n      " + "y".repeat(40) + "\n", text);
  }

  @ParameterizedTest
  @CsvSource({"78, 1", "79, 2"})
  void aLineTakesEightyColumns(int length, int lines) {
    String words = "a " + "b".repeat(length);
    assertEquals(lines, new PlainText().paragraph(0, words).toString().lines().count());
  }

  private static JsonNode json(Message message) throws IOException {
    return JSON.readTree(message.text());
  }

  /** What a pager is told, reason by reason. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          started-fallback-temporary-failure | trigger | example.com falls back to amazonses.com: MX record lost (WARNING, us-east-1)
          started-unverified-domain | trigger | example.com cannot send: verification lost (CRITICAL, us-east-1)
          worse        | trigger | example.com falls back to amazonses.com: SES gave up (worse) (WARNING, us-east-1)
          better       | trigger | example.com falls back to amazonses.com: MX record lost (better) (WARNING, us-east-1)
          reminder     | trigger | mail.cust000.example falls back to amazonses.com: MX record lost (still) (WARNING, us-east-1)
          flapping     | trigger | example.com falls back to amazonses.com: MX record lost (flapping) (WARNING, us-east-1)
          recovered    | resolve | mail.cust000.example works again (INFO, us-east-1)
          gone         | resolve | example.com was deleted at SES (WARNING, us-east-1)
          last-chance  | none    | example.com is given up by SES at 2026-11-26 10:00 UTC (WARNING, us-east-1)
          drift        | none    | example.com: somebody else changed its settings (WARNING, us-east-1)
          early-warning | none   | example.com: its MX answer changed (WARNING, us-east-1)
          not-applied  | none    | example.com: SES refused its settings (WARNING, us-east-1)
          ready        | none    | example.com is ready (INFO, us-east-1)
          blind        | trigger | 31 of 310 identities could not be asked for at SES (WARNING, us-east-1)
          blind-over   | resolve | SES answers again, after 15 minutes (INFO, us-east-1)
          dns-blind    | trigger | 45 of 310 names got no answer from the DNS (WARNING, us-east-1)
          dns-blind-over | resolve | the DNS answers again, after 15 minutes (INFO, us-east-1)
          held         | none    | 312 repairs are held back, of 1200 identities (WARNING, us-east-1)
          missing      | none    | 3 of 16 identities are missing from SES's list (WARNING, us-east-1)
          baseline     | none    | 4 of 1200 identities are in trouble: first complete run (CRITICAL, us-east-1)
          silence-over | none    | 13 in trouble when a silence ended (CRITICAL, us-east-1)
          weekly-all-is-well | none | Weekly report: all is well with 1512 identities (INFO, us-east-1)
          """)
  void aPagerIsTold(String situation, String action, String summary) throws IOException {
    Situations.Situation what = situation(situation);
    JsonNode json =
        what.runs().isEmpty()
            ? json(TEXTS.notice(what.told().getFirst().state(), what.told().getFirst().notice()))
            : json(TEXTS.notice(REGION, what.runs().getFirst()));
    assertEquals(action, json.get("action").textValue());
    assertEquals(summary, json.get("summary").textValue());
    assertEquals(action.equals("none"), json.get("incident").isNull());
    assertEquals(LINKS.page(), json.get("link").textValue());
  }

  @Test
  void whatAPagerPutsIntoItsOwnJsonNeedsNoEscape() throws IOException {
    IdentityState state =
        named("a`b$c'd&e@example.com")
            .sight(true, live("bounce.example.com", "RejectMessage", "Failed"), null)
            .standing(Effect.REJECTED, Cause.FAILED, Phase.LIVE)
            .build();
    for (Links links : List.of(LINKS, Links.NONE)) {
      AlertTexts texts = new AlertTexts(ACCOUNT, links, HealPolicy.NOTHING);
      JsonNode json =
          json(texts.notice(state, told(state, Reason.STARTED, Severity.CRITICAL).notice()));
      for (String field :
          List.of("incident", "action", "source", "summary", "link", "region", "reason")) {
        String value = json.get(field).textValue();
        assertTrue(value.matches("[ !#-;=?-\\[\\]-_a-~]+"), field + ": " + value);
        assertTrue(value.length() <= 255 || field.equals("link"));
      }
    }
  }

  private static final List<String> FIELDS =
      List.of(
          "schema",
          "id",
          "reason",
          "severity",
          "account",
          "region",
          "identity",
          "effect",
          "cause",
          "phase",
          "since",
          "deadline",
          "live",
          "desired",
          "records",
          "findings",
          "labels",
          "at",
          "notBefore",
          "incident",
          "action",
          "source",
          "summary",
          "link");

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aNoticeForMachinesHasTheContractsFields() throws IOException {
    IdentityState state =
        lost("example.com", "UseDefaultValue", true)
            .wanted(
                settings(bounce("example.com"), "RejectMessage"),
                Activation.STAGED,
                Map.of("customer", "4711"))
            .build();
    Notice notice = notice(state, Reason.STARTED, Severity.WARNING, null, AT);
    Message message = TEXTS.notice(state, notice);
    JsonNode json = json(message);
    assertAll(
        () -> assertEquals(FIELDS, names(json)),
        () -> assertEquals(1, json.get("schema").intValue()),
        () -> assertEquals(notice.id(), json.get("id").textValue()),
        () -> assertEquals("STARTED", json.get("reason").textValue()),
        () -> assertEquals("warning", json.get("severity").textValue()),
        () -> assertEquals("live", json.get("phase").textValue()),
        () -> assertEquals("2026-11-26T10:00:00.000Z", json.get("deadline").textValue()),
        () -> assertEquals("TemporaryFailure", json.at("/live/status").textValue()),
        () -> assertEquals("staged", json.at("/desired/activation").textValue()),
        () -> assertEquals(bounce("example.com"), json.at("/records/0/name").textValue()),
        () -> assertEquals("add", json.at("/records/0/state").textValue()),
        () -> assertTrue(json.at("/records/1/priority").isNull()),
        () -> assertEquals("error", json.at("/findings/0/severity").textValue()),
        () -> assertEquals("4711", json.at("/labels/customer").textValue()),
        () ->
            assertEquals(
                Map.of(
                    "reason", "STARTED",
                    "severity", "warning",
                    "effect", "FALLBACK",
                    "region", "us-east-1",
                    "customer", "4711"),
                message.attributes()));
    assertSubject(message.subject());
  }

  @Test
  void aNoticeAboutAnIdentityNeverAskedForHasNullNotMissingFields() throws IOException {
    IdentityState state = custom("example.com").build();
    JsonNode json =
        json(TEXTS.notice(state, notice(state, Reason.RECOVERED, Severity.INFO, null, AT)));
    assertEquals(FIELDS, names(json));
    assertTrue(json.get("desired").isNull());
    assertTrue(json.get("cause").isNull());
    assertTrue(json.get("deadline").isNull());
    assertEquals(0, json.get("labels").size());
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "BASELINE",
        "HELD",
        "HELD_OVER",
        "BLIND",
        "BLIND_OVER",
        "DNS_BLIND",
        "MISSING",
        "MISSING_OVER",
        "SILENCE_OVER",
        "WEEKLY"
      })
  void aNoticeAboutARunHasTheSameFieldsAndNoIdentity(Reason reason) throws IOException {
    Message message = TEXTS.notice(REGION, run(reason, Severity.WARNING, "text"));
    JsonNode json = json(message);
    assertEquals(FIELDS, names(json));
    assertTrue(json.get("identity").isNull());
    assertTrue(json.get("effect").isNull());
    assertEquals(Set.of("reason", "severity", "region"), message.attributes().keySet());
    assertSubject(message.subject());
  }

  @Test
  void attributesAreAtMostTenNeverEmptyAndNoLabelReplacesOurs() {
    Map<String, String> labels =
        Map.of("reason", "mine", "empty", "", "a", "1", "b", "2", "c", "3");
    IdentityState state =
        lost("example.com", "UseDefaultValue", true)
            .wanted(settings(bounce("example.com"), "UseDefaultValue"), Activation.STAGED, labels)
            .build();
    Map<String, String> attributes =
        TEXTS.notice(state, notice(state, Reason.STARTED, Severity.WARNING, null, AT)).attributes();
    assertEquals("STARTED", attributes.get("reason"));
    assertTrue(attributes.size() <= 10);
    assertTrue(attributes.values().stream().noneMatch(String::isEmpty));
    assertEquals(
        new TreeSet<>(List.of("a", "b", "c", "effect", "reason", "region", "severity")),
        new TreeSet<>(attributes.keySet()));
  }

  @Test
  void aRefusedNoticeIsReplacedByOneWithTheSameIdAndNothingThatCanBeRefused() throws IOException {
    IdentityState state =
        lost("example.com", "UseDefaultValue", true)
            .wanted(
                settings(bounce("example.com"), "UseDefaultValue"),
                Activation.STAGED,
                Map.of("a", "\u0001"))
            .build();
    Notice notice = notice(state, Reason.STARTED, Severity.WARNING, null, AT);
    Message message = TEXTS.minimal(state, notice);
    JsonNode json = json(message);
    assertEquals(FIELDS, names(json));
    assertEquals(notice.id(), json.get("id").textValue());
    assertEquals("example.com", json.get("identity").textValue());
    assertEquals(0, json.get("records").size());
    assertEquals(Set.of("reason", "severity", "effect", "region"), message.attributes().keySet());
    assertSubject(message.subject());
  }

  @Test
  void aRefusedMessageToPeopleIsReplacedByCounts() {
    Message message =
        TEXTS.minimal(
            REGION,
            List.of(
                told(
                    lost("example.com", "RejectMessage", true).build(),
                    Reason.STARTED,
                    Severity.CRITICAL),
                told(custom("example.com").build(), Reason.RECOVERED, Severity.INFO)),
            List.of(run(Reason.BLIND, Severity.WARNING, "x")));
    assertEquals("3 notices, mail of 1 rejected (us-east-1)", message.subject());
    assertTrue(message.text().contains("STARTED: 1"));
    assertTrue(message.text().contains("BLIND: 1"));
    assertFalse(message.text().contains("example.com"));
  }

  @Test
  void aBaselineNamesFiftyRejectedIdentitiesAndCountsTheRest() {
    List<IdentityState> open =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    open("c%02d.example.com".formatted(i), TroubleKind.REJECTED, Severity.CRITICAL))
            .toList();
    String text = RunTexts.baseline(100, open);
    assertTrue(text.contains("c49.example.com"));
    assertFalse(text.contains("c50.example.com"));
    assertTrue(text.contains("and 10 more"));
  }
}
