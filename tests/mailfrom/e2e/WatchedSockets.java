package mailfrom.e2e;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import mailfrom.api.OpenDoor;
import mailfrom.api.SettingsHandler;
import mailfrom.app.Configuration;

/**
 * The function settings, rehearsed in a JVM that writes down from whom it reads and what is open.
 * Each answer is {@code PEERS LISTENING UDP OUTSIDE}: whom it read from until then, and how many
 * sockets of the process listen, are of UDP, or lead to another machine. Any other path than {@code
 * /witness} calls the function first.
 */
public final class WatchedSockets
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final String READ = "jdk.SocketRead";
  private static final Pattern INODE = Pattern.compile("socket:\\[(\\d+)\\]");
  private static final String LISTENING = "0A";

  private final Recording recording = new Recording();
  private final SettingsHandler settings;

  /** Rehearses. */
  public WatchedSockets() {
    recording.enable(READ).withThreshold(Duration.ZERO).with("throttle", "off");
    recording.start();
    settings = new SettingsHandler(System.getenv());
    OpenDoor.rehearse(Configuration.of(System.getenv()));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    if (!event.getRawPath().equals("/witness")) {
      var _ = settings.handleRequest(event, context);
    }
    try {
      return APIGatewayV2HTTPResponse.builder()
          .withStatusCode(200)
          .withBody("%s %s".formatted(peers(), sockets()))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String peers() throws IOException {
    Path file = Files.createTempFile("sockets", ".jfr");
    recording.dump(file);
    Set<String> peers = new TreeSet<>();
    RecordingFile.readAllEvents(file)
        .forEach(
            read -> peers.add("%s:%d".formatted(read.getString("address"), read.getInt("port"))));
    Files.delete(file);
    return String.join(",", peers);
  }

  /** From the kernel's tables: what of them is this process's. */
  private static String sockets() throws IOException {
    Set<String> own;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      own = files.map(WatchedSockets::inode).collect(Collectors.toSet());
    }
    int listening = 0;
    int udp = 0;
    int outside = 0;
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (own.contains(fields[9])) {
          boolean isUdp = table.startsWith("udp");
          boolean listens = fields[3].equals(LISTENING);
          listening += listens ? 1 : 0;
          udp += isUdp ? 1 : 0;
          outside += !isUdp && !listens && !isLoopback(fields[2]) ? 1 : 0;
        }
      }
    }
    return "%d %d %d".formatted(listening, udp, outside);
  }

  private static String inode(Path descriptor) {
    try {
      Matcher socket = INODE.matcher(Files.readSymbolicLink(descriptor).toString());
      return socket.matches() ? socket.group(1) : "";
    } catch (IOException e) {
      // It was the one that lists the folder.
      return "";
    }
  }

  /** 127.0.0.1, also as IPv6 has it, in the kernel's order of bytes. */
  private static boolean isLoopback(String peer) {
    return peer.replaceAll(":.*", "").endsWith("0100007F");
  }
}
