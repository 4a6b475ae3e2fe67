package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Tasks;
import mailfrom.app.read.ConfirmedReader;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityUpdate;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.Publisher;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
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

  private final Parts parts;

  public EventRun(Parts parts) {
    this.parts = parts;
  }

  /**
   * Reads what the events are about.
   *
   * @param stopAt when to ask nothing more, by the machine's clock
   */
  public RunReport.EventReport run(List<SesEvent> events, Instant stopAt) {
    Instant begun = parts.clock().now();
    Deadline stop = new Deadline(parts.clock(), stopAt);
    Map<String, List<SesEvent>> ofRegions =
        events.stream()
            .filter(event -> parts.watched().contains(event.region()))
            .collect(Collectors.groupingBy(SesEvent::region, TreeMap::new, Collectors.toList()));
    ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    try (Tasks.Scope scope = parts.tasks().open()) {
      Tasks.Lane lane = scope.lane(Math.max(1, ofRegions.size()));
      ofRegions.forEach(
          (region, said) ->
              lane.run(
                  () -> done.add(new OfRegion(region, tasks(region, said), stop, scope).run())));
      lane.join();
    }
    Set<String> failed = new TreeSet<>();
    done.forEach(one -> failed.addAll(one.failed()));
    return new RunReport.EventReport(
        events.stream().map(SesEvent::sentAt).max(Comparator.naturalOrder()).orElse(Instant.EPOCH),
        Duration.between(begun, parts.clock().now()),
        events.size(),
        done.stream().mapToInt(Done::read).sum(),
        failed);
  }

  /** What is said about whom: those that are named, and those whose MAIL FROM domain is. */
  private Map<IdentityName, Task> tasks(String region, List<SesEvent> events) {
    Map<DomainName, Set<IdentityName>> users = users(region, events);
    Map<IdentityName, Task> about = new LinkedHashMap<>();
    for (SesEvent event : events) {
      Set<IdentityName> names = new LinkedHashSet<>(event.names());
      event.mailFromDomains().forEach(domain -> names.addAll(users.getOrDefault(domain, Set.of())));
      names.forEach(name -> about.merge(name, Task.of(event), Task::and));
    }
    return about;
  }

  /** Who uses the MAIL FROM domains that are named. */
  private Map<DomainName, Set<IdentityName>> users(String region, List<SesEvent> events) {
    Map<DomainName, Set<IdentityName>> users = new HashMap<>();
    events.forEach(
        event -> event.mailFromDomains().forEach(name -> users.put(name, new TreeSet<>())));
    if (!users.isEmpty()) {
      try (Stream<IdentityState> rows = parts.identities().ofRegion(region)) {
        rows.forEach(
            row ->
                row.mailFromDomains()
                    .map(users::get)
                    .filter(Objects::nonNull)
                    .forEach(names -> names.add(row.key().name())));
      }
    }
    return users;
  }

  /**
   * What came of the events of a Region.
   *
   * @param read identities that were asked for and answered
   * @param failed the ids of the messages about those that were not
   */
  private record Done(int read, Set<String> failed) {}

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

    static Task of(SesEvent event) {
      return new Task(
          List.of(event.id()), event.happenedAt(), event.sentAt(), event.by(), event.deletes());
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

    Author author() {
      return Author.watchTold(sentAt, by);
    }
  }

  /** The events of one Region. */
  private final class OfRegion {
    private final String region;
    private final Map<IdentityName, Task> about;
    private final Deadline stop;
    private final Tasks.Scope tasks;
    private final RegionState ofRegion;
    private final IdentityWriter rows = new IdentityWriter(parts.identities());
    private final IdentityUpdate update = new IdentityUpdate(rows, parts.policy());
    private final ContextReader contexts = parts.contexts();

    OfRegion(String region, Map<IdentityName, Task> about, Deadline stop, Tasks.Scope tasks) {
      this.region = region;
      this.about = about;
      this.stop = stop;
      this.tasks = tasks;
      this.ofRegion = parts.regions().find(region);
    }

    Done run() {
      if (about.isEmpty()) {
        // A MAIL FROM domain that no identity uses.
        return new Done(0, Set.of());
      }
      Map<IdentityName, IdentityState> toRead = new HashMap<>();
      about.forEach(
          (name, task) -> {
            IdentityState state = rows.fresh(new IdentityKey(parts.account(), region, name));
            if (!wasReadSince(task, state)) {
              toRead.put(name, state.ifNotGone());
            }
          });
      Map<IdentityName, SesReader.Read> reads = new HashMap<>();
      if (!stop.isOver()) {
        reads.putAll(
            parts
                .reader()
                .read(
                    region,
                    toRead.values(),
                    ofRegion.reading().canary(),
                    SesReader.Depth.TROUBLE,
                    latest(),
                    stop.orIn(WAIT_FOR_SLOT)));
      }
      Set<IdentityName> nowhere = readBesideTheList(toRead, reads);
      Set<String> failed = new TreeSet<>();
      ConcurrentLinkedQueue<IdentityState> touched = new ConcurrentLinkedQueue<>();
      Tasks.Lane lane = tasks.lane(LOOKS_AT_ONCE);
      about.forEach(
          (name, task) -> {
            IdentityState before = toRead.get(name);
            if (before == null) {
              return;
            }
            switch (reads.get(name)) {
              case SesReader.Read.Seen(Observation seen) ->
                  lane.run(() -> touched.add(decided(before, seen, task)));
              case SesReader.Read.Unknown(boolean isConfirmed) -> {
                // Without a delete event, or a proof, the next read runs settle it.
                if (task.deletes() && (isConfirmed || nowhere.contains(name))) {
                  lane.run(() -> deleted(before, task).ifPresent(touched::add));
                }
              }
              case SesReader.Read.NotAnswered _ -> failed.addAll(task.messages());
              case null -> failed.addAll(task.messages());
            }
          });
      lane.join();
      if (!touched.isEmpty()) {
        Publisher.Report _ = parts.publisher(rows).publish(ofRegion, touched, latest());
      }
      return new Done(
          (int)
              reads.values().stream()
                  .filter(read -> !(read instanceof SesReader.Read.NotAnswered))
                  .count(),
          failed);
    }

    /**
     * Reads those again for whom SES's answer had nobody. Where the list names nobody else, nobody
     * can be the canary, and a delete event is what stands for one, once no other is known to be
     * there.
     *
     * @return of them, whom a list to its end lacks
     */
    private Set<IdentityName> readBesideTheList(
        Map<IdentityName, IdentityState> toRead, Map<IdentityName, SesReader.Read> reads) {
      ConfirmedReader confirmed = parts.confirmedReader();
      Set<IdentityName> nowhere =
          new HashSet<>(
              confirmed.readBesideTheList(
                  region,
                  toRead.values(),
                  reads,
                  SesReader.Depth.TROUBLE,
                  latest(),
                  stop.orIn(WAIT_FOR_SLOT)));
      Set<IdentityName> deleting = deleting();
      nowhere.retainAll(deleting);
      if (!nowhere.isEmpty() && confirmed.lacksOthers(region, deleting)) {
        nowhere.forEach(
            name -> {
              missed(toRead.get(name));
              reads.remove(name);
            });
      }
      return nowhere;
    }

    private Set<IdentityName> deleting() {
      return about.entrySet().stream()
          .filter(one -> one.getValue().deletes())
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }

    /** Its event comes again; meanwhile it is nobody whom other events have to wait for. */
    private void missed(@Nullable IdentityState before) {
      if (before != null && before.wasSeen() && before.sesView().absences() == 0) {
        IdentityState _ =
            rows.change(
                before,
                fresh ->
                    fresh.isGone() ? fresh : fresh.withSesView(fresh.sesView().withAbsences(1)),
                Author.watch(latest()));
      }
    }

    private Instant latest() {
      return about.values().stream().map(Task::sentAt).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** A read that began later has seen it: the same event again, or one that came late. */
    private boolean wasReadSince(Task task, IdentityState state) {
      boolean onceAbsent = state.sesView().absences() > 0 && !state.isGone();
      if (task.deletes() && onceAbsent) {
        // A listing already missed it once; this delete event explains that, so it is handled
        // although the row is newer.
        return false;
      }
      Instant happenedAt = task.happenedAt();
      Instant complete = ofRegion.reading().lastCompleteAt();
      return happenedAt.isBefore(state.sesView().asOf())
          || (complete != null && happenedAt.isBefore(complete) && state.wasSeen());
    }

    private IdentityState decided(IdentityState before, Observation read, Task task) {
      Live live = read.live() == null ? before.sesView().live() : read.live();
      Optional<DomainName> name = DnsLook.nameToLookAt(before, live);
      DnsView view =
          name.map(domain -> DnsLook.look(parts.dns(), before, live, domain, false)).orElse(null);
      Observation seen =
          new Observation(
              task.sentAt(), read.begunAt(), read.verified(), read.live(), read.dkim(), null, view);
      return update
          .note(
              before,
              IdentityState::ifNotGone,
              new IdentityUpdate.Read(
                  seen, contexts.of(before, name), ofRegion.promoting().stopped(), task.author()))
          .state();
    }

    /** A delete event that a read confirms: deleted at once. */
    private Optional<IdentityState> deleted(IdentityState before, Task task) {
      return before.wasSeen()
          ? Optional.of(
              rows.note(
                  before,
                  state ->
                      state.isGone()
                          ? state
                          : Evaluation.deleted(
                              state, task.by(), task.sentAt(), ofRegion.isBaselined()),
                  task.author()))
          : Optional.empty();
    }
  }
}
