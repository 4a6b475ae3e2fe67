package mailfrom.app.text;

import static mailfrom.domain.identity.TestingIdentity.ACCOUNT;
import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import mailfrom.app.advice.Links;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.WeeklyReport;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.FindingSeverity;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
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

/** What may have to be told in one message: a name and a situation for each golden file. */
public final class Situations {
  static final Instant AT = T0.plus(Duration.ofMinutes(15));

  /** As a stack on AWS knows them. */
  public static final Links LINKS =
      new Links(
          "https://a1b2c3.execute-api.us-east-1.amazonaws.com",
          "https://example.org/ses-mail-from/OPERATIONS.md",
          "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/mail-from");

  private static final String NAME_SERVERS = "ns1.provider.example (192.0.2.53)";
  public static final HealPolicy POLICY = new HealPolicy(true, false);
  private static final String MIA = "arn:aws:sts::123456789012:assumed-role/admins/mia";

  private Situations() {}

  /**
   * What is told in one message.
   *
   * @param left how many identities are still in trouble; null: not known
   */
  public record Situation(List<IdentityNotice> told, List<RunNotice> runs, @Nullable Integer left) {
    public Message message(Links links) {
      return new AlertTexts(ACCOUNT, links, POLICY).alert(REGION, told, runs, left);
    }
  }

  private static Situation told(IdentityNotice... told) {
    return new Situation(List.of(told), List.of(), null);
  }

  private static Situation told(Reason reason, Severity severity, String text) {
    return new Situation(List.of(), List.of(run(reason, severity, text)), null);
  }

  private static Situation told(
      Reason reason, Severity severity, String text, List<IdentityName> names) {
    return new Situation(List.of(), List.of(run(reason, severity, text).about(names)), null);
  }

  static RunNotice run(Reason reason, Severity severity, String text) {
    return new RunNotice("0123", reason, severity, text, AT);
  }

  // ---- identities

  static String bounce(String name) {
    return "bounce." + IdentityName.of(name).domain();
  }

  private static Finding finding(FindingCode code, String message, String expected) {
    return new Finding(
        code, FindingSeverity.ERROR, message, expected, null, NAME_SERVERS, "dig MX x");
  }

  static RecordToDo mx(String name, RecordToDo.State state) {
    return new RecordToDo(
        DomainName.of(bounce(name)),
        RecordType.MX,
        IdentityName.of(name).domain(),
        10,
        MxRecord.feedback(REGION).host(),
        300,
        state);
  }

  static RecordToDo txt(String name, RecordToDo.State state) {
    return new RecordToDo(
        DomainName.of(bounce(name)),
        RecordType.TXT,
        IdentityName.of(name).domain(),
        null,
        "v=spf1 include:amazonses.com ~all",
        300,
        state);
  }

  /** Its MAIL FROM domain has no MX record, and SES says so. */
  static TestingIdentity broken(
      String name, String behavior, String status, Phase phase, @Nullable Boolean dkim) {
    return named(name)
        .sight(true, live(bounce(name), behavior, status), dkim)
        .standing(
            behavior.equals("RejectMessage") ? Effect.REJECTED : Effect.FALLBACK,
            switch (status) {
              case "Pending" -> Cause.PENDING;
              case "Failed" -> Cause.FAILED;
              default -> Cause.TEMPORARY_FAILURE;
            },
            phase)
        .dns(
            bounce(name),
            List.of(
                finding(
                    FindingCode.MX_MISSING,
                    "There is no MX record. Publish the one below.",
                    MxRecord.feedback(REGION).text())),
            List.of(mx(name, RecordToDo.State.ADD), txt(name, RecordToDo.State.PRESENT)));
  }

  static TestingIdentity lost(String name, String behavior, @Nullable Boolean dkim) {
    return broken(name, behavior, "TemporaryFailure", Phase.LIVE, dkim);
  }

  static TestingIdentity custom(String name) {
    return named(name)
        .sight(true, live(bounce(name), "UseDefaultValue", "Success"), null)
        .standing(Effect.CUSTOM, null, Phase.LIVE);
  }

  private static TestingIdentity spfBroken() {
    return custom("example.com")
        .dns(
            bounce("example.com"),
            List.of(
                finding(
                    FindingCode.SPF_MISSING,
                    "There is no SPF record. Publish the one below.",
                    "v=spf1 include:amazonses.com ~all")),
            List.of(
                mx("example.com", RecordToDo.State.PRESENT),
                txt("example.com", RecordToDo.State.ADD)));
  }

