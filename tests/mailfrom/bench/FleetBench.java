package mailfrom.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mailfrom.app.Configuration;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.read.Ses;
import mailfrom.aws.Cloud;
import mailfrom.domain.name.IdentityName;
import mailfrom.e2e.Outcome;
import mailfrom.e2e.RuntimeProcess;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LargeFleet;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.Template;
import org.jspecify.annotations.Nullable;

/**
 * Runs of the function watch at SES's real pace, in a process of its own, against the floor: the
 * batches of a Region times the gap between two calls. Beside them a reader of one identity a call,
 * in a Region of its own.
 */
final class FleetBench {
  private static final String READ = "GetIdentityMailFromDomainAttributes";
  private static final String REGION = "us-east-1";

  /** Where Flight Recorder's file of what watch did goes; null: none is made. */
  private static final @Nullable String PROFILE = System.getProperty("profile");

  static final List<String> TEN =
      List.of(
          "us-east-1",
          "us-east-2",
          "us-west-2",
          "ca-central-1",
          "eu-west-1",
          "eu-west-2",
          "eu-central-1",
          "ap-south-1",
          "ap-southeast-1",
          "ap-northeast-1");

  /** In one Region, or in each of ten: there the first run, at 250 rows a second, takes a while. */
  private static final int IDENTITIES = Integer.getInteger("identities", 10_000);

  private static final int IDENTITIES_OF_TEN = Integer.getInteger("identities", 2_000);

  /** What a stack has where nobody says otherwise. */
  private static final Map<String, String> STACK = Template.read().defaults();

  /** Megabytes, as the template's parameter WatchMemory; the heap is 85 % of them, as on Lambda. */
  private static final int MEMORY =
      Integer.getInteger("memory", Integer.parseInt(STACK.getOrDefault("WatchMemory", "")));

  /** How much faster SES is than the real one: to look at the processor's time alone. */
  private static final int FASTER = Integer.getInteger("faster", 1);

  /** How many steady runs: a process of watch makes them for hours. */
  private static final int RUNS = Integer.getInteger("runs", 1);

  private static final String OTHER_REGION = "eu-north-1";
  private static final int ONE_BY_ONE = Integer.getInteger("one-by-one", 50);

  private static final double PACE_SHARE =
      Double.parseDouble(STACK.getOrDefault("PaceShare", "")) * FASTER;
  private static final int FAST = 100;
  private static final Duration TIMEOUT = Duration.ofMinutes(15);
  private static final Duration SCHEDULE = Duration.ofMinutes(15);
  private static final Duration SETTLED = Duration.ofHours(6);
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

  private FleetBench() {}

  /**
   * One Region: a first run, a second one, which writes each row again (what one run saw right is
   * right twice in the next), steady ones, and meanwhile the reader of one identity a call.
   */
  static void run() {
    try (var cloud = cloud(List.of(REGION), FASTER)) {
      LargeFleet.plant(cloud.ses(), cloud.dns(), REGION, IDENTITIES, cloud.clock().instant());
      // The operations of another Region have a pace of their own.
      CompletableFuture<Duration> oneByOne = CompletableFuture.supplyAsync(() -> oneByOne(cloud));
      try (RuntimeProcess watch = watch(cloud, "fleet", PACE_SHARE)) {
        System.out.printf("One Region, %,d identities, %s%n", IDENTITIES, Share.words());
        print("first run", measured(cloud, watch), IDENTITIES, 1);
        print("second run", measured(cloud, watch), IDENTITIES, 1);
        for (int i = 0; i < RUNS; i++) {
          print("steady run", measured(cloud, watch), IDENTITIES, 1);
        }
        keepProfile(watch);
        printMemory("fleet", watch);
      }
      Duration took = oneByOne.join();
      double scaled = took.toNanos() / 1e9 / ONE_BY_ONE * IDENTITIES;
      System.out.printf(
          "One identity a call: %d took %.1f s; 10,000, scaled and not measured: %.0f s, %.0f times the floor%n",
          ONE_BY_ONE, took.toNanos() / 1e9, scaled, scaled / (floor(IDENTITIES).toNanos() / 1e9));
    }
  }

