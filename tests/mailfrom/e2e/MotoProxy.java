package mailfrom.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * A proxy in front of moto's server that hands every call on, falsifies SES's answers by operation,
 * and remembers what was published. Calls to DynamoDB go one after another: moto copies the whole
 * table for each transaction, and puts the copy back when a condition fails, whoever else writes
 * meanwhile.
 */
final class MotoProxy implements AutoCloseable {
  /** An answer of SES, as it goes over the wire. */
  record Answer(int status, String type, String body) {
    Answer body(String other) {
      return new Answer(status, type, other);
    }
  }

  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "connection", "transfer-encoding", "expect", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, UnaryOperator<Answer>> lies = new ConcurrentHashMap<>();
  private final List<Map<String, String>> published = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock table = new ReentrantLock();
  private final URI moto;
  private final HttpServer server;

  MotoProxy(URI moto) {
    this.moto = moto;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on an operation's answers are changed so. */
  void lie(String operation, UnaryOperator<Answer> lie) {
    lies.put(operation, lie);
  }

  /** From now on an operation is answered as moto does. */
  void truth(String operation) {
    lies.remove(operation);
  }

  /** From now on each operation's answers in one Region are changed so. */
  void lieIn(String region, UnaryOperator<Answer> lie) {
    lies.put(region, lie);
  }

  /** From now on all is answered as moto does, and nothing was published yet. */
  void forget() {
    lies.clear();
    published.clear();
  }

  /** The Region that a call was signed for. */
  private static String region(HttpExchange exchange) {
    String signature = exchange.getRequestHeaders().getFirst("Authorization");
    return signature == null ? "" : signature.replaceFirst("(?s).*?/[0-9]+/([^/]+)/.*", "$1");
  }

  /** The parameters of each Publish, oldest first. */
  List<Map<String, String>> published() {
    return List.copyOf(published);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> response = inTurn(exchange, body);
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                  exchange.getResponseHeaders().put(name, new ArrayList<>(values));
                }
              });
      int status = response.statusCode();
      byte[] answer = response.body();
      Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
      String operation = form.getOrDefault("Action", "");
      if (operation.equals("Publish") && status == 200) {
        published.add(form);
      }
      UnaryOperator<Answer> lie = lies.getOrDefault(operation, lies.get(region(exchange)));
      if (lie != null) {
        Answer changed =
            lie.apply(new Answer(status, "text/xml", new String(answer, StandardCharsets.UTF_8)));
        status = changed.status();
        answer = changed.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", changed.type());
      }
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private HttpResponse<byte[]> inTurn(HttpExchange exchange, byte[] body) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target == null || !target.startsWith("DynamoDB_")) {
      return handedOn(exchange, body);
    }
    table.lock();
    try {
      return handedOn(exchange, body);
    } finally {
      table.unlock();
    }
  }

  private HttpResponse<byte[]> handedOn(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moto.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Map<String, String> form(String body) {
    Map<String, String> values = new HashMap<>();
    if (body.startsWith("Action=")) {
      for (String pair : body.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        values.put(
            parts[0], parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
      }
    }
    return values;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    client.close();
  }
}
