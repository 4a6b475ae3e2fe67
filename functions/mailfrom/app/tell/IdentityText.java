package mailfrom.app.tell;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.FindingCode;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.RecordToDo;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** What people read about one identity: what is wrong, until when it can heal, what to do. */
public final class IdentityText {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
  private static final int MOST_FINDINGS = 5;
  private static final int INDENT = 3;

  private final IdentityState state;
  private final String region;
  private final String identity;
  private final PlainText text;

  private IdentityText(IdentityState state, PlainText text) {
    this.state = state;
    this.region = state.key().region();
    this.identity = state.key().name().value();
    this.text = text;
  }

  /** Writes an identity with its notices, the newest last. */
  static void write(PlainText text, IdentityState state, List<Notice> notices) {
    new IdentityText(state, text).write(notices);
  }

  private void write(List<Notice> notices) {
    for (Notice notice : notices) {
      text.item(
          INDENT,
          "%s at %s:".formatted(notice.reason(), minute(notice.at())),
          happened(notice) + (notice.detail() == null ? "" : " " + notice.detail()));
    }
    Notice main = main(notices);
    switch (main.reason().kind()) {
      case TROUBLE -> trouble(main);
      case WARNING -> {
        findings();
        publish(main);
        text.line(INDENT, "Check:");
        dig("MX");
      }
      case SETTINGS -> {
        text.item(INDENT, "Settings now:", words(state.sesView().live().settings()));
        Desired desired = state.desired();
        if (desired != null) {
          text.item(INDENT, "Asked for:", words(desired.settings()));
        }
        text.line(INDENT, "Check:");
        attributes();
      }
      case END, DONE, RUN -> {}
    }
    Runbook.of(main).ifPresent(runbook -> text.line(INDENT, "Runbook: " + runbook.link()));
  }

  /** What the reader has to act on: the end, else the trouble, else what was told last. */
  static Notice main(List<Notice> notices) {
    Notice last = notices.getLast();
    return last.reason().kind() == Reason.Kind.END
        ? last
        : notices.reversed().stream()
            .filter(notice -> notice.reason().kind() == Reason.Kind.TROUBLE)
            .findFirst()
            .orElse(last);
  }

