package mailfrom.app.run;

import mailfrom.app.apply.Healer;
import mailfrom.app.apply.Setter;
import mailfrom.app.batch.BatchRun;
import mailfrom.app.batch.Batches;
import mailfrom.app.pace.Asked;
import mailfrom.app.pace.HeldLease;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.WritePace;
import mailfrom.app.read.Looks;
import mailfrom.app.read.Reader;
import mailfrom.app.read.Ses;
import mailfrom.app.store.Identities;
import mailfrom.app.store.Neighbours;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.Rows;
import mailfrom.app.tell.PromotingStopped;
import mailfrom.app.tell.Publisher;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import mailfrom.app.pace.SesOperation;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.Live;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.ses.Settings;
import mailfrom.domain.desired.Wanted;

/**
 * The apply run: what is queued is read, planned again, and set, one call a slot. Returns at once
 * when nothing is queued and no batch is open.
 */
public final class WatchApply {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  /** An identity that SES does not take for verified is tried again for this long. */
  private static final Duration VERIFICATION_TRIED_FOR = Duration.ofDays(14);

  /**
   * Of each run, which begins every minute, healing takes half a minute: so its calls take at most
   * half of an interval, and what people ask for never waits long behind it.
   */
  private static final Duration HEALS_FOR = Duration.ofSeconds(30);

  private final WatchRead.Parts parts;
  private final Rows rows;
  private final Reader reader;
  private final Neighbours neighbours;
  private final Setter setter;
  private final Healer healer;
  private final BooleanSupplier paused;
  private final Batches batches;

  public WatchApply(WatchRead.Parts parts, BooleanSupplier paused, Batches batches) {
    this.parts = parts;
    this.batches = batches;
    this.paused = paused;
    this.rows = new Rows(parts.identities());
    this.reader = new Reader(parts.ses(), parts.pace(), parts.clock());
    this.neighbours = new Neighbours(parts.identities(), parts.regionStates(), parts.regions());
    this.setter =
        new Setter(parts.ses(), parts.pace(), parts.clock(), reader, neighbours, rows, paused);
    this.healer = new Healer(setter, rows, paused);
  }

  /**
   * Applies once.
   *
   * @param now the time of the run's event
   * @param stopAt when to make no further call, by the machine's clock
   */
  public RunReport.Apply run(Instant now, Instant stopAt) {
    Instant begun = parts.clock().now();
    BatchRun ofBatches = new BatchRun(parts, batches, paused, now, stopAt);
    int handedOver = ofBatches.step();
    List<RunReport.RegionApply> reports = regions(now, stopAt);
    // Batches hand over a few items at a time, so that they can still be stopped.
    while (handedOver > 0) {
      handedOver = ofBatches.step();
      if (handedOver > 0) {
        reports = RunReport.RegionApply.together(reports, regions(now, stopAt));
      }
    }
    return new RunReport.Apply(now, Duration.between(begun, parts.clock().now()), reports);
  }

  private List<RunReport.RegionApply> regions(Instant now, Instant stopAt) {
    ConcurrentLinkedQueue<RunReport.RegionApply> reports = new ConcurrentLinkedQueue<>();
    Lanes.Lane lane = parts.lanes().lane(parts.regions().size());
    for (String region : parts.regions()) {
      lane.run(() -> reports.add(new OfRegion(region, now, stopAt).run()));
    }
    lane.join();
    return reports.stream().sorted((one, other) -> one.region().compareTo(other.region())).toList();
  }

  /** One apply run of one Region. */
  private final class OfRegion {
    private final String region;
    private final Instant now;
    private final Instant stopAt;
    private final HeldLease lease;
    private final List<IdentityState> touched = new ArrayList<>();
    private final Instant healsUntil = parts.clock().now().plus(HEALS_FOR);
    private int set;
    private int refused;
    private int waiting;

    OfRegion(String region, Instant now, Instant stopAt) {
      this.region = region;
      this.now = now;
      this.stopAt = stopAt;
      this.lease =
          new HeldLease(parts.leases(), parts.clock(), region + "#apply", parts.owner().get());
    }

