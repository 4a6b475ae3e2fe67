package mailfrom.app.store;

import java.time.Instant;
import java.util.Locale;
import mailfrom.domain.desired.PlanAction;
import org.jspecify.annotations.Nullable;

/**
 * One change of an identity: who or what changed what, when.
 *
 * @param by a caller's ARN, watch for that ARN, watch by itself, SES, or somebody else; null when
 *     nobody is known, or when it has no author, as an effect
 * @param action of a Set that this system made: what it was for; null otherwise
 * @param before the old value in words; null when there was none
 * @param after the new value in words; null when there is none
 */
public record HistoryEntry(
    Instant at,
    @Nullable String by,
    What what,
    @Nullable PlanAction action,
    @Nullable String before,
    @Nullable String after) {

  /** What changed. */
  public enum What {
    /** What was asked for. */
    DESIRED,
    /** What SES has: each Set of ours, and what others changed. */
    SETTINGS,
    /** A Set that SES refused. */
    REFUSED,
    /** SES's status word. */
    STATUS,
    /** What mail sent then got. */
    EFFECT,
    /** A notice that was delivered. */
    NOTICE,
    /** The identity was deleted at SES. */
    DELETED;

    /** As the API spells it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
