package mailfrom.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.aws.Cloud;
import mailfrom.priming.CannedTable;

/**
 * A DynamoDB endpoint that is as fast as it can be: DynamoDB Local would take most of the time that
 * is to be measured.
 */
final class FastTable implements AutoCloseable {
  private final CannedTable table = new CannedTable();
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  FastTable() {
    // Without it each answer on a kept connection waits 40 ms for the other side's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            byte[] answer = table.answer(target, body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** An installation on this table, in which every identity may be changed. */
  Map<String, String> installation(Map<String, String> environment) {
    Map<String, String> here = new HashMap<>(environment);
    here.put("AWS_ENDPOINT_URL_DYNAMODB", url());
    Cloud.of(Configuration.of(here), here, new SystemMachineClock())
        .managed()
        .keep(new ManagedPatterns.Texts("*", ""));
    return here;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
