package mailfrom.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The contract as a page, with Swagger UI out of its package: the files below /v1/docs, which
 * nothing that is deployed has.
 */
final class ContractPage {
  static final String PATH = "/v1/docs";

  /** The page asks nobody but this server; Swagger UI writes styles and small pictures in place. */
  static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; font-src data:";

  private static final String PACKAGE = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, File> files;

  /** One file of the page. */
  record File(String contentType, String resource) {
    byte[] bytes() {
      return LocalApi.resource(resource);
    }
  }

  ContractPage() {
    String renderer = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
    files =
        Map.of(
            PATH,
            new File(HTML, "docs.html"),
            PATH + "/docs.js",
            new File(SCRIPT, "docs.js"),
            PATH + "/swagger-ui.css",
            new File(CSS, renderer + "swagger-ui.css"),
            PATH + "/swagger-ui-bundle.js",
            new File(SCRIPT, renderer + "swagger-ui-bundle.js"));
  }

  /** Its file at a path; empty when the path is none of its. */
  Optional<File> at(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /** The package keeps its files in a folder of its version. */
  private static String version() {
    Properties properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(LocalApi.resource(PACKAGE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(properties.getProperty("version"), PACKAGE);
  }
}
