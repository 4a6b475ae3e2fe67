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

/**
 * Runs of the function watch at SES's real pace, in a process of its own, against the floor: the
 * batches of a Region times the gap between two calls. Beside them a reader of one identity a call,
 * in a Region of its own.
 */
final class FleetBench {
  private static final String READ = "GetIdentityMailFromDomainAttributes";
  private static final String REGION = "us-east-1";
  private static final int IDENTITIES = 10_000;
  private static final List<String> TEN =
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
  // With 10,000 each the first run alone, at 250 rows a second over all, takes seven minutes.
  private static final int IDENTITIES_OF_TEN = Integer.getInteger("identities", 2_000);
  private static final String OTHER_REGION = "eu-north-1";
  private static final int ONE_BY_ONE = 200;

  // What a stack has: its share of SES's pace, its memory, and the heap that Lambda makes of that.
  private static final Map<String, String> STACK = Template.read().defaults();
  private static final double PACE_SHARE = Double.parseDouble(STACK.getOrDefault("PaceShare", ""));
  private static final int MEMORY = Integer.parseInt(STACK.getOrDefault("WatchMemory", ""));
  private static final String HEAP =
      "-Xmx" + System.getProperty("watch.heap", MEMORY * 85 / 100 + "m");

  private static final int FAST = 100;
  private static final Duration TIMEOUT = Duration.ofMinutes(15);
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

  private FleetBench() {}

  /** One Region: a first run, a second one, and meanwhile the reader of one identity a call. */
  static void run() {
    try (var cloud = cloud(List.of(REGION), 1)) {
      LargeFleet.plant(cloud.ses(), cloud.dns(), REGION, IDENTITIES, cloud.clock().instant());
      // The operations of another Region have a pace of their own.
      CompletableFuture<Duration> oneByOne = CompletableFuture.supplyAsync(() -> oneByOne(cloud));
      try (RuntimeProcess watch = watch(cloud, "fleet", PACE_SHARE)) {
        System.out.printf("One Region, %,d identities%n", IDENTITIES);
        print("first run", measured(cloud, watch), IDENTITIES);
        print("steady run", measured(cloud, watch), IDENTITIES);
        printHeap("fleet");
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
        read(watch, cloud.clock().instant());
      }
      cloud.ses().paceFactor(1);
      try (RuntimeProcess watch = watch(cloud, "fleet-ten", PACE_SHARE)) {
        System.out.printf("%d Regions, %,d identities each%n", TEN.size(), IDENTITIES_OF_TEN);
        print("after a start", measured(cloud, watch), IDENTITIES_OF_TEN);
        print("steady run", measured(cloud, watch), IDENTITIES_OF_TEN);
        printHeap("fleet-ten");
      }
    }
  }

  private static LocalCloud cloud(List<String> regions, int pace) {
    return new LocalCloud(
        LocalCloud.Options.forTests().in(regions).pace(pace), HandlersInProcess::of);
  }

  private static RuntimeProcess watch(LocalCloud cloud, String name, double paceShare) {
    try {
      Files.createDirectories(log(name).getParent());
      Files.deleteIfExists(log(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return RuntimeProcess.classes("mailfrom.watch.WatchHandler::handleRequest")
        .named("bench-" + name)
        .memory(MEMORY)
        .timeout(TIMEOUT)
        .jvm(HEAP)
        .jvm("-Xlog:gc:file=" + log(name))
        .env(cloud.watchEnvironment())
        .env("MAILFROM_PACE_SHARE", Double.toString(paceShare))
        .start();
  }

  private static Path log(String name) {
    return Path.of("target", "bench", name + "-gc.log").toAbsolutePath();
  }

  // ---- runs

  /**
   * A run.
   *
   * @param took the run's own time, from its report
   * @param calls by operation; those of the other reader are not among them
   */
  private record Run(Duration took, Map<String, Long> calls, long throttled) {}

  private static Run measured(LocalCloud cloud, RuntimeProcess watch) {
    cloud.ses().forgetCalls();
    JsonNode report = read(watch, cloud.clock().instant());
    List<LocalSes.Call> calls =
        cloud.ses().calls().stream().filter(call -> !call.region().equals(OTHER_REGION)).toList();
    return new Run(
        Duration.ofMillis(report.path("millis").asLong()),
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

  private static void print(String name, Run run, int identitiesOfRegion) {
    double floor = floor(identitiesOfRegion).toNanos() / 1e9;
    double took = run.took().toNanos() / 1e9;
    System.out.printf("%-13s %7.1f s; floor %.1f s; ratio %.3f%n", name, took, floor, took / floor);
    System.out.printf(
        "              %d calls of %s; all: %s; throttled: %d%n",
        run.calls().getOrDefault(READ, 0L), READ, run.calls(), run.throttled());
  }

  /** What the collector saw: the most that was occupied before a collection, and after one. */
  private static void printHeap(String name) {
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
        "watch's heap, %s: at most %d MB before a collection, %d MB after one%n",
        HEAP, before, after);
  }
}
