package mailfrom.domain.desired;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The brake: many repairs at once, or many identities missing at once, are a sign that something
 * else is wrong, so nothing is done until somebody has looked.
 */
public final class Brake {
  private static final int MOST_AT_ONCE = 20;
  private static final int MOST_IN_A_HUNDRED = 2;
  private static final int MOST_MISSING_IN_A_HUNDRED = 5;

  /** A release is for what was held, not for what breaks another day. */
  private static final Duration RELEASED_FOR = Duration.ofHours(24);

  private Brake() {}

  /** Whether a run plans too many repairs: more than 20, and more than 2 % of the Region. */
  public static boolean isPulled(int planned, int identities) {
    return planned > MOST_AT_ONCE && planned * 100L > (long) identities * MOST_IN_A_HUNDRED;
  }

  /** Whether too many are missing from a list: more than one, and more than 5 % of the Region. */
  public static boolean isGap(long missing, long identities) {
    return missing > 1 && missing * 100 > identities * MOST_MISSING_IN_A_HUNDRED;
  }

  public static boolean isReleased(@Nullable Instant releasedAt, Instant now) {
    return releasedAt != null && now.isBefore(releasedAt.plus(RELEASED_FOR));
  }
}
