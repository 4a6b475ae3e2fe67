package mailfrom.app.text;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mailfrom.app.pace.CallResult;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * What is told about runs, in words: the text of a {@link RunNotice}. Its first line says how many
 * and what, and is the subject of a message.
 */
public final class RunTexts {
  /** Identities that a text names: it has to fit into the Region's row. */
  public static final int MOST_NAMED = 50;

  private static final int MOST_SERVERS = 5;

  /** The brake's own words: promoting that was stopped is told as HELD too, and nothing waits. */
  static final String HELD_BACK = "repairs are held back";

  private RunTexts() {}

  /** How many and what, in a few words. */
  static String title(RunNotice notice) {
    return notice.text().lines().findFirst().orElse(ReasonText.of(notice.reason()).words());
  }

  /** The lines below that. */
  static List<String> body(RunNotice notice) {
    return notice.text().lines().skip(1).toList();
  }

  /** What is one incident from its beginning to its end; empty for what has no end. */
  static Optional<String> incident(String account, String region, Reason reason) {
    return Optional.ofNullable(ReasonText.of(reason).incident())
        .map(what -> Notice.hash("%s|%s|%s|blind".formatted(account, region, what)));
  }

  /**
   * The one report of what is bad at a Region's first complete run: rejected identities are named,
   * the rest is counted.
   *
   * @param identities all that were listed
   * @param open those with an open incident
   */
  public static String baseline(int identities, Collection<IdentityState> open) {
    Map<TroubleKind, Integer> counts = new TreeMap<>(Comparator.reverseOrder());
    for (IdentityState state : open) {
      var incident = state.incidentState().incident();
      if (incident != null) {
        counts.merge(incident.trouble().kind(), 1, Integer::sum);
      }
    }
    StringBuilder text =
        new StringBuilder(
            "%d of %d identities are in trouble: first complete run"
                .formatted(open.size(), identities));
    text.append(
        "\nThis counts as told: from now on only changes and reminders are told in this Region.");
    counts(text, counts);
    List<String> rejected =
        open.stream()
            .filter(
                state -> {
                  var incident = state.incidentState().incident();
                  return incident != null && incident.trouble().kind() == TroubleKind.REJECTED;
                })
            .map(state -> state.key().name().value())
            .sorted()
            .toList();
    if (!rejected.isEmpty()) {
      text.append("\nSES rejects the mail of:");
      names(text, rejected, 2);
    }
    return text.toString();
  }

  /** The first of them, a line each. */
  private static void names(StringBuilder text, List<String> names, int indent) {
    String lead = "\n" + " ".repeat(indent);
    names.stream().limit(MOST_NAMED).forEach(name -> text.append(lead).append(name));
    if (names.size() > MOST_NAMED) {
      text.append(lead).append("and %d more".formatted(names.size() - MOST_NAMED));
    }
  }

  public static void counts(StringBuilder text, Map<TroubleKind, Integer> counts) {
    counts.forEach(
        (trouble, count) -> text.append("\n  ").append(count).append(' ').append(words(trouble)));
  }

  private static String words(TroubleKind trouble) {
    return switch (trouble) {
      case UNVERIFIED -> "not verified any more: SES takes no mail of them";
      case REJECTED -> "rejected: SES refuses their mail";
      case FALLBACK -> "fall back to amazonses.com";
      case SPF_BROKEN -> "with a broken SPF record";
      case NOT_COVERED -> "without a MAIL FROM domain of their own, below one that has one";
    };
  }

  /**
   * The end of a silence, and what it covered that is still bad: told before or only now.
   *
   * @param bad at least one
   */
  public static String silenceOver(Silence silence, Collection<IdentityState> bad) {
    StringBuilder text =
        new StringBuilder("%d in trouble when a silence ended".formatted(bad.size()));
    text.append(
        "\nThe silence over %s is over. %s asked for it from %s until %s: %s"
            .formatted(
                words(silence.match()),
                silence.by(),
                Times.minute(silence.from()),
                Times.minute(silence.until()),
                silence.reason()));
    List<IdentityState> known =
        bad.stream().filter(state -> state.owed(Topic.ALERTS).isEmpty()).toList();
    if (known.size() < bad.size()) {
      text.append(
          "\nWhat was not told before is told now, each by itself: %d of %d."
              .formatted(bad.size() - known.size(), bad.size()));
    }
    if (!known.isEmpty()) {
      text.append("\nStill in trouble, worst first:");
      names(
          text,
          known.stream()
              .sorted(
                  Comparator.comparing(
                          (IdentityState state) -> state.severity().orElse(Severity.INFO))
                      .reversed()
                      .thenComparingInt(state -> Phrase.badness(state.effectState().effect()))
                      .thenComparing(
                          state -> state.effectState().since(), Comparator.reverseOrder())
                      .thenComparing(state -> state.key().name()))
              .map(RunTexts::standing)
              .toList(),
          2);
    }
    return text.toString();
  }

