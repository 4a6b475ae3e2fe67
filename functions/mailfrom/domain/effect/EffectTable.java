package mailfrom.domain.effect;

import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import org.jspecify.annotations.Nullable;

/// The effect table: what mail sent now gets, decided from facts, in the order of its rows.
///
/// | verified | live | effect | cause |
/// | --- | --- | --- | --- |
/// | no; it was when last read, or its loss goes on | – | `UNVERIFIED` | `VERIFICATION_LOST` |
/// | no, otherwise: it never could send | – | `UNVERIFIED` | – |
/// | yes | a domain, `Success` | `CUSTOM` | – |
/// | yes | a domain, any other status, `RejectMessage` | `REJECTED` | the status |
/// | yes | a domain, any other status, `UseDefaultValue` | `FALLBACK` | the status |
/// | yes | none; asked for a domain, and it was applied | `FALLBACK` | `REMOVED` |
/// | yes | none; never asked; it had one, which we did not clear | `FALLBACK` | `REMOVED` |
/// | yes | none; never asked; nearest verified ancestor `CUSTOM` | `FALLBACK` | `NOT_COVERED` |
/// | yes | none, otherwise | `DEFAULT` | – |
///
/// "The status" is the cause of its name: `PENDING`, `FAILED` or `TEMPORARY_FAILURE`.
public final class EffectTable {
  private EffectTable() {}

  /**
   * What the table looks at.
   *
   * @param wasVerified whether it was verified when last read, or has lost that since
   * @param desired null when never asked
   * @param hadMailFrom whether it had a MAIL FROM domain when last read, and we did not clear it
   * @param nearestVerifiedAncestorIsCustom whether the nearest verified less granular identity is
   *     CUSTOM
   */
  public record Facts(
      boolean verified,
      boolean wasVerified,
      Live live,
      @Nullable DesiredState desired,
      boolean hadMailFrom,
      boolean nearestVerifiedAncestorIsCustom) {}

  public static Verdict decide(Facts facts) {
    if (!facts.verified()) {
      return new Verdict(Effect.UNVERIFIED, facts.wasVerified() ? Cause.VERIFICATION_LOST : null);
    }
    MailFromStatus status = facts.live().status();
    if (status != null) {
      return withDomain(status, facts.live().behaviorOnMxFailure());
    }
    DesiredState desired = facts.desired();
    if (desired == null ? facts.hadMailFrom() : desired.wasApplied()) {
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
