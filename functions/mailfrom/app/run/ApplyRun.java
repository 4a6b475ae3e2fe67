package mailfrom.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.batch.BatchRun;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Lanes;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.WritePace;
import mailfrom.app.read.DnsLook;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionState;
import mailfrom.app.tell.PromotingStopped;
import mailfrom.app.tell.Publisher;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;

/**
 * The apply run: what is queued is read, planned again, and set, one call a slot. Returns at once
 * when nothing is queued and no batch is open.
 */
public final class ApplyRun {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  /** An identity that SES does not take for verified is tried again for this long. */
  private static final Duration VERIFICATION_TRIED_FOR = Duration.ofDays(14);

  /**
   * Of each run, which begins every minute, healing takes half a minute: so its calls take at most
   * half of an interval, and what people ask for never waits long behind it.
   */
  private static final Duration HEALS_FOR = Duration.ofSeconds(30);

  private final ReadRun.Parts parts;
  private final IdentityWriter rows;
  private final SesReader reader;
  private final ContextReader neighbours;
  private final SettingsApplier setter;
  private final Healer healer;
  private final BooleanSupplier paused;
  private final BatchStore batches;

  public ApplyRun(ReadRun.Parts parts, BooleanSupplier paused, BatchStore batches) {
    this.parts = parts;
    this.batches = batches;
    this.paused = paused;
    this.rows = new IdentityWriter(parts.identities());
    this.reader = new SesReader(parts.ses(), parts.pace(), parts.clock());
    this.neighbours = new ContextReader(parts.identities(), parts.regionStates(), parts.regions());
    this.setter =
        new SettingsApplier(
            parts.ses(), parts.pace(), parts.clock(), reader, neighbours, rows, paused);
    this.healer = new Healer(setter, rows, paused);
  }

  /**
   * Applies once.
   *
   * @param now the time of the run's event
   * @param stopAt when to make no further call, by the machine's clock
   */
  public RunReport.ApplyReport run(Instant now, Instant stopAt) {
    Instant begun = parts.clock().now();
    BatchRun ofBatches = new BatchRun(parts, batches, paused, now, stopAt);
    int handedOver = ofBatches.step();
    List<RunReport.RegionApplyReport> reports = regions(now, stopAt);
    // Batches hand over a few items at a time, so that they can still be stopped.
    while (handedOver > 0) {
      handedOver = ofBatches.step();
      if (handedOver > 0) {
        reports = RunReport.RegionApplyReport.together(reports, regions(now, stopAt));
      }
    }
    return new RunReport.ApplyReport(now, Duration.between(begun, parts.clock().now()), reports);
  }

