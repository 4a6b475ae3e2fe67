package mailfrom.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of the local cloud, on 127.0.0.1: the HTTP API in front of the function settings
 * below /v1/, the contract as a page at /v1/docs, the control calls below /local/, and at / a frame
 * that plays the console around what the function page draws.
 */
final class LocalApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalApi.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How the header Authorization of a signed request begins. */
  private static final String SIGNED = "AWS4-HMAC-SHA256 ";

  private final InstantSource clock;
  private final boolean asksForSignature;
  private final HttpServer server;
  private final byte[] console = resource("console.html");
  private final byte[] script = resource("console.js");
  private final ContractPage contract = new ContractPage();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong requests = new AtomicLong();

  /** Takes the port, 0 for a free one, and answers nothing until {@link #start}. */
  LocalApi(int port, InstantSource clock, boolean asksForSignature) {
    this.clock = clock;
    this.asksForSignature = asksForSignature;
    // Without it each answer on a kept connection waits 40 ms for the other side's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 256);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " of 127.0.0.1 cannot be served", e);
    }
    server.setExecutor(executor);
  }

  void start(Functions functions, Controls controls) {
    server.createContext("/", exchange -> serve(exchange, functions, controls));
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange, Functions functions, Controls controls)
      throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      Optional<ContractPage.File> ofContract = contract.at(path);
      if (ofContract.isPresent() && exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Content-Security-Policy", ContractPage.CONTENT_POLICY);
        write(exchange, 200, ofContract.get().contentType(), ofContract.get().bytes());
      } else if (path.equals("/v1") || path.startsWith("/v1/")) {
        callSettings(exchange, functions);
      } else if (path.equals("/local/console.js")) {
        write(exchange, 200, "text/javascript; charset=utf-8", script);
      } else if (path.startsWith("/local/")) {
        steer(exchange, path, functions, controls);
      } else if (path.equals("/") && exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Content-Security-Policy", CONTENT_POLICY);
        write(exchange, 200, "text/html; charset=utf-8", console);
      } else {
        json(exchange, 404, "{\"message\":\"Not Found\"}");
      }
    } catch (RuntimeException e) {
      LOG.error(
          "The request {} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      throw e;
    }
  }

  /** The frame asks nobody but this server, and no script of what it shows would run. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self';"
          + " img-src data:";

  // ---- the HTTP API

  private void callSettings(HttpExchange exchange, Functions functions) throws IOException {
    String id = "local-%08d".formatted(requests.incrementAndGet());
    exchange.getResponseHeaders().set("apigw-requestid", id);
    byte[] body = exchange.getRequestBody().readNBytes(Gateway.LARGEST_BODY + 1);
    String signature = exchange.getRequestHeaders().getFirst("Authorization");
    if (asksForSignature && (signature == null || !signature.startsWith(SIGNED))) {
      json(exchange, 403, "{\"message\":\"Forbidden\"}");
      return;
    }
    Gateway.Incoming incoming =
        new Gateway.Incoming(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            exchange.getRequestURI().getRawQuery(),
            Map.copyOf(exchange.getRequestHeaders()),
            ByteBuffer.wrap(body),
            exchange.getRemoteAddress().getAddress().getHostAddress());
    switch (Gateway.route(incoming, clock.instant(), id)) {
      case Gateway.Routed.Refused(int status, String message) ->
          json(exchange, status, "{\"message\":\"" + message + "\"}");
      case Gateway.Routed.Call call -> {
        APIGatewayV2HTTPResponse response;
        try {
          response = functions.settings(call.event());
        } catch (RuntimeException e) {
          LOG.error("The function settings failed", e);
          json(exchange, 500, "{\"message\":\"Internal Server Error\"}");
          return;
        }
        answer(exchange, response);
      }
    }
  }

  private static void answer(HttpExchange exchange, APIGatewayV2HTTPResponse response)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    orEmpty(response.getHeaders()).forEach(headers::set);
    orEmpty(response.getMultiValueHeaders()).forEach((name, values) -> headers.put(name, values));
    List<String> cookies = response.getCookies();
    if (cookies != null) {
      headers.put("Set-Cookie", cookies);
    }
    String text = response.getBody() == null ? "" : response.getBody();
    byte[] body =
        response.getIsBase64Encoded()
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    if (headers.getFirst("Content-Type") == null) {
      headers.set("Content-Type", "application/json");
    }
    write(exchange, response.getStatusCode(), null, body);
  }

  private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : map;
  }

  // ---- the control calls

  private void steer(HttpExchange exchange, String path, Functions functions, Controls controls)
      throws IOException {
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      json(exchange, 403, "{\"message\":\"No other web page may steer the local cloud.\"}");
      return;
    }
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (path.equals("/local/page") && exchange.getRequestMethod().equals("POST")) {
      json(exchange, 200, functions.page(withTime(body)));
      return;
    }
    control(exchange, controls, body);
  }

  /** The event of a widget, at the time of this cloud's clock. */
  private String withTime(String event) throws IOException {
    ObjectNode fields = JSON.readValue(event, ObjectNode.class);
    return fields.put("time", clock.instant().toString()).toString();
  }

  private static void control(HttpExchange exchange, Controls controls, String body)
      throws IOException {
    String path;
    try {
      path = Gateway.decoded(exchange.getRequestURI().getRawPath());
    } catch (IllegalArgumentException e) {
      json(exchange, 400, "{\"message\":\"The path is not percent-encoded rightly.\"}");
      return;
    }
    Controls.Answer answer = controls.answer(exchange.getRequestMethod(), path, body);
    if (answer.body() == null) {
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      json(exchange, answer.status(), answer.body().toPrettyString() + "\n");
    }
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    write(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(
      HttpExchange exchange, int status, @Nullable String contentType, byte[] body)
      throws IOException {
    if (contentType != null) {
      exchange.getResponseHeaders().set("Content-Type", contentType);
    }
    boolean none =
        body.length == 0 || exchange.getRequestMethod().toUpperCase(Locale.ROOT).equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
  }

  /** A file of the class path, whole. */
  static byte[] resource(String name) {
    try (InputStream in = LocalApi.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    // A call that waits for its slot is interrupted.
    executor.shutdownNow();
  }
}
