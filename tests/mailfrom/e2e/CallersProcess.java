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
import java.util.stream.IntStream;
import mailfrom.api.SettingsHandler;
import mailfrom.api.TestEvents;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;

/**
 * A process of its own in which many callers ask at once. Lambda has a process for each of them;
 * what they share is the same, the table and SES.
 */
public final class CallersProcess implements AutoCloseable {
  private static final String MARK = "told ";
  private static final String DRY = "dry.example";
  private static final int PROCESSES = 4;

  private final Process process;
  private final BufferedReader printed;

  /** What a caller asks for. */
  public record Put(String identity, String body) {

    /** A domain of its own. */
    public static Put of(String identity) {
      return new Put(identity, "{\"mailFromDomain\":\"bounce.%s\"}".formatted(identity));
    }
  }

  /** What a caller was told. */
  public record Told(String identity, int status, Duration took) {}

  private CallersProcess(Process process) {
    this.process = process;
    this.printed =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** All ask at once, from four processes that have loaded their classes. */
  public static List<Told> askAtOnce(LocalCloud cloud, List<Put> puts) {
    cloud.ses().addDomain("us-east-1", DRY, true);
    List<CallersProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        int mine = i;
        processes.add(
            start(
                cloud.environment(),
                IntStream.range(0, puts.size())
                    .filter(caller -> caller % PROCESSES == mine)
                    .mapToObj(puts::get)
                    .toList()));
      }
      cloud.ses().forgetCalls();
      processes.forEach(CallersProcess::go);
      return processes.stream().flatMap(process -> process.told().stream()).toList();
    } finally {
      processes.forEach(CallersProcess::close);
    }
  }

  /** Starts one that waits for {@link #go}. */
  private static CallersProcess start(Map<String, String> environment, List<Put> puts) {
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
    puts.forEach(put -> command.addAll(List.of(put.identity(), put.body())));
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
  private void go() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all were told. */
  private List<Told> told() {
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

  public static void main(String[] args) throws IOException {
    Functions functions =
        new HandlersInProcess(
            new SettingsHandler(System.getenv()),
            (_, _) -> {
              throw new IllegalStateException("only callers are here");
            },
            (_, _, _) -> {
              throw new IllegalStateException("only callers are here");
            });
    List<Put> puts = new ArrayList<>();
    for (int i = 0; i < args.length; i += 2) {
      puts.add(new Put(args[i], args[i + 1]));
    }
    // How long classes load is another question: as many dry runs of one identity.
    all(Collections.nCopies(puts.size(), Put.of(DRY)), functions, true);
    System.out.println("ready");
    int _ = System.in.read();
    all(puts, functions, false);
  }

  private static void all(List<Put> puts, Functions functions, boolean dryRun) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Put put : puts) {
        threads.execute(() -> call(functions, put, dryRun));
      }
    }
  }

  private static void call(Functions functions, Put put, boolean dryRun) {
    Instant begun = InstantSource.system().instant();
    int status =
        functions
            .settings(
                TestEvents.put(put.identity(), put.body())
                    .query("dryRun", String.valueOf(dryRun))
                    .at(begun)
                    .event())
            .getStatusCode();
    Duration took = Duration.between(begun, InstantSource.system().instant());
    if (!dryRun) {
      System.out.println(MARK + put.identity() + " " + status + " " + took);
    }
  }
}
