package mailfrom.domain.desired;

/**
 * One rule that is broken. It is no {@link Problem} yet: whether its code may be accepted is asked
 * of the code, and where the name stood in a body is known to who read the body.
 *
 * @param message what is wrong and how to fix it
 */
public record Violation(ViolationCode code, String message) {}
