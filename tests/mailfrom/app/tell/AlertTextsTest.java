package mailfrom.app.tell;

import static mailfrom.domain.identity.TestingIdentity.ACCOUNT;
import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.WeeklyReport;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.FindingCode;
import mailfrom.domain.dns.FindingSeverity;
import mailfrom.domain.dns.RecordToDo;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTextsTest {
  private static final String BOUNCE = "bounce.example.com";
  private static final Instant AT = T0.plus(Duration.ofMinutes(15));
  private static final Finding MX_MISSING =
      new Finding(
          FindingCode.MX_MISSING,
          FindingSeverity.ERROR,
          "There is no MX record. Publish the one below.",
          "10 feedback-smtp.us-east-1.amazonses.com",
          null);
  private static final Finding SPF_MISSING =
      new Finding(
          FindingCode.SPF_MISSING,
          FindingSeverity.ERROR,
          "There is no SPF record. Publish the one below.",
          "v=spf1 include:amazonses.com ~all",
          null);

  private static RecordToDo mx(RecordToDo.State state) {
    return new RecordToDo(
        DomainName.of(BOUNCE),
        "MX",
        DomainName.of("example.com"),
        10,
        "feedback-smtp.us-east-1.amazonses.com",
        300,
        state);
  }

  private static RecordToDo txt(RecordToDo.State state) {
    return new RecordToDo(
        DomainName.of(BOUNCE),
        "TXT",
        DomainName.of("example.com"),
        null,
        "v=spf1 include:amazonses.com ~all",
        300,
        state);
  }

  private static TestingIdentity broken(
      String behavior, String status, Cause cause, Phase phase, @Nullable Boolean dkim) {
    return named("example.com")
        .sight(true, live(BOUNCE, behavior, status), dkim)
        .standing(
            behavior.equals("RejectMessage") ? Effect.REJECTED : Effect.FALLBACK, cause, phase)
        .dns(
            BOUNCE,
            List.of(MX_MISSING),
            List.of(mx(RecordToDo.State.ADD), txt(RecordToDo.State.PRESENT)));
  }

  private static TestingIdentity lost(String behavior, @Nullable Boolean dkim) {
    return broken(behavior, "TemporaryFailure", Cause.TEMPORARY_FAILURE, Phase.LIVE, dkim);
  }

  private static IdentityState custom() {
    return custom("example.com");
  }

  private static IdentityState custom(String name) {
    return named(name)
        .sight(true, live(BOUNCE, "UseDefaultValue", "Success"), null)
        .standing(Effect.CUSTOM, null, Phase.LIVE)
        .build();
  }

  private static IdentityState removed() {
    return named("example.com")
        .sight(true, Live.NONE, true)
        .standing(Effect.FALLBACK, Cause.REMOVED, Phase.LIVE)
        .had(BOUNCE)
        .wanted(settings(BOUNCE, "RejectMessage"))
        .build();
  }

  private static IdentityState notCovered(String name) {
    return named(name).standing(Effect.FALLBACK, Cause.NOT_COVERED, null, false).build();
  }

  private static IdentityNotice told(IdentityState state, Reason reason, Severity severity) {
    return new IdentityNotice(state, notice(state, reason, severity, null, AT));
  }

  private static IdentityNotice told(
      IdentityState state, Reason reason, Severity severity, String detail) {
    return new IdentityNotice(state, notice(state, reason, severity, detail, AT));
  }

  private static RunNotice run(Reason reason, Severity severity, String text) {
    return new RunNotice("0123", reason, severity, text, AT, Set.of());
  }

  private static Topics.Message alert(IdentityNotice... told) {
    return AlertTexts.alert(ACCOUNT, REGION, List.of(told), List.of());
  }

  private static Topics.Message alert(RunNotice run) {
    return AlertTexts.alert(ACCOUNT, REGION, List.of(), List.of(run));
  }

  private static Topics.Message message(String golden) {
    return switch (golden) {
      case "started-rejected-pending" ->
          alert(
              told(
                  broken("RejectMessage", "Pending", Cause.PENDING, Phase.SETUP, null).build(),
                  Reason.STARTED,
                  Severity.CRITICAL));
      case "started-rejected-failed" ->
          alert(
              told(
                  broken("RejectMessage", "Failed", Cause.FAILED, Phase.LIVE, false).build(),
                  Reason.STARTED,
                  Severity.CRITICAL));
      case "started-rejected-temporary-failure" ->
          alert(told(lost("RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL));
      case "started-fallback-pending" ->
          alert(
              told(
                  broken("UseDefaultValue", "Pending", Cause.PENDING, Phase.LIVE, true).build(),
                  Reason.STARTED,
                  Severity.WARNING));
      case "started-fallback-failed" ->
          alert(
              told(
                  broken("UseDefaultValue", "Failed", Cause.FAILED, Phase.SETUP, null).build(),
                  Reason.STARTED,
                  Severity.WARNING));
      case "started-fallback-failed-managed" ->
          alert(
              told(
                  broken("UseDefaultValue", "Failed", Cause.FAILED, Phase.LIVE, true)
                      .wanted(settings(BOUNCE, "UseDefaultValue"))
                      .dns(
                          BOUNCE,
                          List.of(),
                          List.of(mx(RecordToDo.State.PRESENT), txt(RecordToDo.State.PRESENT)))
                      .build(),
                  Reason.STARTED,
                  Severity.WARNING));
      case "started-fallback-temporary-failure" ->
          alert(told(lost("UseDefaultValue", true).build(), Reason.STARTED, Severity.WARNING));
      case "started-fallback-temporary-failure-dkim-fails" ->
          alert(
              told(
                  lost("UseDefaultValue", false)
                      .dns("other.example.com", List.of(), List.of())
                      .build(),
                  Reason.STARTED,
                  Severity.CRITICAL));
      case "started-fallback-at-first-sight" ->
          alert(
              told(
                  lost("UseDefaultValue", null)
                      .standing(Effect.FALLBACK, Cause.TEMPORARY_FAILURE, Phase.LIVE, false)
                      .build(),
                  Reason.STARTED,
                  Severity.WARNING));
      case "started-fallback-removed" -> alert(told(removed(), Reason.STARTED, Severity.WARNING));
      case "started-spf-broken" ->
          alert(
              told(
                  TestingIdentity.named("example.com")
                      .sight(true, live(BOUNCE, "UseDefaultValue", "Success"), null)
                      .standing(Effect.CUSTOM, null, Phase.LIVE)
                      .dns(
                          BOUNCE,
                          List.of(SPF_MISSING),
                          List.of(mx(RecordToDo.State.PRESENT), txt(RecordToDo.State.ADD)))
                      .build(),
                  Reason.STARTED,
                  Severity.WARNING));
      case "started-not-covered" ->
          alert(told(notCovered("news@example.com"), Reason.STARTED, Severity.INFO));
      case "started-not-covered-grouped" ->
          alert(
              IntStream.range(0, 14)
                  .mapToObj("sender%02d@example.com"::formatted)
                  .map(name -> told(notCovered(name), Reason.STARTED, Severity.INFO))
                  .toArray(IdentityNotice[]::new));
      case "worse" ->
          alert(
              told(
                  broken("UseDefaultValue", "Failed", Cause.FAILED, Phase.LIVE, true).build(),
                  Reason.WORSE,
                  Severity.WARNING));
      case "better" ->
          alert(told(lost("UseDefaultValue", true).build(), Reason.BETTER, Severity.WARNING));
      case "last-chance" ->
          alert(
              told(
                  broken("UseDefaultValue", "Pending", Cause.PENDING, Phase.SETUP, null).build(),
                  Reason.LAST_CHANCE,
                  Severity.WARNING));
      case "reminder" ->
          alert(told(lost("UseDefaultValue", true).build(), Reason.REMINDER, Severity.WARNING));
      case "flapping" ->
          alert(told(lost("UseDefaultValue", true).build(), Reason.FLAPPING, Severity.WARNING));
      case "recovered" -> alert(told(custom(), Reason.RECOVERED, Severity.INFO));
      case "recovered-nothing-wanted" ->
          alert(
              told(
                  named("example.com").build(),
                  Reason.RECOVERED,
                  Severity.INFO,
                  "Nothing is wanted any more: mail goes out from amazonses.com, as asked for."));
      case "gone" -> alert(told(custom(), Reason.GONE, Severity.INFO));
      case "early-warning" ->
          alert(
              told(
                  custom(),
                  Reason.EARLY_WARNING,
                  Severity.WARNING,
                  "SES still says Success, but the MX answer is now: 10 mail.example.net."));
      case "drift" ->
          alert(
              told(
                  lost("UseDefaultValue", true)
                      .sight(true, live("other.example.com", "UseDefaultValue", "Success"), null)
                      .standing(Effect.CUSTOM, null, Phase.LIVE)
                      .wanted(settings(BOUNCE, "RejectMessage"))
                      .build(),
                  Reason.DRIFT,
                  Severity.WARNING,
                  "Somebody else set other.example.com with UseDefaultValue; asked for here:"
                      + " bounce.example.com with RejectMessage."));
      case "not-applied" ->
          alert(
              told(
                  named("example.com").wanted(settings(BOUNCE, "UseDefaultValue")).build(),
                  Reason.NOT_APPLIED,
                  Severity.WARNING,
                  "SES refused the settings that were asked for: Provided MAIL-FROM domain"
                      + " <bounce.example.com> is not subdomain of the domain of the identity"
                      + " <example.com>."));
      case "lost-managed-rejected" ->
          alert(
              told(
                  lost("RejectMessage", true).wanted(settings(BOUNCE, "RejectMessage")).build(),
                  Reason.STARTED,
                  Severity.CRITICAL),
              told(
                  lost("RejectMessage", true).wanted(settings(BOUNCE, "RejectMessage")).build(),
                  Reason.NOT_APPLIED,
                  Severity.WARNING,
                  "SES refused the settings that were asked for: no."));
      case "several-of-one-identity" ->
          alert(
              told(lost("UseDefaultValue", true).build(), Reason.STARTED, Severity.WARNING),
              told(custom(), Reason.RECOVERED, Severity.INFO));
      case "baseline" ->
          alert(
              run(
                  Reason.BASELINE,
                  Severity.CRITICAL,
                  RunTexts.baseline(
                      1200,
                      List.of(
                          open("shop.example.com", TroubleKind.REJECTED, Severity.CRITICAL),
                          open("example.org", TroubleKind.REJECTED, Severity.CRITICAL),
                          open("example.com", TroubleKind.FALLBACK, Severity.WARNING),
                          open("mia@example.com", TroubleKind.NOT_COVERED, Severity.INFO)))));
      case "held" -> alert(run(Reason.HELD, Severity.WARNING, RunTexts.held(312, 1200, REGION)));
      case "blind" -> alert(run(Reason.DNS_BLIND, Severity.WARNING, RunTexts.dnsBlind(45, 310)));
      case "blind-over" -> alert(run(Reason.BLIND_OVER, Severity.INFO, RunTexts.blindOver(T0)));
      case "silence-over" ->
          alert(
              run(
                  Reason.SILENCE_OVER,
                  Severity.CRITICAL,
                  RunTexts.silenceOver(
                      new Silence(
                          "s1",
                          new Silence.Match("*example.com", null, "customer=4711", null),
                          T0.minus(Duration.ofDays(2)),
                          T0,
                          "move of the DNS to another provider, ticket 1234",
                          "arn:aws:sts::123456789012:assumed-role/mail-operators/mia"),
                      silenced())));
      case "weekly-all-is-well" ->
          alert(weekly(Map.of(TroubleKind.NOT_COVERED, 4), Map.of(Effect.CUSTOM, 312), true));
      case "weekly-not-all-is-well" ->
          alert(
              weekly(
                  Map.of(
                      TroubleKind.REJECTED, 1, TroubleKind.FALLBACK, 12, TroubleKind.SPF_BROKEN, 2),
                  Map.of(Effect.CUSTOM, 300),
                  false));
      case "many" -> many();
      default -> throw new IllegalArgumentException(golden);
    };
  }

  private static RunNotice weekly(
      Map<TroubleKind, Integer> troubles, Map<Effect, Integer> ofSecond, boolean complete) {
    RunReport.ReadReport read =
        new RunReport.ReadReport(
            AT,
            Duration.ofSeconds(90),
            List.of(
                regionRead("eu-west-1", Map.of(), ofSecond, complete),
                regionRead("us-east-1", troubles, Map.of(Effect.CUSTOM, 1200), true)));
    return run(Reason.WEEKLY, WeeklyReport.severity(read), WeeklyReport.text(read));
  }

  private static RunReport.RegionReadReport regionRead(
      String region,
      Map<TroubleKind, Integer> troubles,
      Map<Effect, Integer> effects,
      boolean all) {
    int read = effects.values().stream().mapToInt(Integer::intValue).sum();
    int listed = all ? read : read + 12;
    return new RunReport.RegionReadReport(
        region,
        false,
        listed,
        read,
        listed - read,
        0,
        all,
        0,
        0,
        effects,
        troubles,
        Map.of(),
        0,
        false,
        false);
  }

  private static List<IdentityState> silenced() {
    List<IdentityState> bad = new ArrayList<>();
    bad.add(open(lost("RejectMessage", true).build(), TroubleKind.REJECTED, Severity.CRITICAL));
    for (int i = 0; i < 11; i++) {
      bad.add(
          open(
              lost("UseDefaultValue", true, "customer%02d.example.com".formatted(i)),
              TroubleKind.FALLBACK,
              Severity.WARNING));
    }
    bad.add(open(custom("shop.example.com"), TroubleKind.SPF_BROKEN, Severity.WARNING));
    return bad;
  }

  /** 44 warnings, two critical ones, a recovery and a message about the run. */
  private static Topics.Message many() {
    List<IdentityNotice> told = new ArrayList<>();
    for (int i = 0; i < 44; i++) {
      String name = "customer%02d.example.com".formatted(i);
      told.add(
          told(
              named(name)
                  .sight(true, live("bounce." + name, "UseDefaultValue", "Failed"), true)
                  .standing(Effect.FALLBACK, Cause.FAILED, Phase.LIVE)
                  .build(),
              Reason.STARTED,
              Severity.WARNING));
    }
    for (int i = 0; i < 2; i++) {
      String name = "shop%d.example.com".formatted(i);
      told.add(
          told(
              named(name)
                  .sight(true, live("bounce." + name, "RejectMessage", "TemporaryFailure"), true)
                  .standing(Effect.REJECTED, Cause.TEMPORARY_FAILURE, Phase.LIVE)
                  .build(),
              Reason.STARTED,
              Severity.CRITICAL));
    }
    told.add(told(custom(), Reason.RECOVERED, Severity.INFO));
    return AlertTexts.alert(
        ACCOUNT,
        REGION,
        told,
        List.of(run(Reason.DNS_BLIND, Severity.WARNING, RunTexts.dnsBlind(45, 310))));
  }

  private static IdentityState open(String name, TroubleKind kind, Severity severity) {
    return open(named(name).build(), kind, severity);
  }

  private static IdentityState open(IdentityState state, TroubleKind kind, Severity severity) {
    Trouble trouble = new Trouble(kind, null, severity);
    return state.withIncidents(
        new IncidentState(
            new Incident("id", T0, trouble, trouble, null, List.of(Reason.BASELINE), T0, T0, null),
            List.of(),
            false,
            null,
            null,
            null,
            null,
            List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "started-rejected-pending",
        "started-rejected-failed",
        "started-rejected-temporary-failure",
        "started-fallback-pending",
        "started-fallback-failed",
        "started-fallback-failed-managed",
        "started-fallback-temporary-failure",
        "started-fallback-temporary-failure-dkim-fails",
        "started-fallback-at-first-sight",
        "started-fallback-removed",
        "started-spf-broken",
        "started-not-covered",
        "started-not-covered-grouped",
        "worse",
        "better",
        "last-chance",
        "reminder",
        "flapping",
        "recovered",
        "recovered-nothing-wanted",
        "gone",
        "early-warning",
        "drift",
        "not-applied",
        "several-of-one-identity",
        "lost-managed-rejected",
        "baseline",
        "held",
        "blind",
        "blind-over",
        "silence-over",
        "weekly-all-is-well",
        "weekly-not-all-is-well",
        "many"
      })
  void eachMessageReadsAsItsGoldenFileSays(String golden) throws IOException {
    Topics.Message message = message(golden);
    String text = "Subject: " + message.subject() + "\n\n" + message.text();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(Path.of("tests/mailfrom/app/tell/golden", golden + ".txt"), text);
    }
    assertSubject(message.subject());
    text.lines().forEach(line -> assertTrue(line.length() <= 80 || isSubject(line), line));
    try (InputStream file = AlertTextsTest.class.getResourceAsStream("golden/" + golden + ".txt")) {
      if (!Boolean.getBoolean("golden.write")) {
        assertNotNull(file, "no golden file");
        assertEquals(new String(file.readAllBytes(), StandardCharsets.UTF_8), text);
      }
    }
  }

  private static boolean isSubject(String line) {
    return line.startsWith("Subject: ");
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
    Topics.Message message = alert(told(state, Reason.STARTED, Severity.CRITICAL));
    assertSubject(message.subject());
    assertTrue(message.subject().contains("..."), message.subject());
    assertTrue(message.subject().contains("local-part"), message.subject());
    assertTrue(message.subject().endsWith("SES rejects its mail"), message.subject());
    assertTrue(message.text().contains(name));
  }

  @ParameterizedTest
  @CsvSource({"10, false, 1", "11, true, 1", "47, true, 37"})
  void tenIdentitiesAreNamedAndTheRestIsCounted(int identities, boolean more, int count) {
    IdentityNotice[] told =
        IntStream.range(0, identities)
            .mapToObj(i -> lost("UseDefaultValue", true, "customer%02d.example.com".formatted(i)))
            .map(state -> told(state, Reason.STARTED, Severity.WARNING))
            .toArray(IdentityNotice[]::new);
    String text = alert(told).text();
    assertEquals(more, text.contains("And %d more".formatted(count)), text);
    assertEquals(more, text.contains("GET /v1/identities?region=us-east-1"), text);
  }

  private static IdentityState lost(String behavior, Boolean dkim, String name) {
    return named(name)
        .sight(true, live("bounce." + name, behavior, "TemporaryFailure"), dkim)
        .standing(Effect.FALLBACK, Cause.TEMPORARY_FAILURE, Phase.LIVE)
        .build();
  }

  @Test
  void theSubjectSaysTheWorstThingWhateverItsPlace() {
    Topics.Message message =
        alert(
            told(custom(), Reason.RECOVERED, Severity.INFO),
            told(lost("UseDefaultValue", true, "a.example"), Reason.STARTED, Severity.WARNING),
            told(lost("RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL));
    assertEquals(
        "CRITICAL us-east-1: example.com: SES rejects its mail, and 1 more", message.subject());
  }

  @Test
  void aMessageAboutTheRunIsTheSubjectOnlyWhenNothingIsWorse() {
    RunNotice blind = run(Reason.BLIND, Severity.WARNING, "x");
    IdentityNotice rejected =
        told(lost("RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL);
    IdentityNotice over = told(custom(), Reason.RECOVERED, Severity.INFO);
    assertEquals(
        "CRITICAL us-east-1: example.com: SES rejects its mail, and 1 more",
        AlertTexts.alert(ACCOUNT, REGION, List.of(rejected), List.of(blind)).subject());
    assertEquals(
        "WARNING us-east-1: SES could not be asked, and 1 more",
        AlertTexts.alert(ACCOUNT, REGION, List.of(over), List.of(blind)).subject());
  }

  @Test
  void whatOneAncestorDoesNotCoverIsToldAsOne() {
    IdentityName ancestor = IdentityName.of("example.com");
    List<IdentityNotice> told =
        List.of(
            withAncestor("a@mail.example.com", ancestor),
            withAncestor("b.example.com", ancestor),
            told(notCovered("c@example.org"), Reason.STARTED, Severity.INFO));
    Topics.Message message = AlertTexts.alert(ACCOUNT, REGION, told, List.of());
    assertTrue(
        message.text().contains("2 identities below example.com have no MAIL FROM"),
        message.text());
    assertTrue(message.text().contains("c@example.org: has no MAIL FROM"), message.text());
  }

  private static IdentityNotice withAncestor(String name, IdentityName ancestor) {
    IdentityState state = notCovered(name);
    return new IdentityNotice(
        state, notice(state, Reason.STARTED, Severity.INFO, null, AT), ancestor);
  }

  @Test
  void aCommandIsSafeToPasteWhateverTheLocalPart() {
    IdentityState state =
        named("o'brien`$x`&co@example.com")
            .sight(true, Live.NONE, null)
            .standing(Effect.FALLBACK, Cause.NOT_COVERED, null)
            .build();
    String text = alert(told(state, Reason.STARTED, Severity.INFO)).text();
    assertTrue(text.contains("'o'\\''brien`$x`&co@example.com'"), text);
  }

  @Test
  void controlCharactersOfOthersDoNotReachPeople() {
    Topics.Message message =
        alert(told(custom(), Reason.NOT_APPLIED, Severity.WARNING, "a\r\nb\u001b[2Jc\u202ed"));
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

  private static JsonNode json(Topics.Message message) throws IOException {
    return new ObjectMapper().readTree(message.text());
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
          "at");

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aNoticeForMachinesHasTheContractsFields() throws IOException {
    IdentityState state =
        lost("UseDefaultValue", true)
            .wanted(
                settings(BOUNCE, "RejectMessage"), Activation.STAGED, Map.of("customer", "4711"))
            .build();
    Notice notice = notice(state, Reason.STARTED, Severity.WARNING, null, AT);
    Topics.Message message = AlertTexts.notice(state, notice);
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
        () -> assertEquals(BOUNCE, json.at("/records/0/name").textValue()),
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
    IdentityState state = custom();
    JsonNode json =
        json(AlertTexts.notice(state, notice(state, Reason.RECOVERED, Severity.INFO, null, AT)));
    assertEquals(FIELDS, names(json));
    assertTrue(json.get("desired").isNull());
    assertTrue(json.get("cause").isNull());
    assertTrue(json.get("deadline").isNull());
    assertEquals(0, json.get("labels").size());
  }

  @ParameterizedTest
  @EnumSource(names = {"BASELINE", "HELD", "BLIND", "BLIND_OVER", "SILENCE_OVER", "WEEKLY"})
  void aNoticeAboutARunHasTheSameFieldsAndNoIdentity(Reason reason) throws IOException {
    Topics.Message message =
        AlertTexts.notice(ACCOUNT, REGION, run(reason, Severity.WARNING, "text"));
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
        lost("UseDefaultValue", true)
            .wanted(settings(BOUNCE, "UseDefaultValue"), Activation.STAGED, labels)
            .build();
    Map<String, String> attributes =
        AlertTexts.notice(state, notice(state, Reason.STARTED, Severity.WARNING, null, AT))
            .attributes();
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
        lost("UseDefaultValue", true)
            .wanted(settings(BOUNCE, "UseDefaultValue"), Activation.STAGED, Map.of("a", "\u0001"))
            .build();
    Notice notice = notice(state, Reason.STARTED, Severity.WARNING, null, AT);
    Topics.Message message = AlertTexts.minimal(state, notice);
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
    Topics.Message message =
        AlertTexts.minimal(
            REGION,
            List.of(
                told(lost("RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL),
                told(custom(), Reason.RECOVERED, Severity.INFO)),
            List.of(run(Reason.BLIND, Severity.WARNING, "x")));
    assertEquals("us-east-1: 3 notices, mail of 1 identities is rejected", message.subject());
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
