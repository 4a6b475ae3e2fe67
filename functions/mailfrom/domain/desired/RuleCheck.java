package mailfrom.domain.desired;

import java.util.List;

/**
 * What the rules say of desired settings.
 *
 * @param violations each rule that is broken and was not accepted, with how to mend it
 * @param warnings what forbids nothing: a {@link WarningCode}, or the code of an accepted violation
 */
public record RuleCheck(List<Violation> violations, List<Problem> warnings) {
  public RuleCheck {
    violations = List.copyOf(violations);
    warnings = List.copyOf(warnings);
  }
}
