package mailfrom.domain.incident;

/// What a pager does with its alert when a notice arrives. An alert is opened only for what another
/// notice closes, and only for what is an outage.
///
/// | notice | belongs to an incident | to none |
/// | --- | --- | --- |
/// | trouble | `TRIGGER` | `NONE`: a set-up's `LAST_CHANCE`, of which nothing is broken yet |
/// | end | `RESOLVE` | `NONE` |
/// | anything else | `NONE` | `NONE` |
public enum PagerAction {
  TRIGGER,
  RESOLVE,
  NONE;

  public static PagerAction of(Notice notice) {
    if (notice.incident() == null) {
      return NONE;
    }
    return switch (notice.reason().kind()) {
      case TROUBLE -> TRIGGER;
      case END -> RESOLVE;
      case WARNING, SETTINGS, DONE, RUN -> NONE;
    };
  }
}
