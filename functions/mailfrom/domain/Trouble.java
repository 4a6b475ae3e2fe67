package mailfrom.domain;

/** What an incident is about. */
public enum Trouble {
  NOT_COVERED,
  SPF_BROKEN,
  FALLBACK,
  REJECTED
}
