package mailfrom.domain.desired;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * What may be healed without being asked each time.
 *
 * @param restart whether a Failed identity is started again once its MX is back
 * @param repair whether drift is set back
 */
public record HealPolicy(boolean restart, boolean repair) {
  /** Nothing is healed. */
  public static final HealPolicy NOTHING = new HealPolicy(false, false);

  /**
   * What may be done now for an identity, besides applying what was asked for.
   *
   * @param promotingStopped whether promoting was stopped in its Region
   */
  public Set<PlanAction> allowed(HealingState healed, boolean promotingStopped, Instant now) {
    Set<PlanAction> allowed = EnumSet.noneOf(PlanAction.class);
    if (!promotingStopped) {
      allowed.add(PlanAction.PROMOTE);
    }
    if (restart && healed.restartAllowed(now)) {
      allowed.add(PlanAction.RESTART);
    }
    if (repair && healed.repairAllowed(now)) {
      allowed.add(PlanAction.REPAIR);
    }
    return allowed;
  }
}
