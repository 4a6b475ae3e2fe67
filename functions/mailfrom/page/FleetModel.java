package mailfrom.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mailfrom.app.advice.Command;
import mailfrom.app.advice.Links;
import mailfrom.app.advice.Step;
import mailfrom.app.advice.Steps;
import mailfrom.app.fleet.Attention;
import mailfrom.app.fleet.FleetCounts;
import mailfrom.app.fleet.FleetFact;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.settings.SettingsApi;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.app.store.RegionState;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The fleet: what mail gets now, and who needs somebody, worst first.
 *
 * @param counts identities by whom they need
 * @param shares what mail gets now, in the order of the legend
 * @param next where the list goes on; null: it ends here
 * @param lookedAt how many identities were looked at, when the list goes on for that
 */
record FleetModel(
    Map<Attention, Integer> counts,
    List<Share> shares,
    List<Group> groups,
    Filter filter,
    List<String> regions,
    List<Run> runs,
    List<Trouble> troubles,
    @Nullable Address next,
    @Nullable Integer lookedAt) {

  /** A complete run that is older than this is worth a word. */
  private static final Duration OLD = Duration.ofMinutes(90);

  private static final List<Effect> WORST_FIRST =
      List.of(Effect.REJECTED, Effect.FALLBACK, Effect.UNVERIFIED, Effect.DEFAULT, Effect.CUSTOM);

  /** A part of the fleet by what its mail gets. */
  record Share(Effect effect, int count) {
    String word() {
      return Words.of(effect);
    }

    String look() {
      return "mf-share-" + effect.name().toLowerCase(Locale.ROOT);
    }

    Address address() {
      return Address.of(View.FLEET).with("effect", effect.name());
    }
  }

  /** Those who need the same, and how many there are of them in the whole fleet. */
  record Group(Attention attention, @Nullable Integer count, List<Row> rows) {
    String heading() {
      return Words.heading(attention);
    }

    String mark() {
      return Words.mark(attention);
    }
  }

  /** An identity of the list. */
  record Row(
      IdentityKey key,
      Tag tag,
      String why,
      String since,
      String ago,
      @Nullable String deadline,
      List<String> labels,
      String toDo,
      @Nullable String record,
      int more,
      boolean isManaged,
      @Nullable String drift) {
    String name() {
      return key.name().value();
    }

    Address address() {
      return Address.of(View.IDENTITY)
          .with("region", key.region())
          .with("identity", key.name().value());
    }
  }

  /** The newest run of a Region. */
  record Run(
      String region,
      String at,
      String ago,
      int listed,
      int read,
      int couldNotAsk,
      boolean complete) {}

  /** What stands in the way of watching, and a command that helps. */
  record Trouble(String text, @Nullable String command) {}

  /** What part of the fleet is shown. */
  record Filter(
      @Nullable String name,
      @Nullable Effect effect,
      @Nullable Cause cause,
      @Nullable String label,
      @Nullable String region) {

    static Filter of(Parameters parameters) {
      return new Filter(
          parameters.text("name"),
          parameters.word("effect", Effect.class),
          parameters.word("cause", Cause.class),
          parameters.text("label"),
          parameters.region());
    }

    boolean isEmpty() {
      return name == null && effect == null && cause == null && label == null && region == null;
    }

    Address address() {
      return Address.of(View.FLEET)
          .with("name", name)
          .with("effect", effect == null ? null : effect.name())
          .with("cause", cause == null ? null : cause.name())
          .with("label", label)
          .with("region", region);
    }

    SettingsApi.FleetQuery query(int limit, @Nullable String cursor) {
      Map<FleetFact, Set<String>> facts = new EnumMap<>(FleetFact.class);
      facts.put(FleetFact.EFFECT, effect == null ? Set.of() : Set.of(effect.name()));
      facts.put(FleetFact.CAUSE, cause == null ? Set.of() : Set.of(cause.name()));
      return new SettingsApi.FleetQuery(
          new FleetFilter(one(name), one(label), one(region), facts), limit, cursor);
    }

    private static Set<String> one(@Nullable String text) {
      return text == null ? Set.of() : Set.of(text);
    }

    List<Effect> effects() {
      return Arrays.asList(Effect.values());
    }

    List<Cause> causes() {
      return Arrays.asList(Cause.values());
    }
  }

  static FleetModel of(
      Sources sources, Filter filter, @Nullable String cursor, int limit, Instant now) {
    SettingsApi.Summary summary = sources.fleet().summary(now);
    FleetCounts counted = summary.counts();
    SettingsApi.FleetPage page = sources.fleet().list(filter.query(limit, cursor), now);
    Map<Attention, Integer> counts =
        filter.isEmpty() && cursor == null ? counts(counted, page) : counted.byAttention();
    String next = page.nextCursor();
    return new FleetModel(
        counts,
        WORST_FIRST.stream()
            .map(effect -> new Share(effect, counted.of(effect)))
            .filter(share -> share.count() > 0)
            .toList(),
        groups(page.items(), filter.isEmpty() ? counts : Map.of(), sources.policy(), now),
        filter,
        sources.regions(),
        summary.regions().stream().flatMap(region -> run(region.region(), now).stream()).toList(),
        troubles(summary, sources.links(), now),
        next == null ? null : filter.address().with("cursor", next),
        page.cutAfter());
  }

  /**
   * How many there are of each need. They were counted by the last runs, and events come between
   * two runs: on the first page whoever looks sees all that need somebody, or more than a page.
   */
  private static Map<Attention, Integer> counts(FleetCounts counted, SettingsApi.FleetPage first) {
    Map<Attention, Integer> counts = new EnumMap<>(Attention.class);
    counts.putAll(counted.byAttention());
    Map<Attention, Integer> shown = new EnumMap<>(Attention.class);
    first.items().forEach(item -> shown.merge(Attention.of(item.state()), 1, Integer::sum));
    Attention last =
        first.items().isEmpty()
            ? Attention.CRITICAL
            : Attention.of(first.items().getLast().state());
    for (Attention attention : Attention.values()) {
      int seen = shown.getOrDefault(attention, 0);
      boolean isWhole = attention.compareTo(last) < 0 || first.nextCursor() == null;
      counts.merge(attention, seen, isWhole ? (was, now) -> now : Math::max);
    }
    return counts;
  }

  /** How many identities somebody has to look at now. */
  int urgent() {
    return count(Attention.CRITICAL) + count(Attention.WARNING);
  }

  /** What whoever looks wants to know first. */
  String headline() {
    int urgent = urgent();
    return identities() == 0
        ? "No identity was read yet"
        : urgent == 0
            ? "Nobody is needed now"
            : urgent + (urgent == 1 ? " identity needs" : " identities need") + " somebody now";
  }

  int count(Attention attention) {
    return counts.getOrDefault(attention, 0);
  }

  int identities() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Those who need the same, in a few words each; what nobody needs is left out. */
  String summary() {
    List<String> parts = new ArrayList<>();
    for (Attention attention : Attention.values()) {
      if (count(attention) > 0) {
        parts.add(
            attention == Attention.NONE
                ? count(attention) + " with nothing to do"
                : count(attention) + " " + Words.of(attention));
      }
    }
    return String.join(" · ", parts);
  }

  private static List<Group> groups(
      List<IdentityView> items, Map<Attention, Integer> counts, HealPolicy policy, Instant now) {
    List<Group> groups = new ArrayList<>();
    for (IdentityView item : items) {
      Attention attention = Attention.of(item.state());
      if (groups.isEmpty() || groups.getLast().attention() != attention) {
        groups.add(new Group(attention, counts.get(attention), new ArrayList<>()));
      }
      groups.getLast().rows().add(row(item.state(), policy, now));
    }
    return groups;
  }

  private static Row row(IdentityState state, HealPolicy policy, Instant now) {
    Desired desired = state.desired();
    Instant deadline = state.deadline();
    Instant since = state.effectState().since();
    Step step = Steps.first(Steps.of(state, null, policy)).orElse(null);
    List<RecordToDo> toDo = step == null ? List.of() : step.records();
    return new Row(
        state.key(),
        Tag.of(state),
        Words.why(state),
        Texts.at(since),
        Texts.distance(now, since),
        deadline == null
            ? null
            : deadline.isAfter(now)
                ? "SES looks until %s, %s"
                    .formatted(Texts.at(deadline), Texts.distance(now, deadline))
                : "SES gives up about now",
        desired == null
            ? List.of()
            : desired.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList(),
        step == null ? "" : step.kind().brief(),
        toDo.isEmpty() ? null : Step.line(toDo.getFirst()),
        Math.max(toDo.size() - 1, 0),
        desired != null,
        state.drift() == null ? null : "Somebody set " + Words.of(state.drift().live()));
  }

  private static List<Run> run(RegionState region, Instant now) {
    RegionState.LastRun run = region.reading().last();
    return run == null
        ? List.of()
        : List.of(
            new Run(
                region.region(),
                Texts.at(run.at()),
                Texts.distance(now, run.at()),
                run.listed(),
                run.read(),
                run.couldNotAsk(),
                run.complete()));
  }

  private static List<Trouble> troubles(SettingsApi.Summary summary, Links links, Instant now) {
    List<Trouble> found = new ArrayList<>();
    if (summary.alertsReachNobody()) {
      found.add(
          new Trouble(
              "Nobody is subscribed to the alerts, or nobody has confirmed: they reach nobody.",
              null));
    }
    for (SettingsApi.RegionSummary region : summary.regions()) {
      troubles(region.region(), links, now, found);
    }
    return found;
  }

  private static void troubles(RegionState region, Links links, Instant now, List<Trouble> found) {
    String name = region.region();
    RegionState.LastRun last = region.reading().last();
    RegionState.NotAsked notAsked = region.notAsked();
    Instant complete = region.reading().lastCompleteAt();
    if (last == null) {
      found.add(new Trouble(name + " was not read yet.", null));
    } else if (notAsked.unreachable() != null) {
      found.add(new Trouble(notAsked.unreachable(), null));
    } else if (notAsked.blindSince() != null) {
      found.add(
          new Trouble(
              "%s: SES could not be asked too often since %s. What is below is as it was read last."
                  .formatted(name, Texts.at(notAsked.blindSince())),
              null));
    } else if (complete != null && complete.plus(OLD).isBefore(now)) {
      found.add(
          new Trouble(
              "%s: the newest complete run was %s. What is below may be old."
                  .formatted(name, Texts.distance(now, complete)),
              null));
    }
    if (notAsked.dnsBlindSince() != null) {
      found.add(
          new Trouble(
              "%s: the DNS could not be asked too often since %s. Findings and records may be old."
                  .formatted(name, Texts.at(notAsked.dnsBlindSince())),
              null));
    }
    RegionState.Missing missing = notAsked.missing();
    if (missing != null) {
      found.add(
          new Trouble(
              "%s: missing from SES’s list since %s, and nobody says they were deleted: %s."
                  .formatted(
                      name,
                      Texts.at(missing.since()),
                      Texts.clipped(
                          String.join(
                              ", ", missing.names().stream().map(Object::toString).toList()))),
              null));
    }
    if (!notAsked.cannotWatch().isEmpty()) {
      found.add(
          new Trouble(
              "%s: nobody can ask for %s."
                  .formatted(name, Texts.clipped(String.join(", ", notAsked.cannotWatch()))),
              null));
    }
    Instant held = region.held().heldSince();
    if (held != null) {
      found.add(
          new Trouble(
              "%s: the brake holds repairs back since %s. If they are right, let them go:"
                  .formatted(name, Texts.at(held)),
              Command.release(name).lines(links)));
    }
  }
}
