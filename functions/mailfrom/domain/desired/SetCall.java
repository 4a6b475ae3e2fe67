package mailfrom.domain.desired;

import java.time.Instant;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A call of SetIdentityMailFromDomain by this system. It is stored before it is made: whoever sees
 * its settings at SES meanwhile knows whose they are.
 *
 * @param by for whom: a caller's ARN, watch for that ARN, or watch by itself
 * @param at when it was made, in the time of the event
 * @param begun when it was about to be made, by the machine's clock, like the start of a read
 * @param returned when it returned, by the machine's clock; null while that is not known
 */
public record SetCall(
    Settings settings,
    PlanAction action,
    String by,
    Instant at,
    Instant begun,
    @Nullable Instant returned) {

  /** It returned: taken by SES, or perhaps taken. */
  public SetCall returned(Instant machineTime) {
    return new SetCall(settings, action, by, at, begun, machineTime);
  }

  /** Whether a read begun then may have seen what was so before it. */
  boolean isAfter(Instant readBegun) {
    return readBegun.isBefore(returned == null ? begun : returned);
  }
}
