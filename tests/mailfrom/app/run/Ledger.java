package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.HistoryEntry;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.app.tell.TakenMessages;
import mailfrom.app.text.Times;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.incident.TroubleTable;
import mailfrom.domain.incident.Warning;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * What the table really took, and from that what has to be told: it follows each identity's effect
 * by the trouble table, without looking at what is owed.
 */
final class Ledger extends ForwardingIdentityStore {
  /** The calm runs of a simulation come half an hour apart. */
  private static final Duration LAST_RUN = Duration.ofMinutes(25);

  private final Map<IdentityKey, IdentityState> last = new HashMap<>();
  private final Map<String, Seen> incidents = new LinkedHashMap<>();
  private final Map<String, RunTold> runs = new LinkedHashMap<>();
  private final Map<String, NewNotice> known = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();
  private final Consumer<NewNotice> onNotice;
  private final Set<String> baselined = new HashSet<>();

  /**
   * A notice that is owed since just now.
   *
   * @param incident the one that was open before or is open now; null: none
   */
  record NewNotice(IdentityState state, Notice notice, @Nullable Incident incident) {}

  /** What a Region's runs owe. */
  record RunTold(String region, RunNotice notice) {}

  /** What has to be told of an incident. */
  static final class Seen {
    final IdentityKey key;
    final Instant start;
    final boolean inBaseline;
    final List<Expected> worse = new ArrayList<>();
    boolean flapped;
    boolean ended;
    boolean gone;
    boolean wasTold;
    Trouble told;

    Seen(IdentityKey key, Instant start, boolean inBaseline, Trouble trouble) {
      this.key = key;
      this.start = start;
      this.inBaseline = inBaseline;
      this.told = trouble;
    }
  }

  /** A notice that has to be delivered. */
  record Expected(Reason reason, Instant at, int count) {}

  Ledger(IdentityStore to, Consumer<NewNotice> onNotice) {
    super(to);
    this.onNotice = onNotice;
  }

