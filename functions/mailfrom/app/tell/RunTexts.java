package mailfrom.app.tell;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.app.pace.CallResult;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/** What is told about runs, in words: the text of a {@link RunNotice}. */
public final class RunTexts {
  /** Rejected identities that a baseline names: the text has to fit into the Region's row. */
  public static final int MOST_NAMED = 50;

  private RunTexts() {}

  /** What a message about a run is about, in a few words. */
  static String title(RunNotice notice) {
    String title = title(notice.reason());
    return notice.reason() == Reason.WEEKLY
        ? title + (notice.severity() == Severity.INFO ? ", all is well" : ", not all is well")
        : title;
  }

  public static String title(Reason reason) {
    return ReasonText.of(reason).title();
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
            ("%d identities were read; %d of them are in trouble. This counts as told: from now on"
                    + " only changes and reminders are.")
                .formatted(identities, open.size()));
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
      rejected.stream().limit(MOST_NAMED).forEach(name -> text.append("\n  ").append(name));
      if (rejected.size() > MOST_NAMED) {
        text.append("\n  and %d more: effect=REJECTED".formatted(rejected.size() - MOST_NAMED));
      }
    }
    if (!open.isEmpty()) {
      text.append("\nList them, worst first: GET /v1/identities");
    }
    return text.toString();
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
      case NOT_COVERED -> "without a MAIL FROM of their own, below one that has one";
    };
  }

  /**
   * The end of a silence, and what it covered that is still bad: told before or only now.
   *
   * @param bad at least one
   */
  public static String silenceOver(Silence silence, Collection<IdentityState> bad) {
    StringBuilder text =
        new StringBuilder(
            "The silence over %s is over. %s asked for it from %s until %s: %s"
                .formatted(
                    words(silence.match()),
                    silence.by(),
                    IdentityText.minute(silence.from()),
                    IdentityText.minute(silence.until()),
                    silence.reason()));
    List<IdentityState> known =
        bad.stream().filter(state -> state.owed(Topic.ALERTS).isEmpty()).toList();
    if (known.size() < bad.size()) {
      text.append(
          "\nWhat was not told before is told now, each by itself: %d of %d."
              .formatted(bad.size() - known.size(), bad.size()));
    }
    if (known.isEmpty()) {
      return text.toString();
    }
    text.append("\nStill bad, worst first:");
    known.stream()
        .sorted(
            Comparator.comparing((IdentityState state) -> state.severity().orElse(Severity.INFO))
                .reversed()
                .thenComparing(state -> state.effectState().since())
                .thenComparing(state -> state.key().name()))
        .limit(AlertTexts.MOST_NAMED)
        .forEach(state -> text.append("\n  ").append(standing(state)));
    if (known.size() > AlertTexts.MOST_NAMED) {
      text.append("\n  and %d more".formatted(known.size() - AlertTexts.MOST_NAMED));
    }
    return text.append("\nList them, worst first: GET /v1/identities").toString();
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

  private static String standing(IdentityState state) {
    String what =
        switch (state.effectState().effect()) {
          case REJECTED -> "rejected";
          case FALLBACK -> "falls back";
          case CUSTOM -> "SPF is broken";
          case DEFAULT -> "no MAIL FROM";
          case UNVERIFIED -> "not verified";
        };
    return "%s: %s since %s"
        .formatted(state.key().name(), what, IdentityText.minute(state.effectState().since()));
  }

  /** The brake: more repairs were planned than one run may make. */
  public static String held(int planned, int identities, String region) {
    return ("This run would have started again or set back %d of %d identities. That is more than"
            + " 20 and more than 2 %%, so none was: either many identities changed at once, or the"
            + " DNS is wrong.\nLook at the plan of some, then let them go:\nPOST"
            + " /v1/held/%s/release")
        .formatted(planned, identities, region);
  }

  /** Too much could not be asked. What was not asked has not changed. */
  public static String blind(int couldNotAsk, int listed) {
    return ("SES did not answer for %d of %d identities. Nothing is concluded from that: they keep"
            + " what was last read, and trouble may go unseen until this is over.")
        .formatted(couldNotAsk, listed);
  }

  /** Too many names could not be asked about in the DNS. */
  public static String dnsBlind(int failed, int looks) {
    return ("The DNS did not answer for %d of %d names. Nothing is concluded from that, and SES was"
            + " read in full: only what the DNS itself says goes unseen until this is over.")
        .formatted(failed, looks);
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
            ("%d entries in SES's list of %s are no names of which anything could be asked. They"
                    + " are not watched:")
                .formatted(texts.size(), region));
    texts.stream().limit(MOST_NAMED).forEach(name -> text.append("\n  ").append(name));
    return text.toString();
  }

  public static String blindOver(Instant since) {
    return "What happened since %s is seen and told by this run."
        .formatted(IdentityText.minute(since));
  }

  /** What is told when SES cannot list them all. */
  public static final String LIST_NOT_READ =
      "The list of identities could not be read to its end. What was known is read; what is new is"
          + " not seen.";

  /** Who is not in SES's list, and not known to be deleted. What is missing keeps its state. */
  public static String missing(List<IdentityName> names, String region) {
    StringBuilder text =
        new StringBuilder(
            ("%d identities are missing from SES's list of %s, and no answer says that they were"
                    + " deleted. They keep what was last read of them:")
                .formatted(names.size(), region));
    names.stream().limit(MOST_NAMED).forEach(name -> text.append("\n  ").append(name));
    if (names.size() > MOST_NAMED) {
      text.append("\n  and %d more".formatted(names.size() - MOST_NAMED));
    }
    return text.toString();
  }

  /** A Region in which nobody can be asked: why, and the way out. */
  public static String unreachable(CallResult.Kind kind, String region) {
    String why =
        switch (kind) {
          case REGION_NOT_ENABLED -> "The account has not enabled the Region %s";
          case REGION_DENIED -> "A policy of your organisation denies SES in the Region %s";
          case REGION_WITHOUT_SES -> "There is no SES in %s";
          case THROTTLED, SLOT_MISSED, FAILED -> "SES cannot be asked in %s";
        };
    return (why
            + ": nothing is watched there. Take it out of the parameter Regions, unless that is"
            + " to change.")
        .formatted(region);
  }

  /** A PROMOTE reset a Success: no further one is made in the Region. */
  public static String promotingStopped(IdentityKey key) {
    return ("Setting RejectMessage for %s reset its Success, and was undone at once. No identity of"
            + " %s is given RejectMessage any more until its settings are asked for with activation"
            + " immediate.")
        .formatted(key.name(), key.region());
  }
}