  private List<RunReport.RegionApplyReport> regions(Instant now, Instant stopAt) {
    ConcurrentLinkedQueue<RunReport.RegionApplyReport> reports = new ConcurrentLinkedQueue<>();
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
    private final Lease lease;
    private final List<IdentityState> touched = new ArrayList<>();
    private final Instant healsUntil = parts.clock().now().plus(HEALS_FOR);
    private int set;
    private int refused;
    private int waiting;

    OfRegion(String region, Instant now, Instant stopAt) {
      this.region = region;
      this.now = now;
      this.stopAt = stopAt;
      this.lease = new Lease(parts.leases(), parts.clock(), region + "#apply", parts.owner().get());
    }

    RunReport.RegionApplyReport run() {
      // What a request still works on is queued for later.
      List<IdentityStore.Queued> queued =
          parts.identities().queued(region).stream()
              .filter(item -> !item.since().isAfter(now))
              .toList();
      if (queued.isEmpty() || paused.getAsBoolean()) {
        return new RunReport.RegionApplyReport(region, false, queued.size(), 0, 0, queued.size());
      }
      if (!lease.keep()) {
        return new RunReport.RegionApplyReport(region, true, queued.size(), 0, 0, queued.size());
      }
      try {
        int done = 0;
        for (int from = 0; from < queued.size(); from += Ses.BATCH) {
          List<IdentityStore.Queued> batch =
              queued.subList(from, Math.min(from + Ses.BATCH, queued.size()));
          int before = done;
          done += batch(batch);
          if (done - before < batch.size()) {
            break;
          }
        }
        publish();
        return new RunReport.RegionApplyReport(
            region, false, queued.size(), set, refused, queued.size() - done + waiting);
      } finally {
        lease.release();
      }
    }

    /** Works a batch off; returns how many of it were looked at before the time was up. */
    private int batch(List<IdentityStore.Queued> batch) {
      List<IdentityName> names = batch.stream().map(item -> item.key().name()).toList();
      Instant begunAt = parts.clock().now();
      if (!mayGoOn()) {
        return 0;
      }
      CallResult<Ses.MailFrom> asked =
          reader.ask(
              region,
              SesOperation.GET_MAIL_FROM,
              WAIT_FOR_SLOT,
              () -> parts.ses().mailFrom(region, names));
      if (!(asked instanceof CallResult.Answered<Ses.MailFrom>(Ses.MailFrom answer))) {
        return 0;
      }
      Map<IdentityName, Boolean> verified = verification(batch);
      int done = 0;
      for (IdentityStore.Queued item : batch) {
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

    private Map<IdentityName, Boolean> verification(List<IdentityStore.Queued> batch) {
      List<IdentityName> unverified =
          batch.stream()
              .map(item -> rows.known(item.key()))
              .filter(state -> !state.sesView().isVerified())
              .map(state -> state.key().name())
              .toList();
      if (unverified.isEmpty()) {
        return Map.of();
      }
      CallResult<Map<IdentityName, Boolean>> asked =
          reader.ask(
              region,
              SesOperation.GET_VERIFICATION,
              WAIT_FOR_SLOT,
              () -> parts.ses().verified(region, unverified));
      return asked instanceof CallResult.Answered<Map<IdentityName, Boolean>>(var answer)
          ? new HashMap<>(answer)
          : Map.of();
    }

    private void one(
        IdentityStore.Queued item,
        Live live,
        Instant begunAt,
        Map<IdentityName, Boolean> verified) {
      // What was asked for one that was deleted is not done to one that is verified again.
      IdentityState stored = rows.known(item.key());
      boolean begun = stored.healingState().intent() != null;
      if (stored.desiredState() == null && !begun) {
        parts.identities().unqueue(item);
        return;
      }
      if (!begun && Healer.heals(plan(stored)) && !mayHeal()) {
        waiting++;
        return;
      }
      var name = stored.nameToLookAt();
      DnsView view =
          name.map(domain -> DnsLook.look(parts.dns(), stored, live, domain)).orElse(null);
      var around = neighbours.of(stored, name);
      Observation seen =
          new Observation(now, begunAt, verified.get(item.key().name()), live, null, null, view);
      IdentityState state =
          rows.change(
              stored,
              fresh ->
                  givenUp(Evaluation.evaluate(withoutOldIntent(fresh.ifNotGone()), seen, around)),
              new IdentityWriter.Cause("watch", now, false, null));
      if (state.healingState().intent() != null) {
        state = healed(healer.finish(state, "watch", now, WAIT_FOR_SLOT));
      } else if (plan(state) instanceof Plan.Call call && state.desiredState() != null) {
        state = execute(item, state, call, stored.sesView().live());
      }
      touched.add(state);
      if (state.healingState().intent() == null && !hasMoreToDo(state)) {
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
      Settings intent = state.healingState().intent();
      DesiredState desiredState = state.desiredState();
      boolean old =
          intent != null
              && desiredState != null
              && (desiredState.isRefused()
                  || (desiredState.isPending()
                      && !desiredState.desired().settings().domainEquals(intent.mailFromDomain())));
      return old ? state.withHealing(state.healingState().withIntent(null)) : state;
    }

    private boolean mayHeal() {
      return parts.clock().now().isBefore(healsUntil);
    }

    private IdentityState execute(
        IdentityStore.Queued item, IdentityState state, Plan.Call call, Live before) {
      RegionState ofRegion = parts.regionStates().find(region);
      boolean promotes = call.action() == PlanAction.PROMOTE;
      if (promotes && !ofRegion.promoted() && set > 0) {
        // The first PROMOTE of a Region goes alone: the next run sees how it went.
        return state;
      }
      if (Healer.heals(call) && (isHeld() || !mayHeal())) {
        return state;
      }
      DesiredState desiredState = state.desiredState();
      String by =
          call.action() == PlanAction.APPLY && desiredState != null
              ? desiredState.progress().by()
              : "watch";
      if (Healer.startsAgain(state, call)) {
        return healed(healer.startAgain(state, call, by, now, item.since(), WAIT_FOR_SLOT));
      }
      if (Healer.heals(call)) {
        return healed(healer.setBack(state, call, by, now, WAIT_FOR_SLOT));
      }
      return switch (setter.set(state, call.settings(), by, now, WAIT_FOR_SLOT)) {
        case SettingsApplier.Outcome.Done(IdentityState after, boolean readBack) -> {
          set++;
          yield promotes && readBack ? promoted(after, before) : after;
        }
        case SettingsApplier.Outcome.Refused(IdentityState after, String words) -> {
          refused++;
          yield after;
        }
        case SettingsApplier.Outcome.NotCalled(IdentityState after) -> after;
        case SettingsApplier.Outcome.Later(IdentityState after) -> after;
      };
    }

    private IdentityState healed(Healer.Healed healed) {
      set += healed.sets();
      if (healed.last() instanceof SettingsApplier.Outcome.Refused) {
        refused++;
      }
      return healed.state();
    }

    /** A PROMOTE that reset Success is undone at once, and none follows it in this Region. */
    private IdentityState promoted(IdentityState after, Live before) {
      if (after.sesView().live().isSuccess()) {
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
      DesiredState desiredState = state.desiredState();
      if (desiredState == null
          || desiredState.progress().state() != Progress.State.WAITING_FOR_VERIFICATION
          || now.isBefore(desiredState.progress().at().plus(VERIFICATION_TRIED_FOR))) {
        return state;
      }
      String words = String.valueOf(desiredState.progress().lastError());
      IdentityState refusedState =
          state.withProgress(progress -> progress.with(Progress.State.REFUSED));
      return desiredState.progress().promised()
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
