package mailfrom.domain.effect;

import java.time.Duration;
import java.time.Instant;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/**
 * Where an identity stands: its effect, and since when. When something began is known as a bracket:
 * last seen otherwise, first seen so.
 *
 * @param phase null when it has and had no MAIL FROM domain
 * @param since when effect and cause were first seen as they are
 * @param notBefore when they were last seen otherwise; null when they were so at first sight
 * @param statusSince when SES's status for this MAIL FROM domain was first seen as it is
 * @param statusNotBefore when it was last seen otherwise; null when it was so at first sight
 * @param succeededFor the MAIL FROM domain for which SES last said Success
 * @param lastMailFrom the MAIL FROM domain last seen, while nobody asked us to clear it
 */
public record EffectState(
    Verdict verdict,
    @Nullable Phase phase,
    Instant since,
    @Nullable Instant notBefore,
    @Nullable Instant statusSince,
    @Nullable Instant statusNotBefore,
    @Nullable DomainName succeededFor,
    @Nullable DomainName lastMailFrom) {

  /** Nothing was read yet. */
  public static final EffectState UNKNOWN =
      new EffectState(
          new Verdict(Effect.UNVERIFIED, null), null, Instant.EPOCH, null, null, null, null, null);

  /** How long SES looks for the record before it gives up. */
  public static final Duration SES_LOOKS_FOR = Duration.ofHours(72);

  /**
   * Where it stands after SES was read.
   *
   * @param before what SES had said when this was decided
   * @param lastRead when SES was read for it last before
   * @param desired null when never asked
   * @param ancestorIsCustom whether its nearest verified less granular identity is CUSTOM
   */
  public EffectState after(
      SesView before,
      Instant lastRead,
      SesView now,
      @Nullable DesiredState desired,
      boolean ancestorIsCustom) {
    Live live = now.live();
    Instant at = now.asOf();
    Verdict decided =
        EffectTable.decide(
            new EffectTable.Facts(
                now.isVerified(),
                before.isVerified() || cause() == Cause.VERIFICATION_LOST,
                live,
                desired,
                lastMailFrom != null,
                ancestorIsCustom));
    boolean seenBefore = before.wasRead();
    Instant otherwiseAt = seenBefore ? lastRead : null;
    boolean sameVerdict = seenBefore && decided.equals(verdict);
    boolean sameStatus = live.hasStatusOf(before.live());
    boolean worked = live.isSuccess() || live.status() == MailFromStatus.TEMPORARY_FAILURE;
    DomainName domain = live.mailFromDomain();
    boolean cleared = desired != null && desired.desired().wantsNothing();
    DomainName last = domain != null ? domain : cleared ? null : lastMailFrom;
    DomainName succeeded = worked ? domain : succeededFor;
    return new EffectState(
        decided,
        phase(decided.cause() == Cause.REMOVED ? last : domain, succeeded),
        sameVerdict ? since : at,
        sameVerdict ? notBefore : otherwiseAt,
        live.status() == null ? null : sameStatus ? statusSince : at,
        sameStatus ? statusNotBefore : otherwiseAt,
        succeeded,
        last);
  }

  private static @Nullable Phase phase(
      @Nullable DomainName domain, @Nullable DomainName succeededFor) {
    if (domain == null) {
      return null;
    }
    return domain.equals(succeededFor) ? Phase.LIVE : Phase.SETUP;
  }

  public Effect effect() {
    return verdict.effect();
  }

  public @Nullable Cause cause() {
    return verdict.cause();
  }

  /** Whether SES looks for the record of a MAIL FROM domain that never worked: no outage. */
  public boolean isSettingUp() {
    return phase == Phase.SETUP && effect() == Effect.FALLBACK && cause() == Cause.PENDING;
  }

  /**
   * When SES gives up at the earliest; null when it does not look, or never gives up. It counts
   * from the early end of when the status began, where that is known.
   */
  public @Nullable Instant deadline(Live live) {
    MailFromStatus status = live.status();
    Instant began = statusNotBefore == null ? statusSince : statusNotBefore;
    return status != null && status.hasDeadline() && began != null
        ? began.plus(SES_LOOKS_FOR)
        : null;
  }
}
