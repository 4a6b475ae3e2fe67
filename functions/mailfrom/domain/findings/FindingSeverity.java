package mailfrom.domain.findings;

/** How much a finding matters. */
public enum FindingSeverity {
  ERROR,
  WARNING,
  INFORMATION
}
