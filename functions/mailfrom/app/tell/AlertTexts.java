package mailfrom.app.tell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * The messages, from what is to be told: for people one a run and Region, for machines one each.
 */
public final class AlertTexts {
  /** SNS takes 99 characters. */
  static final int MAX_SUBJECT = 99;

  /** Identities named in one message to people; the rest is counted. */
  static final int MOST_NAMED = 10;

  private static final int MOST_NAMES_A_GROUP = 10;
  private static final int MIN_NAME = 20;
  private static final String TEST = "TEST ";
  private static final String TEST_ATTRIBUTE = "test";
  private static final int MAX_LABELS = 5;

  private AlertTexts() {}

  /**
   * The message to people about a run of a Region, worst first.
   *
   * @param identityNotices several of one identity are grouped, in their order
   */
  public static Topics.Message alert(
      String account,
      String region,
      List<IdentityNotice> identityNotices,
      List<RunNotice> runNotices) {
    List<Entry> entries = new ArrayList<>(identities(identityNotices));
    entries.addAll(groups(identityNotices));
    entries.sort(Comparator.naturalOrder());
    List<RunNotice> runs =
        runNotices.stream().sorted(Comparator.comparing(RunNotice::severity).reversed()).toList();
    boolean runsFirst =
        !runs.isEmpty()
            && (entries.isEmpty()
                || runs.getFirst().severity().compareTo(entries.getFirst().severity()) > 0);
    PlainText text = new PlainText();
    text.paragraph(
        0, "%s, account %s: %s".formatted(region, account, summary(entries, runs.size())));
    if (runsFirst) {
      runs(text, runs);
    }
    entries(text, region, entries);
    if (!runsFirst) {
      runs(text, runs);
    }
    text.blank().line(0, "SES console:").line(2, console(region));
    return new Topics.Message(
        runsFirst
            ? subject(region, runs.getFirst(), entries, runs.size())
            : subject(region, entries, runs.size()),
        text.toString(),
        Map.of());
  }

  /** What is told about one identity, or one group of identities, in one message. */
  private record Entry(
      List<Notice> notices, List<IdentityState> states, String name, Severity severity)
      implements Comparable<Entry> {
    private static final Comparator<Entry> WORST_FIRST =
        Comparator.comparing(Entry::severity)
            .reversed()
            .thenComparingInt(entry -> badness(entry.main()))
            .thenComparing(entry -> entry.main().since())
            .thenComparing(Entry::name);

    Notice main() {
      return IdentityText.main(notices);
    }

    boolean isGroup() {
      return states.size() > 1;
    }

    @Override
    public int compareTo(Entry other) {
      return WORST_FIRST.compare(this, other);
    }
  }

  /** Among equals in severity: what to read first. */
  private static int badness(Notice notice) {
    Reason reason = notice.reason();
    return switch (reason.kind()) {
      case TROUBLE ->
          switch (notice.effect()) {
            case UNVERIFIED -> 0;
            case REJECTED -> 1;
            case FALLBACK -> reason == Reason.LAST_CHANCE ? 2 : 3;
            case CUSTOM, DEFAULT -> 4;
          };
      case SETTINGS -> reason == Reason.NOT_APPLIED ? 5 : 6;
      case WARNING -> 7;
      case END, DONE -> 8;
      case RUN -> 9;
    };
  }

  private static List<Entry> identities(List<IdentityNotice> all) {
    Map<IdentityKey, List<IdentityNotice>> byIdentity = new LinkedHashMap<>();
    all.stream()
        .filter(told -> !isNotCovered(told))
        .forEach(
            told ->
                byIdentity.computeIfAbsent(told.state().key(), k -> new ArrayList<>()).add(told));
    return byIdentity.values().stream()
        .map(
            several ->
                entry(
                    several.stream().map(IdentityNotice::notice).toList(),
                    List.of(several.getLast().state()),
                    several.getFirst().state().key().name().value()))
        .toList();
  }

  /** What the same ancestor does not cover is told as one. */
  private static List<Entry> groups(List<IdentityNotice> all) {
    Map<String, List<IdentityNotice>> byAncestor =
        all.stream()
            .filter(AlertTexts::isNotCovered)
            .collect(
                Collectors.groupingBy(AlertTexts::ancestor, TreeMap::new, Collectors.toList()));
    List<Entry> entries = new ArrayList<>();
    byAncestor.forEach(
        (ancestor, several) -> {
          List<IdentityState> states =
              several.stream()
                  .map(IdentityNotice::state)
                  .sorted(Comparator.comparing(state -> state.key().name()))
                  .toList();
          String name = states.size() == 1 ? states.getFirst().key().name().value() : ancestor;
          entries.add(entry(List.of(several.getFirst().notice()), states, name));
        });
    return entries;
  }

  private static Entry entry(List<Notice> notices, List<IdentityState> states, String name) {
    // If the last notice says that it is over, only that one counts.
    Notice last = notices.getLast();
    Severity severity =
        last.reason().kind() == Reason.Kind.END
            ? last.severity()
            : notices.stream().map(Notice::severity).max(Comparator.naturalOrder()).orElseThrow();
    return new Entry(notices, states, name, severity);
  }

