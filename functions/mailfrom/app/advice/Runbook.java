package mailfrom.app.advice;

import java.util.Locale;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
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

  /** The section for trouble that nobody else made; null: there is none. */
  public static @Nullable Runbook of(Effect effect, @Nullable Cause cause) {
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
}
