package mailfrom.domain.desired;

/**
 * One rule that is broken.
 *
 * @param message what is wrong and how to fix it
 */
public record Violation(ViolationCode code, String message) {}
