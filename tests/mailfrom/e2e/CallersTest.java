package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import mailfrom.api.TestEvents;
import mailfrom.app.Configuration;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.store.IdentityStore;
import mailfrom.aws.Cloud;
import mailfrom.local.Functions;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 200 callers at once on 50 identities, from four processes of settings, at SES's real pace, with
 * watch applying every second beside them.
 *
 * <p>A process handles one event at a time, so the callers queue up in front of the four, as they
 * would in front of Lambda; a caller's 20 s count from when a process takes its event. watch has
 * read the identities before, as it has wherever it runs.
 *
 * <p>With {@code -Dpackaged.dir} the processes run what {@code sam build} made, else the classes of
 * this build.
 */
@Tag("pace")
class CallersTest {
  private static final String REGION = "us-east-1";
  private static final int CALLERS = 200;
  private static final int IDENTITIES = 50;
  private static final int PROCESSES = 4;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
  private static final Duration APPLIED_WITHIN = Duration.ofMinutes(4);

  /** Longer than the function's own: how late an answer is is told, not cut off. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String SET = "SetIdentityMailFromDomain";
  private static final String SETTINGS = "mailfrom.api.SettingsFunction::handleRequest";

  private final InstantSource machine = InstantSource.system();
  private final List<RuntimeProcess> processes = new ArrayList<>();
  private final List<Throwable> failedRuns = Collections.synchronizedList(new ArrayList<>());
  private final AtomicBoolean allAnswered = new AtomicBoolean();
  private final CompletableFuture<Void> applied = new CompletableFuture<>();
  private final ScheduledExecutorService schedules =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().factory());
  private LocalCloud cloud;
  private Functions watch;
  private IdentityStore identities;

  /** What a caller was told. */
  private record IdentityNotice(String identity, int status, Duration took, String body) {}

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests().pace(1), HandlersInProcess::of);
    Map<String, String> environment = cloud.environment();
    watch = cloud.functions(HandlersInProcess::of);
    identities =
        Cloud.of(Configuration.of(environment), environment, new SystemMachineClock()).identities();
    IntStream.range(0, IDENTITIES).forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
    cloud.watch();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          setup().named("callers-" + i).memory(512).timeout(TIMEOUT).env(environment).start());
    }
    processes.forEach(this::warmUp);
    cloud.ses().forgetCalls();
  }

  @AfterEach
  void stop() throws InterruptedException {
    schedules.shutdownNow();
    assertTrue(schedules.awaitTermination(1, TimeUnit.MINUTES));
    processes.forEach(RuntimeProcess::close);
    cloud.close();
  }

  /** One dry run: how long a cold start takes is another question, and SES's pace is this one. */
  private void warmUp(RuntimeProcess process) {
    assertEquals(new Outcome.Answered(""), process.awaitReady(), process::log);
    APIGatewayV2HTTPEvent event =
        put(identity(0), body(identity(0), 0)).query("dryRun", "true").event();
    assertEquals(
        200, new FunctionsInProcesses(process, process, process).settings(event).getStatusCode());
  }

  private static RuntimeProcess.Setup setup() {
    String packaged = System.getProperty("packaged.dir");
    return packaged == null
        ? RuntimeProcess.classes(SETTINGS)
        : RuntimeProcess.packaged(Path.of(packaged).resolve("SettingsFunction"), SETTINGS);
  }

  private static String identity(int i) {
    return "d%02d.example".formatted(i);
  }

  @Test
  void twoHundredCallersNeverTripOverThePaceOfSes() throws Exception {
    applyEverySecond();

    List<IdentityNotice> told = callAllAtOnce();
    allAnswered.set(true);
    everybodyWasTaken(told);
    applied.get(APPLIED_WITHIN.toSeconds(), TimeUnit.SECONDS);

    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
    List<LocalSes.Call> sets = cloud.ses().calls(SET);
    assertTrue(sets.size() >= IDENTITIES / 2, sets::toString);
    for (int i = 1; i < sets.size(); i++) {
      Duration between = Duration.between(sets.get(i - 1).at(), sets.get(i).at());
      assertTrue(
          between.compareTo(Duration.ofSeconds(1)) >= 0,
          "%s between %s and %s".formatted(between, sets.get(i - 1), sets.get(i)));
    }
    liveIsWhatWasAcceptedLast();
    assertEquals(List.of(), failedRuns);
  }

  @Test
  void aForeignClientOnHalfThePaceThrottlesUsAndFailsNobody() throws Exception {
    try (ForeignClient _ = ForeignClient.start(cloud, REGION)) {
      applyEverySecond();

      List<IdentityNotice> told = callAllAtOnce();
      everybodyWasTaken(told);
    }
    List<LocalSes.Call> ours = ForeignClient.throttledOthers(cloud);
    assertFalse(ours.isEmpty(), "the foreign client was never in the way");

    allAnswered.set(true);
    applied.get(APPLIED_WITHIN.toSeconds(), TimeUnit.SECONDS);
    liveIsWhatWasAcceptedLast();
    assertEquals(List.of(), failedRuns);
  }

  private void everybodyWasTaken(List<IdentityNotice> told) {
    System.out.printf(
        "%d callers: %d got 200, %d got 202; the slowest waited %s%n",
        told.size(),
        told.stream().filter(one -> one.status() == 200).count(),
        told.stream().filter(one -> one.status() == 202).count(),
        told.stream().map(IdentityNotice::took).max(Duration::compareTo).orElseThrow());
    assertEquals(
        List.of(),
        told.stream().filter(one -> one.status() != 200 && one.status() != 202).toList());
    assertEquals(
        List.of(), told.stream().filter(one -> one.took().compareTo(ANSWERED_WITHIN) > 0).toList());
    assertEquals(CALLERS, told.size());
  }

  private void liveIsWhatWasAcceptedLast() {
    Http http = new Http(cloud.url());
    List<String> wanted = new ArrayList<>();
    List<String> live = new ArrayList<>();
    for (int i = 0; i < IDENTITIES; i++) {
      String identity = identity(i);
      JsonNode desired = http.mailFrom(identity).path("desired");
      JsonNode domain = desired.path("mailFromDomain");
      wanted.add(
          domain.isNull()
              ? identity + " nothing"
              : "%s %s %s"
                  .formatted(
                      identity, domain.asText(), desired.path("behaviorOnMxFailure").asText()));
      LocalSes.Live now = cloud.ses().live(REGION, identity).orElseThrow();
      live.add(
          now.mailFromDomain() == null
              ? identity + " nothing"
              : "%s %s %s".formatted(identity, now.mailFromDomain(), now.behavior().word()));
    }
    assertEquals(wanted, live);
  }

  // ---- watch

  private void applyEverySecond() {
    var _ = schedules.scheduleWithFixedDelay(this::apply, 0, 1, TimeUnit.SECONDS);
  }

  private void apply() {
    boolean nobodyAsksAnyMore = allAnswered.get();
    try {
      var _ = watch.watch(Map.of("job", "apply", "time", cloud.clock().instant().toString()));
      if (nobodyAsksAnyMore && identities.queued(REGION).isEmpty()) {
        applied.complete(null);
      }
    } catch (RuntimeException e) {
      failedRuns.add(e);
    }
  }

  // ---- the callers

  private List<IdentityNotice> callAllAtOnce() throws Exception {
    List<Integer> callers = new ArrayList<>(IntStream.range(0, CALLERS).boxed().toList());
    // Who comes first is open, and the same each time.
    Collections.shuffle(callers, new Random(4711));
    BlockingQueue<RuntimeProcess> free = new LinkedBlockingQueue<>(processes);
    List<IdentityNotice> told = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<IdentityNotice>> calls =
          callers.stream().map(caller -> threads.submit(() -> call(caller, free))).toList();
      for (Future<IdentityNotice> call : calls) {
        told.add(call.get());
      }
    }
    return told;
  }

  private IdentityNotice call(int caller, BlockingQueue<RuntimeProcess> free)
      throws InterruptedException {
    String identity = identity(caller % IDENTITIES);
    RuntimeProcess process = free.take();
    try {
      Instant begun = machine.instant();
      APIGatewayV2HTTPResponse answer =
          new FunctionsInProcesses(process, process, process)
              .settings(put(identity, body(identity, caller / IDENTITIES)).event());
      return new IdentityNotice(
          identity,
          answer.getStatusCode(),
          Duration.between(begun, machine.instant()),
          answer.getBody());
    } finally {
      free.add(process);
    }
  }

  /** Four callers of an identity want four things. Nobody publishes records: all stays Pending. */
  private static String body(String identity, int variant) {
    return switch (variant) {
      case 0 -> "{\"mailFromDomain\":\"one.%s\"}".formatted(identity);
      case 1 ->
          "{\"mailFromDomain\":\"two.%s\",\"behaviorOnMxFailure\":\"RejectMessage\",\"activation\":\"immediate\"}"
              .formatted(identity);
      case 2 -> "{\"mailFromDomain\":null}";
      case 3 -> "{\"mailFromDomain\":\"three.%s\"}".formatted(identity);
      default -> throw new IllegalArgumentException("no variant " + variant);
    };
  }

  private TestEvents put(String identity, String body) {
    return TestEvents.put(identity, body).at(cloud.clock().instant());
  }
}