  private static String words(Silence.Match match) {
    List<String> parts = new ArrayList<>();
    parts.add(match.name() == null ? "all identities" : match.name());
    if (match.region() != null) {
      parts.add("in " + match.region());
    }
    if (match.label() != null) {
      parts.add("with the label " + match.label());
    }
    if (match.cause() != null) {
      parts.add("with the cause " + match.cause());
    }
    return String.join(" ", parts);
  }

  /** In words that leave room for the rest of a line. */
  private static String standing(IdentityState state) {
    String what =
        switch (state.effectState().effect()) {
          case REJECTED -> "rejected";
          case FALLBACK -> "falls back";
          case CUSTOM -> "SPF is broken";
          case DEFAULT -> "no MAIL FROM domain";
          case UNVERIFIED -> "not verified";
        };
    String labels = Told.labels(state.desired());
    return "%s: %s since %s%s"
        .formatted(
            state.key().name(),
            what,
            Times.minute(state.effectState().since()),
            labels.isEmpty() ? "" : " (%s)".formatted(labels));
  }

  /** The brake: more repairs were planned than one run may make. */
  public static String held(int planned, int identities) {
    return ("%d "
            + HELD_BACK
            + ", of %d identities\nThis run would have started that many again"
            + " or set them back. That is more than 20 and more than 2 %%, so none was: either many"
            + " identities changed at once, or the DNS is wrong.")
        .formatted(planned, identities);
  }

  /** The brake is not needed any more. */
  public static String heldNoMore(Instant since) {
    return "%s\nThey were since %s. No more are left than one run may make."
        .formatted(ReasonText.of(Reason.HELD_OVER).words(), Times.minute(since));
  }

  /** Somebody let the repairs go. */
  public static String released(Instant since, Instant at) {
    return "%s\nThey were since %s, and were released at %s: the runs after that make them."
        .formatted(ReasonText.of(Reason.HELD_OVER).words(), Times.minute(since), Times.minute(at));
  }

  /** Too much could not be asked. What was not asked has not changed. */
  public static String blind(int couldNotAsk, int listed) {
    return ("%d of %d identities could not be asked for at SES\nNothing is concluded from that: they"
            + " keep what was last read, and trouble may go unseen until this is over.")
        .formatted(couldNotAsk, listed);
  }

