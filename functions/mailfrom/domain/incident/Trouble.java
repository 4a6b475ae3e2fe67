package mailfrom.domain.incident;

/** What an incident is about. */
public enum Trouble {
  NOT_COVERED,
  SPF_BROKEN,
  FALLBACK,
  REJECTED
}
