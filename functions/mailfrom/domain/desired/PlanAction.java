package mailfrom.domain.desired;

/** A call that brings live to desired. */
public enum PlanAction {
  /** Desired is newer than what was applied. */
  APPLY,
  /** Staged: RejectMessage is wanted, and SES now says Success. */
  PROMOTE,
  /** SES gave up, and the MX is right again: start it again. */
  RESTART,
  /** Somebody else changed the settings: set them back. */
  REPAIR
}
