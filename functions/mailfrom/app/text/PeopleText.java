package mailfrom.app.text;

import java.util.List;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.Narrowing;
import mailfrom.app.advice.PlainText;
import mailfrom.app.advice.Runbook;
import mailfrom.app.advice.Step;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import org.jspecify.annotations.Nullable;

/** The text of a message to people, as a mail has it: what is worst first, and what to do. */
final class PeopleText {
  /** SNS takes 256 KiB with what JSON escapes and the form for chat beside it. */
  static final int MOST_BYTES = 200_000;

  /** What follows the names: so much is kept free for it. */
  private static final int BYTES_OF_THE_REST = 60_000;

  /** Groups with facts and an example; the further ones have their names. */
  private static final int MOST_EXPLAINED = 12;

  private static final int MOST_FINDINGS = 5;
  private static final int INDENT = 3;

  private final String region;
  private final Links links;
  private final HealPolicy policy;
  private final @Nullable Integer left;
  private final PlainText text = new PlainText();

  private PeopleText(String region, Links links, HealPolicy policy, @Nullable Integer left) {
    this.region = region;
    this.links = links;
    this.policy = policy;
    this.left = left;
  }

  /**
   * The text.
   *
   * @param groups worst first
   * @param runs worst first
   * @param left how many identities of the Region are still in trouble; null: not known
   */
  static String of(
      String account,
      String region,
      List<Group> groups,
      List<RunNotice> runs,
      boolean runsFirst,
      @Nullable Integer left,
      Links links,
      HealPolicy policy) {
    PeopleText mail = new PeopleText(region, links, policy, left);
    mail.head(account, groups, runs);
    if (runsFirst) {
      runs.forEach(mail::run);
    }
    for (int i = 0; i < groups.size(); i++) {
      mail.group(i, groups.get(i));
    }
    if (!runsFirst) {
      runs.forEach(mail::run);
    }
    mail.foot();
    return mail.text.toString();
  }

  private void head(String account, List<Group> groups, List<RunNotice> runs) {
    int identities = Group.size(groups);
    String about =
        identities == 0
            ? runs.size() == 1 ? "about the run." : runs.size() + " messages about the run."
            : identities == 1 ? "1 identity." : identities + " identities, worst first.";
    text.paragraph(0, "%s, account %s: %s".formatted(region, account, about));
    if (groups.size() > 1) {
      Group.counts(groups).forEach((words, count) -> text.line(2, words.formatted(count)));
    }
    if (left != null && identities > 0) {
      text.line(
          0, "Still in trouble in %s: %s.".formatted(region, left == 0 ? "none" : left.toString()));
    }
  }

  private void foot() {
    text.blank();
    if (!links.page().isEmpty()) {
      text.line(0, "Page: " + links.page());
    }
    text.line(0, "Console: " + Links.console(region));
  }

  private void group(int index, Group group) {
    text.blank();
    text.paragraph(
        0,
        3,
        "%d. %s: %s"
            .formatted(index + 1, group.head().severity(), group.title(group.first().name())));
    boolean explained = index < MOST_EXPLAINED;
    for (int i = 0; i < group.head().happened().size(); i++) {
      Group.Happened happened = group.head().happened().get(i);
      String detail = group.size() == 1 ? group.first().notices().get(i).detail() : null;
      String words =
          (explained ? ReasonText.of(happened.reason()).words() + " " : "")
              + (detail == null ? "" : detail);
      text.item(INDENT, "%s at %s:".formatted(happened.reason(), happened.minute()), words.strip());
    }
    int example = explained ? group.example(policy) : 0;
    if (group.size() == 1) {
      group.facts().getFirst().forEach((label, value) -> text.item(INDENT, label + ":", value));
    } else {
      if (explained) {
        group
            .common()
            .forEach(
                (label, values) -> values.forEach(value -> text.item(INDENT, label + ":", value)));
      }
      names(group);
      if (explained) {
        list(group);
        example(group, example);
      }
    }
    if (explained) {
      findings(group.members().get(example));
      group.members().get(example).steps(policy).forEach(this::step);
      group.first().runbook().ifPresent(this::runbook);
      if (group.size() == 1 || !isOver(group)) {
        text.line(INDENT, "Console: " + Links.console(group.members().get(example).key()));
      }
    }
  }

