package mailfrom.domain.desired;

import mailfrom.domain.ses.Settings;

/** What is to be done for one identity: a calculation, executed elsewhere or not at all. */
public sealed interface Plan {

  /** Why, for people and logs. */
  Why why();

  /** A call of SetIdentityMailFromDomain. */
  record Call(PlanAction action, Settings settings, Why why) implements Plan {

    /** Whether it heals, so that the brake and the limits are for it. */
    public boolean heals() {
      return switch (action) {
        case RESTART, REPAIR -> true;
        case APPLY, PROMOTE -> false;
      };
    }
  }

  /**
   * Something has to happen first.
   *
   * @param action what follows then
   * @param state the progress that says what is waited for
   */
  record Wait(PlanAction action, Settings settings, Progress.State state, Why why)
      implements Plan {}

  /** Nothing is to be done. */
  record Nothing(Why why) implements Plan {}

  /** The named reasons. */
  enum Why {
    NEVER_ASKED,
    ALREADY_SO,
    REFUSED_BEFORE,
    NEWER_THAN_APPLIED,
    NOTHING_WANTED,
    /** The MX of the wanted domain is not right, or could not be asked. */
    MX_NOT_RIGHT,
    /** RejectMessage waits until SES says Success. */
    WAITS_FOR_SUCCESS,
    /** Success is there: RejectMessage waits for the right MX in a second run. */
    WAITS_FOR_SECOND_LOOK,
    READY_TO_REJECT,
    /** Promoting was stopped in this Region: it had reset a Success. */
    PROMOTING_STOPPED,
    MX_IS_BACK,
    GAVE_UP_MX_NOT_RIGHT,
    /** The zone's own name servers give different answers about the MX. */
    SERVERS_DISAGREE,
    /** The MX could not be asked for. */
    MX_NOT_ANSWERED,
    /** Only a resolver finds the MX right, and it may keep an old answer. */
    MX_MAY_BE_OLD,
    RESTARTED_ENOUGH,
    DRIFTED,
    DRIFT_LEFT_ALONE
  }
}