    RunReport.RegionApply run() {
      // What a request still works on is queued for later.
      List<Identities.Queued> queued =
          parts.identities().queued(region).stream()
              .filter(item -> !item.since().isAfter(now))
              .toList();
      if (queued.isEmpty() || paused.getAsBoolean()) {
        return new RunReport.RegionApply(region, false, queued.size(), 0, 0, queued.size());
      }
      if (!lease.keep()) {
        return new RunReport.RegionApply(region, true, queued.size(), 0, 0, queued.size());
      }
      try {
        int done = 0;
        for (int from = 0; from < queued.size(); from += Ses.BATCH) {
          List<Identities.Queued> batch =
              queued.subList(from, Math.min(from + Ses.BATCH, queued.size()));
          int before = done;
          done += batch(batch);
          if (done - before < batch.size()) {
            break;
          }
        }
        publish();
        return new RunReport.RegionApply(
            region, false, queued.size(), set, refused, queued.size() - done + waiting);
      } finally {
        lease.release();
      }
    }

    /** Works a batch off; returns how many of it were looked at before the time was up. */
    private int batch(List<Identities.Queued> batch) {
      List<IdentityName> names = batch.stream().map(item -> item.key().name()).toList();
      Instant begunAt = parts.clock().now();
      if (!mayGoOn()) {
        return 0;
      }
      Asked<Ses.MailFrom> asked =
          reader.ask(
              region,
              SesOperation.GET_MAIL_FROM,
              WAIT_FOR_SLOT,
              () -> parts.ses().mailFrom(region, names));
      if (!(asked instanceof Asked.Answer<Ses.MailFrom>(Ses.MailFrom answer))) {
        return 0;
      }
      Map<IdentityName, Boolean> verified = verification(batch);
      int done = 0;
      for (Identities.Queued item : batch) {
        if (!mayGoOn()) {
          break;
        }
        Live live = answer.live().get(item.key().name());
        if (live != null) {
          one(item, live, begunAt, verified);
        } else if (!answer.unknownWords().containsKey(item.key().name())) {
          // SES does not know it: there is nothing to set.
          parts.identities().unqueue(item);
        }
        done++;
      }
      return done;
    }

    private Map<IdentityName, Boolean> verification(List<Identities.Queued> batch) {
      List<IdentityName> unverified =
          batch.stream()
              .map(item -> rows.known(item.key()))
              .filter(state -> !state.sight().isVerified())
              .map(state -> state.key().name())
              .toList();
      if (unverified.isEmpty()) {
        return Map.of();
      }
      Asked<Map<IdentityName, Boolean>> asked =
          reader.ask(
              region,
              SesOperation.GET_VERIFICATION,
              WAIT_FOR_SLOT,
              () -> parts.ses().verified(region, unverified));
      return asked instanceof Asked.Answer<Map<IdentityName, Boolean>>(var answer)
          ? new HashMap<>(answer)
          : Map.of();
    }

    private void one(
        Identities.Queued item, Live live, Instant begunAt, Map<IdentityName, Boolean> verified) {
      // What was asked for one that was deleted is not done to one that is verified again.
      IdentityState stored = rows.known(item.key());
      boolean begun = stored.healing().intent() != null;
      if (stored.wanted() == null && !begun) {
        parts.identities().unqueue(item);
        return;
      }
      if (!begun && Healer.heals(plan(stored)) && !mayHeal()) {
        waiting++;
        return;
      }
      var name = stored.nameToLookAt();
      DnsView view = name.map(domain -> Looks.look(parts.dns(), stored, live, domain)).orElse(null);
      var around = neighbours.of(stored, name);
      Observation seen =
          new Observation(now, begunAt, verified.get(item.key().name()), live, null, null, view);
      IdentityState state =
          rows.change(
              stored,
              fresh ->
                  givenUp(Evaluation.evaluate(withoutOldIntent(fresh.ifNotGone()), seen, around)),
              new Rows.Cause("watch", now, false, null));
      if (state.healing().intent() != null) {
        state = healed(healer.finish(state, "watch", now, WAIT_FOR_SLOT));
      } else if (plan(state) instanceof Plan.Call call && state.wanted() != null) {
        state = execute(item, state, call, stored.sight().live());
      }
      touched.add(state);
      if (state.healing().intent() == null && !hasMoreToDo(state)) {
        parts.identities().unqueue(item);
      }
    }

    /** What the brake holds back is queued again by the run that may let it go. */
    private boolean hasMoreToDo(IdentityState state) {
      Plan plan = plan(state);
      return plan instanceof Plan.Call && !(Healer.heals(plan) && isHeld());
    }

