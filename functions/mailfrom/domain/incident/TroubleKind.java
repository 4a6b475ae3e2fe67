package mailfrom.domain.incident;

/** What an incident is about. */
public enum TroubleKind {
  NOT_COVERED,
  SPF_BROKEN,
  FALLBACK,
  REJECTED
}
