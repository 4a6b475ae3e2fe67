package mailfrom.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mailfrom.e2e.Outcome;
import mailfrom.e2e.RuntimeProcess;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;

/**
 * The start of the function settings under Lambda's runtime interface client, against the local
 * cloud: from the start of the process to the answer of a first PUT, beside the same work written
 * the usual way and an empty function; and the first PUT after a rehearsal beside warm ones.
 */
final class StartBench {
  private static final int ROUNDS = Integer.getInteger("rounds", 12);
  private static final int WARM = 40;
  private static final String REGION = "us-east-1";
  private static final Path FOLDER = Path.of("target", "bench");

  /** What the template gives the JVM of the function settings. */
  private static final List<String> OPTIONS = options();

  private enum Kind {
    THIS("(a) this function", "mailfrom.api.SettingsFunction"),
    USUAL("(b) the usual way", "mailfrom.bench.UsualHandler"),
    EMPTY("(c) an empty function", "mailfrom.bench.EmptyHandler");

    private final String title;
    private final String handler;

    Kind(String title, String handler) {
      this.title = title;
      this.handler = handler + "::handleRequest";
    }
  }

  /**
   * One start.
   *
   * @param cpu what the process used of the processors meanwhile: other work on the machine changes
   *     it little
   */
  private record Start(Duration firstAnswer, Duration cpu, long residentKb) {}

  /**
   * One PUT.
   *
   * @param cpu what the process used of the processors meanwhile
   */
  private record Timed(Duration took, Duration cpu) {}

  private record Primed(Timed first, List<Timed> warm) {
    private static double ratio(Duration one, Duration other) {
      return (double) one.toNanos() / other.toNanos();
    }

    Duration warmMedian() {
      return median(warm.stream().map(Timed::took).toList());
    }

    Duration warmCpu() {
      return median(warm.stream().map(Timed::cpu).toList());
    }

    double ratio() {
      return ratio(first.took(), warmMedian());
    }

    double cpuRatio() {
      return ratio(first.cpu(), warmCpu());
    }
  }

  private final LocalCloud cloud;
  private final FastTable table;
  private int puts;

  private StartBench(LocalCloud cloud, FastTable table) {
    this.cloud = cloud;
    this.table = table;
  }

  static void run() {
    Path ours = artifact("this", List.of(), List.of());
    Path usual =
        artifact(
            "usual",
            List.of("mailfrom/bench", "mailfrom/api"),
            List.of("apache5-client-", "httpclient5-", "httpcore5-", "netty-", "commons-codec-"));
    usualLog(usual);
    // Its pace is no part of a start: SES is a hundred times faster here.
    try (var cloud =
            new LocalCloud(
                LocalCloud.Options.forTests().withTheDnsOfAStack(), HandlersInProcess::of);
        var table = new FastTable()) {
      new StartBench(cloud, table).measure(ours, usual);
    }
  }

  private void measure(Path ours, Path usual) {
    Map<Kind, Path> artifacts = Map.of(Kind.THIS, ours, Kind.USUAL, usual, Kind.EMPTY, usual);
    Map<Kind, List<Start>> starts = new EnumMap<>(Kind.class);
    List<Primed> primed = new ArrayList<>();
    // The first round makes the local cloud and the disk warm, and does not count.
    for (int round = 0; round <= ROUNDS; round++) {
      for (Kind kind : Kind.values()) {
        Start start = start(kind, Objects.requireNonNull(artifacts.get(kind)));
        if (round > 0) {
          starts.computeIfAbsent(kind, k -> new ArrayList<>()).add(start);
        }
      }
      Primed one = primed(ours);
      if (round > 0) {
        primed.add(one);
      }
    }
    print(starts, primed, ours);
  }

