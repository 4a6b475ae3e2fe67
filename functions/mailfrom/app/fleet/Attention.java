package mailfrom.app.fleet;

import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Severity;

/** Whom an identity needs now, the most urgent first: the order of the fleet. */
public enum Attention {
  CRITICAL,
  WARNING,
  INFO,
  /** Its trouble is not seen just now, and not over yet. */
  RECOVERING,
  /** SES looks for a record that was never there: no outage. */
  SETTING_UP,
  NONE;

  public static Attention of(IdentityState state) {
    if (state.isRecovering()) {
      return RECOVERING;
    }
    return state
        .severity()
        .map(Attention::of)
        .orElse(state.effectState().isSettingUp() ? SETTING_UP : NONE);
  }

  private static Attention of(Severity severity) {
    return switch (severity) {
      case CRITICAL -> CRITICAL;
      case WARNING -> WARNING;
      case INFO -> INFO;
    };
  }
}
