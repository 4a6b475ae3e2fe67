package mailfrom.domain.dns;

import org.jspecify.annotations.Nullable;

/**
 * One fact about the DNS of a MAIL FROM domain.
 *
 * @param message what is wrong and what to do about it
 * @param expected what should be there
 * @param actual what is there; null when nothing is
 */
public record Finding(
    FindingCode code,
    FindingSeverity severity,
    String message,
    @Nullable String expected,
    @Nullable String actual) {}
