package mailfrom.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one function and the local cloud, and writes down which actions of AWS the
 * function's role needs: those that IAM asks for, so a transaction counts by its parts.
 */
final class Recorder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENDPOINT = "AWS_ENDPOINT_URL_";

  /** What a transaction's part is allowed by. */
  private static final Map<String, String> PARTS =
      Map.of(
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "ConditionCheck", "ConditionCheckItem",
          "Get", "GetItem");

  private final Set<String> actions = new ConcurrentSkipListSet<>();
  private final Deque<HttpServer> servers = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> environment;

  /** Starts at once. */
  Recorder(Map<String, String> environment) {
    Map<String, String> changed = new TreeMap<>(environment);
    for (String service : List.of("DYNAMODB", "SES", "SNS")) {
      URI target = URI.create(Objects.requireNonNull(environment.get(ENDPOINT + service)));
      changed.put(ENDPOINT + service, between(service.toLowerCase(Locale.ROOT), target));
    }
    this.environment = Map.copyOf(changed);
  }

  /** The function's environment: the same, with this in between. */
  Map<String, String> environment() {
    return environment;
  }

  /** The actions so far, such as {@code dynamodb:GetItem}. */
  Set<String> actions() {
    return Set.copyOf(actions);
  }

  private String between(String service, URI target) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
      server.setExecutor(threads);
      server.createContext("/", exchange -> pass(exchange, service, target));
      server.start();
      servers.push(server);
      return "http://127.0.0.1:" + server.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pass(HttpExchange exchange, String service, URI target) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      note(service, operation, new String(body, StandardCharsets.UTF_8));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      for (String header : List.of("Authorization", "Content-Type", "X-Amz-Target", "X-Amz-Date")) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
          request.header(header, value);
        }
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void note(String service, @Nullable String target, String body) throws IOException {
    if (target == null) {
      for (String parameter : body.split("&", -1)) {
        if (parameter.startsWith("Action=")) {
          actions.add(service + ":" + parameter.substring("Action=".length()));
        }
      }
      return;
    }
    String operation = target.substring(target.indexOf('.') + 1);
    switch (operation) {
      case "TransactWriteItems", "TransactGetItems" -> {
        for (JsonNode part : JSON.readTree(body).path("TransactItems")) {
          part.fieldNames()
              .forEachRemaining(
                  name -> actions.add(service + ":" + Objects.requireNonNull(PARTS.get(name))));
        }
      }
      default -> actions.add(service + ":" + operation);
    }
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.close();
    client.close();
  }
}
