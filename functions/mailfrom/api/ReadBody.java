package mailfrom.api;

import java.util.List;

/** What reading a body gave: what it says, or everything that is wrong with it. */
sealed interface ReadBody<T> {

  record Ok<T>(T value) implements ReadBody<T> {}

  /**
   * At least one problem.
   *
   * @param untold how many there are besides
   */
  record Problems<T>(List<InputProblem> problems, int untold) implements ReadBody<T> {}
}
