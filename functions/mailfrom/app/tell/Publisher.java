package mailfrom.app.tell;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.app.text.AlertTexts;
import mailfrom.app.text.IdentityNotice;
import mailfrom.app.text.Message;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Delivery: what is owed is published, and only then marked as delivered, topic by topic. A crash
 * in between makes a message come twice, with the same ids; it never loses one. Two runs that meet
 * take turns, and who comes second reads anew what is still owed.
 */
public final class Publisher {
  private static final int PUBLISHED_AT_ONCE = 8;

  /** Whose turn it is not in this time leaves what is owed to the next run. */
  private static final Duration WAIT_FOR_TURN = Duration.ofSeconds(10);

  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(1);

  private final AlertTexts texts;
  private final Topics topics;
  private final IdentityStore identities;
  private final IdentityWriter rows;
  private final RegionStore regions;
  private final Tasks tasks;
  private final MachineClock clock;
  private final Function<String, Lease> leases;

  /**
   * Makes one.
   *
   * @param texts the messages in words
   * @param rows marks what was delivered
   * @param leases by name
   */
  public Publisher(
      AlertTexts texts,
      Topics topics,
      IdentityStore identities,
      IdentityWriter rows,
      RegionStore regions,
      Tasks tasks,
      MachineClock clock,
      Function<String, Lease> leases) {
    this.texts = texts;
    this.topics = topics;
    this.identities = identities;
    this.rows = rows;
    this.regions = regions;
    this.tasks = tasks;
    this.clock = clock;
    this.leases = leases;
  }

  /**
   * What was delivered.
   *
   * @param told notices that a topic took, by reason
   * @param failed messages that a topic did not take
   */
  public record Report(Map<Reason, Integer> told, int failed) {}

  private static final Report NOTHING = new Report(Map.of(), 0);

  /** Publishes what a Region and some of its identities owe. */
  public Report publish(RegionState region, Collection<IdentityState> states, Instant at) {
    return publish(region, states, null, at);
  }

  /** Publishes what a Region and its identities owe, when all of them are known. */
  public Report publishAll(RegionState region, Collection<IdentityState> all, Instant at) {
    int left =
        (int)
            all.stream()
                .filter(
                    state ->
                        state.trouble().filter(one -> one.severity() != Severity.INFO).isPresent())
                .count();
    return publish(region, all, left, at);
  }

  private Report publish(
      RegionState known, Collection<IdentityState> states, @Nullable Integer left, Instant at) {
    List<IdentityState> seen = owing(states.stream());
    if (seen.isEmpty() && known.owed().isEmpty()) {
      return NOTHING;
    }
    try (Lease turn = leases.apply(known.region() + "#tell")) {
      return comes(turn) ? new Turn(turn).publish(seen, known.region(), left, at) : NOTHING;
    }
  }

  private static List<IdentityState> owing(Stream<IdentityState> states) {
    return states
        .filter(state -> !state.incidentState().owed().isEmpty())
        .sorted(Comparator.comparing(state -> state.key().name()))
        .toList();
  }

  private boolean comes(Lease turn) {
    Instant until = clock.now().plus(WAIT_FOR_TURN);
    while (!turn.keep()) {
      Instant now = clock.now();
      if (!now.isBefore(until)) {
        return false;
      }
      clock.sleepUntil(now.plus(ASK_AGAIN_AFTER));
    }
    return true;
  }

  /** What one run tells while nobody else tells of its Region. */
  private final class Turn {
    private final Lease turn;
    private final AtomicInteger failed = new AtomicInteger();

    Turn(Lease turn) {
      this.turn = turn;
    }

    /**
     * One message to people, each to machines.
     *
     * @param seen who owed something before it was this run's turn; one that was touched twice may
     *     be there twice
     */
    Report publish(List<IdentityState> seen, String name, @Nullable Integer left, Instant at) {
      Map<IdentityKey, IdentityState> fresh = new ConcurrentHashMap<>();
      aside(seen, state -> fresh.put(state.key(), rows.fresh(state.key())));
      List<IdentityState> owing = owing(fresh.values().stream());
      RegionState region = regions.find(name);
      Map<IdentityKey, Set<String>> toMachines = new ConcurrentHashMap<>();
      Set<String> runsToMachines = ConcurrentHashMap.newKeySet();
      boolean firstReportOwed = false;
      for (RunNotice notice : region.owed()) {
        if (!notice.delivered().contains(Topic.NOTICES)) {
          Message message = texts.notice(region.region(), notice);
          if (taken(Topics.Name.NOTICES, message, null)) {
            runsToMachines.add(notice.id());
          } else {
            firstReportOwed |= notice.reason() == Reason.BASELINE;
          }
        }
      }
      // What a first report counts as told has its start there: nothing overtakes it.
      if (!firstReportOwed) {
        aside(owing, state -> toMachines.put(state.key(), toMachines(state)));
      }
      boolean toPeople = toPeople(region, owing, left);
      Map<Reason, Integer> told = new EnumMap<>(Reason.class);
      mark(owing, toMachines, toPeople, told, at);
      mark(region, runsToMachines, toPeople, told);
      return new Report(told, failed.get());
    }

