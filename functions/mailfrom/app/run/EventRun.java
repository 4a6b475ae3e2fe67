package mailfrom.app.run;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mailfrom.app.apply.Healer;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.WritePace;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/**
 * What the queue brings: the identities that events are about are read at once, each once, and
 * decided on as in a read run. Repairs are left to the read run, which has the brake.
 */
public final class EventRun {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(20);
  private static final int LOOKS_AT_ONCE = 32;
  private static final Task NO_TASK =
      new Task(List.of(), Instant.EPOCH, Instant.EPOCH, null, false);

  private final ReadRun.Parts parts;
  private final IdentityWriter rows;
  private final SesReader reader;
  private final ContextReader neighbours;

  public EventRun(ReadRun.Parts parts) {
    this.parts = parts;
    this.rows = new IdentityWriter(parts.identities());
    this.reader = new SesReader(parts.ses(), parts.pace(), parts.clock());
    this.neighbours = new ContextReader(parts.identities(), parts.regionStates(), parts.regions());
  }

  /**
   * Reads what the changes are about.
   *
   * @param stopAt when to ask nothing more, by the machine's clock
   */
  public RunReport.EventReport run(List<SesEvent> changes, Instant stopAt) {
    Instant begun = parts.clock().now();
    Map<String, Map<IdentityName, Task>> tasks = new TreeMap<>();
    for (SesEvent change : changes) {
      if (parts.regions().contains(change.region())) {
        for (IdentityName name : change.names()) {
          tasks
              .computeIfAbsent(change.region(), region -> new LinkedHashMap<>())
              .merge(name, Task.of(change), Task::and);
        }
      }
    }
    List<OfRegion> done = new ArrayList<>();
    Lanes.Lane lane = parts.lanes().lane(Math.max(1, tasks.size()));
    tasks.forEach(
        (region, ofRegion) -> {
          OfRegion work = new OfRegion(region, stopAt);
          done.add(work);
          lane.run(() -> work.run(ofRegion));
        });
    lane.join();
    Set<String> failed = new TreeSet<>();
    int read = 0;
    for (OfRegion work : done) {
      failed.addAll(work.failed);
      read += work.read;
    }
    Instant at =
        changes.stream().map(SesEvent::sentAt).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    return new RunReport.EventReport(
        at, Duration.between(begun, parts.clock().now()), changes.size(), read, failed);
  }

  /**
   * All that the messages say about one identity.
   *
   * @param by of the newest of them
   */
  private record Task(
      List<String> messages,
      Instant happenedAt,
      Instant sentAt,
      @Nullable String by,
      boolean deletes) {

    static Task of(SesEvent change) {
      return new Task(
          List.of(change.id()),
          change.happenedAt(),
          change.sentAt(),
          change.by(),
          change.deletes());
    }

    Task and(Task other) {
      List<String> both = new ArrayList<>(messages);
      both.addAll(other.messages);
      boolean otherIsNewer = !other.happenedAt.isBefore(happenedAt);
      Task newer = otherIsNewer ? other : this;
      Task older = otherIsNewer ? this : other;
      return new Task(
          both,
          newer.happenedAt,
          sentAt.isAfter(other.sentAt) ? sentAt : other.sentAt,
          newer.by == null ? older.by : newer.by,
          deletes || other.deletes);
    }
  }

  /** The events of one Region. */
  private final class OfRegion {
    private final String region;
    private final Instant stopAt;
    private final Set<String> failed = new TreeSet<>();
    private final List<IdentityState> touched = new ArrayList<>();
    private int read;

    OfRegion(String region, Instant stopAt) {
      this.region = region;
      this.stopAt = stopAt;
    }

    void run(Map<IdentityName, Task> tasks) {
      RegionState ofRegion = parts.regionStates().find(region);
      List<IdentityName> toRead = new ArrayList<>();
      Map<IdentityName, IdentityState> states = new HashMap<>();
      tasks.forEach(
          (name, task) -> {
            IdentityState state = rows.fresh(new IdentityKey(parts.account(), region, name));
            if (!wasReadSince(task, state, ofRegion)) {
              states.put(name, state.ifNotGone());
              toRead.add(name);
            }
          });
      for (int from = 0; from < toRead.size(); from += Ses.BATCH) {
        List<IdentityName> batch = toRead.subList(from, Math.min(from + Ses.BATCH, toRead.size()));
        if (!batch(batch, states, tasks)) {
          batch.forEach(name -> failed.addAll(tasks.getOrDefault(name, NO_TASK).messages()));
        }
      }
      if (!touched.isEmpty()) {
        new Publisher(parts, new WritePace(parts.clock()))
            .publish(ofRegion, touched, latest(tasks.values()));
      }
    }

