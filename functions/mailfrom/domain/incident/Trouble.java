package mailfrom.domain.incident;

import mailfrom.domain.effect.Cause;
import org.jspecify.annotations.Nullable;

/**
 * A trouble as it is now.
 *
 * @param cause null for SPF_BROKEN
 */
public record Trouble(TroubleKind kind, @Nullable Cause cause, Severity severity) {

  /**
   * How bad it is, for telling worse from better: covered by nobody, SPF, falling back, falling
   * back for good, rejected, rejected for good, no mail at all.
   */
  private int rank() {
    return switch (kind) {
      case NOT_COVERED -> 0;
      case SPF_BROKEN -> 1;
      case FALLBACK -> isForGood() ? 3 : 2;
      case REJECTED -> isForGood() ? 5 : 4;
      case UNVERIFIED -> 6;
    };
  }

  /** Whether nothing heals it by itself. */
  boolean isForGood() {
    return cause == Cause.FAILED || cause == Cause.REMOVED;
  }

  /** Whether somebody who knows only the other has to be told. */
  public boolean isWorseThan(Trouble other) {
    return rank() > other.rank()
        || (rank() == other.rank() && severity.compareTo(other.severity) > 0);
  }

  /** Whether mail flows again, or at least is taken again, since the other. */
  boolean isBetterThan(Trouble other) {
    return other.kind.isMailLost() && rank() < other.rank() && kind != other.kind;
  }
}
