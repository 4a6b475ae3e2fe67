package mailfrom.app.apply;

import mailfrom.app.store.Rows;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.ses.Settings;
import mailfrom.domain.desired.Wanted;

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

  private final Setter setter;
  private final Rows rows;
  private final BooleanSupplier paused;

  public Healer(Setter setter, Rows rows, BooleanSupplier paused) {
    this.setter = setter;
    this.rows = rows;
    this.paused = paused;
  }

  /**
   * What came of it.
   *
   * @param last of the last call
   * @param sets calls that SES took
   */
  public record Healed(Setter.Outcome last, int sets) {
    public IdentityState state() {
      return last.state();
    }
  }

  /** Whether a call is one that only this class makes: SES may have to be cleared for it. */
  public static boolean startsAgain(IdentityState state, Plan.Call call) {
    Live live = state.sight().live();
    return call.action() == PlanAction.RESTART
        || (call.action() == PlanAction.APPLY
            && live.status() == MailFromStatus.FAILED
            && call.settings().domainEquals(live.mailFromDomain()));
  }

  /** Whether a call heals, so that the brake and the limits are for it. */
  public static boolean heals(Plan plan) {
    return plan instanceof Plan.Call call
        && switch (call.action()) {
          case RESTART, REPAIR -> true;
          case APPLY, PROMOTE -> false;
        };
  }

  /**
   * Stores what it has to end with, and starts the setup again.
   *
   * @param takenOverAt from when on watch apply finishes it, should this process die
   */
  public Healed startAgain(
      IdentityState planned,
      Plan.Call call,
      String by,
      Instant at,
      Instant takenOverAt,
      Duration maxWait) {
    if (paused.getAsBoolean()) {
      return new Healed(new Setter.Outcome.NotCalled(planned), 0);
    }
    Settings end = call.settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    boolean counts = call.action() == PlanAction.RESTART;
    IdentityState intending =
        rows.change(
            planned,
            state ->
                isStillSo(planned, state)
                    ? state.with(
                        (counts ? state.healing().restarted(at) : state.healing()).withIntent(end))
                    : state,
            new Rows.Cause(by, at, true, takenOverAt));
    return end.equals(intending.healing().intent())
        ? finish(intending, by, at, maxWait)
        : new Healed(new Setter.Outcome.NotCalled(intending), 0);
  }

  /** Another run may have begun the same, or somebody may want something else meanwhile. */
  private static boolean isStillSo(IdentityState planned, IdentityState now) {
    Wanted wanted = planned.wanted();
    Wanted wantedNow = now.wanted();
    return now.healing().intent() == null
        && wanted != null
        && wantedNow != null
        && wanted.version() == wantedNow.version();
  }

  /** Goes on where an intent stands, until SES looks for the record again. */
  public Healed finish(IdentityState intending, String by, Instant at, Duration maxWait) {
    IdentityState state = intending;
    Settings end = Objects.requireNonNull(intending.healing().intent());
    boolean set = false;
    for (int sets = 0; sets < MOST_CALLS; sets++) {
      Live live = state.sight().live();
      boolean clear = set && live.mailFromDomain() != null;
      if (clear && !live.settings().equals(end)) {
        // Somebody else sets it just now: RejectMessage may be live.
        return new Healed(new Setter.Outcome.Later(dropped(state, by, at)), sets);
      }
      Setter.Outcome outcome = setter.heal(state, clear ? Settings.NONE : end, by, at, maxWait);
      boolean known =
          switch (outcome) {
            case Setter.Outcome.Done(IdentityState after, boolean readBack) -> readBack;
            case Setter.Outcome.NotCalled notCalled -> false;
            case Setter.Outcome.Refused refused -> false;
            case Setter.Outcome.Later later -> false;
          };
      if (!known || outcome.state().healing().intent() == null) {
        boolean taken = outcome instanceof Setter.Outcome.Done;
        return new Healed(outcome, taken ? sets + 1 : sets);
      }
      state = outcome.state();
      set = !clear;
    }
    // Cleared and set, and still Failed: nothing more can be done.
    return new Healed(new Setter.Outcome.Done(dropped(state, by, at), true), MOST_CALLS);
  }

  /** Forgets an intent that nothing comes of any more; the next look decides again. */
  IdentityState dropped(IdentityState state, String by, Instant at) {
    return rows.change(
        state,
        fresh -> fresh.with(fresh.healing().withIntent(null)),
        new Rows.Cause(by, at, true, null));
  }

  /** Sets drift back. */
  public Healed setBack(IdentityState planned, Plan.Call call, String by, Instant at, Duration maxWait) {
    if (paused.getAsBoolean()) {
      return new Healed(new Setter.Outcome.NotCalled(planned), 0);
    }
    // Counted before it is made: a crash must not make it twice a day.
    IdentityState counted =
        rows.change(
            planned,
            state ->
                isStillSo(planned, state) && state.healing().equals(planned.healing())
                    ? state.with(state.healing().repaired(at))
                    : state,
            new Rows.Cause(by, at, true, null));
    if (counted.healing().equals(planned.healing())) {
      return new Healed(new Setter.Outcome.NotCalled(counted), 0);
    }
    Setter.Outcome outcome = setter.heal(counted, call.settings(), by, at, maxWait);
    return new Healed(outcome, outcome instanceof Setter.Outcome.Done ? 1 : 0);
  }
}
