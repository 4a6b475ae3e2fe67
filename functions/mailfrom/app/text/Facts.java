package mailfrom.app.text;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.ses.Settings;

/** What a reader has to know of one identity before doing something: a line each, by its label. */
final class Facts {
  /** Read beside the names of many: who it is about. */
  static final String LABELS = "Labels";

  /** Since when it is so. */
  static final String SINCE = "Since";

  /** From when to when what is over was so. */
  static final String FROM = "From";

  private final Told told;
  private final Notice notice;
  private final HealPolicy policy;
  private final Map<String, String> lines = new LinkedHashMap<>();

  private Facts(Told told, HealPolicy policy) {
    this.told = told;
    this.notice = told.main();
    this.policy = policy;
  }

  /** Whether all words of a line are ours: in others are names and words of other people. */
  static boolean isOurs(String label) {
    return Set.of("Mail", SINCE, "Heals", "DMARC", "Was", FROM).contains(label);
  }

  /** In the order in which they are read. */
  static Map<String, String> of(Told told, HealPolicy policy) {
    return new Facts(told, policy).collected();
  }

  private Map<String, String> collected() {
    if (!told.labels().isEmpty()) {
      lines.put(LABELS, told.labels());
    }
    switch (notice.reason().kind()) {
      case TROUBLE -> trouble();
      case SETTINGS -> settings();
      case WARNING -> whereItIsAsked();
      case END -> end();
      case DONE, RUN -> {}
    }
    return lines;
  }

  private void trouble() {
    lines.put("Mail", mail());
    if (notice.cause() == Cause.NOT_COVERED && told.above() != null) {
      lines.put("Below", told.above().key().name().value());
    }
    Instant notBefore = notice.notBefore();
    lines.put(
        SINCE,
        notBefore == null
            ? Times.minute(notice.since()) + " at the latest: it was already so at first sight"
            : Times.minute(notBefore).equals(Times.minute(notice.since()))
                ? Times.minute(notice.since())
                : Times.span(notBefore, notice.since(), "between ", " and "));
    lines.put("Heals", heals());
    lines.put("DMARC", dmarc());
    if (told.drift().isPresent()) {
      settings();
    } else {
      whereItIsAsked();
    }
  }

  private String mail() {
    return switch (notice.effect()) {
      case UNVERIFIED -> "SES takes none that comes from it.";
      case REJECTED -> "SES takes none: it answers MailFromDomainNotVerified.";
      case FALLBACK ->
          "goes out with amazonses.com as its MAIL FROM domain."
              + (notice.cause() == Cause.NOT_COVERED
                  ? " The most granular verified identity wins, and it inherits nothing."
                  : "");
      case CUSTOM -> "goes out with its MAIL FROM domain, and SPF does not pass there.";
      case DEFAULT -> "goes out with amazonses.com as its MAIL FROM domain.";
    };
  }

  private void settings() {
    told.drift().map(Drift::by).ifPresent(by -> lines.put("Changed by", by));
    lines.put("Settings now", words(told.state().sesView().live().settings()));
    Desired desired = told.state().desired();
    if (desired != null) {
      lines.put("Asked for", words(desired.settings()));
    }
  }

  /** Where the records are to be found: what many have in common tells whom to ask. */
  private void whereItIsAsked() {
    MailFromDns dns = MailFromDns.of(told.state());
    if (dns.zone() != null) {
      lines.put("Zone", dns.zone().value());
    }
    String servers =
        dns.findings().stream()
            .flatMap(finding -> Optional.ofNullable(finding.asked()).stream())
            .filter(asked -> !asked.startsWith(NameServer.RESOLVER.name()))
            .distinct()
            .collect(Collectors.joining("; "));
    if (!servers.isEmpty()) {
      lines.put("Name servers", servers);
    }
  }