    private static Instant latest(Collection<Task> tasks) {
      return tasks.stream().map(Task::sentAt).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** A read that began later has seen it: the same event again, or one that came late. */
    private static boolean wasReadSince(Task task, IdentityState state, RegionState ofRegion) {
      boolean onceAbsent = state.sesView().absences() > 0 && !state.isGone();
      if (task.deletes() && onceAbsent) {
        // A listing missed it already: this is what it was missed for.
        return false;
      }
      Instant happenedAt = task.happenedAt();
      Instant complete = ofRegion.lastCompleteAt();
      return happenedAt.isBefore(state.sesView().asOf())
          || (complete != null && happenedAt.isBefore(complete) && state.wasSeen());
    }

    /** Whether SES could be asked. */
    private boolean batch(
        List<IdentityName> batch,
        Map<IdentityName, IdentityState> states,
        Map<IdentityName, Task> tasks) {
      Instant begunAt = parts.clock().now();
      if (!begunAt.isBefore(stopAt)
          || !(reader.ask(
                  region,
                  SesOperation.GET_MAIL_FROM,
                  WAIT_FOR_SLOT,
                  () -> parts.ses().mailFrom(region, batch))
              instanceof CallResult.Answered<Ses.MailFrom>(Ses.MailFrom answer))) {
        return false;
      }
      Map<IdentityName, Live> live = answer.live();
      List<IdentityName> toVerify = new ArrayList<>();
      List<IdentityName> unsigned = new ArrayList<>();
      live.forEach(
          (name, seen) -> {
            if (!states.getOrDefault(name, unseen(name)).sesView().isVerified()
                || !seen.isSuccess()) {
              toVerify.add(name);
            }
            if (!seen.isSuccess()) {
              unsigned.add(name);
            }
          });
      Map<IdentityName, Boolean> verified = new HashMap<>();
      if (!toVerify.isEmpty()) {
        if (!(reader.ask(
                region,
                SesOperation.GET_VERIFICATION,
                WAIT_FOR_SLOT,
                () -> parts.ses().verified(region, toVerify))
            instanceof CallResult.Answered<Map<IdentityName, Boolean>>(var facts))) {
          return false;
        }
        // SES leaves out what it does not know.
        toVerify.forEach(name -> verified.put(name, facts.getOrDefault(name, false)));
      }
      Map<IdentityName, Boolean> signs = dkim(unsigned);
      Lanes.Lane lane = parts.lanes().lane(LOOKS_AT_ONCE);
      List<IdentityState> stored = new ArrayList<>();
      for (IdentityName name : batch) {
        IdentityState before = states.getOrDefault(name, unseen(name));
        Task task = tasks.getOrDefault(name, NO_TASK);
        Live seen = live.get(name);
        if (seen != null) {
          lane.run(
              () -> {
                IdentityState after =
                    decide(before, seen, begunAt, verified.get(name), signs.get(name), task);
                synchronized (stored) {
                  stored.add(after);
                }
              });
        } else if (!answer.unknownWords().containsKey(name) && task.deletes()) {
          lane.run(
              () ->
                  deleted(before, task)
                      .ifPresent(
                          after -> {
                            synchronized (stored) {
                              stored.add(after);
                            }
                          }));
        }
      }
      lane.join();
      touched.addAll(stored);
      read += batch.size();
      return true;
    }

    private Map<IdentityName, Boolean> dkim(List<IdentityName> names) {
      return !names.isEmpty()
              && reader.ask(
                      region,
                      SesOperation.GET_DKIM,
                      WAIT_FOR_SLOT,
                      () -> parts.ses().dkimSigns(region, names))
                  instanceof CallResult.Answered<Map<IdentityName, Boolean>>(var facts)
          ? facts
          : Map.of();
    }

    private IdentityState decide(
        IdentityState before,
        Live seen,
        Instant begunAt,
        @Nullable Boolean verified,
        @Nullable Boolean signs,
        Task task) {
      var name = DnsLook.nameToLookAt(before, seen);
      DnsView view =
          name.map(domain -> DnsLook.look(parts.dns(), before, seen, domain)).orElse(null);
      Observation observation =
          new Observation(task.sentAt(), begunAt, verified, seen, signs, null, view);
      EvaluationContext around = neighbours.of(before, name);
      IdentityState after = Evaluation.evaluate(before, observation, around, task.by());
      Plan plan =
          after.plan(
              parts.policy(), parts.regionStates().find(region).promotingStopped(), task.sentAt());
      boolean toDo =
          after.desiredState() != null
              && after.healingState().intent() == null
              && plan instanceof Plan.Call
              && !Healer.heals(plan);
      return rows.note(
          before,
          state -> Evaluation.evaluate(state.ifNotGone(), observation, around, task.by()),
          new IdentityWriter.Cause(
              "watch", task.sentAt(), false, toDo ? task.sentAt() : null, task.by()));
    }

    /** A delete event that a read confirms: deleted at once. */
    private Optional<IdentityState> deleted(IdentityState before, Task task) {
      boolean baselined = parts.regionStates().find(region).baselinedAt() != null;
      return before.wasSeen()
          ? Optional.of(
              rows.note(
                  before,
                  state ->
                      state.isGone() ? state : Evaluation.deleted(state, task.sentAt(), baselined),
                  new IdentityWriter.Cause("watch", task.sentAt(), false, null, task.by())))
          : Optional.empty();
    }

    private IdentityState unseen(IdentityName name) {
      return IdentityState.unseen(new IdentityKey(parts.account(), region, name));
    }
  }
}
