package mailfrom.domain.dns;

/** How much a finding matters. */
public enum FindingSeverity {
  ERROR,
  WARNING,
  INFORMATION
}
