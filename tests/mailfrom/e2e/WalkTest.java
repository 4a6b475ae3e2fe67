package mailfrom.e2e;

import java.util.Map;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;

/** The README's walk, with the handlers in this process. */
class WalkTest extends Walk {
  @Override
  Functions functions(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page) {
    return HandlersInProcess.of(settings, watch, page);
  }
}
