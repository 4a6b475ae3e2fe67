package mailfrom.app.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.PlainText;
import mailfrom.app.advice.Step;
import mailfrom.app.json.JsonWriter;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;

/**
 * A message to people as Amazon Q in chat applications takes it: short, the worst first, in a
 * thread of its incident.
 *
 * <p>Slack and Teams read different dialects, so nothing here is bold and each address is bare.
 * What others wrote stands as code: there no mention, no emoji and no link is read out of it.
 */
final class ChatJson {
  /** A section of Slack holds 3,000 characters. */
  static final int LONGEST_DESCRIPTION = 2800;

  static final int LONGEST_TITLE = 250;
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_STEP = 600;
  private static final int MOST_STEPS = 5;
  private static final int MOST_RESOURCES = 10;
  private static final int MOST_NAMED = 10;

  /** A command that is too long for chat, or that chat would change. */
  private static final String IN_THE_MAIL = " the mail has the command.";

  private final String region;
  private final Links links;
  private final HealPolicy policy;
  private final StringBuilder description = new StringBuilder();

  private ChatJson(String region, Links links, HealPolicy policy) {
    this.region = region;
    this.links = links;
    this.policy = policy;
  }

  /**
   * The form.
   *
   * @param subject of the mail
   * @param groups worst first
   * @param runs worst first
   */
  static String of(
      String subject,
      String account,
      String region,
      List<Group> groups,
      List<RunNotice> runs,
      boolean runsFirst,
      Links links,
      HealPolicy policy) {
    ChatJson chat = new ChatJson(region, links, policy);
    if (runsFirst) {
      runs.forEach(chat::run);
    }
    groups.forEach(chat::group);
    if (!runsFirst) {
      runs.forEach(chat::run);
    }
    chat.description.append(
        groups.size() == 1 && groups.getFirst().size() == 1
            ? links.of(groups.getFirst().first().key())
            : links.of(region));
    Reason reason =
        runsFirst ? runs.getFirst().reason() : groups.getFirst().first().main().reason();
    Severity severity =
        runsFirst ? runs.getFirst().severity() : groups.getFirst().head().severity();
    String thread =
        runsFirst ? thread(account, region, runs.getFirst()) : groups.getFirst().thread();
    JsonWriter json = new JsonWriter().put("version", "1.0").put("source", "custom");
    json.object("content")
        .put("textType", "client-markdown")
        .put(
            "title",
            cut(
                sign(reason, severity) + " " + chat.title(subject, groups, runsFirst),
                LONGEST_TITLE))
        .put("description", chat.description.toString())
        .array("nextSteps");
    (runsFirst ? Stream.<String>of() : chat.steps(groups.getFirst()).stream())
        .limit(MOST_STEPS)
        .forEach(json::add);
    json.end().array("keywords").add(region).add(severity.name()).end().end();
    json.object("metadata")
        .put("threadId", thread)
        .put("summary", PlainText.inert(subject))
        .put("eventType", reason)
        .array("relatedResources");
    groups.stream()
        .flatMap(group -> group.members().stream())
        .limit(MOST_RESOURCES)
        .forEach(told -> json.add(Links.arn(told.key())));
    json.end()
        .object("additionalContext")
        .put("account", account)
        .put("region", region)
        .put("severity", JsonWriter.word(severity))
        .put("identities", String.valueOf(Group.size(groups)))
        .end()
        .put("enableCustomActions", false)
        .end();
    return json.text();
  }

  /** A message that is no more than words. */
  static String plain(String subject, String description) {
    return new JsonWriter()
        .put("version", "1.0")
        .put("source", "custom")
        .object("content")
        .put("textType", "client-markdown")
        .put("title", cut(subject, LONGEST_TITLE))
        .put("description", cut(description, LONGEST_DESCRIPTION))
        .end()
        .text();
  }

  /** What began and what ended it are one thread. */
  private static String thread(String account, String region, RunNotice run) {
    return RunTexts.incident(account, region, run.reason())
        .orElseGet(() -> Notice.hash("%s|%s|%s".formatted(account, region, run.reason().begun())));
  }

