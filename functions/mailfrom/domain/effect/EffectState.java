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
 * Where an identity stands: its effect, and since when.
 *
 * @param phase null when it has and had no MAIL FROM domain
 * @param since when effect and cause became what they are
 * @param sinceExact false when it was already so at first sight
 * @param statusSince when SES's status for this MAIL FROM domain became what it is
 * @param statusSinceExact false when it was already so at first sight
 * @param succeededFor the MAIL FROM domain for which SES last said Success
 * @param lastMailFrom the MAIL FROM domain last seen, while nobody asked us to clear it
 */
public record EffectState(
    Verdict verdict,
    @Nullable Phase phase,
    Instant since,
    boolean sinceExact,
    @Nullable Instant statusSince,
    boolean statusSinceExact,
    @Nullable DomainName succeededFor,
    @Nullable DomainName lastMailFrom) {

  /** Nothing was read yet. */
  public static final EffectState UNKNOWN =
      new EffectState(
          new Verdict(Effect.UNVERIFIED, null),
          null,
          Instant.EPOCH,
          false,
          null,
          false,
          null,
          null);

  /** How long SES looks for the record before it gives up. */
  public static final Duration SES_LOOKS_FOR = Duration.ofHours(72);

  /**
   * Where it stands after SES was read.
   *
   * @param before what SES had said when this was decided
   * @param desired null when never asked
   * @param ancestorIsCustom whether its nearest verified less granular identity is CUSTOM
   */
  public EffectState after(
      SesView before, SesView now, @Nullable DesiredState desired, boolean ancestorIsCustom) {
    Live live = now.live();
    Instant at = now.asOf();
    Verdict decided =
        EffectTable.decide(
            new EffectTable.Facts(
                now.isVerified(), live, desired, lastMailFrom != null, ancestorIsCustom));
    boolean seenBefore = before.wasRead();
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
        sameVerdict ? sinceExact : seenBefore,
        live.status() == null ? null : sameStatus ? statusSince : at,
        sameStatus ? statusSinceExact : seenBefore,
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

  /** When SES gives up; null when it does not look, or never gives up. */
  public @Nullable Instant deadline(Live live) {
    MailFromStatus status = live.status();
    return status != null && status.hasDeadline() && statusSince != null
        ? statusSince.plus(SES_LOOKS_FOR)
        : null;
  }
}
