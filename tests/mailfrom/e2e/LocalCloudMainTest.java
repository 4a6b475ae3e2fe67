package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The local cloud as a process of its own. */
@Tag("slow")
class LocalCloudMainTest {
  private static final int SCREEN_LINES = 24;
  private static final Duration AT_MOST = Duration.ofMinutes(2);
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

  @TempDir private Path folder;

  private Process start(String... properties) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlog=" + folder.resolve("local-cloud.log"),
                "-DendWithParent=true"));
    List<String> given = List.of(properties);
    for (String port : List.of("api", "ses", "dns", "sns", "table")) {
      String free = "-Dport." + port + "=";
      if (given.stream().noneMatch(one -> one.startsWith(free))) {
        command.add(free + "0");
      }
    }
    command.addAll(given);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "mailfrom.local.LocalCloudMain"));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The lines up to the last of the first screen. */
  private static List<String> firstScreen(BufferedReader out) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.contains("/local/watch &&")) {
        break;
      }
    }
    return lines;
  }

  private static URI api(List<String> screen) {
    Matcher url = PORT.matcher(String.join("\n", screen));
    assertTrue(url.find(), screen::toString);
    return URI.create("http://127.0.0.1:" + url.group(1));
  }

  private static List<Integer> ports(List<String> screen) {
    return PORT.matcher(String.join("\n", screen))
        .results()
        .map(port -> Integer.parseInt(port.group(1)))
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalEndsItAndLeavesNoPort(String signal) throws Exception {
    Assumptions.assumeFalse(
        signal.equals("INT") && interruptsAreIgnored(),
        "a process started in the background ignores SIGINT, and so do its children");
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      List<String> screen = firstScreen(out);
      assertTrue(screen.size() <= SCREEN_LINES, screen::toString);
      List<Integer> ports = ports(screen);
      assertEquals(5, ports.size(), screen::toString);
      assertEquals(200, new Http(api(screen)).get("/local/alerts").status());

      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertEquals("The local cloud has ended.", out.readLine());
      for (int port : ports) {
        new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** The second bit of the signals that this process ignores; not known where there is no /proc. */
  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "ses", "dns", "sns", "table"})
  void aTakenPortIsAnErrorOfOneLine(String which) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Process process = start("-Dport." + which + "=" + taken.getLocalPort());
      try (BufferedReader out = process.inputReader()) {
        List<String> lines = out.lines().toList();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(
            lines.getFirst().contains("port " + taken.getLocalPort() + " of 127.0.0.1"),
            lines::toString);
        assertTrue(process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aFleetOf2500IsReadInAHeapOf384Megabytes() throws Exception {
    Process process = start("-Dfleet=2500", "-Dpace=100", "-Dschedules=false");
    try (BufferedReader out = process.inputReader()) {
      Http http = new Http(api(firstScreen(out)));
      JsonNode run = http.post("/local/watch", "").json().path("read");
      assertTrue(run.path("complete").asBoolean(), run::toString);
      assertEquals(2500, run.path("regions").path(0).path("read").asInt());
    } finally {
      process.destroyForcibly();
    }
  }
}
