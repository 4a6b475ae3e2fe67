package mailfrom.app.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import mailfrom.app.apply.Healer;
import mailfrom.app.apply.OneForAll;
import mailfrom.app.apply.SettingsApplier;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.settings.SettingsApi.IdentityView;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.store.Author;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.IdentityWriter;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What a request does about settings that are recorded: it makes the call that is planned, or
 * promises that watch will.
 */
record Applying(
    IdentityStore identities,
    RegionStore regions,
    HealPolicy policy,
    IdentityWriter rows,
    MachineClock clock,
    OneForAll oneForAll,
    Healer healer,
    IdentityViews views) {
  /** A request that dies is taken over by watch after this long; until then the request acts. */
  private static final Duration TAKEN_OVER_AFTER = Duration.ofSeconds(25);

  static Instant takenOverAt(Caller caller) {
    return caller.at().plus(TAKEN_OVER_AFTER);
  }

  Plan plan(IdentityState state, Instant now) {
    return state.plan(policy, regions.find(state.key().region()).promoting().stopped(), now);
  }

  /**
   * A change that a request records, and what it does after that. What fails after the recording is
   * cut, and never what was accepted: that is in the row, and watch makes of it what is missing. So
   * what the answer shows is asked for before.
   *
   * @param recorded the row with the change; empty: the caller's condition does not hold
   * @param changed whether it changes anything; null: nobody asked for a change
   */
  Outcome recording(
      IdentityKey key,
      Supplier<Optional<IdentityState>> recorded,
      @Nullable Boolean changed,
      List<Problem> warnings,
      Instant now,
      Function<IdentityState, Outcome> rest) {
    IdentityViews.Around around = views.around(key.region(), now);
    Optional<IdentityState> found = recorded.get();
    if (found.isEmpty()) {
      return new Outcome.PreconditionFailed();
    }
    try {
      return rest.apply(found.get());
    } catch (RuntimeException e) {
      IdentityView view = views.of(found.get(), around, now);
      boolean isForWatch = isPending(found.get()) || view.plan() instanceof Plan.Call;
      return new Outcome.CutShort(
          new Outcome.Shown(view, isForWatch, changed, List.copyOf(warnings)), e);
    }
  }

  /** Makes the call that is planned. */
  Outcome call(
      IdentityState recorded,
      Plan.Call call,
      List<Problem> warnings,
      Caller caller,
      Deadline deadline) {
    SettingsApplier.Attempt attempt =
        new SettingsApplier.Attempt(
            call.action(), caller.arn(), EventTime.from(clock, caller.at()), deadline, false);
    return switch (made(recorded, call, attempt, caller)) {
      // It stays in the queue: the next run reads what SES has made of it.
      case SettingsApplier.Outcome.Done(IdentityState state, boolean _) ->
          state.healingState().intent() != null || plan(state, caller.at()) instanceof Plan.Call
              ? promised(state, true, warnings, caller)
              : shown(state, isPending(Evaluation.expected(state)), true, warnings, caller.at());
      case SettingsApplier.Outcome.Refused(IdentityState state, String words) -> {
        Outcome answer = new Outcome.RefusedBySes(words);
        try {
          identities.unqueue(new IdentityStore.Queued(state.key(), takenOverAt(caller)));
          yield answer;
        } catch (RuntimeException e) {
          // It is recorded as refused: watch finds nothing to do for it.
          yield new Outcome.CutShort(answer, e);
        }
      }
      case SettingsApplier.Outcome.NotCalled(IdentityState state) ->
          promised(state, true, warnings, caller);
      case SettingsApplier.Outcome.Later(IdentityState state) ->
          promised(state, true, warnings, caller);
    };
  }

  private SettingsApplier.Outcome made(
      IdentityState recorded, Plan.Call call, SettingsApplier.Attempt attempt, Caller caller) {
    if (Healer.startsAgain(recorded, call)) {
      return healer.startAgain(recorded, call, takenOverAt(caller), attempt).last();
    }
    return call.heals()
        ? healer.setBack(recorded, call, attempt).last()
        : oneForAll.set(recorded, call.settings(), attempt, row -> toSet(row, caller));
  }

  /** What has to be set of a row to apply what it wants now. */
  private Optional<Settings> toSet(IdentityState row, Caller caller) {
    return row.healingState().intent() == null
            && plan(row, caller.at()) instanceof Plan.Call call
            && call.action() == PlanAction.APPLY
        ? Optional.of(call.settings())
        : Optional.empty();
  }

  /** Answered 202: watch applies it, and a refusal has to be told. */
  Outcome promised(IdentityState state, boolean changes, List<Problem> warnings, Caller caller) {
    return recording(
        state.key(),
        () ->
            Optional.of(
                rows.changeAndQueue(
                    state, Applying::promised, Author.of(caller.arn(), caller.at()), caller.at())),
        changes,
        warnings,
        caller.at(),
        promised -> shown(promised, true, changes, warnings, caller.at()));
  }

  /** With the promise. */
  static IdentityState promised(IdentityState state) {
    return state.ifAsked(
        asked -> asked.isRefused() ? asked : asked.with(asked.progress().withPromise()));
  }

  /** Whether what was asked for is recorded, and not at SES yet. */
  static boolean isPending(IdentityState state) {
    return state.desiredState() != null && state.desiredState().isPending();
  }

  Outcome shown(
      IdentityState state,
      boolean accepted,
      @Nullable Boolean changed,
      List<Problem> warnings,
      Instant now) {
    return new Outcome.Shown(views.of(state, now), accepted, changed, List.copyOf(warnings));
  }
}
