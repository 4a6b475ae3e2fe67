package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import mailfrom.local.Template;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The function settings around a snapshot, under Lambda's real runtime interface client. */
@Tag("slow")
class SnapshotTest {
  private static final String HANDLER = "mailfrom.api.SettingsFunction::handleRequest";
  // Neither what may be changed nor a pause stands in the way of a rehearsal.
  private static final Map<String, String> ENVIRONMENT =
      Template.read()
          .render(
              Map.of(
                  "Regions", "us-east-1,eu-west-1",
                  "ManagedAllow", "*.example.com",
                  "Paused", "true"),
              Template.Names::any)
          .environment("SettingsFunction");

  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final List<String> credentialsAskedFor = new CopyOnWriteArrayList<>();
  private HttpServer server;

  /** A table without anything in it, and the place where Lambda hands out credentials. */
  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean credentials = exchange.getRequestURI().getPath().equals("/credentials");
            String authorization =
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            (credentials ? credentialsAskedFor : signatures)
                .add(
                    authorization
                        + " "
                        + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
            byte[] answer =
                (credentials
                        ? """
                        {"AccessKeyId":"RESTORED","SecretAccessKey":"secret","Token":"token-restored",
                         "Expiration":"2099-01-01T00:00:00Z"}
                        """
                        : "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static String event(String path) {
    return """
        {"version":"2.0","routeKey":"GET %1$s","rawPath":"%1$s","rawQueryString":"","headers":{},
         "requestContext":{"http":{"method":"GET","path":"%1$s"},"requestId":"r","timeEpoch":0,
          "authorizer":{"iam":{"userArn":"arn:aws:iam::123456789012:user/u"}}},
         "isBase64Encoded":false}
        """
        .formatted(path);
  }

  private static String body(RuntimeProcess function, String path) throws JsonProcessingException {
    Outcome outcome = function.invoke(event(path));
    var answered = assertInstanceOf(Outcome.Answered.class, outcome, function.log());
    return JsonMapper.builder().build().readTree(answered.body()).path("body").asText();
  }

  @Test
  void theRehearsalSpeaksToItselfAloneAndLeavesNothingOpen() throws Exception {
    try (var settings =
        RuntimeProcess.classes(WatchedSockets.class.getName() + "::handleRequest")
            .named("watched-sockets")
            .env(ENVIRONMENT)
            .env("AWS_ENDPOINT_URL_DYNAMODB", url("/"))
            // No name is looked up either: there is no such list of hosts.
            .jvm("-Djdk.net.hosts.file=no-hosts-at-all")
            .start()) {
      assertInstanceOf(Outcome.Answered.class, settings.awaitReady(), settings.log());
      assertTrue(settings.log().contains("\"correlation_id\":\"rehearsal\""), settings.log());
      assertTrue(!settings.log().contains("The rehearsal failed"), settings.log());
      String rehearsed = body(settings, "/witness");
      assertTrue(
          rehearsed.matches("127\\.0\\.0\\.1:\\d+(,127\\.0\\.0\\.1:\\d+)* 0 0 0"), rehearsed);
      assertEquals(List.of(), signatures);
      // The witness sees whom a request reads from.
      String place = "127.0.0.1:" + server.getAddress().getPort();
      assertFalse(rehearsed.contains(place), rehearsed);
      String afterARequest = body(settings, "/v1/summary");
      assertTrue(afterARequest.contains(place), afterARequest);
    }
  }

  @Test
  void credentialsAreAskedForAfterTheSnapshotWasRestored() throws Exception {
    try (var settings =
        RuntimeProcess.classes(HANDLER)
            .named("snapshot-credentials")
            .env(ENVIRONMENT)
            .env("AWS_ENDPOINT_URL_DYNAMODB", url("/"))
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", url("/credentials"))
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "lambda")
            .snapStart()
            .start()) {
      assertInstanceOf(Outcome.Answered.class, settings.awaitReady(), settings.log());
      assertTrue(settings.wasRestored());
      assertTrue(settings.log().contains("\"correlation_id\":\"rehearsal\""), settings.log());
      assertTrue(!settings.log().contains("The rehearsal failed"), settings.log());
      assertEquals(List.of(), credentialsAskedFor);
      assertEquals(List.of(), signatures);
      var _ = body(settings, "/v1/summary");
      assertEquals(List.of("lambda null"), credentialsAskedFor);
      assertTrue(signatures.getFirst().contains("Credential=RESTORED/"), signatures::toString);
      assertTrue(signatures.getFirst().endsWith(" token-restored"), signatures::toString);
    }
  }

  @Test
  void withoutASnapshotTheDailyCallIsAnsweredAndCredentialsAreThoseOfTheEnvironment()
      throws Exception {
    try (var settings =
        RuntimeProcess.classes(HANDLER)
            .named("no-snapshot")
            .env(ENVIRONMENT)
            .env("AWS_ENDPOINT_URL_DYNAMODB", url("/"))
            .start()) {
      var answered = assertInstanceOf(Outcome.Answered.class, settings.invoke(dailyCall()));
      var answer = JsonMapper.builder().build().readTree(answered.body());
      assertEquals(200, answer.path("statusCode").asInt());
      assertTrue(answer.path("body").asText().startsWith("openapi: 3"));
      assertEquals(List.of(), signatures);
      var _ = body(settings, "/v1/summary");
      assertTrue(signatures.getFirst().contains("Credential=local/"), signatures::toString);
      assertTrue(signatures.getFirst().endsWith(" local"), signatures::toString);
      assertTrue(!settings.log().contains("\"correlation_id\":\"rehearsal\""), settings.log());
    }
  }

  private static String dailyCall() throws IOException {
    try (var event =
        Objects.requireNonNull(
            SnapshotTest.class.getResourceAsStream("/events/schedule-keep-warm.json"))) {
      return new String(event.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
