package mailfrom.app.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.Narrowing;
import mailfrom.app.advice.PlainText;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import org.jspecify.annotations.Nullable;

/**
 * The messages, from what is to be told: for people one a run and Region, for machines one each.
 *
 * @param links where their readers find more
 * @param policy what heals without anybody
 */
public record AlertTexts(String account, Links links, HealPolicy policy) {
  /** SNS takes 99 characters. */
  static final int MAX_SUBJECT = 99;

  /** What a phone shows of a subject: who or how many, and what. */
  static final int SHOWN_OF_SUBJECT = 60;

  private static final int MIN_NAME = 20;
  private static final String TEST = "TEST ";
  private static final String TEST_ATTRIBUTE = "test";
  private static final int MAX_LABELS = 5;

  /**
   * The message to people about a run of a Region, worst first.
   *
   * @param told several of one identity are told as one, in their order
   * @param left how many identities of the Region are still in trouble; null: not known
   */
  public Message alert(
      String region,
      Collection<IdentityNotice> told,
      List<RunNotice> runNotices,
      @Nullable Integer left) {
    List<Group> groups = Group.of(told, policy, left);
    List<RunNotice> runs =
        runNotices.stream().sorted(Comparator.comparing(RunNotice::severity).reversed()).toList();
    boolean runsFirst =
        !runs.isEmpty()
            && (groups.isEmpty()
                || runs.getFirst().severity().compareTo(groups.getFirst().head().severity()) > 0);
    String subject = subject(region, groups, runs, runsFirst);
    return new Message(
        subject,
        PeopleText.of(account, region, groups, runs, runsFirst, left, links, policy),
        Map.of(),
        ChatJson.of(subject, account, region, groups, runs, runsFirst, links, policy));
  }

  private static String subject(
      String region, List<Group> groups, List<RunNotice> runs, boolean runsFirst) {
    StringBuilder words = new StringBuilder();
    if (runsFirst) {
      words.append(RunTexts.title(runs.getFirst()));
      Group.counts(groups).forEach((what, count) -> words.append(", " + what.formatted(count)));
    } else {
      words.append(groups.size() == 1 ? title(groups.getFirst()) : counted(groups));
      runs.forEach(run -> words.append(", " + RunTexts.title(run)));
    }
    Severity worst = runsFirst ? runs.getFirst().severity() : groups.getFirst().head().severity();
    return fit(words.toString(), " (%s, %s)".formatted(worst, region));
  }

  /** A long name gives way, so that a phone shows what is so of it. */
  private static String title(Group group) {
    int room = SHOWN_OF_SUBJECT - group.title("").length();
    return group.title(PlainText.shortened(group.first().name(), Math.max(room, MIN_NAME)));
  }

  private static String counted(List<Group> groups) {
    return String.join(
        ", ",
        Group.counts(groups).entrySet().stream()
            .map(one -> one.getKey().formatted(one.getValue()))
            .toList());
  }

  /** As SNS takes a subject: ASCII without control characters, at most 99. */
  private static String fit(String words, String tail) {
    String ascii = ascii(words);
    int room = MAX_SUBJECT - tail.length();
    return ascii.length() <= room ? ascii + tail : ascii.substring(0, room - 3) + "..." + tail;
  }

  private static String fit(String words) {
    return PlainText.shortened(ascii(words), MAX_SUBJECT);
  }

  private static String ascii(String words) {
    StringBuilder ascii = new StringBuilder(words.length());
    words.codePoints().forEach(c -> ascii.append(c < ' ' || c > '~' ? '?' : (char) c));
    return ascii.toString().strip();
  }

  /** The message to machines about one identity. */
  public Message notice(IdentityState state, Notice notice) {
    Map<String, String> attributes = new TreeMap<>();
    Desired desired = state.desired();
    if (desired != null) {
      desired.labels().entrySet().stream()
          .filter(label -> !label.getKey().isEmpty() && !label.getValue().isEmpty())
          .limit(MAX_LABELS)
          .forEach(label -> attributes.put(label.getKey(), label.getValue()));
    }
    attributes.putAll(attributes(state, notice));
    return new Message(
        subject(state, notice), json().full(state, notice).text(), Map.copyOf(attributes));
  }

  private NoticeJson json() {
    return new NoticeJson(links);
  }