  static IdentityState notCovered(String name) {
    return named(name).standing(Effect.FALLBACK, Cause.NOT_COVERED, null, false).build();
  }

  private static TestingIdentity unverified(String name) {
    return named(name)
        .sight(false, live(bounce(name), "UseDefaultValue", "Success"), null)
        .standing(Effect.UNVERIFIED, Cause.VERIFICATION_LOST, Phase.LIVE);
  }

  /** Somebody set another MAIL FROM domain, whose MX is not there: mail is rejected. */
  private static IdentityState drifted(String behavior, String status, Effect effect) {
    IdentityState state =
        named("example.com")
            .sight(true, live("mailer.example.com", behavior, status), true)
            .standing(
                effect,
                effect == Effect.CUSTOM ? null : Cause.PENDING,
                effect == Effect.CUSTOM ? Phase.LIVE : Phase.SETUP)
            .dns(
                "mailer.example.com",
                List.of(
                    finding(
                        FindingCode.MX_MISSING,
                        "mailer.example.com has no MX record. Publish exactly one.",
                        "10 feedback-smtp.us-east-1.amazonses.com")),
                List.of())
            .wanted(settings("bounce.example.com", "RejectMessage"), Activation.STAGED, labels(1))
            .build();
    return state.ifAsked(
        asked -> asked.drifted(new Drift(state.sesView().live().settings(), T0, MIA, null)));
  }

  private static Map<String, String> labels(int customer) {
    return Map.of("customer", "c%03d".formatted(customer));
  }

  /** With labels, as one of many customers. */
  public static IdentityState customer(int i, String behavior, @Nullable Boolean dkim) {
    String name = customerName(i);
    return lost(name, behavior, dkim)
        .wanted(settings(bounce(name), behavior), Activation.STAGED, labels(i))
        .build();
  }

  static String customerName(int i) {
    return "mail.cust%03d.example".formatted(i);
  }

  // ---- notices

  static IdentityNotice told(IdentityState state, Reason reason, Severity severity) {
    return told(state, reason, severity, null);
  }

  static IdentityNotice told(
      IdentityState state, Reason reason, Severity severity, @Nullable String detail) {
    Trouble trouble =
        switch (state.effectState().effect()) {
          case UNVERIFIED ->
              new Trouble(TroubleKind.UNVERIFIED, Cause.VERIFICATION_LOST, Severity.CRITICAL);
          case REJECTED ->
              new Trouble(TroubleKind.REJECTED, state.effectState().cause(), Severity.CRITICAL);
          case FALLBACK ->
              new Trouble(
                  state.effectState().cause() == Cause.NOT_COVERED
                      ? TroubleKind.NOT_COVERED
                      : TroubleKind.FALLBACK,
                  state.effectState().cause(),
                  severity);
          case CUSTOM, DEFAULT ->
              reason == Reason.STARTED
                  ? new Trouble(TroubleKind.SPF_BROKEN, null, severity)
                  : new Trouble(TroubleKind.FALLBACK, Cause.TEMPORARY_FAILURE, Severity.WARNING);
        };
    Notice notice = state.notice(reason, severity, detail, T0, 0, AT);
    boolean isOfIncident =
        switch (reason.kind()) {
          case TROUBLE -> reason != Reason.LAST_CHANCE;
          case END -> true;
          case SETTINGS, DONE, WARNING, RUN -> false;
        };
    Notice whole = isOfIncident ? notice.about(incident(state, trouble, reason)) : notice;
    return new IdentityNotice(state.owing(whole), whole);
  }

  private static Incident incident(IdentityState state, Trouble trouble, Reason reason) {
    boolean over = reason == Reason.RECOVERED;
    return new Incident(
        Notice.hash(state.key() + "|" + T0),
        over ? T0.minus(Duration.ofHours(61)) : T0,
        trouble,
        trouble,
        null,
        List.of(Reason.STARTED),
        T0,
        over ? null : T0,
        over ? T0 : null);
  }

  private static IdentityNotice below(IdentityState state, IdentityState above) {
    return new IdentityNotice(state, told(state, Reason.STARTED, Severity.INFO).notice(), above);
  }

  static List<IdentityNotice> customers(
      int count, String behavior, @Nullable Boolean dkim, Reason reason, Severity severity) {
    return IntStream.range(0, count)
        .mapToObj(i -> told(customer(i, behavior, dkim), reason, severity))
        .toList();
  }

