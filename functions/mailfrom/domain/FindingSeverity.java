package mailfrom.domain;

/** How much a finding matters. */
public enum FindingSeverity {
  ERROR,
  WARNING,
  INFORMATION
}
