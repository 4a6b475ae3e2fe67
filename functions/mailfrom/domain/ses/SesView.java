package mailfrom.domain.ses;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What SES said last about an identity.
 *
 * @param verified null when not read yet
 * @param dkimSigns whether DKIM signs its mail; null when not known
 * @param forwarding whether feedback is forwarded by e-mail; null when not known
 * @param asOf the time of the event in which it was read
 * @param absences complete listings in a row in which it was missing
 * @param unanswered whether the newest run that asked for it got no answer: then a complete run
 *     says nothing of it
 */
public record SesView(
    @Nullable Boolean verified,
    Live live,
    @Nullable Boolean dkimSigns,
    @Nullable Boolean forwarding,
    Instant asOf,
    int absences,
    boolean unanswered) {

  /** Nothing was read yet. */
  public static final SesView UNREAD =
      new SesView(null, Live.NONE, null, null, Instant.EPOCH, 0, false);

  /** Complete listings in a row without it that mean deleted. */
  public static final int GONE_AFTER = 2;

  /** Whether it was read at least once. */
  public boolean wasRead() {
    return verified != null;
  }

  /** Whether it was deleted at SES: missing in two complete listings, or told by an event. */
  public boolean isGone() {
    return absences >= GONE_AFTER;
  }

  /** Whether SES is known to take mail from it. */
  public boolean isVerified() {
    return Boolean.TRUE.equals(verified);
  }

  public SesView withAbsences(int count) {
    return new SesView(verified, live, dkimSigns, forwarding, asOf, count, false);
  }

  /** It was asked for, and nobody answered. */
  public SesView notAnswered() {
    return new SesView(verified, live, dkimSigns, forwarding, asOf, absences, true);
  }

  /**
   * When it was read last: in the newest complete run, which writes only what changed, or later.
   *
   * @param lastComplete when the newest complete run of its Region was; null: none was
   */
  public Instant lastRead(@Nullable Instant lastComplete) {
    return lastComplete != null && lastComplete.isAfter(asOf) && absences == 0 && !unanswered
        ? lastComplete
        : asOf;
  }

  /** The same, if SES said this of its live settings. */
  public SesView with(Live other, Instant at) {
    return new SesView(verified, other, dkimSigns, forwarding, at, absences, unanswered);
  }

  /** Known to be deleted since. */
  public SesView goneAt(Instant at) {
    return new SesView(verified, live, dkimSigns, forwarding, at, GONE_AFTER, false);
  }

  /** Whether the other says the same at another time. */
  public boolean sameExceptTime(SesView other) {
    return readAt(other.asOf).equals(other);
  }

  /** The same, read at another time. */
  public SesView readAt(Instant at) {
    return with(live, at);
  }
}
