package mailfrom.domain.findings;

import java.util.Objects;
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

  /**
   * By hand: a run compares those of each identity with the last ones, and a record's own is slow.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Finding finding
        && code == finding.code
        && severity == finding.severity
        && message.equals(finding.message)
        && Objects.equals(expected, finding.expected)
        && Objects.equals(actual, finding.actual)
        && Objects.equals(asked, finding.asked)
        && Objects.equals(dig, finding.dig);
  }

  @Override
  public int hashCode() {
    return Objects.hash(code, message);
  }

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
