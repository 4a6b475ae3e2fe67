package mailfrom.domain.incident;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was told of an identity beside its incidents, until it is told as over; and for a week after
 * that, so that what comes and goes is not told each time.
 *
 * @param reason for which it was told
 * @param toldAt when it was told first
 * @param again whether it came back: then its end is believed later
 * @param quietSince since when it is not seen any more; null while it is
 * @param overAt when it was told as over; null while it was not
 */
public record Warning(
    Reason reason,
    Instant toldAt,
    boolean again,
    @Nullable Instant quietSince,
    @Nullable Instant overAt) {
  /** Not seen for this long, in two reads: over, as an incident is. */
  private static final Duration OVER_AFTER = Duration.ofMinutes(10);

  /** As long as an incident that flapped has to be stable. */
  private static final Duration STABLE_AFTER = Duration.ofHours(6);

  /** Owners that take turns, each once a day, are told once. */
  private static final Duration ONE_OWNER_AFTER = Duration.ofHours(25);

  private static final Duration KEPT = Duration.ofDays(7);

  /** It is told now. */
  public static Warning told(Reason reason, @Nullable Warning before, Instant now) {
    if (before != null && before.isOpen()) {
      return before.seen();
    }
    return new Warning(reason, now, before != null && before.isKept(now), null, null);
  }

  /** Whether it is open, or was told as over not long before. */
  public boolean isKept(Instant now) {
    return overAt == null || now.isBefore(overAt.plus(KEPT));
  }

  public boolean isOpen() {
    return overAt == null;
  }

  /** It is seen: where it was not before, it came back. */
  public Warning seen() {
    return new Warning(reason, toldAt, again || quietSince != null, null, overAt);
  }

  /** It is not seen, now or since before. */
  public Warning notSeen(Instant now) {
    return quietSince == null ? new Warning(reason, toldAt, again, now, overAt) : this;
  }

  /** It is told as over now. */
  public Warning over(Instant now) {
    return new Warning(reason, toldAt, again, quietSince, now);
  }

  /** Whether it was not seen for long enough to be told as over. */
  public boolean isOver(Instant now) {
    return quietSince != null && !now.isBefore(quietSince.plus(believedAfter()));
  }

  private Duration believedAfter() {
    if (!again) {
      return OVER_AFTER;
    }
    return reason == Reason.DRIFT ? ONE_OWNER_AFTER : STABLE_AFTER;
  }
}