  /** Ten Regions side by side in a steady state; their first run is not at the real pace. */
  static void runTen() {
    try (var cloud = cloud(TEN, FAST)) {
      for (String region : TEN) {
        LargeFleet.plant(
            cloud.ses(), cloud.dns(), region, IDENTITIES_OF_TEN, cloud.clock().instant());
      }
      try (RuntimeProcess watch = watch(cloud, "fleet-ten-first", PACE_SHARE * FAST)) {
        // What one run saw right is right twice in the next one, and DMARC was looked at for all
        // after six hours: rows are written until then.
        read(watch, cloud.clock().instant());
        cloud.clock().advance(SETTLED);
        read(watch, cloud.clock().instant());
      }
      cloud.ses().paceFactor(FASTER);
      try (RuntimeProcess watch = watch(cloud, "fleet-ten", PACE_SHARE)) {
        System.out.printf(
            "%d Regions, %,d identities each, %s%n", TEN.size(), IDENTITIES_OF_TEN, Share.words());
        print("after a start", measured(cloud, watch), IDENTITIES_OF_TEN, TEN.size());
        for (int i = 0; i < RUNS; i++) {
          print("steady run", measured(cloud, watch), IDENTITIES_OF_TEN, TEN.size());
        }
        keepProfile(watch);
        printMemory("fleet-ten", watch);
      }
    }
  }

  private static LocalCloud cloud(List<String> regions, int pace) {
    return new LocalCloud(
        LocalCloud.Options.forTests().withTheDnsOfAStack().in(regions).pace(pace),
        HandlersInProcess::of);
  }