  private static Situation many(
      int count, String behavior, @Nullable Boolean dkim, Reason reason, Severity severity) {
    return new Situation(customers(count, behavior, dkim, reason, severity), List.of(), null);
  }

  private static Situation recovered(int count, int left) {
    return new Situation(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    told(
                        custom(customerName(i))
                            .wanted(
                                settings(bounce(customerName(i)), "UseDefaultValue"),
                                Activation.STAGED,
                                labels(i))
                            .build(),
                        Reason.RECOVERED,
                        Severity.INFO))
            .toList(),
        List.of(),
        left);
  }

  /** Two rejected, 44 falling back for two reasons, a recovery and a message about the run. */
  private static Situation mixed() {
    List<IdentityNotice> told = new ArrayList<>();
    told.addAll(customers(30, "UseDefaultValue", true, Reason.STARTED, Severity.WARNING));
    for (int i = 30; i < 44; i++) {
      told.add(
          told(
              broken(customerName(i), "UseDefaultValue", "Failed", Phase.LIVE, true).build(),
              Reason.WORSE,
              Severity.WARNING));
    }
    told.add(told(customer(60, "RejectMessage", true), Reason.STARTED, Severity.CRITICAL));
    told.add(told(customer(61, "RejectMessage", true), Reason.STARTED, Severity.CRITICAL));
    told.add(told(custom("example.com").build(), Reason.RECOVERED, Severity.INFO));
    return new Situation(told, List.of(dnsBlind()), 46);
  }

  private static RunNotice dnsBlind() {
    List<IdentityState> fleet = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      String name = customerName(i);
      boolean own = i >= 40;
      fleet.add(
          named(name)
              .sight(true, live(bounce(name), "UseDefaultValue", "Success"), true)
              .standing(Effect.CUSTOM, null, Phase.LIVE)
              .dns(
                  bounce(name),
                  List.of(
                      new Finding(
                          FindingCode.DNS_UNAVAILABLE,
                          FindingSeverity.INFORMATION,
                          "The DNS could not be asked.",
                          null,
                          own ? "timeout" : "SERVFAIL",
                          own ? "ns2.other.example (198.51.100.53)" : NAME_SERVERS,
                          null)),
                  List.of())
              .build());
    }
    return run(Reason.DNS_BLIND, Severity.WARNING, RunTexts.dnsBlind(45, 310, fleet));
  }

  public static IdentityState open(IdentityState state, TroubleKind kind, Severity severity) {
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
            List.of(),
            List.of()));
  }

  static IdentityState open(String name, TroubleKind kind, Severity severity) {
    return open(named(name).build(), kind, severity);
  }

  private static IdentityState deleted(IdentityState state) {
    return state.withSesView(state.sesView().goneAt(AT));
  }

  private static List<IdentityState> covered() {
    List<IdentityState> bad = new ArrayList<>();
    bad.add(open(customer(99, "RejectMessage", true), TroubleKind.REJECTED, Severity.CRITICAL));
    for (int i = 0; i < 11; i++) {
      bad.add(open(customer(i, "UseDefaultValue", true), TroubleKind.FALLBACK, Severity.WARNING));
    }
    bad.add(open(custom("shop.example.com").build(), TroubleKind.SPF_BROKEN, Severity.WARNING));
    return bad;
  }

  private static String silenceOver() {
    return RunTexts.silenceOver(
        new Silence(
            "s1",
            new Silence.Match("*example.com", null, "customer=4711", null),
            T0.minus(Duration.ofDays(2)),
            T0,
            "move of the DNS to another provider, ticket 1234",
            "arn:aws:sts::123456789012:assumed-role/mail-operators/mia"),
        covered());
  }

  private static Situation weekly(
      Map<TroubleKind, Integer> troubles, Map<Effect, Integer> ofSecond, boolean complete) {
    RunReport.ReadReport read =
        new RunReport.ReadReport(
            AT,
            Duration.ofSeconds(90),
            List.of(
                regionRead("eu-west-1", Map.of(), ofSecond, complete),
                regionRead("us-east-1", troubles, Map.of(Effect.CUSTOM, 1200), true)));
    return told(Reason.WEEKLY, WeeklyReport.severity(read), WeeklyReport.text(read));
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

  private static IdentityState setUpUntil(int i) {
    String name = customerName(i);
    Instant asked = T0.minus(Duration.ofHours(61)).plus(Duration.ofMinutes(i));
    return broken(name, "UseDefaultValue", "Pending", Phase.SETUP, null)
        .standing(
            new EffectState(
                new Verdict(Effect.FALLBACK, Cause.PENDING),
                Phase.SETUP,
                asked,
                asked,
                asked,
                asked,
                null,
                DomainName.of(bounce(name))))
        .build();
  }

  private static final IdentityState REMOVED =
      named("example.com")
          .sight(true, Live.NONE, true)
          .standing(Effect.FALLBACK, Cause.REMOVED, Phase.LIVE)
          .had("bounce.example.com")
          .wanted(settings("bounce.example.com", "RejectMessage"))
          .build();

  private static IdentityState healing(IdentityState state) {
    Trouble trouble = new Trouble(TroubleKind.FALLBACK, Cause.TEMPORARY_FAILURE, Severity.WARNING);
    return state.withIncidents(
        new IncidentState(
            new Incident("id", T0, trouble, trouble, null, List.of(Reason.STARTED), T0, null, AT),
            List.of(),
            false,
            null,
            null,
            null,
            null,
            List.of(),
            List.of()));
  }

  /** All of them, by the name of their golden file. */
  public static Map<String, Supplier<Situation>> all() {
    Map<String, Supplier<Situation>> all = new LinkedHashMap<>();
    String name = "example.com";
    all.put(
        "started-rejected-pending",
        () ->
            told(
                told(
                    broken(name, "RejectMessage", "Pending", Phase.SETUP, null).build(),
                    Reason.STARTED,
                    Severity.CRITICAL)));
    all.put(
        "started-rejected-failed",
        () ->
            told(
                told(
                    broken(name, "RejectMessage", "Failed", Phase.LIVE, false).build(),
                    Reason.STARTED,
                    Severity.CRITICAL)));
    all.put(
        "started-rejected-temporary-failure",
        () ->
            told(
                told(
                    lost(name, "RejectMessage", true).build(), Reason.STARTED, Severity.CRITICAL)));
    all.put(
        "started-rejected-managed",
        () ->
            told(
                told(customer(1, "RejectMessage", true), Reason.STARTED, Severity.CRITICAL),
                told(
                    customer(1, "RejectMessage", true),
                    Reason.NOT_APPLIED,
                    Severity.WARNING,
                    "SES refused the settings that were asked for: no.")));
    all.put(
        "started-fallback-pending",
        () ->
            told(
                told(
                    broken(name, "UseDefaultValue", "Pending", Phase.LIVE, true).build(),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-fallback-failed",
        () ->
            told(
                told(
                    broken(name, "UseDefaultValue", "Failed", Phase.SETUP, null).build(),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-fallback-failed-managed",
        () ->
            told(
                told(
                    broken(name, "UseDefaultValue", "Failed", Phase.LIVE, true)
                        .wanted(settings(bounce(name), "UseDefaultValue"))
                        .dns(
                            bounce(name),
                            List.of(),
                            List.of(
                                mx(name, RecordToDo.State.PRESENT),
                                txt(name, RecordToDo.State.PRESENT)))
                        .build(),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-fallback-temporary-failure",
        () ->
            told(
                told(
                    lost(name, "UseDefaultValue", true).build(),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-fallback-temporary-failure-dkim-fails",
        () ->
            told(
                told(
                    lost(name, "UseDefaultValue", false)
                        .dns("other.example.com", List.of(), List.of())
                        .build(),
                    Reason.STARTED,
                    Severity.CRITICAL)));
    all.put(
        "started-fallback-at-first-sight",
        () ->
            told(
                told(
                    lost(name, "UseDefaultValue", null)
                        .standing(Effect.FALLBACK, Cause.TEMPORARY_FAILURE, Phase.LIVE, false)
                        .build(),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-fallback-removed", () -> told(told(REMOVED, Reason.STARTED, Severity.WARNING)));
    all.put(
        "started-healing",
        () ->
            told(
                told(
                    healing(lost(name, "UseDefaultValue", true).build()),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-spf-broken",
        () ->
            told(
                told(
                    open(spfBroken().build(), TroubleKind.SPF_BROKEN, Severity.WARNING),
                    Reason.STARTED,
                    Severity.WARNING)));
    all.put(
        "started-unverified-domain",
        () -> told(told(unverified(name).build(), Reason.STARTED, Severity.CRITICAL)));
    all.put(
        "started-unverified-address",
        () ->
            told(told(unverified("news@example.com").build(), Reason.STARTED, Severity.CRITICAL)));
    all.put(
        "started-not-covered",
        () -> told(told(notCovered("news@example.com"), Reason.STARTED, Severity.INFO)));
    all.put(
        "started-not-covered-grouped",
        () ->
            told(
                IntStream.range(0, 14)
                    .mapToObj("sender%02d@mail.example.com"::formatted)
                    .map(sender -> below(notCovered(sender), custom("example.com").build()))
                    .toArray(IdentityNotice[]::new)));
    all.put(
        "drift-rejected",
        () ->
            told(
                told(
                    drifted("RejectMessage", "Pending", Effect.REJECTED),
                    Reason.STARTED,
                    Severity.CRITICAL)));
    all.put(
        "drift",
        () ->
            told(
                told(
                    drifted("UseDefaultValue", "Success", Effect.CUSTOM),
                    Reason.DRIFT,
                    Severity.WARNING,
                    MIA + " set mailer.example.com with UseDefaultValue.")));
    all.put(
        "drift-is-over",
        () ->
            told(
                told(
                    custom(name).wanted(settings(bounce(name), "UseDefaultValue")).build(),
                    Reason.DRIFT,
                    Severity.WARNING)));
    all.put(
        "drift-over",
        () ->
            told(
                told(
                    custom(name).wanted(settings(bounce(name), "UseDefaultValue")).build(),
                    Reason.DRIFT_OVER,
                    Severity.INFO,
                    "SES has what is asked for: bounce.example.com with UseDefaultValue, set by "
                        + MIA
                        + ".")));
    all.put(
        "worse",
        () ->
            told(
                told(
                    broken(name, "UseDefaultValue", "Failed", Phase.LIVE, true).build(),
                    Reason.WORSE,
                    Severity.WARNING)));
    all.put(
        "better",
        () ->
            told(
                told(
                    lost(name, "UseDefaultValue", true).build(), Reason.BETTER, Severity.WARNING)));
    all.put(
        "last-chance",
        () ->
            told(
                told(
                    broken(name, "UseDefaultValue", "Pending", Phase.SETUP, null).build(),
                    Reason.LAST_CHANCE,
                    Severity.WARNING)));
    all.put(
        "last-chance-many",
        () ->
            told(
                IntStream.range(0, 12)
                    .mapToObj(i -> told(setUpUntil(i), Reason.LAST_CHANCE, Severity.WARNING))
                    .toArray(IdentityNotice[]::new)));
    all.put("reminder", () -> many(40, "UseDefaultValue", true, Reason.REMINDER, Severity.WARNING));
    all.put(
        "flapping",
        () ->
            told(
                told(
                    lost(name, "UseDefaultValue", true).build(),
                    Reason.FLAPPING,
                    Severity.WARNING)));
    all.put("recovered", () -> recovered(1, 0));
    all.put("recovered-forty", () -> recovered(40, 3));
    all.put(
        "recovered-nothing-wanted",
        () ->
            told(
                told(
                    named(name).build(),
                    Reason.RECOVERED,
                    Severity.INFO,
                    "Nothing is wanted any more: mail goes out from amazonses.com, as asked"
                        + " for.")));
    all.put(
        "gone",
        () ->
            told(
                told(
                    deleted(
                        custom(name)
                            .wanted(
                                settings(bounce(name), "RejectMessage"),
                                Activation.STAGED,
                                labels(1))
                            .build()),
                    Reason.GONE,
                    Severity.WARNING,
                    "It was deleted by " + MIA + ".")));
    all.put(
        "early-warning",
        () ->
            told(
                told(
                    custom(name).build(),
                    Reason.EARLY_WARNING,
                    Severity.WARNING,
                    "SES still says Success, but the MX answer is now: 10 mail.example.net.")));
    all.put(
        "early-warning-over",
        () ->
            told(
                told(
                    custom(name).build(),
                    Reason.EARLY_WARNING_OVER,
                    Severity.INFO,
                    "SES says Success, as it did all the time.")));
    all.put(
        "not-applied-over",
        () ->
            told(
                told(
                    custom(name).wanted(settings(bounce(name), "UseDefaultValue")).build(),
                    Reason.NOT_APPLIED_OVER,
                    Severity.INFO,
                    "SES has what is asked for: bounce.example.com with UseDefaultValue.")));
    all.put(
        "not-applied",
        () ->
            told(
                told(
                    named(name)
                        .wanted(settings(bounce(name), "UseDefaultValue"))
                        .build()
                        .ifAsked(asked -> asked.with(Progress.State.REFUSED)),
                    Reason.NOT_APPLIED,
                    Severity.WARNING,
                    "SES refused the settings that were asked for: Provided MAIL-FROM domain"
                        + " <bounce.example.com> is not subdomain of the domain of the identity"
                        + " <example.com>.")));
    all.put("ready", () -> told(told(custom(name).build(), Reason.READY, Severity.INFO)));
    all.put(
        "several-of-one-identity",
        () ->
            told(
                told(lost(name, "UseDefaultValue", true).build(), Reason.STARTED, Severity.WARNING),
                told(custom(name).build(), Reason.RECOVERED, Severity.INFO)));
    all.put("three", () -> many(3, "UseDefaultValue", false, Reason.STARTED, Severity.CRITICAL));
    all.put("forty", () -> many(40, "UseDefaultValue", true, Reason.STARTED, Severity.WARNING));
    all.put("mixed", Situations::mixed);
    all.put(
        "four-thousand",
        () -> many(4000, "RejectMessage", true, Reason.STARTED, Severity.CRITICAL));
    all.put(
        "baseline",
        () ->
            told(
                Reason.BASELINE,
                Severity.CRITICAL,
                RunTexts.baseline(
                    1200,
                    List.of(
                        open("shop.example.com", TroubleKind.REJECTED, Severity.CRITICAL),
                        open("example.org", TroubleKind.REJECTED, Severity.CRITICAL),
                        open("example.com", TroubleKind.FALLBACK, Severity.WARNING),
                        open("mia@example.com", TroubleKind.NOT_COVERED, Severity.INFO)))));
    all.put("held", () -> told(Reason.HELD, Severity.WARNING, RunTexts.held(312, 1200)));
    all.put("held-over", () -> told(Reason.HELD_OVER, Severity.INFO, RunTexts.released(T0, AT)));
    all.put("blind", () -> told(Reason.BLIND, Severity.WARNING, RunTexts.blind(31, 310)));
    all.put(
        "blind-over",
        () ->
            told(
                Reason.BLIND_OVER,
                Severity.INFO,
                RunTexts.answersAgain(Reason.BLIND_OVER, T0, AT)));
    all.put("dns-blind", () -> new Situation(List.of(), List.of(dnsBlind()), null));
    all.put(
        "dns-blind-over",
        () ->
            told(
                Reason.DNS_BLIND_OVER,
                Severity.INFO,
                RunTexts.answersAgain(Reason.DNS_BLIND_OVER, T0, AT)));
    all.put("unheard", () -> told(Reason.UNHEARD, Severity.WARNING, RunTexts.unheard(false, true)));
    all.put("unheard-over", () -> told(Reason.UNHEARD_OVER, Severity.INFO, RunTexts.UNHEARD_OVER));
    all.put(
        "missing",
        () -> {
          List<IdentityName> names =
              IntStream.range(0, 3).mapToObj(i -> IdentityName.of(customerName(i))).toList();
          return told(Reason.MISSING, Severity.WARNING, RunTexts.missing(names, 16, REGION), names);
        });
    all.put(
        "missing-over",
        () ->
            told(
                Reason.MISSING_OVER,
                Severity.INFO,
                RunTexts.listedAgain(
                    IntStream.range(0, 3).mapToObj(i -> IdentityName.of(customerName(i))).toList(),
                    T0,
                    AT)));
    all.put(
        "silence-over",
        () ->
            told(
                Reason.SILENCE_OVER,
                Severity.CRITICAL,
                silenceOver(),
                covered().stream().map(state -> state.key().name()).toList()));
    all.put(
        "weekly-all-is-well",
        () -> weekly(Map.of(TroubleKind.NOT_COVERED, 4), Map.of(Effect.CUSTOM, 312), true));
    all.put(
        "weekly-not-all-is-well",
        () ->
            weekly(
                Map.of(
                    TroubleKind.REJECTED, 1, TroubleKind.FALLBACK, 12, TroubleKind.SPF_BROKEN, 2),
                Map.of(Effect.CUSTOM, 300),
                false));
    return all;
  }
}