  /** The message to machines about a run. */
  public Message notice(String region, RunNotice notice) {
    return new Message(
        subject(region, notice),
        json().ofRun(account, region, notice).text(),
        Map.of(
            "reason",
            notice.reason().name(),
            "severity",
            JsonWriter.word(notice.severity()),
            "region",
            region));
  }

  /** A message to people as a test, which says so first. */
  public Message test(Message message, Caller caller, String words) {
    return testText(message.subject(), caller, words, "\n" + message.text());
  }

  /** A test of the topic where CloudWatch's alarms go. */
  public Message testOfOperations(Caller caller) {
    Message mail =
        testText(
            "messages about this system arrive",
            caller,
            "Nothing is wrong, and nothing is to be done. CloudWatch's alarms about this system"
                + " come here.",
            "");
    return new Message(mail.subject(), mail.text(), mail.attributes());
  }

  private static Message testText(String subject, Caller caller, String words, String rest) {
    PlainText text = new PlainText();
    text.paragraph(
        0,
        "This is a test, asked for by %s at %s. %s"
            .formatted(caller.arn(), Times.minute(caller.at()), words));
    String marked = fit(TEST + subject);
    return new Message(
        marked,
        text + rest,
        Map.of(TEST_ATTRIBUTE, "true"),
        ChatJson.plain(PlainText.inert(marked), ChatJson.code(words)));
  }

  /** A notice about an identity as a test. */
  public Message testNotice(IdentityState state, Notice notice) {
    return testNotice(notice(state, notice), json().full(state, notice));
  }

  /** A notice about a run as a test. */
  public Message testNotice(String region, RunNotice notice) {
    return testNotice(notice(region, notice), json().ofRun(account, region, notice));
  }

  /** Marked by a field and an attribute that no other notice has. */
  private static Message testNotice(Message message, JsonWriter json) {
    Map<String, String> attributes = new TreeMap<>(message.attributes());
    attributes.put(TEST_ATTRIBUTE, "true");
    return new Message(
        fit(TEST + message.subject()), json.put("test", true).text(), Map.copyOf(attributes));
  }

  /** What is sent to machines when SNS refused a notice for its form. */
  public Message minimal(IdentityState state, Notice notice) {
    return new Message(
        "%s: see the notice".formatted(notice.reason()),
        json().minimal(state, notice).text(),
        attributes(state, notice));
  }

  /** What is sent to people when SNS refused their message for its form: counts, and no names. */
  public Message minimal(
      String region, List<IdentityNotice> identityNotices, List<RunNotice> runNotices) {
    Map<Reason, Integer> counts = new TreeMap<>();
    identityNotices.forEach(told -> counts.merge(told.notice().reason(), 1, Integer::sum));
    runNotices.forEach(notice -> counts.merge(notice.reason(), 1, Integer::sum));
    PlainText text = new PlainText();
    text.paragraph(
        0, "SNS refused the message about this run for its form. It was to tell, in this Region:");
    counts.forEach((reason, count) -> text.line(2, "%s: %d".formatted(reason, count)));
    text.blank();
    Narrowing.of(region)
        .list()
        .words(links)
        .ifPresent(words -> text.line(0, "List all, worst first:").command(2, words));
    text.line(0, "Console: " + Links.console(region));
    long rejected =
        identityNotices.stream()
            .filter(told -> told.state().effectState().effect() == Effect.REJECTED)
            .count();
    String notices = identityNotices.size() + runNotices.size() == 1 ? "notice" : "notices";
    return new Message(
        fit(
            "%d %s%s"
                .formatted(
                    identityNotices.size() + runNotices.size(),
                    notices,
                    rejected == 0 ? "" : ", mail of %d rejected".formatted(rejected)),
            " (%s)".formatted(region)),
        text.toString(),
        Map.of());
  }

  private static Map<String, String> attributes(IdentityState state, Notice notice) {
    return Map.of(
        "reason",
        notice.reason().name(),
        "severity",
        JsonWriter.word(notice.severity()),
        "effect",
        notice.effect().name(),
        "region",
        state.key().region());
  }

  /** Who or how many and what, of one identity. */
  static String subject(IdentityState state, Notice notice) {
    Group alone =
        Group.of(List.of(new IdentityNotice(state, notice)), HealPolicy.NOTHING, null).getFirst();
    return fit(title(alone), " (%s, %s)".formatted(notice.severity(), state.key().region()));
  }

  static String subject(String region, RunNotice notice) {
    return fit(RunTexts.title(notice), " (%s, %s)".formatted(notice.severity(), region));
  }
}
