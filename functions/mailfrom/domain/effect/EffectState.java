package mailfrom.domain.effect;

import java.time.Duration;
import java.time.Instant;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
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

  /** How long SES looks for the record before it gives up. */
  public static final Duration SES_LOOKS_FOR = Duration.ofHours(72);

  public Effect effect() {
    return verdict.effect();
  }

  public @Nullable Cause cause() {
    return verdict.cause();
  }

  /** When SES gives up; null when it does not look, or never gives up. */
  public @Nullable Instant deadline(Live live) {
    MailFromStatus status = live.status();
    return status != null && status.hasDeadline() && statusSince != null
        ? statusSince.plus(SES_LOOKS_FOR)
        : null;
  }
}