  private String heals() {
    Instant deadline = notice.deadline();
    if (told.drift().isPresent()) {
      return policy.repair() && !told.state().healingState().isUndoneTooOften()
          ? "by itself: this system puts back what was asked for."
          : "not by itself: somebody has to put back what was asked for.";
    }
    if (notice.effect() == Effect.CUSTOM) {
      return "as soon as the SPF record is right.";
    }
    if (deadline != null) {
      return "by itself until %s%s, once the MX record is there."
          .formatted(
              Times.minute(deadline),
              told.state().effectState().statusNotBefore() == null ? " at the latest" : "");
    }
    return switch (notice.cause()) {
      case FAILED ->
          told.isManaged() && policy.restart()
              ? "not by itself: SES stopped looking. Once the MX record is right, this system starts"
                  + " it again."
              : "not by itself: SES stopped looking, and looks again only after a new call.";
      case VERIFICATION_LOST ->
          told.key().name().isAddress()
              ? "when somebody opens the link in SES's mail."
              : "when SES finds its DKIM records again.";
      case REMOVED, NOT_COVERED -> "not by itself: somebody has to set a MAIL FROM domain.";
      case PENDING, TEMPORARY_FAILURE -> "by itself, once the MX record is there.";
      case null -> "not by itself.";
    };
  }

  private String dmarc() {
    Boolean signs = told.state().sesView().dkimSigns();
    if (notice.effect() == Effect.REJECTED || notice.effect() == Effect.UNVERIFIED) {
      return "nothing is sent, so nothing is checked."
          + (Boolean.FALSE.equals(signs) ? " DKIM does not sign." : "");
    }
    DmarcView view =
        told.state().nameToLookAt().equals(Optional.ofNullable(told.state().dnsState().name()))
            ? told.state().dnsState().dmarc()
            : null;
    String policy =
        view == null
            ? ""
            : view.applied()
                .map(
                    applied ->
                        " Policy: %s, by %s.".formatted(applied.action().word(), applied.at()))
                .orElse(" There is no policy.");
    return switch (signs) {
      case Boolean does when does -> "DKIM still passes, so DMARC passes.";
      case Boolean _ -> "DKIM does not sign, so DMARC fails." + policy;
      case null -> "not known whether DKIM signs; if it does not, DMARC fails." + policy;
    };
  }

  private void end() {
    Notice.About incident = notice.incident();
    if (incident == null) {
      return;
    }
    Instant until = incident.quietSince() == null ? notice.at() : incident.quietSince();
    lines.put("Was", was(incident));
    lines.put(
        FROM,
        "%s, %s"
            .formatted(
                Times.span(incident.startedAt(), until, "", " to "),
                Times.length(Duration.between(incident.startedAt(), until))));
    if (notice.reason() == Reason.RECOVERED && notice.effect() == Effect.CUSTOM) {
      lines.put("Healed", healed(incident, until));
    }
  }

  private static String was(Notice.About incident) {
    String kind =
        switch (incident.trouble().kind()) {
          case UNVERIFIED -> "not verified";
          case REJECTED -> "rejected by SES";
          case FALLBACK -> "falling back to amazonses.com";
          case SPF_BROKEN -> "with broken SPF";
          case NOT_COVERED -> "without a MAIL FROM domain of its own";
        };
    var cause = incident.trouble().cause();
    return cause == null ? kind : "%s (%s)".formatted(kind, cause);
  }

  /** Who or what ended it: our own call, if there was one meanwhile. */
  private String healed(Notice.About incident, Instant until) {
    SetCall set = told.state().healingState().lastSet();
    if (set != null && !set.at().isBefore(incident.startedAt()) && !set.at().isAfter(until)) {
      String at = Times.minute(set.at());
      return switch (set.action()) {
        case RESTART -> "%s started SES again at %s.".formatted(set.by(), at);
        case REPAIR -> "%s put the settings back at %s.".formatted(set.by(), at);
        case APPLY, PROMOTE -> "%s set what was asked for at %s.".formatted(set.by(), at);
      };
    }
    return switch (incident.trouble().kind()) {
      case UNVERIFIED -> "it is verified again.";
      case SPF_BROKEN -> "the SPF record is right again.";
      case REJECTED, FALLBACK, NOT_COVERED ->
          switch (incident.trouble().cause()) {
            case PENDING, FAILED, TEMPORARY_FAILURE -> "SES found the MX record.";
            case REMOVED, NOT_COVERED, VERIFICATION_LOST ->
                "somebody set a MAIL FROM domain at SES.";
            case null -> "SES says Success again.";
          };
    };
  }

  static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + ", " + settings.behaviorOnMxFailure().word();
  }
}
