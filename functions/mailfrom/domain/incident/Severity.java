package mailfrom.domain.incident;

/** How bad it is, least first. */
public enum Severity {
  INFO,
  WARNING,
  CRITICAL
}