  @Override
  public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
    Saved saved = super.save(state, history, queuedAt);
    if (saved instanceof Saved.Stored(IdentityState stored)) {
      enter(stored);
    }
    return saved;
  }

  private void enter(IdentityState state) {
    IdentityState before = last.put(state.key(), state);
    for (Notice notice : state.incidentState().owed()) {
      Incident now = state.incidentState().incident();
      Incident open = now != null || before == null ? now : before.incidentState().incident();
      NewNotice owed = new NewNotice(state, notice, open);
      if (known.putIfAbsent(notice.id(), owed) == null) {
        onNotice.accept(owed);
      }
    }
    Incident incident = state.incidentState().incident();
    Optional<Trouble> ill = ill(state);
    Incident old = before == null ? null : before.incidentState().incident();
    if (old != null && (incident == null || !incident.id().equals(old.id()))) {
      end(old, state, ill);
    }
    if (incident != null) {
      goOn(state, incident, ill);
    } else if (isBaselined(state.key()) && ill.isPresent()) {
      broken.add("trouble without an incident: " + state.key().name() + " " + ill.get());
    }
  }

  private boolean isBaselined(IdentityKey key) {
    return baselined.contains(key.region());
  }

  private static Optional<Trouble> ill(IdentityState state) {
    return state.sesView().absences() >= 2
        ? Optional.empty()
        : TroubleTable.decide(
            new TroubleTable.Facts(
                state.effectState().verdict(),
                state.effectState().phase(),
                state.drift() != null,
                state.sesView().dkimSigns(),
                false));
  }

  private void end(Incident old, IdentityState state, Optional<Trouble> ill) {
    Seen seen = incidents.get(old.id());
    if (seen == null) {
      broken.add("an incident that was never stored ended: " + state.key().name());
      return;
    }
    seen.ended = true;
    seen.gone = state.sesView().absences() >= 2;
    // It was to be in the first report of the Region, and was over before that was made.
    seen.wasTold &= isBaselined(state.key());
    if (ill.isPresent() && !seen.gone) {
      broken.add("ended in trouble: " + state.key().name() + " " + ill.get());
    }
  }

  private void goOn(IdentityState state, Incident incident, Optional<Trouble> ill) {
    Seen seen =
        incidents.computeIfAbsent(
            incident.id(),
            id ->
                new Seen(
                    state.key(),
                    incident.startedAt(),
                    incident.reasons().contains(Reason.BASELINE),
                    incident.trouble()));
    seen.flapped |= state.incidentState().flapping();
    seen.wasTold |= incident.wasTold();
    Trouble now = ill.orElse(incident.trouble());
    if ((ill.isEmpty() && now.kind() != TroubleKind.SPF_BROKEN) || seen.flapped) {
      return;
    }
    boolean better =
        seen.told.kind().isMailLost()
            && !now.isWorseThan(seen.told)
            && now.kind() != seen.told.kind();
    if (!isBaselined(state.key()) || better) {
      seen.told = now;
    } else if (now.isWorseThan(seen.told)) {
      seen.worse.add(new Expected(Reason.WORSE, state.sesView().asOf(), seen.worse.size()));
      seen.told = now;
    }
  }

  /** The Regions, watched the same way. */
  RegionStore watching(RegionStore real) {
    return new RegionStore() {
      @Override
      public RegionState find(String region) {
        return real.find(region);
      }

      @Override
      public RegionState change(String region, UnaryOperator<RegionState> change) {
        RegionState after = real.change(region, change);
        if (after.isBaselined()) {
          baselined.add(region);
        }
        after.owed().forEach(notice -> runs.put(notice.id(), new RunTold(region, notice)));
        return after;
      }

      @Override
      public void keepReceipts(String region, Receipts receipts) {
        real.keepReceipts(region, receipts);
      }

      @Override
      public Optional<Receipts> receipts(String region, DomainName domain) {
        return real.receipts(region, domain);
      }

      @Override
      public void keepRun(String region, RegionState.LastRun run) {
        real.keepRun(region, run);
      }

      @Override
      public List<RegionState.LastRun> runs(String region, Instant from, Instant until) {
        return real.runs(region, from, until);
      }

      @Override
      public List<Silence> silences() {
        return real.silences();
      }

      @Override
      public void keep(Silence silence) {
        real.keep(silence);
      }

      @Override
      public Optional<Silence> forgetSilence(String id) {
        return real.forgetSilence(id);
      }
    };
  }

  /** What the stored rows themselves show to be wrong. */
  List<String> broken() {
    return broken;
  }

  /** The messages about the runs of a Region. */
  List<RunNotice> runs(String region, Reason reason) {
    return runs.values().stream()
        .filter(run -> run.region().equals(region) && run.notice().reason() == reason)
        .map(RunTold::notice)
        .toList();
  }

  Map<IdentityKey, IdentityState> last() {
    return last;
  }

  /** What was not delivered, or in the wrong order, by what the topics took. */
  List<String> judge(TakenMessages taken) {
    List<String> wrong = new ArrayList<>(broken);
    for (Seen seen : incidents.values()) {
      Optional<RunNotice> baseline = runs(seen.key.region(), Reason.BASELINE).stream().findFirst();
      judge(seen, baseline, taken, wrong);
    }
    for (RunTold told : runs.values()) {
      RunNotice run = told.notice();
      String words =
          TakenMessages.toPeople(told.region(), "", run.reason().name(), Times.minute(run.at()));
      if (!taken.firstToMachines().containsKey(run.id())) {
        wrong.add("lost for machines: " + run.reason() + " of " + run.at());
      }
      if (!taken.firstToPeople().containsKey(words)) {
        wrong.add("lost for people: " + run.reason() + " of " + run.at());
      }
    }
    for (NewNotice owed : known.values()) {
      Notice notice = owed.notice();
      IdentityKey key = owed.state().key();
      String what = "%s of %s at %s".formatted(notice.reason(), words(key), notice.at());
      if (!taken.firstToMachines().containsKey(notice.id())) {
        wrong.add("lost for machines: " + what);
      }
      if (notice.reason() != Reason.READY
          && !taken
              .firstToPeople()
              .containsKey(toPeople(key, notice.reason(), Times.minute(notice.at())))) {
        wrong.add("lost for people: " + what);
      }
    }
    Map<String, String> ids = new HashMap<>();
    for (TakenMessages.ToMachines notice : taken.notices()) {
      // Within one event something may get worse twice: by itself, and by what was asked for.
      String what =
          "%s %s %s %s %s"
              .formatted(
                  notice.region(),
                  notice.identity(),
                  notice.reason(),
                  notice.effect(),
                  notice.at());
      String id = ids.putIfAbsent(what, notice.id());
      if (id != null && !id.equals(notice.id()) && !notice.identity().isEmpty()) {
        wrong.add("another id for the same: " + what);
      }
    }
    return wrong;
  }

  /**
   * What was told beside incidents, is over by all that the row says, and was not told as over.
   *
   * @param calmSince an hour after the last thing happened
   */
  static List<String> notOver(
      IdentityState state, TakenMessages taken, Instant calmSince, Instant now) {
    List<String> wrong = new ArrayList<>();
    for (Reason reason : List.of(Reason.DRIFT, Reason.NOT_APPLIED, Reason.EARLY_WARNING)) {
      List<Reason> told =
          taken.notices().stream()
              .filter(notice -> notice.region().equals(state.key().region()))
              .filter(notice -> notice.identity().equals(state.key().name().value()))
              .map(notice -> Reason.valueOf(notice.reason()))
              .toList();
      List<Reason> after = told.subList(told.lastIndexOf(reason) + 1, told.size());
      boolean isTold = told.contains(reason);
      Warning known = state.incidentState().openWarning(reason);
      if (known == null && isTold && after.stream().noneMatch(one -> one.ends(reason))) {
        wrong.add("%s of %s never ends".formatted(reason, words(state.key())));
      }
      boolean isOver = after.stream().anyMatch(one -> one == Reason.GONE || one.begun() == reason);
      if (known != null && (!isTold || isOver)) {
        wrong.add("%s of %s goes on, and is over".formatted(reason, words(state.key())));
      }
      // What came back is believed to be over after a day, and what was not seen in the last run
      // for the first time, in the next; a refused Region is not read any more.
      if (known != null
          && !known.again()
          && !isNotSeenSince(known, now.minus(LAST_RUN))
          && isAsAsked(state)
          && !state.sesView().asOf().isBefore(calmSince)
          && reason != Reason.EARLY_WARNING) {
        wrong.add("%s of %s has no end".formatted(reason, words(state.key())));
      }
    }
    return wrong;
  }

  private static boolean isNotSeenSince(Warning warning, Instant since) {
    return warning.quietSince() != null && warning.quietSince().isAfter(since);
  }

  private static boolean isAsAsked(IdentityState state) {
    return state.effectState().effect() != Effect.UNVERIFIED
        && state.desired() != null
        && state.sesView().live().settings().sameAs(state.desired().settings());
  }

  private static void judge(
      Seen seen, Optional<RunNotice> baseline, TakenMessages taken, List<String> wrong) {
    for (boolean machines : new boolean[] {true, false}) {
      String who = machines ? "machines" : "people";
      Integer start = start(seen, baseline, taken, machines);
      String name = words(seen.key);
      if (start == null && (!seen.ended || seen.wasTold)) {
        wrong.add("lost for " + who + ": the start of " + name + " at " + seen.start);
      }
      for (Expected worse : seen.worse) {
        if (place(seen, worse.reason(), worse.at(), worse.count(), taken, machines) == null) {
          wrong.add("lost for " + who + ": WORSE of " + name + " at " + worse.at());
        }
      }
      Reason reason = seen.gone ? Reason.GONE : Reason.RECOVERED;
      Integer end = end(seen, reason, taken, machines);
      if (seen.ended && seen.wasTold && end == null) {
        wrong.add("lost for " + who + ": the end of " + name + " that began at " + seen.start);
      }
      boolean isOutOfOrder = end != null && (start == null || start > end);
      if (isOutOfOrder && (machines || !sharesItsMinute(seen, reason, taken))) {
        wrong.add("an end before its start, for " + who + ": " + name + " of " + seen.start);
      }
    }
  }

  /** People read minutes: whether another incident's end is told in the same words. */
  private static boolean sharesItsMinute(Seen seen, Reason reason, TakenMessages taken) {
    String id = Notice.idOf(seen.key, seen.start, reason, 0);
    List<TakenMessages.ToMachines> ends =
        taken.notices().stream()
            .filter(notice -> notice.region().equals(seen.key.region()))
            .filter(notice -> notice.identity().equals(seen.key.name().value()))
            .filter(notice -> notice.reason().equals(reason.name()))
            .toList();
    return ends.stream()
        .filter(notice -> notice.id().equals(id))
        .anyMatch(
            own ->
                ends.stream()
                    .anyMatch(
                        other -> !other.id().equals(id) && minute(other).equals(minute(own))));
  }

  private static String minute(TakenMessages.ToMachines notice) {
    return Times.minute(Instant.parse(notice.at()));
  }

  private static @Nullable Integer start(
      Seen seen, Optional<RunNotice> baseline, TakenMessages taken, boolean machines) {
    Integer place = null;
    for (Reason reason : List.of(Reason.STARTED, Reason.FLAPPING)) {
      place = place == null ? place(seen, reason, seen.start, 0, taken, machines) : place;
    }
    if (place != null || !seen.inBaseline || baseline.isEmpty()) {
      return place;
    }
    return machines
        ? taken.firstToMachines().get(baseline.get().id())
        : taken
            .firstToPeople()
            .get(
                TakenMessages.toPeople(
                    seen.key.region(),
                    "",
                    Reason.BASELINE.name(),
                    Times.minute(baseline.get().at())));
  }

  private static @Nullable Integer end(
      Seen seen, Reason reason, TakenMessages taken, boolean machines) {
    return place(seen, reason, null, 0, taken, machines);
  }

  /**
   * People read no ids: what they were told has the minute of the notice that machines were told. A
   * start that flapping held back is told with a later minute than its own.
   *
   * @param at the minute where machines were told nothing; null: then people were not told either
   */
  private static @Nullable Integer place(
      Seen seen,
      Reason reason,
      @Nullable Instant at,
      int count,
      TakenMessages taken,
      boolean machines) {
    String id = Notice.idOf(seen.key, seen.start, reason, count);
    if (machines) {
      return taken.firstToMachines().get(id);
    }
    Optional<String> minute =
        taken.notices().stream()
            .filter(notice -> notice.id().equals(id))
            .findFirst()
            .map(Ledger::minute)
            .or(() -> Optional.ofNullable(at).map(Times::minute));
    return minute
        .map(told -> taken.firstToPeople().get(toPeople(seen.key, reason, told)))
        .orElse(null);
  }

  private static String toPeople(IdentityKey key, Reason reason, String minute) {
    return TakenMessages.toPeople(key.region(), key.name().value(), reason.name(), minute);
  }

  private static String words(IdentityKey key) {
    return key.name() + " in " + key.region();
  }
}
