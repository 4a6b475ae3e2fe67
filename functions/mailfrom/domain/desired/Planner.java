package mailfrom.domain.desired;

import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** The calculation of the plan: the next call that brings live to desired. */
public final class Planner {
  private Planner() {}

  /**
   * What the plan looks at.
   *
   * @param desired null when never asked
   * @param pending whether desired is newer than what was read applied
   * @param refused whether SES refused exactly these settings
   * @param custom whether mail sent now gets the custom MAIL FROM domain
   * @param mx the MX of the wanted domain
   * @param promotingStopped whether promoting was stopped in this Region
   * @param restartAllowed whether one more restart is allowed today
   * @param repairAllowed whether drift may be repaired, and once more today
   */
  public record Facts(
      @Nullable Desired desired,
      boolean pending,
      boolean refused,
      Live live,
      boolean custom,
      MxCheck mx,
      boolean promotingStopped,
      boolean restartAllowed,
      boolean repairAllowed) {}

  public static Plan plan(Facts facts) {
    Desired desired = facts.desired();
    if (desired == null) {
      return facts.live().status() == MailFromStatus.FAILED
          ? restart(facts, facts.live().settings())
          : new Plan.Nothing(Plan.Why.NEVER_ASKED);
    }
    if (facts.refused()) {
      return new Plan.Nothing(Plan.Why.REFUSED_BEFORE);
    }
    return facts.pending() ? apply(facts, desired) : keep(facts, desired);
  }

  /**
   * What SES may be given first. Staged settings never ask for RejectMessage before Success: not
   * for a new domain, and not for a known one.
   */
  private static Settings firstStep(Desired desired, Live live) {
    Settings target = desired.settings();
    boolean alreadyRejectsInSuccess = live.isSuccess() && live.settings().equals(target);
    return desired.activation() == Activation.STAGED && !alreadyRejectsInSuccess
        ? target.with(BehaviorOnMxFailure.USE_DEFAULT_VALUE)
        : target;
  }

  private static Plan apply(Facts facts, Desired desired) {
    Live live = facts.live();
    Settings target = desired.settings();
    if (desired.wantsNothing()) {
      return live.mailFromDomain() == null
          ? new Plan.Nothing(Plan.Why.ALREADY_SO)
          : new Plan.Call(PlanAction.APPLY, Settings.NONE, Plan.Why.NOTHING_WANTED);
    }
    Settings first = firstStep(desired, live);
    boolean works = live.isSuccess() || live.status() == MailFromStatus.PENDING;
    if (works && live.settings().equals(target)) {
      return new Plan.Nothing(Plan.Why.ALREADY_SO);
    }
    if (works && live.settings().equals(first)) {
      return keep(facts, desired);
    }
    boolean newDomain = !target.domainEquals(live.mailFromDomain());
    boolean ready =
        switch (desired.activation()) {
          case IMMEDIATE -> true;
          case WHEN_READY -> facts.mx().isRight();
          case STAGED -> !newDomain || !facts.custom() || facts.mx().isRight();
        };
    return ready
        ? new Plan.Call(PlanAction.APPLY, first, Plan.Why.NEWER_THAN_APPLIED)
        : new Plan.Wait(
            PlanAction.APPLY, first, Progress.State.WAITING_FOR_DNS, Plan.Why.MX_NOT_RIGHT);
  }

  /** What keeps applied settings as they are wanted. */
  private static Plan keep(Facts facts, Desired desired) {
    Live live = facts.live();
    Settings target = desired.settings();
    if (live.settings().sameAs(target)) {
      return live.status() == MailFromStatus.FAILED
          ? restart(facts, target)
          : new Plan.Nothing(Plan.Why.ALREADY_SO);
    }
    boolean staged =
        desired.activation() == Activation.STAGED
            && live.settings().equals(target.with(BehaviorOnMxFailure.USE_DEFAULT_VALUE));
    if (staged) {
      return live.status() == MailFromStatus.FAILED
          ? restart(facts, live.settings())
          : promote(facts, target);
    }
    return facts.repairAllowed()
        ? new Plan.Call(PlanAction.REPAIR, firstStep(desired, live), Plan.Why.DRIFTED)
        : new Plan.Nothing(Plan.Why.DRIFT_LEFT_ALONE);
  }

  private static Plan promote(Facts facts, Settings target) {
    if (facts.promotingStopped()) {
      return new Plan.Nothing(Plan.Why.PROMOTING_STOPPED);
    }
    Plan.Why why =
        !facts.live().isSuccess()
            ? Plan.Why.WAITS_FOR_SUCCESS
            : facts.mx() == MxCheck.RIGHT_TWICE
                ? Plan.Why.READY_TO_REJECT
                : Plan.Why.WAITS_FOR_SECOND_LOOK;
    return why == Plan.Why.READY_TO_REJECT
        ? new Plan.Call(PlanAction.PROMOTE, target, why)
        : new Plan.Wait(PlanAction.PROMOTE, target, Progress.State.WAITING_FOR_DNS, why);
  }

  private static Plan restart(Facts facts, Settings settings) {
    if (facts.mx() != MxCheck.RIGHT_TWICE) {
      return new Plan.Wait(
          PlanAction.RESTART,
          settings,
          Progress.State.WAITING_FOR_DNS,
          Plan.Why.GAVE_UP_MX_NOT_RIGHT);
    }
    return facts.restartAllowed()
        ? new Plan.Call(PlanAction.RESTART, settings, Plan.Why.MX_IS_BACK)
        : new Plan.Nothing(Plan.Why.RESTARTED_ENOUGH);
  }
}
