package mailfrom.domain.desired;

import java.util.Set;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/// The calculation of the plan: the next call that brings live to desired, in the order of these
/// rows.
///
/// | asked for | live | plan |
/// | --- | --- | --- |
/// | never | `Failed` | start again (below): shown, never executed |
/// | never | anything else | nothing, `NEVER_ASKED` |
/// | refused by SES | anything | nothing, `REFUSED_BEFORE` |
/// | newly: nothing | none | nothing, `ALREADY_SO` |
/// | newly: nothing | a domain | `APPLY` none, `NOTHING_WANTED` |
/// | newly: a domain | equal, any status but `Failed` | nothing, `ALREADY_SO` |
/// | newly: a domain | its first step, any status but `Failed` | promote (below) |
/// | newly, `immediate` | anything else | `APPLY` |
/// | newly, `whenReady`: `UseDefaultValue` | its domain with `RejectMessage` | `APPLY` |
/// | newly, `whenReady` | anything else | `APPLY` if the MX is right, else wait for it |
/// | newly, `staged`: a new domain | `CUSTOM` by another | `APPLY` if the MX is right, else wait |
/// | newly, `staged` | anything else | `APPLY` the first step |
/// | applied before | equal, `Failed` | start again |
/// | applied before | equal, any other status | nothing, `ALREADY_SO` |
/// | applied before | its first step, `Failed` | start again |
/// | applied before | its first step, any other status | promote |
/// | applied before | anything else: drift | `REPAIR` if allowed, else it waits for that |
///
/// The first step of staged settings is the same with `UseDefaultValue`: they never ask for
/// `RejectMessage` before Success, not for a new domain and not for a known one.
///
/// | promote | start again | MX |
/// | --- | --- | --- |
/// | `PROMOTE`, if allowed, at `Success` | `RESTART`, if allowed | right, twice |
/// | wait for it | wait for it | anything else |
public final class Planner {
  private Planner() {}

  /**
   * What the plan looks at.
   *
   * @param desired null when never asked
   * @param custom whether mail sent now gets the custom MAIL FROM domain
   * @param mx the MX of the wanted domain
   * @param allowed what may be done besides APPLY, which is always allowed
   */
  public record Facts(
      @Nullable DesiredState desired,
      Live live,
      boolean custom,
      MxCheck mx,
      Set<PlanAction> allowed) {}

  public static Plan plan(Facts facts) {
    DesiredState state = facts.desired();
    if (state == null) {
      return facts.live().status() == MailFromStatus.FAILED
          ? restart(facts)
          : new Plan.Nothing(Plan.Why.NEVER_ASKED);
    }
    if (state.isRefused()) {
      return new Plan.Nothing(Plan.Why.REFUSED_BEFORE);
    }
    return state.isPending() ? apply(facts, state.desired()) : keep(facts, state.desired());
  }

  private static Settings firstStep(Desired desired) {
    return desired.activation() == Activation.STAGED
        ? desired.settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE)
        : desired.settings();
  }

  /** Whether SES has what is wanted, or its first step. */
  public static boolean isSet(Live live, Desired desired) {
    return live.settings().sameAs(desired.settings()) || live.settings().equals(firstStep(desired));
  }

  private static Plan apply(Facts facts, Desired desired) {
    Live live = facts.live();
    Settings target = desired.settings();
    if (desired.wantsNothing()) {
      return live.mailFromDomain() == null
          ? new Plan.Nothing(Plan.Why.ALREADY_SO)
          : new Plan.Call(PlanAction.APPLY, Settings.NONE, Plan.Why.NOTHING_WANTED);
    }
    if (live.status() != MailFromStatus.FAILED && isSet(live, desired)) {
      return keep(facts, desired);
    }
    Settings first = firstStep(desired);
    boolean ready =
        switch (desired.activation()) {
          case IMMEDIATE -> true;
          case WHEN_READY -> facts.mx().isRight() || isRescue(live, target);
          case STAGED ->
              target.domainEquals(live.mailFromDomain()) || !facts.custom() || facts.mx().isRight();
        };
    return ready
        ? new Plan.Call(PlanAction.APPLY, first, Plan.Why.NEWER_THAN_APPLIED)
        : new Plan.Wait(
            PlanAction.APPLY, first, Progress.State.WAITING_FOR_DNS, Plan.Why.MX_NOT_RIGHT);
  }

  /** Whether mail that SES may refuse now is sent at least from amazonses.com. */
  private static boolean isRescue(Live live, Settings target) {
    return target.domainEquals(live.mailFromDomain())
        && live.behaviorOnMxFailure() == BehaviorOnMxFailure.REJECT_MESSAGE
        && target.behaviorOnMxFailure() == BehaviorOnMxFailure.USE_DEFAULT_VALUE;
  }

  /** What keeps applied settings as they are wanted. */
  private static Plan keep(Facts facts, Desired desired) {
    Live live = facts.live();
    if (isSet(live, desired)) {
      if (live.status() == MailFromStatus.FAILED) {
        return restart(facts);
      }
      return live.settings().sameAs(desired.settings())
          ? new Plan.Nothing(Plan.Why.ALREADY_SO)
          : promote(facts, desired.settings());
    }
    return facts.allowed().contains(PlanAction.REPAIR)
        ? new Plan.Call(PlanAction.REPAIR, firstStep(desired), Plan.Why.DRIFTED)
        : new Plan.Wait(
            PlanAction.REPAIR,
            firstStep(desired),
            Progress.State.APPLIED,
            Plan.Why.DRIFT_LEFT_ALONE);
  }

  private static Plan promote(Facts facts, Settings target) {
    if (!facts.allowed().contains(PlanAction.PROMOTE)) {
      return new Plan.Wait(
          PlanAction.PROMOTE, target, Progress.State.WAITING_FOR_DNS, Plan.Why.PROMOTING_STOPPED);
    }
    if (facts.live().isSuccess() && facts.mx() == MxCheck.RIGHT_TWICE) {
      return new Plan.Call(PlanAction.PROMOTE, target, Plan.Why.READY_TO_REJECT);
    }
    return new Plan.Wait(
        PlanAction.PROMOTE,
        target,
        Progress.State.WAITING_FOR_DNS,
        facts.live().isSuccess() ? Plan.Why.WAITS_FOR_SECOND_LOOK : Plan.Why.WAITS_FOR_SUCCESS);
  }

  private static Plan restart(Facts facts) {
    Settings settings = facts.live().settings();
    boolean isAllowed = facts.allowed().contains(PlanAction.RESTART);
    if (isAllowed && facts.mx() == MxCheck.RIGHT_TWICE) {
      return new Plan.Call(PlanAction.RESTART, settings, Plan.Why.MX_IS_BACK);
    }
    Plan.Why why =
        switch (facts.mx()) {
          case RIGHT_TWICE -> Plan.Why.RESTARTED_ENOUGH;
          case RIGHT -> Plan.Why.MX_MAY_BE_OLD;
          case WRONG -> Plan.Why.GAVE_UP_MX_NOT_RIGHT;
          case SERVERS_DISAGREE -> Plan.Why.SERVERS_DISAGREE;
          case UNKNOWN -> Plan.Why.MX_NOT_ANSWERED;
        };
    return new Plan.Wait(PlanAction.RESTART, settings, Progress.State.WAITING_FOR_DNS, why);
  }
}