  private static String sign(Reason reason, Severity severity) {
    if (reason.kind() == Reason.Kind.END || reason.isOver()) {
      return ":white_check_mark:";
    }
    return switch (severity) {
      case CRITICAL -> ":rotating_light:";
      case WARNING -> ":warning:";
      case INFO -> ":information_source:";
    };
  }

  private String title(String subject, List<Group> groups, boolean runsFirst) {
    return groups.size() == 1 && !runsFirst
        ? "%s (%s)".formatted(groups.getFirst().title(name(groups.getFirst())), region)
        : subject;
  }

  private void group(Group group) {
    line("%s: %s".formatted(group.head().severity(), group.title(name(group))));
    group
        .common()
        .forEach((label, values) -> line("%s: %s".formatted(label, words(label, values))));
    if (group.size() == 1) {
      String labels = group.facts().getFirst().get(Facts.LABELS);
      if (labels != null) {
        line("%s: %s".formatted(Facts.LABELS, code(labels)));
      }
    }
    group.members().stream()
        .flatMap(told -> told.notices().stream())
        .flatMap(notice -> Stream.ofNullable(notice.detail()))
        .limit(1)
        .forEach(detail -> line(code(detail)));
    if (group.size() > 1) {
      for (int i = 0; i < Math.min(group.size(), MOST_NAMED); i++) {
        String labels = group.facts().get(i).get(Facts.LABELS);
        line(
            "- "
                + code(group.members().get(i).name())
                + (labels == null ? "" : " " + code(labels)));
      }
      if (group.size() > MOST_NAMED) {
        line("- and %d more".formatted(group.size() - MOST_NAMED));
      }
    }
    line("");
  }

  private static String name(Group group) {
    return code(PlainText.shortened(group.first().name(), LONGEST_NAME));
  }

  /** Facts in words of ours stand as they are; those in words of others as code. */
  private static String words(String label, List<String> values) {
    String all = String.join("; ", values);
    return Facts.isOurs(label) ? all : code(all);
  }

  private void run(RunNotice run) {
    line("%s: %s".formatted(run.severity(), code(RunTexts.title(run))));
    RunTexts.body(run).stream().limit(MOST_NAMED).forEach(text -> line(code(text)));
    line("");
  }

  private List<String> steps(Group worst) {
    List<String> steps = new ArrayList<>();
    Told told = worst.members().get(worst.example(policy));
    for (Step step : told.steps(policy)) {
      if (step.isSaid(links)) {
        List<String> words = new ArrayList<>(List.of(step.kind().words()));
        step.records().forEach(item -> words.add(code(Step.line(item))));
        step.commands().forEach(command -> pasted(command).ifPresent(words::add));
        boolean isBare = words.size() == 1 && !step.commands().isEmpty();
        steps.add(
            isBare ? words.getFirst() + IN_THE_MAIL : cut(String.join(" ", words), LONGEST_STEP));
      }
    }
    return steps;
  }

  /** A command that code would change, or that is cut, could not be pasted: then there is none. */
  private Optional<String> pasted(Command command) {
    return command
        .words(links)
        .map(words -> String.join(" ", words))
        .filter(text -> text.length() < LONGEST_STEP / 2 && code(text).equals("`" + text + "`"))
        .map(ChatJson::code);
  }

  /** One line, as far as there is room; the address at the end always has some. */
  private void line(String words) {
    int room = LONGEST_DESCRIPTION - 300 - description.length();
    if (words.length() < room) {
      description.append(words).append('\n');
    }
  }

  /** Words of others: no mark of theirs is read as one of ours. */
  static String code(String words) {
    return "`"
        + PlainText.printable(words).replace('`', '\'').replace('<', '(').replace('>', ')')
        + "`";
  }

  private static String cut(String words, int length) {
    return words.length() <= length ? words : PlainText.shortened(words, length);
  }
}
