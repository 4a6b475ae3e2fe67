package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Path;
import java.util.Map;
import mailfrom.local.Functions;
import org.junit.jupiter.api.Tag;

/**
 * The README's walk with the packaged functions: what {@code sam build} would upload, under
 * Lambda's real Java runtime interface client. {@code -Dpackaged.dir} names the folder of the
 * build.
 */
@Tag("slow")
class PackagedFunctionsTest extends Walk {
  @Override
  Functions functions(
      Map<String, String> settings, Map<String, String> watch, Map<String, String> page) {
    String build = System.getProperty("packaged.dir");
    assertNotNull(build, "Run sam build, and name its folder: -Dpackaged.dir=.aws-sam/build");
    return FunctionsInProcesses.start(Path.of(build), settings, watch, page);
  }
}