  /**
   * Too many names could not be asked about in the DNS: who did not answer, and for whom.
   *
   * @param fleet identities as this run left them
   */
  public static String dnsBlind(int failed, int looks, Collection<IdentityState> fleet) {
    StringBuilder text =
        new StringBuilder("%d of %d names got no answer from the DNS".formatted(failed, looks));
    text.append(
        "\nNothing is concluded from that, and SES was read in full: only what the DNS itself says"
            + " goes unseen until this is over.");
    Map<DomainName, Integer> inZone = new HashMap<>();
    Map<IdentityState, Finding> unanswered = new LinkedHashMap<>();
    for (IdentityState state : fleet) {
      state.dnsState().findings().stream()
          .filter(finding -> finding.code() == FindingCode.DNS_UNAVAILABLE)
          .findFirst()
          .ifPresent(
              finding -> {
                unanswered.put(state, finding);
                DomainName zone = state.dnsState().zone();
                if (zone != null) {
                  inZone.merge(zone, 1, Integer::sum);
                }
              });
    }
    Map<String, List<String>> byServer = new TreeMap<>();
    unanswered.forEach(
        (state, finding) ->
            byServer
                .computeIfAbsent(whoDidNotAnswer(state, finding, inZone), _ -> new ArrayList<>())
                .add(state.key().name().value()));
    byServer.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                (Map.Entry<String, List<String>> one) -> -one.getValue().size()))
        .limit(MOST_SERVERS)
        .forEach(
            one -> {
              List<String> names = one.getValue().stream().sorted().toList();
              text.append(
                  "\n%d %s %s:"
                      .formatted(
                          names.size(),
                          names.size() == 1 ? "identity" : "identities",
                          one.getKey()));
              names(text, names, 2);
            });
    if (byServer.size() > MOST_SERVERS) {
      text.append("\nand more at %d other places".formatted(byServer.size() - MOST_SERVERS));
    }
    return text.toString();
  }

  /**
   * The zone's own servers where they were asked; else the zone that several have in common, whose
   * servers the resolver asks; else the resolver.
   */
  private static String whoDidNotAnswer(
      IdentityState state, Finding finding, Map<DomainName, Integer> inZone) {
    String asked = finding.asked();
    DomainName zone = state.dnsState().zone();
    String who =
        asked != null && !asked.startsWith(NameServer.RESOLVER.name())
            ? "at " + asked
            : zone == null || inZone.getOrDefault(zone, 0) < 2
                ? "at the resolver"
                : "in the zone " + zone;
    return finding.actual() == null ? who : "%s, %s".formatted(who, finding.actual());
  }

  /** Nobody confirmed to be told of one of the topics, or everybody was unsubscribed. */
  public static String unheard(boolean alerts, boolean operations) {
    return ("Nobody listens to %s. A subscription counts when it is confirmed; a link that a mail"
            + " scanner opened ends it.")
        .formatted(
            alerts && operations
                ? "the alerts (what broke), nor to operations (the alarms about this system)"
                : alerts ? "the alerts: what breaks" : "operations: the alarms about this system");
  }

  public static final String UNHEARD_OVER = "Alerts and operations both have somebody who listens.";

  /** Texts in SES's list that are no identity's name: nobody can be asked about them. */
  public static String cannotWatch(List<String> texts, String region) {
    StringBuilder text =
        new StringBuilder(
            "%d entries of SES's list cannot be watched\nIn %s, they are no names of which anything"
                .formatted(texts.size(), region));
    text.append(" could be asked:");
    names(text, texts, 2);
    return text.toString();
  }

  /** SES, or the DNS, answers again. */
  public static String answersAgain(Reason reason, Instant since, Instant now) {
    return "%s, after %s\nWhat happened since %s is seen and told by this run."
        .formatted(
            ReasonText.of(reason).words(),
            Times.length(Duration.between(since, now)),
            Times.minute(since));
  }

  /** What is told when SES cannot list them all. */
  public static final String LIST_NOT_READ =
      "SES's list could not be read to its end\nWhat was known is read; what is new is not seen.";

  /**
   * Who is not in SES's list, and not known to be deleted. What is missing keeps its state.
   *
   * @param known with those that are missing
   */
  public static String missing(List<IdentityName> names, int known, String region) {
    StringBuilder text =
        new StringBuilder(
            "%d of %d identities are missing from SES's list"
                .formatted(names.size(), Math.max(known, names.size())));
    text.append(
        "\nIn %s, and no answer says that they were deleted. They keep what was last read of them:"
            .formatted(region));
    names(text, names.stream().map(IdentityName::value).toList(), 2);
    return text.toString();
  }

  /** Nobody is missing any more: listed again, or deleted as SES says by now. */
  public static String listedAgain(List<IdentityName> names, Instant since, Instant now) {
    StringBuilder text =
        new StringBuilder(
            "no identity is missing from SES's list, after %s\nEach is listed again, or SES says that"
                .formatted(Times.length(Duration.between(since, now))));
    text.append(" it is deleted. These were missing last:");
    names(text, names.stream().map(IdentityName::value).toList(), 2);
    return text.toString();
  }

  /** Each entry of SES's list is the name of an identity. */
  public static String watchesAll(String region) {
    return "every entry of SES's list can be watched\nIn %s, none is left of which nothing could be"
            .formatted(region)
        + " asked.";
  }

  /** A Region in which nobody can be asked: why, and the way out. */
  public static String unreachable(CallResult.Kind kind, String region) {
    String why =
        switch (kind) {
          case REGION_NOT_ENABLED -> "The account has not enabled the Region %s";
          case REGION_DENIED -> "A policy of your organisation denies SES in the Region %s";
          case REGION_WITHOUT_SES -> "There is no SES in %s";
          case NO_SLOT, THROTTLED, SLOT_MISSED, FAILED -> "SES cannot be asked in %s";
        };
    return ("%s is not watched\n"
            + why
            + ". Take it out of the parameter Regions, unless that is"
            + " to change.")
        .formatted(region, region);
  }

  /** Such a Region can be asked in again. */
  public static String reachable(String region) {
    return "%s is watched\nSES can be asked there now.".formatted(region);
  }

  /** A PROMOTE reset a Success: no further one is made in the Region. */
  public static String promotingStopped(IdentityKey key) {
    return ("RejectMessage is not set any more in %s\nSetting it for %s reset its Success, and was"
            + " undone at once. No identity of the Region is given RejectMessage any more until its"
            + " settings are asked for with activation immediate.")
        .formatted(key.region(), key.name());
  }
}
