package mailfrom.domain;

/**
 * One rule that is broken.
 *
 * @param message what is wrong and how to fix it
 */
public record Violation(ViolationCode code, String message) {}
