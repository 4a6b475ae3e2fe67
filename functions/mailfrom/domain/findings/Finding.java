package mailfrom.domain.findings;

import org.jspecify.annotations.Nullable;

/**
 * One fact about the DNS of a MAIL FROM domain.
 *
 * @param message what is wrong and what to do about it
 * @param expected what should be there
 * @param actual what was seen; null when nothing is there
 * @param asked who was asked
 * @param dig a line to paste that asks the same
 */
public record Finding(
    FindingCode code,
    FindingSeverity severity,
    String message,
    @Nullable String expected,
    @Nullable String actual,
    @Nullable String asked,
    @Nullable String dig) {

  /** A fact for which nobody was asked: a sample. */
  public Finding(
      FindingCode code,
      FindingSeverity severity,
      String message,
      @Nullable String expected,
      @Nullable String actual) {
    this(code, severity, message, expected, actual, null, null);
  }
}
