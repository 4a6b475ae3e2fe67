package mailfrom.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.Step;
import mailfrom.app.advice.Steps;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingSeverity;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.Dmarc;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * One identity: what its mail gets and why, what to do, and what is known of it.
 *
 * @param steps what to do, the first thing first; empty: nothing
 * @param setup where it stands in SES's 72 hours; null: they do not run
 * @param live what SES has, in words
 * @param asked what was asked for, in words; null: never
 * @param telling why it is told of or not, a sentence each
 * @param older where the history goes on; null: it ends here
 * @param links where the API answers, for commands
 */
record IdentityModel(
    IdentityKey key,
    Tag tag,
    String sentence,
    String since,
    String asOf,
    List<String> labels,
    List<Step> steps,
    List<DnsRecord> records,
    @Nullable Setup setup,
    List<Found> findings,
    Leg spf,
    Leg dkim,
    String dmarc,
    String live,
    @Nullable String asked,
    @Nullable String drift,
    List<String> telling,
    List<Silence> silences,
    List<Change> changes,
    @Nullable Address older,
    List<Step> commands,
    String console,
    Links links) {
  private static final int CHANGES = 12;
  private static final Duration LAST_CHANCE_BEFORE = Duration.ofHours(12);

  /** A fact about the DNS. */
  record Found(
      String look,
      String severity,
      String code,
      String message,
      @Nullable String expected,
      @Nullable String actual,
      @Nullable String dig) {}

  /** One of the two ways to pass DMARC. */
  record Leg(String look, String words) {}

  /** A change of the history. */
  record Change(
      String at, String what, String by, @Nullable String before, @Nullable String after) {}

  /**
   * SES's 72 hours, in percent from the left.
   *
   * @param now where now is
   * @param lastChance where the message of the last chance comes
   */
  record Setup(
      int now, int lastChance, String begun, String lastChanceAt, String deadline, String left) {

    static Optional<Setup> of(IdentityState state, Instant now) {
      Instant deadline = state.deadline();
      if (deadline == null) {
        return Optional.empty();
      }
      Instant begun = deadline.minus(EffectState.SES_LOOKS_FOR);
      Instant lastChance = deadline.minus(LAST_CHANCE_BEFORE);
      return Optional.of(
          new Setup(
              percent(begun, now),
              percent(begun, lastChance),
              Texts.at(begun),
              Texts.at(lastChance),
              Texts.at(deadline),
              deadline.isAfter(now)
                  ? Texts.length(Duration.between(now, deadline)) + " left"
                  : "the time is up"));
    }

    /** Where the word "now" stands: it stays within the line. */
    String nowPlace() {
      return now < 50
          ? "top:-10px;left:%d%%".formatted(now)
          : "top:-10px;right:%d%%".formatted(100 - now);
    }

    private static int percent(Instant begun, Instant at) {
      long part = Duration.between(begun, at).toMinutes() * 100;
      return Math.clamp(part / EffectState.SES_LOOKS_FOR.toMinutes(), 0, 100);
    }
  }

  static IdentityModel of(
      Sources sources, IdentityView view, @Nullable String cursor, Address address, Instant now) {
    IdentityState state = view.state();
    IdentityKey key = state.key();
    Desired desired = state.desired();
    List<Silence> silences =
        sources.regionStore().silences().stream()
            .filter(silence -> silence.matches(state, now))
            .toList();
    IdentityStore.HistoryPage history = sources.identities().history(key, CHANGES, cursor, now);
    String next = history.nextCursor();
    Dmarc dmarc = Dmarc.of(state);
    return new IdentityModel(
        key,
        Tag.of(state),
        Words.sentence(state),
        Texts.since(state.effectState().notBefore(), state.effectState().since()),
        "%s, %s".formatted(Texts.at(view.asOf()), Texts.distance(now, view.asOf())),
        desired == null
            ? List.of()
            : desired.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList(),
        Steps.of(
            state,
            ContextReader.nearestVerifiedAncestor(sources.identities(), key).orElse(null),
            sources.policy()),
        DnsRecord.of(state),
        Setup.of(state, now).orElse(null),
        findings(state),
        spf(state, dmarc),
        dkim(dmarc),
        verdict(state, dmarc),
        live(state.sesView().live()),
        desired == null ? null : asked(state),
        drift(state),
        telling(state, silences, now),
        silences,
        history.items().stream().map(IdentityModel::change).toList(),
        next == null ? null : address.with("cursor", next),
        Steps.atAnyTime(state, now),
        Links.console(key),
        sources.links());
  }

  private static List<Found> findings(IdentityState state) {
    MailFromDns dns = MailFromDns.of(state);
    DomainName name = dns.domain();
    return name == null
        ? List.of()
        : dns.findings().stream().map(finding -> found(finding, name)).toList();
  }

  private static Found found(Finding finding, DomainName name) {
    FindingSeverity severity = finding.severity();
    return new Found(
        switch (severity) {
          case ERROR -> "mf-critical";
          case WARNING -> "mf-warning";
          case INFORMATION -> "mf-info";
        },
        severity.name().toLowerCase(Locale.ROOT),
        finding.code().name(),
        finding.message(),
        finding.expected(),
        finding.actual(),
        finding.dig() == null
            ? Command.dig(finding.code().isAboutMx() ? RecordType.MX : RecordType.TXT, name)
                .spoken()
            : finding.dig());
  }

  private static Leg spf(IdentityState state, Dmarc dmarc) {
    return switch (dmarc.spf()) {
      case PASS -> new Leg("mf-fine", "✓ SPF passes and aligns");
      case UNKNOWN -> new Leg("mf-plain", "? SPF is not known");
      case FAIL ->
          new Leg(
              "mf-critical",
              switch (state.effectState().effect()) {
                case FALLBACK, DEFAULT -> "✗ SPF does not align: mail comes from amazonses.com";
                case REJECTED -> "✗ SPF: nothing is sent";
                case CUSTOM, UNVERIFIED -> "✗ SPF fails, or DMARC does not count it";
              });
    };
  }

  private static Leg dkim(Dmarc dmarc) {
    return switch (dmarc.dkim()) {
      case PASS -> new Leg("mf-fine", "✓ DKIM signs");
      case FAIL -> new Leg("mf-critical", "✗ DKIM does not sign");
      case UNKNOWN -> new Leg("mf-plain", "? Not known whether DKIM signs");
    };
  }

  private static String verdict(IdentityState state, Dmarc dmarc) {
    Effect effect = state.effectState().effect();
    if (effect == Effect.REJECTED || effect == Effect.UNVERIFIED) {
      return "Nothing is sent, so nothing is checked.";
    }
    if (dmarc.spf() == Dmarc.Result.PASS || dmarc.dkim() == Dmarc.Result.PASS) {
      return dmarc.spf() == Dmarc.Result.FAIL ? "DMARC passes, by DKIM alone." : "DMARC passes.";
    }
    return dmarc.spf() == Dmarc.Result.FAIL && dmarc.dkim() == Dmarc.Result.FAIL
        ? "DMARC fails."
        : "Whether DMARC passes is not known.";
  }

  private static String live(Live live) {
    return Words.of(live.settings())
        + (live.status() == null ? "" : ", SES says " + live.status().word());
  }

  private static String asked(IdentityState state) {
    DesiredState asked = state.desiredState();
    if (asked == null) {
      return "";
    }
    String error = asked.progress().lastError();
    return "%s (%s): %s by %s, %s%s"
        .formatted(
            Words.of(asked.desired().settings()),
            asked.desired().activation().word(),
            Words.of(asked.progress().state()),
            asked.progress().by(),
            Texts.at(asked.progress().at()),
            error == null ? "" : ". SES said: " + error);
  }

  private static @Nullable String drift(IdentityState state) {
    Drift drift = state.drift();
    return drift == null
        ? null
        : "%s set %s; first seen %s"
            .formatted(
                Optional.ofNullable(drift.by()).orElse("Somebody else"),
                Words.of(drift.live()),
                Texts.at(drift.since()));
  }

  private static List<String> telling(IdentityState state, List<Silence> silences, Instant now) {
    IncidentState incidents = state.incidentState();
    Incident incident = incidents.incident();
    List<String> sentences = new ArrayList<>();
    if (incident != null) {
      sentences.add(
          "Incident since %s. Told of it: %s."
              .formatted(
                  Texts.at(incident.startedAt()),
                  incident.wasTold()
                      ? String.join(", ", incident.reasons().stream().map(Enum::name).toList())
                      : "nothing yet"));
    }
    if (incidents.last() != null) {
      sentences.add(
          "Told last: %s, %s (%s)."
              .formatted(
                  incidents.last().reason(),
                  Texts.at(incidents.last().at()),
                  Texts.distance(now, incidents.last().at())));
    }
    if (incidents.quiet() != null) {
      sentences.add("In the last run nothing was told. " + Words.of(incidents.quiet()));
    }
    for (Silence silence : silences) {
      sentences.add(
          "Silenced until %s by %s: %s"
              .formatted(Texts.at(silence.until()), silence.by(), silence.reason()));
    }
    if (!incidents.owed().isEmpty()) {
      sentences.add(
          "%s to be delivered."
              .formatted(Texts.count(incidents.owed().size(), "message waits", "messages wait")));
    }
    if (incident != null) {
      sentences.add(
          IncidentDecision.nextReminder(incident)
              .map(
                  due ->
                      "Next reminder: %s (%s), if nothing else is told before."
                          .formatted(Texts.at(due), Texts.distance(now, due)))
              .orElse("No reminder is due."));
    }
    if (sentences.isEmpty()) {
      sentences.add("Nothing was ever told of it.");
    }
    return sentences;
  }

  private static Change change(HistoryEntry entry) {
    return new Change(
        Texts.at(entry.at()),
        Words.of(entry.what()) + (entry.action() == null ? "" : ": " + Words.of(entry.action())),
        entry.by() == null ? "" : entry.by(),
        entry.before(),
        entry.after());
  }
}
