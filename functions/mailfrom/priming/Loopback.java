package mailfrom.priming;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * An AWS and a DNS inside of this process, on its loopback interface alone: what is rehearsed goes
 * over connections, as a request's does. Nothing of it is open any more once it is closed.
 */
final class Loopback implements AutoCloseable {
  private static final int CALLS_AT_ONCE = 50;
  private static final int LONGEST_QUERY = 4096;

  private final CannedAws aws = new CannedAws();
  private final ServerSocket server;
  private final DatagramSocket dns;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Loopback() {
    try {
      InetAddress here = InetAddress.ofLiteral("127.0.0.1");
      server = new ServerSocket(0, CALLS_AT_ONCE, here);
      dns = new DatagramSocket(0, here);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
    threads.execute(this::answerQueries);
  }

  /** The environment of a function that calls it in place of AWS. */
  Map<String, String> environment() {
    String url = "http://127.0.0.1:" + server.getLocalPort();
    return Map.of(
        "AWS_ENDPOINT_URL_SES", url,
        "AWS_ENDPOINT_URL_DYNAMODB", url,
        "AWS_ENDPOINT_URL_SNS", url,
        "AWS_ACCESS_KEY_ID", "rehearsal",
        "AWS_SECRET_ACCESS_KEY", "rehearsal");
  }

  /** Its name server. */
  InetSocketAddress nameServer() {
    return new InetSocketAddress(dns.getLocalAddress(), dns.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        threads.execute(() -> serve(connection));
      }
    } catch (IOException | RejectedExecutionException e) {
      // It was closed.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      while (answered(in, out)) {
        // One call after the other, until the caller or this is closed.
      }
    } catch (IOException e) {
      // So it was.
    }
  }

  /** Answers a call; false: none comes any more. */
  private boolean answered(InputStream in, OutputStream out) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] header = line.split(":", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[header.length - 1].strip());
    }
    if (headers.isEmpty()) {
      return false;
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String form = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    byte[] body = aws.answer(headers.get("x-amz-target"), form).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(
        "HTTP/1.1 200 OK\r\nx-amzn-RequestId: rehearsal\r\nContent-Length: %d\r\n\r\n"
            .formatted(body.length)
            .getBytes(StandardCharsets.US_ASCII));
    answer.writeBytes(body);
    answer.writeTo(out);
    return true;
  }

  /** A line without its end; empty also where nothing comes any more. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  private void answerQueries() {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[LONGEST_QUERY], LONGEST_QUERY);
      while (true) {
        packet.setLength(LONGEST_QUERY);
        dns.receive(packet);
        byte[] answer = CannedDns.answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        dns.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  /** Whoever still waits for a caller is interrupted, which closes its connection. */
  @Override
  public void close() {
    threads.shutdownNow();
    try (server;
        dns) {
      threads.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
