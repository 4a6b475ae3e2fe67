package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ContractPageTest {
  /** What a page of ours loads: by an attribute, or by the renderer's option. */
  private static final Pattern LOADED = Pattern.compile("(?:src|href|url)(?:=|: )\"([^\"]+)\"");

  @Test
  void theContractIsAPageWhoseFilesAllComeFromThisCloudAndNothingElseIsBelowIt() throws Exception {
    try (LocalCloud cloud = new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> page = get(client, cloud, ContractPage.PATH);
      assertEquals(ContractPage.CONTENT_POLICY, policy(page));
      List<String> opened = new ArrayList<>();
      for (String path : loadedBy(page.body())) {
        HttpResponse<String> file = get(client, cloud, path);
        opened.add(path + " " + type(file));
        if (path.endsWith("/docs.js")) {
          loadedBy(file.body())
              .forEach(document -> opened.add(document + " " + typeAt(client, cloud, document)));
        }
      }
      assertEquals(
          List.of(
              "/v1/docs/swagger-ui.css text/css",
              "/v1/docs/swagger-ui-bundle.js text/javascript",
              "/v1/docs/docs.js text/javascript",
              "/v1/openapi.yaml application/yaml"),
          opened);
      for (String path : List.of("/v1/docs/", "/v1/docs/index.html", "/v1/docs/../docs.html")) {
        assertEquals(404, send(client, cloud, path).statusCode(), path);
      }
    }
  }

  /** A browser is told to ask nobody else, whatever the renderer's script would like to. */
  @Test
  void thePageMayAskNoOtherHost() {
    for (String rule : ContractPage.CONTENT_POLICY.split("; ", -1)) {
      assertTrue(rule.matches("[a-z-]+( 'none'| 'self'| 'unsafe-inline'| data:)+"), rule);
    }
    assertTrue(ContractPage.CONTENT_POLICY.startsWith("default-src 'none';"));
  }

  private static List<String> loadedBy(String text) {
    List<String> loaded = new ArrayList<>();
    Matcher found = LOADED.matcher(text);
    while (found.find()) {
      if (!found.group(1).equals("data:,")) {
        loaded.add(found.group(1));
      }
    }
    return loaded;
  }

  private static String typeAt(HttpClient client, LocalCloud cloud, String path) {
    try {
      return type(get(client, cloud, path));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(path, e);
    }
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("none").replaceFirst(";.*", "");
  }

  private static String policy(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Security-Policy").orElse("none");
  }

  private static HttpResponse<String> get(HttpClient client, LocalCloud cloud, String path)
      throws IOException, InterruptedException {
    // An address of another host would leave this one.
    assertTrue(path.startsWith("/") && !path.startsWith("//"), path);
    HttpResponse<String> answer = send(client, cloud, path);
    assertEquals(200, answer.statusCode(), path);
    return answer;
  }

  private static HttpResponse<String> send(HttpClient client, LocalCloud cloud, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(cloud.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
