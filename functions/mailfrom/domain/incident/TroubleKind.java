package mailfrom.domain.incident;

/** What an incident is about, least first. */
public enum TroubleKind {
  NOT_COVERED,
  SPF_BROKEN,
  FALLBACK,
  REJECTED,
  /** It was verified, and SES takes no mail of it any more. */
  UNVERIFIED;

  /** Whether mail is lost: that is told always, whatever else holds messages back. */
  public boolean isMailLost() {
    return switch (this) {
      case NOT_COVERED, SPF_BROKEN, FALLBACK -> false;
      case REJECTED, UNVERIFIED -> true;
    };
  }
}
