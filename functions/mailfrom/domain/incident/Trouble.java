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
   * back for good, rejected, rejected for good.
   */
  public int rank() {
    boolean forGood = cause == Cause.FAILED || cause == Cause.REMOVED;
    return switch (kind) {
      case NOT_COVERED -> 0;
      case SPF_BROKEN -> 1;
      case FALLBACK -> forGood ? 3 : 2;
      case REJECTED -> forGood ? 5 : 4;
    };
  }
}
