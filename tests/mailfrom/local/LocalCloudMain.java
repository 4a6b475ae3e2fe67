package mailfrom.local;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import mailfrom.app.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The local cloud as a program: {@code mvn -q -Plocal}.
 *
 * <p>System properties: {@code regions} (a list with commas), {@code port.api}, {@code port.ses},
 * {@code port.dns}, {@code port.sns}, {@code port.table} (0 takes a free one), {@code pace} (how
 * many times faster SES may be called), {@code fleet} ({@code sample}, {@code none}, or a number of
 * identities), {@code schedules} ({@code false}: watch runs only by {@code POST /local/watch}),
 * {@code log} (the file of the functions' logs), and {@code endWithParent} (end when the process
 * that started this one does).
 */
public final class LocalCloudMain {
  private static final Duration CLOSE_WITHIN = Duration.ofMillis(1500);

  private LocalCloudMain() {}

  /** Starts it; it ends by a signal. */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    PrintStream screen = System.out;
    Path log = Path.of(System.getProperty("log", "target/local-cloud.log"));
    logTo(log);
    LocalCloud cloud;
    try {
      cloud = new LocalCloud(options(), HandlersInProcess::of);
    } catch (RuntimeException e) {
      if (takenPort(e) == null && !(e instanceof IllegalArgumentException)) {
        e.printStackTrace();
      }
      screen.println("The local cloud does not start: " + reason(e, log));
      screen.flush();
      // Some threads of DynamoDB Local never end.
      Runtime.getRuntime().halt(1);
      return;
    }
    endCleanly(cloud, screen);
    plant(cloud);
    screen.print(firstScreen(cloud, log));
    screen.flush();
    new CountDownLatch(1).await();
  }

  private static LocalCloud.Options options() {
    LocalCloud.Ports standard = LocalCloud.Ports.STANDARD;
    return new LocalCloud.Options(
        new LocalCloud.Ports(
            number("port.api", standard.api()),
            number("port.ses", standard.ses()),
            number("port.dns", standard.dns()),
            number("port.sns", standard.sns()),
            number("port.table", standard.table())),
        Stream.of(System.getProperty("regions", "us-east-1").split(","))
            .map(String::strip)
            .filter(region -> !region.isEmpty())
            .toList(),
        number("pace", 1),
        Configuration.DNS_QUERIES_A_SECOND,
        Duration.ofSeconds(30),
        Map.of(),
        Boolean.getBoolean("signed"));
  }

  private static int number(String property, int otherwise) {
    String text = System.getProperty(property, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("-D" + property + "=" + text + " is not a number", e);
    }
  }

  private static void plant(LocalCloud cloud) {
    String fleet = System.getProperty("fleet", "sample");
    boolean sample = fleet.equals("sample");
    if (sample) {
      cloud.plantSampleFleet();
    } else if (!fleet.equals("none")) {
      LargeFleet.plant(
          cloud.ses(),
          cloud.dns(),
          cloud.regions().getFirst(),
          number("fleet", 0),
          cloud.clock().instant());
    }
    boolean schedules = !System.getProperty("schedules", "true").equals("false");
    // The screen does not wait for the first read.
    Thread.ofPlatform()
        .daemon()
        .name("local-cloud-past")
        .start(
            () -> {
              if (sample) {
                cloud.runSampleFleetsPast();
              }
              if (schedules) {
                cloud.startSchedules();
              }
            });
  }

  /** Everything but the first screen goes to a file: logs, and the metrics that are printed. */
  private static void logTo(Path log) throws IOException {
    Path file = log.toAbsolutePath();
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "");
    PrintStream printed =
        new PrintStream(new FileOutputStream(file.toFile(), true), true, StandardCharsets.UTF_8);
    System.setOut(printed);
    System.setErr(printed);
  }

  private static @Nullable BindException takenPort(@Nullable Throwable thrown) {
    return thrown == null
        ? null
        : thrown instanceof BindException taken ? taken : takenPort(thrown.getCause());
  }

  private static String reason(RuntimeException e, Path log) {
    BindException taken = takenPort(e);
    if (taken != null) {
      return e.getMessage()
          + " ("
          + taken.getMessage()
          + "). Another local cloud may run; or choose other ports, e.g. -Dport.api=0.";
    }
    return e.getMessage() + (e instanceof IllegalArgumentException ? "" : "; see " + log);
  }

  private static void endCleanly(LocalCloud cloud, PrintStream screen) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  Thread closing = Thread.ofPlatform().daemon().start(cloud::close);
                  try {
                    closing.join(CLOSE_WITHIN);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  screen.println("The local cloud has ended.");
                  screen.flush();
                  // Being told to end is no failure, and nothing may hold the process back.
                  Runtime.getRuntime().halt(0);
                }));
    if (Boolean.getBoolean("endWithParent")) {
      ProcessHandle.current()
          .parent()
          .ifPresent(
              parent -> {
                var _ = parent.onExit().thenRun(() -> System.exit(0));
              });
    }
  }

  private static String firstScreen(LocalCloud cloud, Path log) {
    String url = cloud.url().toString();
    List<String> regions = cloud.regions();
    String region = regions.size() == 1 ? "" : "?region=" + regions.getFirst();
    return """
    The local cloud runs, on this machine alone. Ctrl-C ends it.

      status page     %1$s/
      HTTP API        %1$s/v1/identities
      its contract    %1$s/v1/docs
      messages sent   %1$s/local/alerts
      SES endpoint    %2$s   (AWS CLI and SDKs: this endpoint URL, any credentials)
      SNS endpoint    %3$s
      DynamoDB        %4$s   (table %5$s)
      DNS             127.0.0.1:%6$d          (UDP and TCP)
      functions' log  %7$s
      Regions         %8$s

    Try, in another terminal: set a MAIL FROM domain, publish its MX record, look again.

      curl -sX PUT '%1$s/v1/identities/example.com/mail-from%9$s' \\
        -H 'Content-Type: application/json' -d '{"mailFromDomain":"bounce.example.com"}'
      curl -sX PUT %1$s/local/dns/bounce.example.com -H 'Content-Type: application/json' \\
        -d '{"MX":["10 feedback-smtp.%10$s.amazonses.com"],"TXT":["v=spf1 include:amazonses.com ~all"]}'
      curl -sX POST %1$s/local/watch && curl -s '%1$s/v1/identities/example.com/mail-from%9$s'
    """
        .formatted(
            url,
            cloud.sesUrl(),
            cloud.snsUrl(),
            cloud.table().url(),
            cloud.table().name(),
            cloud.dns().port(),
            log,
            String.join(", ", regions),
            region,
            regions.getFirst());
  }
}
