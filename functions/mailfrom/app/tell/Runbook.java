package mailfrom.app.tell;

import java.util.Locale;
import java.util.Optional;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import org.jspecify.annotations.Nullable;

/** The runbook's sections: one for each cause, and for what has no cause. */
public enum Runbook {
  PENDING,
  FAILED,
  TEMPORARY_FAILURE,
  REMOVED,
  VERIFICATION_LOST,
  NOT_COVERED,
  SPF_BROKEN,
  EARLY_WARNING,
  DRIFT,
  NOT_APPLIED,
  BASELINE,
  HELD,
  BLIND,
  DNS_BLIND,
  MISSING,
  UNHEARD;

  /** The document that has the sections. */
  public static final String DOCUMENT = "OPERATIONS.md";

  /** The heading of the section. */
  public String heading() {
    return "Runbook: " + name();
  }

  /** Where the section is in its document. */
  public String anchor() {
    return "runbook-" + name().toLowerCase(Locale.ROOT);
  }

  /** The section for what is told; empty when there is nothing to do about it. */
  static Optional<Runbook> of(Told told) {
    Notice notice = told.main();
    if (notice.reason().kind() == Reason.Kind.TROUBLE && told.drift().isPresent()) {
      return Optional.of(DRIFT);
    }
    return notice.reason().kind() == Reason.Kind.TROUBLE
        ? Optional.ofNullable(of(notice.effect(), notice.cause()))
        : of(notice.reason());
  }

  private static @Nullable Runbook of(Effect effect, @Nullable Cause cause) {
    if (cause == null) {
      return effect == Effect.CUSTOM ? SPF_BROKEN : null;
    }
    return switch (cause) {
      case PENDING -> PENDING;
      case FAILED -> FAILED;
      case TEMPORARY_FAILURE -> TEMPORARY_FAILURE;
      case REMOVED -> REMOVED;
      case VERIFICATION_LOST -> VERIFICATION_LOST;
      case NOT_COVERED -> NOT_COVERED;
    };
  }

  /** The section that belongs to a reason itself; empty when there is none. */
  static Optional<Runbook> of(Reason reason) {
    return Optional.ofNullable(ReasonText.of(reason).runbook());
  }
}