  private static RuntimeProcess watch(LocalCloud cloud, String name, double paceShare) {
    try {
      Files.createDirectories(log(name).getParent());
      Files.deleteIfExists(log(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RuntimeProcess.Setup setup =
        RuntimeProcess.classes("mailfrom.watch.WatchHandler::handleRequest")
            .named("bench-" + name)
            .memory(MEMORY)
            .timeout(TIMEOUT)
            .jvm("-Xlog:gc:file=" + log(name))
            .env(cloud.watchEnvironment())
            .env("MAILFROM_PACE_SHARE", Double.toString(paceShare));
    for (String option : System.getProperty("watch.options", "").split(",", -1)) {
      if (!option.isEmpty()) {
        setup.jvm(option);
      }
    }
    if (PROFILE != null) {
      setup.jvm("-XX:StartFlightRecording=settings=profile");
    }
    RuntimeProcess watch = setup.start();
    // What comes before the first event is not of a run.
    if (!(watch.awaitReady() instanceof Outcome.Answered)) {
      throw new IllegalStateException(watch.log());
    }
    return watch;
  }

  /** Where the processor went in all runs of this process. */
  private static void keepProfile(RuntimeProcess watch) {
    if (PROFILE == null) {
      return;
    }
    try {
      int _ =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(watch.pid()),
                  "JFR.dump",
                  "filename=" + Path.of(PROFILE).toAbsolutePath())
              .inheritIO()
              .start()
              .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path log(String name) {
    return Path.of("target", "bench", name + "-gc.log").toAbsolutePath();
  }

  // ---- runs

  /**
   * A run.
   *
   * @param took the run's own time, from its report
   * @param cpu what the process used of the processors meanwhile
   * @param calls by operation; those of the other reader are not among them
   */
  private record Run(Duration took, Share.Used cpu, Map<String, Long> calls, long throttled) {}

  /** A run at its time of the schedule: what is asked once in an hour is asked by one in four. */
  private static Run measured(LocalCloud cloud, RuntimeProcess watch) {
    cloud.clock().advance(SCHEDULE);
    cloud.ses().forgetCalls();
    Share.Used before = Share.used(watch.pid());
    JsonNode report;
    try (Share _ = Share.of(watch.pid())) {
      report = read(watch, cloud.clock().instant());
    }
    List<LocalSes.Call> calls =
        cloud.ses().calls().stream().filter(call -> !call.region().equals(OTHER_REGION)).toList();
    return new Run(
        Duration.ofMillis(report.path("millis").asLong()),
        Share.used(watch.pid()).minus(before),
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    LocalSes.Call::operation, TreeMap::new, Collectors.counting())),
        calls.stream().filter(call -> call.outcome().equals("Throttling")).count());
  }

  private static JsonNode read(RuntimeProcess watch, Instant at) {
    Outcome outcome = watch.invoke("{\"job\":\"read\",\"time\":\"" + at + "\"}");
    try {
      if (outcome instanceof Outcome.Answered(String body)) {
        JsonNode report = new ObjectMapper().readTree(body);
        if (report.path("complete").asBoolean()) {
          return report;
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException(outcome + "\n" + watch.log());
  }

  /** As fast as the same pace lets a reader that names one identity a call. */
  private static Duration oneByOne(LocalCloud cloud) {
    Cloud parts =
        Cloud.of(
            Configuration.of(cloud.environment()), cloud.environment(), new SystemMachineClock());
    Pace pace = parts.pace();
    List<IdentityName> names =
        IntStream.range(0, ONE_BY_ONE)
            .mapToObj("one%03d.example"::formatted)
            .peek(name -> cloud.ses().addDomain(OTHER_REGION, name, true))
            .map(IdentityName::of)
            .toList();
    long begun = System.nanoTime();
    for (IdentityName name : names) {
      while (!isAnswered(parts.ses(), pace, name)) {
        // Throttled, or its slot was over before the call left: the next one is taken.
      }
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static boolean isAnswered(Ses ses, Pace pace, IdentityName name) {
    Slot slot =
        pace.take(
                OTHER_REGION,
                SesOperation.GET_MAIL_FROM,
                Deadline.in(new SystemMachineClock(), TIMEOUT))
            .orElseThrow();
    return switch (ses.mailFrom(slot, OTHER_REGION, List.of(name))) {
      case CallResult.Answered<Ses.MailFrom> answer -> true;
      case CallResult.NotAnswered<Ses.MailFrom>(CallResult.Kind kind, String why) -> {
        if (kind == CallResult.Kind.FAILED || kind == CallResult.Kind.REGION_NOT_ENABLED) {
          throw new IllegalStateException(kind + " " + why);
        }
        yield false;
      }
    };
  }

  // ---- what is printed

  private static Duration floor(int identities) {
    Duration gap = Duration.ofNanos(Math.round(1_010_000_000L / PACE_SHARE));
    return gap.multipliedBy((identities + Ses.BATCH - 1) / Ses.BATCH);
  }

  private static void print(String name, Run run, int identitiesOfRegion, int regions) {
    double floor = floor(identitiesOfRegion).toNanos() / 1e9;
    double took = run.took().toNanos() / 1e9;
    System.out.printf(
        "%d MB, %d x %,d, %-13s %7.1f s; floor %.1f s; ratio %.3f; processor %.1f s (compiler %.1f, collector %.1f), %.2f ms an identity%n",
        MEMORY,
        regions,
        identitiesOfRegion,
        name,
        took,
        floor,
        took / floor,
        run.cpu().all().toNanos() / 1e9,
        run.cpu().compiler().toNanos() / 1e9,
        run.cpu().collector().toNanos() / 1e9,
        run.cpu().all().toNanos() / 1e6 / identitiesOfRegion / regions);
    System.out.printf(
        "              %d calls of %s; all: %s; throttled: %d%n",
        run.calls().getOrDefault(READ, 0L), READ, run.calls(), run.throttled());
  }

  /**
   * What the collector saw: the most that was occupied before a collection, and after one. And what
   * the whole process had at most, which Lambda ends where it is more than its memory.
   */
  private static void printMemory(String name, RuntimeProcess watch) {
    int before = 0;
    int after = 0;
    try {
      for (String line : Files.readAllLines(log(name))) {
        Matcher found = COLLECTION.matcher(line);
        if (found.find()) {
          before = Math.max(before, Integer.parseInt(found.group(1)));
          after = Math.max(after, Integer.parseInt(found.group(2)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.printf(
        "watch's heap, of %d MB: at most %d MB before a collection, %d MB after one; the process, of %d MB: at most %d MB%n",
        MEMORY * 85 / 100,
        before,
        after,
        MEMORY,
        Share.resident(watch.pid(), Share.Resident.AT_MOST) / 1024);
  }
}