  private void names(Group group) {
    text.line(INDENT, "All %d, by name:".formatted(group.size()));
    for (int i = 0; i < group.size(); i++) {
      if (text.bytes() > MOST_BYTES - BYTES_OF_THE_REST) {
        text.line(
            INDENT + 2, "and %d more: a message has no room for them".formatted(group.size() - i));
        return;
      }
      String beside = group.beside(i);
      text.line(
          INDENT + 2,
          group.members().get(i).name() + (beside.isEmpty() ? "" : "  (%s)".formatted(beside)));
    }
  }

  private void list(Group group) {
    boolean isOver = isOver(group);
    Command list = group.list();
    if (list.words(links).isPresent() && !(isOver && Integer.valueOf(0).equals(left))) {
      text.line(
          INDENT,
          isOver
              ? "List who is left:"
              : Narrowing.isByName(group.size())
                  ? "List these:"
                  : "List all of which this is so now:");
      command(list);
    }
  }

  private static boolean isOver(Group group) {
    return group.first().main().reason().kind() == Reason.Kind.END;
  }

  private void example(Group group, int example) {
    if (!group.members().get(example).steps(policy).isEmpty()) {
      text.line(INDENT, "For example, %s:".formatted(group.members().get(example).name()));
    }
  }

  private void findings(Told told) {
    if (!told.isToBeMended() || told.drift().isPresent()) {
      return;
    }
    MailFromDns dns = MailFromDns.of(told.state());
    List<Finding> worth =
        dns.findings().stream()
            .filter(finding -> !isSaidByARecord(finding.code(), dns.records()))
            .limit(MOST_FINDINGS)
            .toList();
    if (!worth.isEmpty()) {
      text.line(INDENT, "The DNS says:");
      for (Finding finding : worth) {
        text.paragraph(INDENT + 2, INDENT + 4, "- " + finding.code() + ": " + finding.message());
      }
    }
  }

  /** What is only missing stands below as what is to be published. */
  private static boolean isSaidByARecord(FindingCode code, List<RecordToDo> records) {
    return code == FindingCode.REGIONS_DIFFER
        || (code == FindingCode.MX_MISSING && isToBeAdded(RecordType.MX, records))
        || (code == FindingCode.SPF_MISSING && isToBeAdded(RecordType.TXT, records));
  }

  private static boolean isToBeAdded(RecordType type, List<RecordToDo> records) {
    return records.stream()
        .anyMatch(item -> item.type() == type && item.state() == RecordToDo.State.ADD);
  }

  private void step(Step step) {
    if (!step.isSaid(links)) {
      return;
    }
    text.paragraph(INDENT, step.kind().words());
    for (int i = 0; i < step.records().size(); i++) {
      if (i > 0) {
        text.line(INDENT + 2, "and");
      }
      record(step.records().get(i));
    }
    step.commands().forEach(this::command);
  }

  private void command(Command command) {
    command.words(links).ifPresent(words -> text.command(INDENT + 2, words));
  }

  /** As one types it into a DNS console. */
  private void record(RecordToDo item) {
    switch (item.state()) {
      case ADD, PRESENT -> {}
      case REPLACE ->
          text.line(INDENT + 2, "Instead of the %s record there:".formatted(item.type()));
      case REMOVE -> text.line(INDENT + 2, "To be removed:");
    }
    item.host()
        .ifPresent(host -> field("Host", "%s (in the zone %s)".formatted(host, item.zone())));
    field("Full name", item.name().value() + (item.zone() == null ? "." : ""));
    field("Type", item.type().name());
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

  private void runbook(Runbook section) {
    text.line(INDENT, "Runbook: " + links.of(section));
  }

  private void run(RunNotice run) {
    text.blank();
    text.paragraph(0, "%s: %s".formatted(run.severity(), RunTexts.title(run)));
    text.line(INDENT, "%s at %s:".formatted(run.reason(), Times.minute(run.at())));
    RunTexts.body(run)
        .forEach(line -> text.paragraph(line.startsWith(" ") ? INDENT + 2 : INDENT, line));
    for (Step step : ReasonText.of(run.reason()).steps().apply(run, region)) {
      step(step);
    }
    Runbook section = ReasonText.of(run.reason()).runbook();
    if (section != null) {
      runbook(section);
    }
  }
}
