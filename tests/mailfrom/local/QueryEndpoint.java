package mailfrom.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP server on 127.0.0.1 that speaks the AWS Query protocol for one service. */
final class QueryEndpoint implements AutoCloseable {
  /** The service behind the door. */
  interface Service {
    QueryAnswer call(String region, String operation, QueryParameters parameters);
  }

  private static final Pattern SCOPE =
      Pattern.compile("Credential=[^/,\\s]+/\\d{8}/([a-z0-9-]+)/[a-z0-9-]+/aws4_request");

  private final String namespace;
  private final Service service;
  private final Duration hold;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong requests = new AtomicLong();

  /**
   * Starts at once; port 0 takes a free one. A call that gets no answer is held for {@code hold},
   * then closed.
   */
  QueryEndpoint(int port, String namespace, Service service, Duration hold) {
    this.namespace = namespace;
    this.service = service;
    this.hold = hold;
    // Without it each answer on a kept connection waits 40 ms for the other side's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 256);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " of 127.0.0.1 cannot be served", e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::serve);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      QueryParameters parameters = QueryParameters.parse(form);
      String operation = parameters.textOrEmpty("Action");
      QueryAnswer answer = answer(exchange, operation, parameters);
      String id = "00000000-0000-4000-8000-%012d".formatted(requests.incrementAndGet());
      exchange.getResponseHeaders().set("x-amzn-RequestId", id);
      switch (answer) {
        case QueryAnswer.Done done -> {
          done.headers().forEach(exchange.getResponseHeaders()::set);
          String result = Xml.element(operation + "Result", done.resultXml());
          String metadata = Xml.element("ResponseMetadata", Xml.text("RequestId", id));
          writeXml(exchange, 200, operation + "Response", result + metadata);
        }
        case QueryAnswer.Refused refused -> {
          String error =
              Xml.text("Type", refused.httpStatus() >= 500 ? "Receiver" : "Sender")
                  + Xml.text("Code", refused.code())
                  + Xml.text("Message", refused.message());
          writeXml(
              exchange,
              refused.httpStatus(),
              "ErrorResponse",
              Xml.element("Error", error) + Xml.text("RequestId", id));
        }
        case QueryAnswer.Broken(String contentType, String body) ->
            write(exchange, 200, contentType, body);
        case QueryAnswer.Silence _ -> holdBack();
      }
    }
  }

  private QueryAnswer answer(HttpExchange exchange, String operation, QueryParameters parameters) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher scope = SCOPE.matcher(authorization == null ? "" : authorization);
    if (!scope.find()) {
      return new QueryAnswer.Refused(
          403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    return service.call(scope.group(1), operation, parameters);
  }

  private void holdBack() {
    try {
      closing.await(hold.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(HttpExchange exchange, int status, String contentType, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    // Nothing at all is said by a length of its own.
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void writeXml(HttpExchange exchange, int status, String root, String xml)
      throws IOException {
    write(
        exchange,
        status,
        "text/xml",
        "<" + root + " xmlns=\"" + namespace + "\">" + xml + "</" + root + ">\n");
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    executor.close();
  }
}
