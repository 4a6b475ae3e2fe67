package mailfrom.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import mailfrom.api.SettingsHandler;
import mailfrom.api.TestEvents;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;

/**
 * A process of its own in which many callers ask at once, each for one identity. Lambda has a
 * process for each of them; what they share is the same, the table and SES.
 */
final class CallersProcess implements AutoCloseable {
  private static final String MARK = "told ";

  private final Process process;
  private final BufferedReader printed;

  /** What a caller was told. */
  record Told(String identity, int status, Duration took) {}

  private CallersProcess(Process process) {
    this.process = process;
    this.printed =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one that waits for {@link #go}. */
  static CallersProcess start(Map<String, String> environment, List<String> identities) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CallersProcess.class.getName()));
    command.addAll(identities);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      CallersProcess started = new CallersProcess(builder.start());
      started.await("ready");
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(String line) throws IOException {
    StringBuilder before = new StringBuilder();
    for (String next = printed.readLine(); !line.equals(next); next = printed.readLine()) {
      if (next == null) {
        throw new IllegalStateException("it ended: " + before);
      }
      before.append(next).append('\n');
    }
  }

  /** Lets the callers ask. */
  void go() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all were told. */
  List<Told> told() {
    return printed
        .lines()
        .filter(line -> line.startsWith(MARK))
        .map(line -> line.split(" "))
        .map(words -> new Told(words[1], Integer.parseInt(words[2]), Duration.parse(words[3])))
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] identities) throws IOException {
    Functions functions =
        new HandlersInProcess(
            new SettingsHandler(System.getenv()),
            (_, _) -> {
              throw new IllegalStateException("only callers are here");
            },
            (_, _, _) -> {
              throw new IllegalStateException("only callers are here");
            });
    // How long classes load is another question: as many dry runs of one identity.
    all(Collections.nCopies(identities.length, "dry.example"), functions, true);
    System.out.println("ready");
    int _ = System.in.read();
    all(List.of(identities), functions, false);
  }

  private static void all(List<String> identities, Functions functions, boolean dryRun) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String identity : identities) {
        threads.execute(() -> call(functions, identity, dryRun));
      }
    }
  }

  private static void call(Functions functions, String identity, boolean dryRun) {
    Instant begun = InstantSource.system().instant();
    int status =
        functions
            .settings(
                TestEvents.put(identity, "{\"mailFromDomain\":\"bounce.%s\"}".formatted(identity))
                    .query("dryRun", String.valueOf(dryRun))
                    .at(begun)
                    .event())
            .getStatusCode();
    Duration took = Duration.between(begun, InstantSource.system().instant());
    if (!dryRun) {
      System.out.println(MARK + identity + " " + status + " " + took);
    }
  }
}