  private void trouble(Notice notice) {
    text.item(INDENT, "Since:", since(notice));
    text.item(INDENT, "Heals:", heals(notice));
    text.item(INDENT, "DMARC:", dmarc(notice));
    boolean spf = notice.effect() == Effect.CUSTOM;
    Cause cause = notice.cause();
    if (spf) {
      findings();
      publish(notice);
      text.line(INDENT, "Check:");
      dig("TXT");
      return;
    }
    if (cause == null) {
      return;
    }
    switch (cause) {
      case PENDING, FAILED, TEMPORARY_FAILURE -> {
        findings();
        publish(notice);
        text.line(INDENT, "Check:");
        dig("MX");
        Settings safe =
            state.sesView().live().settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE);
        if (notice.effect() == Effect.REJECTED) {
          letMailFlow(safe);
        }
        if (cause == Cause.FAILED && !isManaged()) {
          if (notice.effect() == Effect.REJECTED) {
            text.line(INDENT, "Once the MX record is there, start SES again: the same command.");
          } else {
            text.line(INDENT, "Once the MX record is there, start SES again:");
            set(safe);
          }
        }
      }
      case REMOVED -> {
        text.line(INDENT, "Check:");
        attributes();
        text.line(INDENT, "Set it again:");
        set(wanted());
        text.paragraph(
            INDENT,
            "Or, if that is meant: DELETE /v1/identities/{identity}/mail-from says that nothing is"
                + " wanted.");
      }
      case NOT_COVERED -> {
        text.line(INDENT, "Check:");
        attributes();
      }
      case VERIFICATION_LOST -> verifyAgain();
    }
  }

  /** What verifies it: the DKIM records of a domain, or the mail that SES sends to an address. */
  private void verifyAgain() {
    text.line(INDENT, "Check:");
    ses("get-identity-verification-attributes", "--identities");
    if (state.key().name().isAddress()) {
      text.line(INDENT, "Have SES send its mail again, and open the link in it:");
      ses("verify-email-identity", "--email-address");
    } else {
      text.line(INDENT, "Publish the three CNAME records of its DKIM tokens again:");
      ses("verify-domain-dkim", "--domain");
    }
  }

  private void ses(String command, String option) {
    text.command(INDENT + 2, List.of("aws", "ses", command, "--region", region, option, identity));
  }

  /** What a notice is about, in a few words. */
  static String title(Notice notice) {
    return ReasonText.of(notice.reason()).title().formatted(now(notice));
  }

  private static String now(Notice notice) {
    if (notice.reason().kind() == Reason.Kind.END) {
      return switch (notice.effect()) {
        case CUSTOM -> "works again";
        case DEFAULT -> "over, no MAIL FROM is wanted";
        case UNVERIFIED -> "over, it is not verified";
        case FALLBACK, REJECTED -> "over";
      };
    }
    return switch (notice.effect()) {
      case REJECTED -> "SES rejects its mail";
      case FALLBACK -> fallback(notice.cause());
      case CUSTOM -> "its SPF is broken";
      case DEFAULT -> "no MAIL FROM is set";
      case UNVERIFIED -> "SES takes no mail of it, its verification was lost";
    };
  }

  private static String fallback(@Nullable Cause cause) {
    return switch (cause) {
      case NOT_COVERED -> "has no MAIL FROM of its own";
      case VERIFICATION_LOST -> "its verification was lost";
      case REMOVED -> "its MAIL FROM was removed";
      case FAILED -> "falls back, SES gave up";
      case PENDING, TEMPORARY_FAILURE -> "falls back to amazonses.com";
      case null -> "falls back to amazonses.com";
    };
  }

  /** What happened, in a sentence or two. */
  private String happened(Notice notice) {
    return ReasonText.of(notice.reason()).sentence().formatted(situation(notice), domainText());
  }

  private String situation(Notice notice) {
    String domain = domainText();
    if (notice.reason().kind() == Reason.Kind.END) {
      return notice.effect() == Effect.CUSTOM
          ? "Mail goes out with %s again.".formatted(domain)
          : "The incident is over.";
    }
    String mx =
        switch (notice.cause()) {
          case PENDING -> "SES has not found the MX record of %s yet".formatted(domain);
          case FAILED -> "SES gave up looking for the MX record of %s".formatted(domain);
          case TEMPORARY_FAILURE -> "SES no longer finds the MX record of %s".formatted(domain);
          case REMOVED -> "The MAIL FROM domain %s was removed at SES".formatted(domain);
          case NOT_COVERED -> "It has no MAIL FROM domain of its own";
          case VERIFICATION_LOST -> "It was verified, and is not any more";
          case null -> "";
        };
    return switch (notice.effect()) {
      case REJECTED -> mx + " and rejects every message (MailFromDomainNotVerified).";
      case FALLBACK ->
          notice.cause() == Cause.NOT_COVERED
              ? mx + " and inherits none: its mail goes out from amazonses.com."
              : mx + ": its mail goes out from amazonses.com.";
      case CUSTOM ->
          "SES says Success for %s, but its SPF record is missing, doubled or lacks amazonses.com."
              .formatted(domain);
      case DEFAULT -> "No MAIL FROM domain is set.";
      case UNVERIFIED -> mx + ": SES takes no mail that comes from it.";
    };
  }

  private String since(Notice notice) {
    Instant notBefore = notice.notBefore();
    return notBefore == null
        ? minute(notice.since()) + " at the latest: it was already so at first sight"
        : between(notBefore, notice.since());
  }

  /** A bracket: last seen good, first seen bad. */
  private static String between(Instant notBefore, Instant since) {
    String from = minute(notBefore);
    String to = minute(since);
    String day = to.substring(0, "uuuu-MM-dd".length());
    return from.startsWith(day)
        ? "%s between %s and %s".formatted(day, from.substring(11, 16), to.substring(11))
        : "between %s and %s".formatted(from, to);
  }

  private String heals(Notice notice) {
    Instant deadline = notice.deadline();
    if (notice.effect() == Effect.CUSTOM) {
      return "as soon as the SPF record is right.";
    }
    if (deadline != null) {
      return "by itself until %s%s, once the MX record is there."
          .formatted(
              minute(deadline),
              state.effectState().statusNotBefore() == null ? " at the latest" : "");
    }
    return switch (notice.cause()) {
      case FAILED ->
          isManaged()
              ? "not by itself: SES stopped looking. Once the MX record is right, this system starts"
                  + " it again."
              : "not by itself: SES stopped looking, and looks again only after a new call.";
      case VERIFICATION_LOST ->
          "when it is verified again: SES looks for its DKIM records by itself.";
      case REMOVED, NOT_COVERED -> "not by itself: somebody has to set a MAIL FROM domain.";
      case PENDING, TEMPORARY_FAILURE -> "by itself, once the MX record is there.";
      case null -> "not by itself.";
    };
  }

  private String dmarc(Notice notice) {
    if (notice.effect() == Effect.REJECTED || notice.effect() == Effect.UNVERIFIED) {
      return "nothing is sent, so nothing is checked."
          + (Boolean.FALSE.equals(state.sesView().dkimSigns()) ? " DKIM does not sign." : "");
    }
    return switch (state.sesView().dkimSigns()) {
      case Boolean signs when signs -> "DKIM still passes, so DMARC passes.";
      case Boolean signs -> "DKIM does not sign, so DMARC fails.";
      case null -> "not known whether DKIM signs; if it does not, DMARC fails.";
    };
  }

  private void findings() {
    if (!domainWasLookedAt()) {
      return;
    }
    List<Finding> worth =
        state.dnsState().findings().stream()
            .filter(f -> f.code() != FindingCode.REGIONS_DIFFER)
            .limit(MOST_FINDINGS)
            .toList();
    if (!worth.isEmpty()) {
      text.line(INDENT, "The DNS says:");
      for (Finding finding : worth) {
        text.paragraph(INDENT + 2, INDENT + 4, "- " + finding.code() + ": " + finding.message());
      }
    }
  }

  /** What to publish, as one types it into a DNS console. */
  private void publish(Notice notice) {
    DomainName domain = domain();
    if (domain == null) {
      return;
    }
    boolean aboutMx = notice.effect() != Effect.CUSTOM;
    List<RecordToDo> known = domainWasLookedAt() ? state.dnsState().records() : List.of();
    for (RecordToDo item : known) {
      switch (item.state()) {
        case ADD -> {
          text.line(INDENT, "Publish:");
          record(item);
        }
        case REPLACE -> {
          text.line(INDENT, "Publish instead of the %s record there:".formatted(item.type()));
          record(item);
        }
        case REMOVE -> {
          text.line(INDENT, "Remove:");
          record(item);
        }
        case PRESENT -> {}
      }
    }
    if (aboutMx && known.stream().noneMatch(item -> item.type().equals("MX"))) {
      MxRecord wanted = MxRecord.feedback(region);
      text.line(INDENT, "Publish, if it is not there (the DNS could not be asked):");
      record(
          new RecordToDo(
              domain,
              "MX",
              domainWasLookedAt() ? state.dnsState().zone() : null,
              wanted.priority(),
              wanted.host(),
              300,
              RecordToDo.State.ADD));
    } else if (known.stream().allMatch(item -> item.state() == RecordToDo.State.PRESENT)
        && !known.isEmpty()) {
      text.line(INDENT, "Publish: nothing, the records are there now.");
    }
  }

  private void record(RecordToDo item) {
    item.host()
        .ifPresent(host -> field("Host", "%s (in the zone %s)".formatted(host, item.zone())));
    field("Full name", item.name().value());
    field("Type", item.type());
    if (item.priority() != null) {
      field("Priority", String.valueOf(item.priority()));
    }
    field("Value", item.value());
    if (item.state() != RecordToDo.State.REMOVE) {
      field("TTL", String.valueOf(item.ttlSeconds()));
    }
  }

  private void field(String label, String value) {
    text.paragraph(INDENT + 2, INDENT + 4, "%s: %s".formatted(label, value));
  }

  private void dig(String type) {
    DomainName domain = domain();
    if (domain != null) {
      text.command(INDENT + 2, List.of("dig", "+short", type, domain.value()));
    }
  }

  private void attributes() {
    text.command(
        INDENT + 2,
        List.of(
            "aws",
            "ses",
            "get-identity-mail-from-domain-attributes",
            "--region",
            region,
            "--identities",
            identity));
  }

  private void set(Settings settings) {
    DomainName domain = settings.mailFromDomain();
    if (domain == null) {
      return;
    }
    text.command(
        INDENT + 2,
        List.of(
            "aws",
            "ses",
            "set-identity-mail-from-domain",
            "--region",
            region,
            "--identity",
            identity,
            "--mail-from-domain",
            domain.value(),
            "--behavior-on-mx-failure",
            settings.behaviorOnMxFailure().word()));
  }

  private void letMailFlow(Settings safe) {
    if (isManaged()) {
      text.paragraph(
          INDENT,
          "To let mail flow meanwhile, from amazonses.com: PUT"
              + " /v1/identities/{identity}/mail-from with \"behaviorOnMxFailure\":"
              + " \"UseDefaultValue\".");
    } else {
      text.line(INDENT, "To let mail flow meanwhile, from amazonses.com:");
      set(safe);
    }
  }

  private Settings wanted() {
    Desired desired = state.desired();
    return desired != null && !desired.wantsNothing()
        ? desired.settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE)
        : new Settings(domain(), BehaviorOnMxFailure.USE_DEFAULT_VALUE);
  }

  private boolean isManaged() {
    Desired desired = state.desired();
    return desired != null && !desired.wantsNothing();
  }

  private boolean domainWasLookedAt() {
    return domain() != null && Objects.equals(domain(), state.dnsState().name());
  }

  /** The MAIL FROM domain that SES has, or had, or was to get. */
  private @Nullable DomainName domain() {
    DomainName live = state.sesView().live().mailFromDomain();
    if (live != null) {
      return live;
    }
    DomainName last = state.effectState().lastMailFrom();
    Desired desired = state.desired();
    return last != null || desired == null ? last : desired.settings().mailFromDomain();
  }

  private String domainText() {
    DomainName domain = domain();
    return domain == null ? "its MAIL FROM domain" : domain.value();
  }

  private static String words(Settings settings) {
    return settings.mailFromDomain() == null
        ? "no MAIL FROM domain"
        : settings.mailFromDomain() + ", " + settings.behaviorOnMxFailure().word();
  }

  public static String minute(Instant instant) {
    return MINUTES.format(instant);
  }
}