    private boolean isHeld() {
      return parts.regionStates().find(region).heldSince() != null;
    }

    /** What was begun for settings that nobody wants any more, or that SES refused, is over. */
    private IdentityState withoutOldIntent(IdentityState state) {
      Settings intent = state.healing().intent();
      Wanted wanted = state.wanted();
      boolean old =
          intent != null
              && wanted != null
              && (wanted.isRefused()
                  || (wanted.isPending()
                      && !wanted.desired().settings().domainEquals(intent.mailFromDomain())));
      return old ? state.with(state.healing().withIntent(null)) : state;
    }

    private boolean mayHeal() {
      return parts.clock().now().isBefore(healsUntil);
    }

    private IdentityState execute(
        Identities.Queued item, IdentityState state, Plan.Call call, Live before) {
      RegionState ofRegion = parts.regionStates().find(region);
      boolean promotes = call.action() == PlanAction.PROMOTE;
      if (promotes && !ofRegion.promoted() && set > 0) {
        // The first PROMOTE of a Region goes alone: the next run sees how it went.
        return state;
      }
      if (Healer.heals(call) && (isHeld() || !mayHeal())) {
        return state;
      }
      Wanted wanted = state.wanted();
      String by =
          call.action() == PlanAction.APPLY && wanted != null ? wanted.progress().by() : "watch";
      if (Healer.startsAgain(state, call)) {
        return healed(healer.startAgain(state, call, by, now, item.since(), WAIT_FOR_SLOT));
      }
      if (Healer.heals(call)) {
        return healed(healer.setBack(state, call, by, now, WAIT_FOR_SLOT));
      }
      return switch (setter.set(state, call.settings(), by, now, WAIT_FOR_SLOT)) {
        case Setter.Outcome.Done(IdentityState after, boolean readBack) -> {
          set++;
          yield promotes && readBack ? promoted(after, before) : after;
        }
        case Setter.Outcome.Refused(IdentityState after, String words) -> {
          refused++;
          yield after;
        }
        case Setter.Outcome.NotCalled(IdentityState after) -> after;
        case Setter.Outcome.Later(IdentityState after) -> after;
      };
    }

    private IdentityState healed(Healer.Healed healed) {
      set += healed.sets();
      if (healed.last() instanceof Setter.Outcome.Refused) {
        refused++;
      }
      return healed.state();
    }

    /** A PROMOTE that reset Success is undone at once, and none follows it in this Region. */
    private IdentityState promoted(IdentityState after, Live before) {
      if (after.sight().live().isSuccess()) {
        parts.regionStates().change(region, r -> r.toBuilder().promoted(true).build());
        return after;
      }
      parts
          .regionStates()
          .change(
              region,
              r ->
                  r.promotingStopped()
                      ? r
                      : r.toBuilder()
                          .promotingStopped(true)
                          .owing(PromotingStopped.notice(after.key(), now))
                          .build());
      Settings back = new Settings(before.mailFromDomain(), BehaviorOnMxFailure.USE_DEFAULT_VALUE);
      return setter.set(after, back, "watch", now, WAIT_FOR_SLOT).state();
    }

    private IdentityState givenUp(IdentityState state) {
      Wanted wanted = state.wanted();
      if (wanted == null
          || wanted.progress().state() != Progress.State.WAITING_FOR_VERIFICATION
          || now.isBefore(wanted.progress().at().plus(VERIFICATION_TRIED_FOR))) {
        return state;
      }
      String words = String.valueOf(wanted.progress().lastError());
      IdentityState refusedState =
          state.with(wanted.with(wanted.progress().with(Progress.State.REFUSED)));
      return wanted.progress().promised()
          ? Evaluation.notApplied(refusedState, words, now)
          : refusedState;
    }

    private Plan plan(IdentityState state) {
      return state.plan(parts.policy(), parts.regionStates().find(region).promotingStopped(), now);
    }

    private void publish() {
      RegionState ofRegion = parts.regionStates().find(region);
      new Publisher(parts, new WritePace(parts.clock()).under(lease))
          .publish(ofRegion, touched, now);
    }

    private boolean mayGoOn() {
      return parts.clock().now().isBefore(stopAt) && !paused.getAsBoolean() && lease.keep();
    }
  }
}
