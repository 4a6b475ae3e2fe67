package mailfrom.app.tell;

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
 * in between makes a message come twice, with the same ids; it never loses one.
 */
public final class Publisher {
  private static final int PUBLISHED_AT_ONCE = 8;

  private final AlertTexts texts;
  private final Topics topics;
  private final IdentityStore identities;
  private final IdentityWriter rows;
  private final RegionStore regions;
  private final Tasks tasks;

  /**
   * Makes one.
   *
   * @param texts the messages in words
   * @param rows marks what was delivered
   */
  public Publisher(
      AlertTexts texts,
      Topics topics,
      IdentityStore identities,
      IdentityWriter rows,
      RegionStore regions,
      Tasks tasks) {
    this.texts = texts;
    this.topics = topics;
    this.identities = identities;
    this.rows = rows;
    this.regions = regions;
    this.tasks = tasks;
  }

  /**
   * What was delivered.
   *
   * @param told notices that a topic took, by reason
   * @param failed messages that a topic did not take
   */
  public record Report(Map<Reason, Integer> told, int failed) {}

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

  /** One message to people, each to machines. */
  private Report publish(
      RegionState region, Collection<IdentityState> states, @Nullable Integer left, Instant at) {
    List<IdentityState> owing =
        states.stream()
            .filter(state -> !state.incidentState().owed().isEmpty())
            .sorted(Comparator.comparing(state -> state.key().name()))
            .toList();
    if (owing.isEmpty() && region.owed().isEmpty()) {
      return new Report(Map.of(), 0);
    }
    AtomicInteger failed = new AtomicInteger();
    Map<IdentityKey, Set<String>> toMachines = new ConcurrentHashMap<>();
    Set<String> runsToMachines = ConcurrentHashMap.newKeySet();
    boolean firstReportOwed = false;
    for (RunNotice notice : region.owed()) {
      if (!notice.delivered().contains(Topic.NOTICES)) {
        Message message = texts.notice(region.region(), notice);
        if (taken(Topics.Name.NOTICES, message, null, failed)) {
          runsToMachines.add(notice.id());
        } else {
          firstReportOwed |= notice.reason() == Reason.BASELINE;
        }
      }
    }
    // What a first report counts as told has its start there: nothing overtakes it.
    if (!firstReportOwed) {
      aside(owing, state -> toMachines.put(state.key(), toMachines(state, failed)));
    }
    boolean toPeople = toPeople(region, owing, left, failed);
    Map<Reason, Integer> told = new EnumMap<>(Reason.class);
    mark(owing, toMachines, toPeople, told, at);
    mark(region, runsToMachines, toPeople, told);
    return new Report(told, failed.get());
  }

  /** In order, and none after one that was not taken: a recovery never comes before its start. */
  private Set<String> toMachines(IdentityState state, AtomicInteger failed) {
    Set<String> taken = new HashSet<>();
    for (Notice notice : state.owed(Topic.NOTICES)) {
      if (!taken(
          Topics.Name.NOTICES, texts.notice(state, notice), texts.minimal(state, notice), failed)) {
        break;
      }
      taken.add(notice.id());
    }
    return taken;
  }

  private boolean toPeople(
      RegionState region, List<IdentityState> owing, @Nullable Integer left, AtomicInteger failed) {
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
            texts.minimal(region.region(), told, runs),
            failed);
  }

  /** For NOT_COVERED the identity above; for others none. */
  private @Nullable IdentityState above(IdentityState state) {
    return state.effectState().cause() == Cause.NOT_COVERED
        ? ContextReader.nearestVerifiedAncestor(identities, state.key()).orElse(null)
        : null;
  }

  private boolean taken(
      Topics.Name topic, Message message, @Nullable Message minimal, AtomicInteger failed) {
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