  private static List<String> options() {
    try {
      Matcher found =
          Pattern.compile("(?s)\\n  SettingsFunction:.*?JAVA_TOOL_OPTIONS: ([^\\n]*)")
              .matcher(Files.readString(Path.of("template.yaml")));
      if (!found.find()) {
        throw new IllegalStateException("the template gives the function settings no options");
      }
      return List.of(found.group(1).split(" ", -1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RuntimeProcess.Setup setup(Kind kind, Path artifact) {
    RuntimeProcess.Setup setup = RuntimeProcess.packaged(artifact, kind.handler);
    if (kind == Kind.THIS) {
      OPTIONS.forEach(setup::jvm);
    }
    return setup
        .named("bench-" + kind)
        .memory(1024)
        .timeout(Duration.ofSeconds(60))
        .env(table.installation(cloud.environment()))
        // Read by the usual way alone.
        .jvm("-Dlog4j2.configurationFile=classpath:mailfrom/bench/log4j2.xml")
        .env("POWERTOOLS_SERVICE_NAME", "bench")
        .env("POWERTOOLS_METRICS_NAMESPACE", "SesMailFrom");
  }

  private Start start(Kind kind, Path artifact) {
    String event = put();
    long begun = System.nanoTime();
    try (RuntimeProcess function = setup(kind, artifact).start();
        Share _ = Share.of(function.pid())) {
      call(function, event);
      Duration firstAnswer = since(begun);
      return new Start(
          firstAnswer, cpu(function.pid()), Share.resident(function.pid(), Share.Resident.NOW));
    }
  }

  private Primed primed(Path artifact) {
    try (RuntimeProcess function =
        setup(Kind.THIS, artifact).named("bench-primed").snapStart().start()) {
      if (!(function.awaitReady() instanceof Outcome.Answered)) {
        throw new IllegalStateException(function.log());
      }
      // The rehearsal is part of a deployment, and not held.
      try (Share _ = Share.of(function.pid())) {
        Timed first = timed(function);
        List<Timed> warm = new ArrayList<>();
        for (int i = 0; i < WARM; i++) {
          warm.add(timed(function));
        }
        return new Primed(first, warm);
      }
    }
  }

  private Timed timed(RuntimeProcess function) {
    String event = put();
    Share.Used used = Share.used(function.pid());
    long begun = System.nanoTime();
    call(function, event);
    return new Timed(since(begun), Share.used(function.pid()).minus(used).all());
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void call(RuntimeProcess function, String event) {
    Outcome outcome = function.invoke(event);
    if (!(outcome instanceof Outcome.Answered(String body))
        || !body.replace(" ", "").contains("\"statusCode\":200")) {
      throw new IllegalStateException(outcome + "\n" + function.log());
    }
  }

  /** A PUT for an identity that was never asked for: each is a first one. */
  private String put() {
    String identity = "start%04d.example".formatted(puts++);
    cloud.ses().addDomain(REGION, identity, true);
    String path = "/v1/identities/" + identity + "/mail-from";
    return """
        {"version":"2.0","routeKey":"PUT /v1/identities/{identity}/mail-from","rawPath":"%1$s",
         "rawQueryString":"","headers":{"content-type":"application/json"},
         "pathParameters":{"identity":"%2$s"},
         "requestContext":{"accountId":"123456789012","apiId":"bench","stage":"$default",
          "http":{"method":"PUT","path":"%1$s","protocol":"HTTP/1.1","sourceIp":"127.0.0.1",
           "userAgent":"bench"},
          "authorizer":{"iam":{"userArn":"arn:aws:iam::123456789012:user/bench"}},
          "requestId":"start-%2$s","timeEpoch":%3$d},
         "body":"{\\"mailFromDomain\\":\\"bounce.%2$s\\"}","isBase64Encoded":false}
        """
        .formatted(path, identity, cloud.clock().instant().toEpochMilli());
  }

  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  // ---- what is started

  /** A folder as sam build lays one out, with more of the tests' class path. */
  private static Path artifact(String name, List<String> moreClasses, List<String> moreJars) {
    Path folder = FOLDER.resolve(name);
    try {
      if (Files.exists(folder)) {
        delete(folder);
      }
      copy(Path.of("target", "classes"), folder);
      for (String more : moreClasses) {
        copy(Path.of("target", "test-classes", more), folder.resolve(more));
      }
      Path lib = Files.createDirectories(folder.resolve("lib"));
      for (String entry : System.getProperty("java.class.path").split(":", -1)) {
        Path jar = Path.of(entry);
        String file = jar.getFileName().toString();
        // An earlier build may have left other versions in the folder: those are on no class path.
        if (Files.exists(FOLDER.resolve("lib").resolve(file))
            || moreJars.stream().anyMatch(file::startsWith)) {
          Files.copy(jar, lib.resolve(file));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Powertools' back end for logs is Log4j there, and this project's own is not found. */
  private static void usualLog(Path usual) {
    try {
      delete(usual.resolve("META-INF"));
      copy(FOLDER.resolve("log4j"), usual.resolve("lib"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException thrown)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static long zippedBytes(Path folder) {
    long[] bytes = {0};
    OutputStream counter =
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes[0]++;
          }

          @Override
          public void write(byte[] b, int from, int length) {
            bytes[0] += length;
          }
        };
    try (var zip = new ZipOutputStream(new BufferedOutputStream(counter));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes[0];
  }

  // ---- what is told

  private static void print(Map<Kind, List<Start>> starts, List<Primed> primed, Path artifact) {
    System.out.printf("medians of %d, measured in turns, %s%n", ROUNDS, Share.words());
    System.out.printf("%-28s %10s %10s %12s%n", "start to first answer", "ms", "CPU ms", "RSS MB");
    for (Kind kind : Kind.values()) {
      System.out.printf(
          "%-28s %10.0f %10.0f %12.0f%n",
          kind.title, answer(starts, kind), cpu(starts, kind), resident(starts, kind));
    }
    System.out.printf(
        "%-28s %10.2f %10.2f%n",
        "(a) / (b)",
        answer(starts, Kind.THIS) / answer(starts, Kind.USUAL),
        cpu(starts, Kind.THIS) / cpu(starts, Kind.USUAL));
    System.out.println();
    System.out.printf("%-28s %10s %10s%n", "when rehearsed", "ms", "CPU ms");
    row("first PUT", primed, one -> millis(one.first().took()), one -> millis(one.first().cpu()));
    row("warm PUT", primed, one -> millis(one.warmMedian()), one -> millis(one.warmCpu()));
    row("first / warm", primed, Primed::ratio, Primed::cpuRatio);
    System.out.printf("%-28s %10.2f%n", "artifact, MB zipped", zippedBytes(artifact) / 1e6);
  }

  private static double answer(Map<Kind, List<Start>> starts, Kind kind) {
    return middle(of(starts, kind).map(Start::firstAnswer).map(StartBench::millis));
  }

  private static double cpu(Map<Kind, List<Start>> starts, Kind kind) {
    return middle(of(starts, kind).map(Start::cpu).map(StartBench::millis));
  }

  private static double resident(Map<Kind, List<Start>> starts, Kind kind) {
    return middle(of(starts, kind).map(start -> start.residentKb() / 1024.0));
  }

  private static Stream<Start> of(Map<Kind, List<Start>> starts, Kind kind) {
    return starts.getOrDefault(kind, List.of()).stream();
  }

  private static void row(
      String title, List<Primed> all, Function<Primed, Double> time, Function<Primed, Double> cpu) {
    System.out.printf(
        "%-28s %10.2f %10.2f%n",
        title, middle(all.stream().map(time)), middle(all.stream().map(cpu)));
  }

  private static double middle(Stream<Double> values) {
    List<Double> sorted = values.sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static Duration median(List<Duration> durations) {
    List<Duration> sorted = durations.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
