package mailfrom.app.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Narrowing;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * Identities of which the same is told in one message.
 *
 * @param members by name; at least one
 * @param facts of each member, in the same order
 * @param differing labels of facts that are not the same for all
 */
record Group(
    Head head, List<Told> members, List<Map<String, String>> facts, Set<String> differing) {
  /** So many values of a fact are worth a line each. */
  private static final int MOST_VALUES = 3;

  /**
   * What is the same for all.
   *
   * @param badness the lower, the sooner to be read
   * @param why with what else there is to say of it
   * @param happened what is told and when, the newest last
   * @param above for NOT_COVERED the identity above
   */
  record Head(
      boolean healing,
      Severity severity,
      int badness,
      String many,
      String brief,
      String why,
      List<Happened> happened,
      @Nullable IdentityName above) {}

  /** That something is told, and when it was decided. */
  record Happened(Reason reason, String minute) {}

  private static final Comparator<Group> WORST_FIRST =
      Comparator.comparing((Group group) -> group.head().healing())
          .thenComparing(group -> group.head().severity(), Comparator.reverseOrder())
          .thenComparingInt(group -> group.head().badness())
          .thenComparing(Group::newest, Comparator.reverseOrder())
          .thenComparing(group -> group.members().getFirst().name());

  /**
   * Groups of what is told, worst first.
   *
   * @param left how many identities of the Region are still in trouble; null: not known
   */
  static List<Group> of(Collection<IdentityNotice> all, HealPolicy policy, @Nullable Integer left) {
    Map<Object, List<IdentityNotice>> byIdentity = new LinkedHashMap<>();
    all.forEach(
        one -> byIdentity.computeIfAbsent(one.state().key(), _ -> new ArrayList<>()).add(one));
    List<Told> told = byIdentity.values().stream().map(Told::of).toList();
    Instant firstDeadline =
        told.stream()
            .map(Told::main)
            .filter(notice -> notice.reason() == Reason.LAST_CHANCE)
            .map(Notice::deadline)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
    Map<Head, List<Told>> byHead = new LinkedHashMap<>();
    told.forEach(
        one ->
            byHead
                .computeIfAbsent(head(one, firstDeadline, left), _ -> new ArrayList<>())
                .add(one));
    return byHead.entrySet().stream()
        .map(group -> of(group.getKey(), group.getValue(), policy))
        .sorted(WORST_FIRST)
        .toList();
  }

  private static Group of(Head head, List<Told> members, HealPolicy policy) {
    List<Told> byName =
        members.stream().sorted(Comparator.comparing(one -> one.key().name())).toList();
    List<Map<String, String>> facts = byName.stream().map(one -> Facts.of(one, policy)).toList();
    Set<String> differing =
        Stream.of(Facts.SINCE, Facts.FROM)
            .filter(label -> facts.stream().map(one -> one.get(label)).distinct().count() > 1)
            .collect(Collectors.toUnmodifiableSet());
    return new Group(head, byName, facts, differing);
  }

  private static Head head(Told told, @Nullable Instant firstDeadline, @Nullable Integer left) {
    boolean isOver = told.main().reason() == Reason.RECOVERED;
    return new Head(
        told.isHealing(),
        told.severity(),
        Phrase.badness(told),
        Phrase.of(told, firstDeadline).many(),
        Phrase.of(told, firstDeadline).brief(),
        isOver ? Phrase.left(left) : Phrase.why(told) + Phrase.mark(told),
        told.notices().stream()
            .map(notice -> new Happened(notice.reason(), Times.minute(notice.at())))
            .toList(),
        told.main().cause() == Cause.NOT_COVERED && told.above() != null
            ? told.above().key().name()
            : null);
  }

  private Instant newest() {
    return members.stream()
        .map(one -> one.main().since())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  int size() {
    return members.size();
  }

  Told first() {
    return members.getFirst();
  }

  /** Who or how many, and what, in a few words. */
  String title(String name) {
    String words =
        size() == 1
            ? Phrase.of(first(), null).one().formatted(name)
            : head.many().formatted(size());
    return words + head.why();
  }

  /** Whose example is shown: one that has something to publish, or else the first. */
  int example(HealPolicy policy) {
    for (int i = 0; i < size(); i++) {
      if (members.get(i).steps(policy).stream().anyMatch(step -> !step.records().isEmpty())) {
        return i;
      }
    }
    return 0;
  }

  /** What all or most have in common, by label: each value with how many have it. */
  Map<String, List<String>> common() {
    Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
    for (Map<String, String> one : facts) {
      one.forEach(
          (label, value) ->
              counts
                  .computeIfAbsent(label, _ -> new LinkedHashMap<>())
                  .merge(value, 1, Integer::sum));
    }
    Map<String, List<String>> common = new LinkedHashMap<>();
    counts.forEach(
        (label, values) -> {
          List<String> shared = label.equals(Facts.LABELS) ? List.of() : shared(values);
          if (!shared.isEmpty()) {
            common.put(label, shared);
          }
        });
    return common;
  }

  private List<String> shared(Map<String, Integer> values) {
    return values.entrySet().stream()
        .filter(value -> values.size() <= MOST_VALUES || value.getValue() > 1)
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(MOST_VALUES)
        .map(
            value ->
                value.getValue() == size()
                    ? value.getKey()
                    : "%s (%d of %d)".formatted(value.getKey(), value.getValue(), size()))
        .toList();
  }

  /** What a line says of a member besides its name: whose it is, and what it alone has. */
  String beside(int index) {
    Map<String, String> own = facts.get(index);
    List<String> words = new ArrayList<>();
    if (own.containsKey(Facts.LABELS)) {
      words.add(own.get(Facts.LABELS));
    }
    boolean isLastChance = head.happened().getLast().reason() == Reason.LAST_CHANCE;
    for (String label : List.of(Facts.SINCE, Facts.FROM)) {
      String value = own.get(label);
      if (value != null && !isLastChance && differing.contains(label)) {
        words.add("%s %s".formatted(label.toLowerCase(Locale.ROOT), value));
      }
    }
    Instant deadline = members.get(index).main().deadline();
    if (deadline != null && isLastChance) {
      words.add("until " + Times.minute(deadline));
    }
    members.get(index).notices().stream()
        .map(Notice::detail)
        .filter(Objects::nonNull)
        .forEach(words::add);
    return String.join("; ", words);
  }

  /** Lists these; what is over is in the message, and what is left is worth a list. */
  Command list() {
    Narrowing region = Narrowing.of(first().key().region());
    return first().main().reason().kind() == Reason.Kind.END
        ? region.left().list()
        : region.to(members.stream().map(Told::state).toList()).list();
  }

  /** What they are counted as beside others: words by how many, worst first. */
  static Map<String, Integer> counts(List<Group> groups) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    groups.forEach(group -> counts.merge(group.head().brief(), group.size(), Integer::sum));
    return counts;
  }

  static int size(List<Group> groups) {
    return groups.stream().mapToInt(Group::size).sum();
  }

  /** The chat thread of the worst: one for all that began at once. */
  String thread() {
    Told worst = first();
    return members.stream()
        .flatMap(one -> Stream.ofNullable(one.main().incident()))
        .map(Notice.About::startedAt)
        .min(Comparator.naturalOrder())
        .map(
            start ->
                Notice.hash(
                    "%s|%s|%s".formatted(worst.key().account(), worst.key().region(), start)))
        .orElseGet(() -> Notice.hash(worst.key() + "|" + worst.main().reason().begun()));
  }
}
