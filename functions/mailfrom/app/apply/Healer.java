package mailfrom.app.apply;

import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;

/**
 * Starts again what SES gave up, and sets drift back.
 *
 * <p>A setup is started again by setting it; when SES still says Failed, by clearing and setting
 * it. What it has to end with is stored first, as the row's intent: whoever comes next after a
 * crash finishes it. RejectMessage is never live between the calls, since UseDefaultValue is set
 * first; a wanted RejectMessage follows as its activation says.
 */
public final class Healer {
  /** Set, clear and set. */
  private static final int MOST_CALLS = 3;

  private final SettingsApplier applier;
  private final IdentityWriter rows;
  private final BooleanSupplier paused;

  public Healer(SettingsApplier applier, IdentityWriter rows, BooleanSupplier paused) {
    this.applier = applier;
    this.rows = rows;
    this.paused = paused;
  }

  /**
   * What came of it.
   *
   * @param last of the last call
   * @param sets calls that SES took
   */
  public record Healed(SettingsApplier.Outcome last, int sets) {

    public IdentityState state() {
      return last.state();
    }
  }

  /** Whether a call is one that only this class makes: SES may have to be cleared for it. */
  public static boolean startsAgain(IdentityState state, Plan.Call call) {
    Live live = state.sesView().live();
    return call.action() == PlanAction.RESTART
        || (call.action() == PlanAction.APPLY
            && live.status() == MailFromStatus.FAILED
            && call.settings().domainEquals(live.mailFromDomain()));
  }

  /**
   * Stores what it has to end with, and starts the setup again.
   *
   * @param takenOverAt from when on watch apply finishes it, should this process die
   */
  public Healed startAgain(
      IdentityState planned, Plan.Call call, Instant takenOverAt, SettingsApplier.Attempt attempt) {
    if (paused.getAsBoolean()) {
      return notCalled(planned);
    }
    Settings end = call.settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    boolean counts = call.action() == PlanAction.RESTART;
    IdentityState intending =
        rows.changeAndQueue(
            planned,
            state ->
                isStillSo(planned, state)
                    ? state.withHealing(
                        (counts
                                ? state.healingState().restarted(attempt.time().event())
                                : state.healingState())
                            .withIntent(end))
                    : state,
            attempt.author(),
            takenOverAt);
    return end.equals(intending.healingState().intent())
        ? finish(intending, attempt)
        : notCalled(intending);
  }

  private static Healed notCalled(IdentityState state) {
    return new Healed(new SettingsApplier.Outcome.NotCalled(state), 0);
  }

  /** Another run may have begun the same, or somebody may want something else meanwhile. */
  private static boolean isStillSo(IdentityState planned, IdentityState now) {
    DesiredState before = planned.desiredState();
    DesiredState desired = now.desiredState();
    return now.healingState().intent() == null
        && before != null
        && desired != null
        && before.version() == desired.version();
  }

  /** Goes on where an intent stands, until SES looks for the record again. */
  public Healed finish(IdentityState intending, SettingsApplier.Attempt attempt) {
    IdentityState state = intending;
    Settings end = Objects.requireNonNull(intending.healingState().intent());
    boolean set = false;
    for (int sets = 0; sets < MOST_CALLS; sets++) {
      Live live = state.sesView().live();
      boolean clear = set && live.mailFromDomain() != null;
      if (clear && !live.settings().equals(end)) {
        // Somebody else sets it just now: RejectMessage may be live.
        return new Healed(new SettingsApplier.Outcome.Later(dropped(state, attempt)), sets);
      }
      SettingsApplier.Outcome outcome = applier.heal(state, clear ? Settings.NONE : end, attempt);
      boolean known =
          switch (outcome) {
            case SettingsApplier.Outcome.Done(IdentityState after, boolean readBack) -> readBack;
            case SettingsApplier.Outcome.NotCalled _ -> false;
            case SettingsApplier.Outcome.Refused _ -> false;
            case SettingsApplier.Outcome.Later _ -> false;
          };
      if (!known || outcome.state().healingState().intent() == null) {
        boolean taken = outcome instanceof SettingsApplier.Outcome.Done;
        return new Healed(outcome, taken ? sets + 1 : sets);
      }
      state = outcome.state();
      set = !clear;
    }
    // Cleared and set, and still Failed: nothing more can be done.
    return new Healed(new SettingsApplier.Outcome.Done(dropped(state, attempt), true), MOST_CALLS);
  }

  /** Forgets an intent that nothing comes of any more; the next look decides again. */
  private IdentityState dropped(IdentityState state, SettingsApplier.Attempt attempt) {
    return rows.change(
        state, fresh -> fresh.withHealing(fresh.healingState().withIntent(null)), attempt.author());
  }

  /** Sets drift back. */
  public Healed setBack(IdentityState planned, Plan.Call call, SettingsApplier.Attempt attempt) {
    if (paused.getAsBoolean()) {
      return notCalled(planned);
    }
    // Counted before it is made: a crash must not make it twice a day.
    IdentityState counted =
        rows.change(
            planned,
            state ->
                isStillSo(planned, state) && state.healingState().equals(planned.healingState())
                    ? state.withHealing(state.healingState().repaired(attempt.time().event()))
                    : state,
            attempt.author());
    if (counted.healingState().equals(planned.healingState())) {
      return notCalled(counted);
    }
    SettingsApplier.Outcome outcome = applier.heal(counted, call.settings(), attempt);
    return new Healed(outcome, outcome instanceof SettingsApplier.Outcome.Done ? 1 : 0);
  }
}
