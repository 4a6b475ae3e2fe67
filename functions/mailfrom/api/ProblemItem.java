package mailfrom.api;

import org.jspecify.annotations.Nullable;

/**
 * One of the violations of a problem, whoever found it.
 *
 * @param message what is wrong and how to mend it
 * @param pointer the JSON pointer into the body; null when it is not about the body
 */
record ProblemItem(String code, String message, @Nullable String pointer) {
  static ProblemItem of(InputProblem problem) {
    return new ProblemItem(problem.code().name(), problem.message(), problem.pointer());
  }
}
