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

  /** The named reasons, each with the sentence for people. */
  enum Why {
    NEVER_ASKED("Nothing was asked for."),
    ALREADY_SO("SES has what was asked for."),
    REFUSED_BEFORE("SES refused exactly these settings."),
    NEWER_THAN_APPLIED("What was asked for is newer than what was applied."),
    NOTHING_WANTED("No MAIL FROM domain is wanted any more."),
    MX_NOT_RIGHT("It waits until the MX record of the wanted domain is right."),
    WAITS_FOR_SUCCESS("RejectMessage waits until SES says Success."),
    WAITS_FOR_SECOND_LOOK(
        "SES says Success: RejectMessage waits until a second run finds the MX record right."),
    READY_TO_REJECT("SES says Success, and the MX record was right in two runs."),
    PROMOTING_STOPPED("Giving RejectMessage was stopped in this Region: it had reset a Success."),
    MX_IS_BACK("SES gave up, and the MX record is right again."),
    GAVE_UP_MX_NOT_RIGHT("SES gave up; it is started again once the MX record is right."),
    SERVERS_DISAGREE(
        "SES gave up; it is started again once the zone's own name servers give one answer about the"
            + " MX record."),
    MX_NOT_ANSWERED(
        "SES gave up; it is started again once the DNS can be asked for the MX record."),
    MX_MAY_BE_OLD(
        "SES gave up, and a resolver finds the MX record right. Its answer may be an old one: it is"
            + " started again once the zone's own name servers say the same, or once the resolver"
            + " must have asked them again."),
    RESTARTED_ENOUGH(
        "SES gave up, and the MX record is right again; but it was started again three times today, or"
            + " HealRestart is off."),
    DRIFTED("Somebody changed the settings: they are set back."),
    DRIFT_LEFT_ALONE("Somebody changed the settings: they are left as they are.");

    private final String words;

    Why(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }
  }
}
