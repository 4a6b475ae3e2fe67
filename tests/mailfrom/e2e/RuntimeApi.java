package mailfrom.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The Lambda runtime API (version 2018-06-01) for one process, on a free port of 127.0.0.1.
 *
 * <p>It writes each answer, header and body, at once: the JDK's server splits them, and then the
 * client's delayed acknowledgement costs every call 40 ms.
 */
final class RuntimeApi implements AutoCloseable {

  private static final String ROOT = "/2018-06-01/runtime/";

  private final InstantSource clock;
  private final String functionArn;
  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<Call> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Call> open = new ConcurrentHashMap<>();

  /** Done when the function asked for its first event, or could not be started. */
  private final CompletableFuture<Outcome> ready = new CompletableFuture<>();

  /** Set once, when no call can be answered any more. */
  private final CompletableFuture<Outcome> over = new CompletableFuture<>();

  private final CompletableFuture<Void> restored = new CompletableFuture<>();

  private record Call(
      String id, String event, Duration timeout, CompletableFuture<Outcome> outcome) {}

  private record Request(String method, String path, Map<String, String> headers, String body) {}

  private RuntimeApi(InstantSource clock, String functionArn, ServerSocket server) {
    this.clock = clock;
    this.functionArn = functionArn;
    this.server = server;
  }

  /** Starts one that listens. */
  static RuntimeApi start(InstantSource clock, String functionArn) {
    try {
      var server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
      var api = new RuntimeApi(clock, functionArn, server);
      Thread.ofVirtual().name("runtime-api").start(api::accept);
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Hands an event to the function; the future holds what came of it. The timeout is told to the
   * function, not kept here.
   */
  CompletableFuture<Outcome> invoke(String event, Duration timeout) {
    var call = new Call(UUID.randomUUID().toString(), event, timeout, new CompletableFuture<>());
    open.put(call.id, call);
    var _ = over.thenAccept(call.outcome::complete);
    waiting.add(call);
    return call.outcome.whenComplete((outcome, thrown) -> open.remove(call.id));
  }

  /**
   * Done when the function waits for its first event (an {@link Outcome.Answered} without text) or
   * could not be started.
   */
  CompletableFuture<Outcome> ready() {
    return ready;
  }

  /**
   * Done when the function took its snapshot and asked to be restored: with initialization type
   * {@code snap-start} only.
   */
  CompletableFuture<Void> restored() {
    return restored;
  }

  /** Says that the process is gone: every open call ends so, and every later one. */
  void end(Outcome outcome) {
    over.complete(outcome);
    ready.complete(outcome);
  }

  @Override
  public void close() {
    end(new Outcome.Ended());
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().name("runtime-api-connection").start(() -> serve(connection));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new BufferedInputStream(connection.getInputStream());
      var out = connection.getOutputStream();
      while (true) {
        Request request = read(in, out);
        out.write(answer(request));
        out.flush();
      }
    } catch (EOFException e) {
      // The client hung up between two requests: the usual end.
    } catch (IOException e) {
      // The process was killed, or this server closed: the open calls learn it from end().
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private byte[] answer(Request request) throws InterruptedException {
    if (!request.path.startsWith(ROOT)) {
      return message("404 Not Found", Map.of(), "");
    }
    String rest = request.path.substring(ROOT.length());
    if (rest.equals("invocation/next")) {
      ready.complete(new Outcome.Answered(""));
      return next(waiting.take());
    }
    if (rest.equals("restore/next")) {
      restored.complete(null);
      return message("200 OK", Map.of(), "");
    }
    String body = request.body;
    String type = request.headers.getOrDefault("lambda-runtime-function-error-type", "");
    if (rest.equals("init/error") || rest.equals("restore/error")) {
      end(new Outcome.NotStarted(type, body));
      return accepted();
    }
    String[] parts = rest.split("/", -1);
    if (parts.length != 3 || !parts[0].equals("invocation")) {
      return message("404 Not Found", Map.of(), "");
    }
    Call call = open.get(parts[1]);
    if (call == null) {
      return message("400 Bad Request", Map.of(), "{\"errorMessage\":\"unknown request id\"}");
    }
    call.outcome.complete(
        parts[2].equals("response") ? new Outcome.Answered(body) : new Outcome.Failed(type, body));
    return accepted();
  }

  private byte[] next(Call call) {
    return message(
        "200 OK",
        Map.of(
            "Lambda-Runtime-Aws-Request-Id",
            call.id,
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(clock.instant().plus(call.timeout).toEpochMilli()),
            "Lambda-Runtime-Invoked-Function-Arn",
            functionArn,
            "Lambda-Runtime-Trace-Id",
            "Root=1-00000000-" + call.id.replace("-", "").substring(0, 24) + ";Sampled=0"),
        call.event);
  }

  private static byte[] accepted() {
    return message("202 Accepted", Map.of(), "{\"status\":\"OK\"}");
  }

  private static byte[] message(String status, Map<String, String> headers, String text) {
    byte[] body = text.getBytes(UTF_8);
    var head =
        new StringBuilder("HTTP/1.1 ")
            .append(status)
            .append("\r\nContent-Type: application/json\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(ISO_8859_1));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  private static Request read(InputStream in, OutputStream out) throws IOException {
    String[] first = line(in).split(" ", -1);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
    }
    byte[] body;
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      var chunks = new ByteArrayOutputStream();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        chunks.writeBytes(in.readNBytes(size));
        line(in);
      }
      while (!line(in).isEmpty()) {
        // Trailers say nothing here.
      }
      body = chunks.toByteArray();
    } else {
      body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    return new Request(first[0], first[1], headers, new String(body, UTF_8));
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        bytes.write(b);
      }
    }
    return bytes.toString(ISO_8859_1);
  }
}