    /** In order, and none after one that was not taken: a recovery never comes before its start. */
    private Set<String> toMachines(IdentityState state) {
      Set<String> taken = new HashSet<>();
      for (Notice notice : state.owed(Topic.NOTICES)) {
        if (!taken(
            Topics.Name.NOTICES, texts.notice(state, notice), texts.minimal(state, notice))) {
          break;
        }
        taken.add(notice.id());
      }
      return taken;
    }

    private boolean toPeople(
        RegionState region, List<IdentityState> owing, @Nullable Integer left) {
      List<IdentityNotice> told = new ArrayList<>();
      for (IdentityState state : owing) {
        state
            .owed(Topic.ALERTS)
            .forEach(notice -> told.add(new IdentityNotice(state, notice, above(state))));
      }
      List<RunNotice> runs =
          region.owed().stream()
              .filter(notice -> !notice.delivered().contains(Topic.ALERTS))
              .toList();
      return (told.isEmpty() && runs.isEmpty())
          || taken(
              Topics.Name.ALERTS,
              texts.alert(region.region(), told, runs, left),
              texts.minimal(region.region(), told, runs));
    }

    /** For NOT_COVERED the identity above; for others none. */
    private @Nullable IdentityState above(IdentityState state) {
      return state.effectState().cause() == Cause.NOT_COVERED
          ? ContextReader.nearestVerifiedAncestor(identities, state.key()).orElse(null)
          : null;
    }

    private boolean taken(Topics.Name topic, Message message, @Nullable Message minimal) {
      // Who lost its turn tells nothing more: somebody else does.
      if (!turn.keep()) {
        return false;
      }
      return switch (topics.publish(topic, message)) {
        case Topics.Published.Taken taken -> true;
        case Topics.Published.Failed notTaken -> {
          failed.incrementAndGet();
          yield false;
        }
        // It would never be taken as it is, and must not hold the others up.
        case Topics.Published.FormRefused refused -> {
          failed.incrementAndGet();
          yield minimal == null
              || !(topics.publish(topic, minimal) instanceof Topics.Published.Failed);
        }
      };
    }

    private void mark(
        List<IdentityState> owing,
        Map<IdentityKey, Set<String>> toMachines,
        boolean toPeople,
        Map<Reason, Integer> told,
        Instant at) {
      aside(
          owing,
          state -> {
            List<String> machines = List.copyOf(toMachines.getOrDefault(state.key(), Set.of()));
            List<String> people =
                toPeople ? state.owed(Topic.ALERTS).stream().map(Notice::id).toList() : List.of();
            if (machines.isEmpty() && people.isEmpty()) {
              return;
            }
            IdentityState _ =
                rows.change(
                    state,
                    fresh ->
                        fresh
                            .delivered(Topic.NOTICES, machines, at)
                            .delivered(Topic.ALERTS, people, at),
                    Author.watch(at));
            synchronized (told) {
              state.incidentState().owed().stream()
                  .filter(one -> machines.contains(one.id()) || people.contains(one.id()))
                  .forEach(one -> told.merge(one.reason(), 1, Integer::sum));
            }
          });
    }

    private void aside(List<IdentityState> states, Consumer<IdentityState> task) {
      try (Tasks.Scope scope = tasks.open()) {
        Tasks.Lane lane = scope.lane(PUBLISHED_AT_ONCE);
        states.forEach(state -> lane.run(() -> task.accept(state)));
        lane.join();
      }
    }

    private void mark(
        RegionState region, Set<String> toMachines, boolean toPeople, Map<Reason, Integer> told) {
      Map<String, RunNotice> published = new HashMap<>();
      for (RunNotice notice : region.owed()) {
        RunNotice after = notice;
        if (toMachines.contains(notice.id())) {
          after = after.deliveredTo(Topic.NOTICES);
        }
        if (toPeople) {
          after = after.deliveredTo(Topic.ALERTS);
        }
        if (!after.equals(notice)) {
          told.merge(notice.reason(), 1, Integer::sum);
          published.put(notice.id(), after);
        }
      }
      if (!published.isEmpty()) {
        regions.change(
            region.region(),
            fresh ->
                fresh.owing(
                    fresh.owed().stream()
                        .map(notice -> published.getOrDefault(notice.id(), notice))
                        .filter(RunNotice::isOwed)
                        .toList()));
      }
    }
  }
}