  private static boolean isNotCovered(IdentityNotice told) {
    return told.notice().reason() == Reason.STARTED && told.notice().cause() == Cause.NOT_COVERED;
  }

  private static String ancestor(IdentityNotice told) {
    IdentityName given = told.ancestor();
    return (given != null ? given : told.state().key().name().parent().orElseThrow()).value();
  }

  private static String summary(List<Entry> entries, int runs) {
    List<String> parts = new ArrayList<>();
    int identities = count(entries);
    if (identities > 0) {
      parts.add(identities == 1 ? "1 identity" : identities + " identities, worst first");
    }
    if (runs > 0) {
      parts.add(runs == 1 ? "1 message about the run" : runs + " messages about the run");
    }
    return String.join("; ", parts) + ".";
  }

  private static int count(List<Entry> entries) {
    return entries.stream().mapToInt(entry -> entry.states().size()).sum();
  }

  private static void entries(PlainText text, String region, List<Entry> entries) {
    List<Entry> named = entries.subList(0, Math.min(MOST_NAMED, entries.size()));
    for (int i = 0; i < named.size(); i++) {
      Entry entry = named.get(i);
      text.blank();
      text.paragraph(
          0,
          3,
          "%d. %s: %s".formatted(i + 1, word(entry.severity()), entryTitle(entry, entry.name())));
      if (entry.isGroup()) {
        group(text, region, entry);
      } else {
        IdentityText.write(text, entry.states().getFirst(), entry.notices());
      }
    }
    List<Entry> rest = entries.subList(named.size(), entries.size());
    if (!rest.isEmpty()) {
      text.blank();
      text.paragraph(
          0, "And %d more (%s). List them, worst first:".formatted(count(rest), of(rest)));
      text.line(2, "GET /v1/identities?region=%s&limit=1000".formatted(region));
    }
  }

