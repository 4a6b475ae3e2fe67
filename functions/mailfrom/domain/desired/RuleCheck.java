package mailfrom.domain.desired;

import java.util.List;

/**
 * What the rules say of desired settings.
 *
 * @param violations each rule that is broken and was not accepted, with how to mend it
 * @param warnings what forbids nothing, accepted violations included
 */
public record RuleCheck(List<Violation> violations, List<Warning> warnings) {
  public RuleCheck {
    violations = List.copyOf(violations);
    warnings = List.copyOf(warnings);
  }

  /** Something to know that forbids nothing. */
  public record Warning(String code, String message) {}
}
