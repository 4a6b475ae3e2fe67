package mailfrom.domain.effect;

import mailfrom.domain.desired.Desired;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import org.jspecify.annotations.Nullable;

/** The effect table: what mail sent now gets, decided from facts, in the order of its rows. */
public final class EffectTable {
  private EffectTable() {}

  /**
   * What the table looks at.
   *
   * @param desired null when never asked
   * @param applied whether the desired settings have reached SES once
   * @param hadMailFrom whether it had a MAIL FROM domain when last read, and we did not clear it
   * @param nearestVerifiedAncestorIsCustom whether the nearest verified less granular identity is
   *     CUSTOM
   */
  public record Facts(
      boolean verified,
      Live live,
      @Nullable Desired desired,
      boolean applied,
      boolean hadMailFrom,
      boolean nearestVerifiedAncestorIsCustom) {}

  public static Verdict decide(Facts facts) {
    if (!facts.verified()) {
      return new Verdict(Effect.UNVERIFIED, null);
    }
    MailFromStatus status = facts.live().status();
    if (facts.live().mailFromDomain() != null && status != null) {
      return withDomain(status, facts.live().behaviorOnMxFailure());
    }
    Desired desired = facts.desired();
    boolean removed =
        desired == null ? facts.hadMailFrom() : !desired.wantsNothing() && facts.applied();
    if (removed) {
      return new Verdict(Effect.FALLBACK, Cause.REMOVED);
    }
    if (desired == null && facts.nearestVerifiedAncestorIsCustom()) {
      return new Verdict(Effect.FALLBACK, Cause.NOT_COVERED);
    }
    return new Verdict(Effect.DEFAULT, null);
  }

  private static Verdict withDomain(MailFromStatus status, BehaviorOnMxFailure behavior) {
    Effect broken =
        switch (behavior) {
          case REJECT_MESSAGE -> Effect.REJECTED;
          case USE_DEFAULT_VALUE -> Effect.FALLBACK;
        };
    return switch (status) {
      case SUCCESS -> new Verdict(Effect.CUSTOM, null);
      case PENDING -> new Verdict(broken, Cause.PENDING);
      case FAILED -> new Verdict(broken, Cause.FAILED);
      case TEMPORARY_FAILURE -> new Verdict(broken, Cause.TEMPORARY_FAILURE);
    };
  }
}