  private static String of(List<Entry> entries) {
    List<String> parts = new ArrayList<>();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      int count = count(entries.stream().filter(entry -> entry.severity() == severity).toList());
      if (count > 0) {
        parts.add(count + " " + JsonWriter.word(severity));
      }
    }
    return String.join(", ", parts);
  }

  private static String entryTitle(Entry entry, String name) {
    return entry.isGroup()
        ? "%d identities below %s have no MAIL FROM of their own"
            .formatted(entry.states().size(), name)
        : name + ": " + IdentityText.title(entry.main());
  }

  private static void group(PlainText text, String region, Entry entry) {
    text.paragraph(
        3,
        "The most granular verified identity wins, and it inherits nothing: mail of these goes out"
            + " from amazonses.com although %s has a MAIL FROM domain.".formatted(entry.name()));
    int named = Math.min(MOST_NAMES_A_GROUP, entry.states().size());
    for (IdentityState state : entry.states().subList(0, named)) {
      text.line(5, state.key().name().value());
    }
    if (entry.states().size() > named) {
      text.paragraph(5, "and %d more. List them:".formatted(entry.states().size() - named));
      text.line(5, "GET /v1/identities?region=%s&cause=NOT_COVERED".formatted(region));
    }
    text.paragraph(
        3,
        "Heals: not by itself: each needs a MAIL FROM domain of its own, or DELETE to say that"
            + " none is wanted.");
    text.line(3, "Runbook: " + Runbook.NOT_COVERED.link());
  }

  private static void runs(PlainText text, List<RunNotice> runs) {
    for (RunNotice run : runs) {
      text.blank();
      text.paragraph(
          0,
          "%s: %s, at %s"
              .formatted(word(run.severity()), RunTexts.title(run), IdentityText.minute(run.at())));
      run.text().lines().forEach(line -> text.paragraph(line.startsWith(" ") ? 5 : 3, line));
      Runbook.of(run.reason()).ifPresent(book -> text.line(3, "Runbook: " + book.link()));
    }
  }

  private static String console(String region) {
    String host =
        region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
    return "https://%s/ses/home?region=%s#/identities".formatted(host, region);
  }

  private static String word(Severity severity) {
    return severity.name();
  }

  private static String subject(String region, List<Entry> entries, int runs) {
    Entry worst = entries.getFirst();
    String more = more(count(entries) - worst.states().size() + runs);
    String head = "%s %s: ".formatted(word(worst.severity()), region);
    String without = entryTitle(worst, "");
    int room = MAX_SUBJECT - head.length() - without.length() - more.length();
    String name = PlainText.shortened(worst.name(), Math.max(room, MIN_NAME));
    return fit(head + entryTitle(worst, name) + more);
  }

  private static String subject(String region, RunNotice worst, List<Entry> entries, int runs) {
    return fit(
        "%s %s: %s%s"
            .formatted(
                word(worst.severity()),
                region,
                RunTexts.title(worst),
                more(count(entries) + runs - 1)));
  }

  private static String more(int count) {
    return count == 0 ? "" : ", and %d more".formatted(count);
  }

  /** As SNS takes a subject: ASCII without control characters, at most 99. */
  private static String fit(String subject) {
    StringBuilder ascii = new StringBuilder(subject.length());
    subject.codePoints().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return PlainText.shortened(ascii.toString(), MAX_SUBJECT);
  }

  /** The message to machines about one identity. */
  public static Topics.Message notice(IdentityState state, Notice notice) {
    Map<String, String> attributes = new TreeMap<>();
    Desired desired = state.desired();
    if (desired != null) {
      desired.labels().entrySet().stream()
          .filter(label -> !label.getKey().isEmpty() && !label.getValue().isEmpty())
          .limit(MAX_LABELS)
          .forEach(label -> attributes.put(label.getKey(), label.getValue()));
    }
    attributes.putAll(attributes(state, notice));
    return new Topics.Message(
        subject(state, notice), NoticeJson.full(state, notice), Map.copyOf(attributes));
  }

  /** The message to machines about a run. */
  public static Topics.Message notice(String account, String region, RunNotice notice) {
    return new Topics.Message(
        fit("%s %s: %s".formatted(word(notice.severity()), region, RunTexts.title(notice))),
        NoticeJson.ofRun(account, region, notice),
        Map.of(
            "reason",
            notice.reason().name(),
            "severity",
            JsonWriter.word(notice.severity()),
            "region",
            region));
  }

  /** A message to people as a test, which says so first. */
  static Topics.Message test(Topics.Message message, Caller caller, String words) {
    return testText(message.subject(), caller, words, "\n" + message.text());
  }

  /** A test of the topic where CloudWatch's alarms go. */
  static Topics.Message testOfOperations(Caller caller) {
    return testText(
        "messages about this system arrive",
        caller,
        "Nothing is wrong, and nothing is to be done. CloudWatch's alarms about this system come"
            + " here.",
        "");
  }

  private static Topics.Message testText(String subject, Caller caller, String words, String rest) {
    PlainText text = new PlainText();
    text.paragraph(
        0,
        "This is a test, asked for by %s at %s. %s"
            .formatted(caller.arn(), IdentityText.minute(caller.at()), words));
    return new Topics.Message(fit(TEST + subject), text + rest, Map.of(TEST_ATTRIBUTE, "true"));
  }

  /** A notice about an identity as a test. */
  static Topics.Message testNotice(IdentityState state, Notice notice) {
    return testNotice(notice(state, notice), NoticeJson.test(state, notice));
  }

  /** A notice about a run as a test. */
  static Topics.Message testNotice(String account, String region, RunNotice notice) {
    return testNotice(
        notice(account, region, notice), NoticeJson.testOfRun(account, region, notice));
  }

  private static Topics.Message testNotice(Topics.Message message, String json) {
    Map<String, String> attributes = new TreeMap<>(message.attributes());
    attributes.put(TEST_ATTRIBUTE, "true");
    return new Topics.Message(fit(TEST + message.subject()), json, Map.copyOf(attributes));
  }

  /** What is sent to machines when SNS refused a notice for its form. */
  public static Topics.Message minimal(IdentityState state, Notice notice) {
    return new Topics.Message(
        "%s: see the notice".formatted(notice.reason()),
        NoticeJson.minimal(state, notice),
        attributes(state, notice));
  }

  /** What is sent to people when SNS refused their message for its form: counts, and no names. */
  public static Topics.Message minimal(
      String region, List<IdentityNotice> identityNotices, List<RunNotice> runNotices) {
    Map<Reason, Integer> counts = new TreeMap<>();
    identityNotices.forEach(told -> counts.merge(told.notice().reason(), 1, Integer::sum));
    runNotices.forEach(notice -> counts.merge(notice.reason(), 1, Integer::sum));
    PlainText text = new PlainText();
    text.paragraph(
        0, "SNS refused the message about this run for its form. It was to tell, in this Region:");
    counts.forEach((reason, count) -> text.line(2, "%s: %d".formatted(reason, count)));
    text.blank().line(0, "List all identities, worst first:");
    text.line(2, "GET /v1/identities?region=%s".formatted(region));
    long rejected =
        identityNotices.stream()
            .filter(told -> told.state().effectState().effect() == Effect.REJECTED)
            .count();
    return new Topics.Message(
        fit(
            "%s: %d notices%s"
                .formatted(
                    region,
                    identityNotices.size() + runNotices.size(),
                    rejected == 0
                        ? ""
                        : ", mail of %d identities is rejected".formatted(rejected))),
        text.toString(),
        Map.of());
  }

  private static Map<String, String> attributes(IdentityState state, Notice notice) {
    return Map.of(
        "reason",
        notice.reason().name(),
        "severity",
        notice.severity().name().toLowerCase(Locale.ROOT),
        "effect",
        notice.effect().name(),
        "region",
        state.key().region());
  }

  private static String subject(IdentityState state, Notice notice) {
    String head = "%s %s: ".formatted(word(notice.severity()), state.key().region());
    String tail = ": " + IdentityText.title(notice);
    int room = MAX_SUBJECT - head.length() - tail.length();
    return fit(
        head + PlainText.shortened(state.key().name().value(), Math.max(room, MIN_NAME)) + tail);
  }
}
