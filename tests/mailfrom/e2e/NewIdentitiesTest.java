package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

/** Requests for identities that no run has read yet, at SES's real pace. */
@Tag("pace")
class NewIdentitiesTest {
  private static final String REGION = "us-east-1";
  private static final int IN_A_ROW = 30;
  private static final int CALLERS = 200;
  private static final int PROCESSES = 4;

  /** So many of them SES does not know. */
  private static final int UNKNOWN = 10;

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);

  private final InstantSource machine = InstantSource.system();
  private LocalCloud cloud;
  private Http http;

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests().pace(1), HandlersInProcess::of);
    http = new Http(cloud.url());
    cloud.ses().addDomain(REGION, "dry.example", true);
    IntStream.range(UNKNOWN, CALLERS)
        .forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static String identity(int i) {
    return "d%03d.example".formatted(i);
  }

  private static String path(String identity) {
    return "/v1/identities/" + identity + "/mail-from";
  }

  private Http.Answer put(String identity) {
    return http.put(path(identity), "{\"mailFromDomain\":\"bounce.%s\"}".formatted(identity));
  }

  private Duration timed(int status, Supplier<Http.Answer> call) {
    Instant begun = machine.instant();
    Http.Answer answer = call.get();
    assertEquals(status, answer.status(), answer::toString);
    return Duration.between(begun, machine.instant());
  }

  @Test
  void oneCallerAfterTheOtherWaitsForTheOneSetASecondAndForNothingElse() {
    warmUp();
    List<Duration> took =
        IntStream.range(UNKNOWN, UNKNOWN + IN_A_ROW)
            .mapToObj(i -> timed(200, () -> put(identity(i))))
            .sorted()
            .toList();
    System.out.printf(
        "%d PUTs in a row on new identities: median %s, slowest %s%n",
        IN_A_ROW, took.get(IN_A_ROW / 2), took.getLast());
    assertTrue(took.getLast().compareTo(Duration.ofSeconds(3)) <= 0, took::toString);
    assertTrue(took.get(IN_A_ROW / 2).compareTo(Duration.ofMillis(1300)) <= 0, took::toString);
  }

  /** The first of this process loads its classes. */
  private void warmUp() {
    Http.Answer _ = http.put(path("dry.example") + "?dryRun=true", "{\"mailFromDomain\":null}");
    Http.Answer _ = http.delete(path("dry.example"));
  }

  @Test
  void whatIsAskedInBetweenIsAnsweredToo() {
    warmUp();
    List<Duration> took =
        IntStream.range(UNKNOWN, UNKNOWN + 7)
            .mapToObj(i -> 4 * i)
            .flatMap(
                i ->
                    Stream.of(
                        timed(200, () -> put(identity(i))),
                        timed(200, () -> http.get(path(identity(i + 1)))),
                        timed(200, () -> http.post(path(identity(i + 2)) + "/check", "")),
                        timed(200, () -> http.delete(path(identity(i + 3)))),
                        timed(200, () -> http.get(path(identity(i + 3))))))
            .sorted()
            .toList();
    System.out.println("PUT, GET, check and DELETE in a row: slowest " + took.getLast());
    assertTrue(took.getLast().compareTo(Duration.ofSeconds(3)) <= 0, took::toString);
  }

  @Test
  void twoHundredCallersFromFourProcessesShareAFewReads() {
    List<CallersProcess.Told> told = callAllAtOnce();
    List<String> reads = reads();
    System.out.println("They made " + reads.size() + " reads");
    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
    assertTrue(reads.size() <= 20, reads::toString);
    assertTrue(told.stream().anyMatch(one -> one.status() == 404), "some are unknown");

    applyAll();
    assertEquals(
        IntStream.range(UNKNOWN, CALLERS).mapToObj(i -> "bounce." + identity(i)).toList(),
        IntStream.range(UNKNOWN, CALLERS)
            .mapToObj(i -> cloud.ses().live(REGION, identity(i)).orElseThrow())
            .map(LocalSes.Live::mailFromDomain)
            .toList());
    IntStream.range(UNKNOWN, CALLERS)
        .mapToObj(i -> http.mailFrom(identity(i)))
        .forEach(
            shown ->
                assertEquals(
                    "APPLIED", shown.path("progress").path("state").asText(), shown::toString));
  }

  @Test
  void theSameBesideAForeignClientThatTakesHalfThePace() {
    try (ForeignClient _ = ForeignClient.start(cloud, REGION)) {
      List<CallersProcess.Told> _ = callAllAtOnce();
    }
  }

  /** Each in time, with an answer that is no error of ours. */
  private List<CallersProcess.Told> callAllAtOnce() {
    List<CallersProcess> processes = new ArrayList<>();
    List<CallersProcess.Told> told;
    try {
      for (int i = 0; i < PROCESSES; i++) {
        int mine = i;
        processes.add(
            CallersProcess.start(
                cloud.environment(),
                IntStream.range(0, CALLERS)
                    .filter(caller -> caller % PROCESSES == mine)
                    .mapToObj(NewIdentitiesTest::identity)
                    .toList()));
      }
      cloud.ses().forgetCalls();
      processes.forEach(CallersProcess::go);
      told = processes.stream().flatMap(process -> process.told().stream()).toList();
    } finally {
      processes.forEach(CallersProcess::close);
    }
    Map<Integer, Integer> statuses = new TreeMap<>();
    told.forEach(one -> statuses.merge(one.status(), 1, Integer::sum));
    System.out.printf(
        "%d callers on new identities: %s; the slowest waited %s%n",
        told.size(),
        statuses,
        told.stream().map(CallersProcess.Told::took).max(Duration::compareTo).orElseThrow());
    assertEquals(CALLERS, told.size());
    assertTrue(Set.of(200, 202, 404).containsAll(statuses.keySet()), statuses::toString);
    assertEquals(
        List.of(), told.stream().filter(one -> one.took().compareTo(ANSWERED_WITHIN) > 0).toList());
    return told;
  }

  private List<String> reads() {
    return cloud.ses().calls().stream()
        .filter(call -> call.operation().startsWith("Get"))
        .map(call -> "%s %s".formatted(call.at(), call.operation()))
        .toList();
  }

  private void applyAll() {
    Map<String, String> environment = cloud.environment();
    Functions watch = cloud.functions(HandlersInProcess::of);
    IdentityStore identities =
        Cloud.of(Configuration.of(environment), environment, new SystemMachineClock()).identities();
    int runs = 0;
    while (!identities.queued(REGION).isEmpty()) {
      assertTrue(runs++ < 20, "the queue does not end");
      var _ = watch.watch(Map.of("job", "apply", "time", cloud.clock().instant().toString()));
    }
  }
}
