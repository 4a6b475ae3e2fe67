package mailfrom.bench;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import mailfrom.api.TestEvents;
import mailfrom.e2e.CallersProcess;
import mailfrom.e2e.CallersProcess.Put;
import mailfrom.e2e.CallersProcess.Told;
import mailfrom.e2e.ForeignClient;
import mailfrom.e2e.Outcome;
import mailfrom.e2e.RuntimeProcess;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;

/**
 * Requests at SES's real pace: one caller after the other, from the first call of a process, and
 * 200 at once; on identities that watch has read and on new ones; alone and beside a client that
 * takes half of SES's pace.
 *
 * <p>In a row the process is held to {@code -Dcpu}. At once there are four processes for 200
 * callers, each of whom has one to itself on Lambda: those are not held.
 */
final class RequestsBench {
  private static final String REGION = "us-east-1";
  private static final int IN_A_ROW = Integer.getInteger("row", 30);
  private static final int CALLERS = 200;
  private static final int KNOWN = 50;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private RequestsBench() {}

  static void run() {
    System.out.printf("In a row: %s. Seconds%n", Share.words());
    System.out.printf(
        "%-52s %7s %7s %7s %6s %6s  %s%n",
        "", "first", "median", "slowest", "reads", "Sets", "answers");
    inARow("PUT, new identities", false, RequestsBench::put);
    inARow("PUT, known identities", true, RequestsBench::put);
    inARow("PUT, GET, check, DELETE in turn, new identities", false, RequestsBench::mixed);
    for (boolean foreign : new boolean[] {false, true}) {
      atOnce(CALLERS, false, foreign);
      atOnce(KNOWN, true, foreign);
    }
  }

  private static String identity(int i) {
    return "d%03d.example".formatted(i);
  }

  private static TestEvents put(int i) {
    Put put = Put.of(identity(i));
    return TestEvents.put(put.identity(), put.body());
  }

  private static TestEvents mixed(int i) {
    String path = "/v1/identities/%s/mail-from".formatted(identity(i));
    return switch (i % 4) {
      case 0 -> put(i);
      case 1 -> TestEvents.request("GET", path);
      case 2 -> TestEvents.request("POST", path + "/check");
      default -> TestEvents.request("DELETE", path);
    };
  }

  private static LocalCloud cloud(int identities, boolean known) {
    var cloud =
        new LocalCloud(
            LocalCloud.Options.forTests().withTheDnsOfAStack().pace(1), HandlersInProcess::of);
    IntStream.range(0, identities).forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
    if (known) {
      var _ = cloud.watch();
    }
    cloud.ses().forgetCalls();
    return cloud;
  }

  private static void inARow(String title, boolean known, IntFunction<TestEvents> request) {
    List<Told> told = new ArrayList<>();
    try (LocalCloud cloud = cloud(IN_A_ROW, known);
        RuntimeProcess settings =
            RuntimeProcess.classes("mailfrom.api.SettingsFunction::handleRequest")
                .named("bench-requests")
                .memory(1024)
                .env(cloud.environment())
                .start();
        Share _ = Share.of(settings.pid())) {
      if (!(settings.awaitReady() instanceof Outcome.Answered)) {
        throw new IllegalStateException(settings.log());
      }
      for (int i = 0; i < IN_A_ROW; i++) {
        APIGatewayV2HTTPEvent event = request.apply(i).at(cloud.clock().instant()).event();
        long begun = System.nanoTime();
        int status = status(settings, event);
        told.add(new Told(identity(i), status, Duration.ofNanos(System.nanoTime() - begun)));
      }
      print(title, cloud, told);
    }
  }

  private static int status(RuntimeProcess settings, APIGatewayV2HTTPEvent event) {
    try {
      return switch (settings.invoke(JSON.writeValueAsString(event))) {
        case Outcome.Answered(String body) -> {
          JsonNode answer = JSON.readTree(body);
          yield answer.path("statusCode").asInt();
        }
        case Outcome other -> throw new IllegalStateException(other + "\n" + settings.log());
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void atOnce(int identities, boolean known, boolean foreign) {
    try (LocalCloud cloud = cloud(identities, known)) {
      List<Put> puts =
          IntStream.range(0, CALLERS).mapToObj(i -> Put.of(identity(i % identities))).toList();
      String title =
          "%d callers at once on %d %s identities%s"
              .formatted(
                  CALLERS, identities, known ? "known" : "new", foreign ? ", foreign client" : "");
      if (foreign) {
        try (ForeignClient _ = ForeignClient.start(cloud, REGION)) {
          print(title, cloud, CallersProcess.askAtOnce(cloud, puts));
        }
      } else {
        print(title, cloud, CallersProcess.askAtOnce(cloud, puts));
      }
    }
  }

  private static void print(String title, LocalCloud cloud, List<Told> told) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    told.forEach(one -> statuses.merge(one.status(), 1, Integer::sum));
    List<Duration> took = told.stream().map(Told::took).sorted().toList();
    long reads =
        cloud.ses().calls().stream().filter(call -> call.operation().startsWith("Get")).count();
    System.out.printf(
        "%-52s %7.2f %7.2f %7.2f %6d %6d  %s; throttled: %d%n",
        title,
        seconds(told.getFirst().took()),
        seconds(took.get(took.size() / 2)),
        seconds(took.getLast()),
        reads,
        cloud.ses().calls("SetIdentityMailFromDomain").size(),
        statuses,
        ForeignClient.throttledOthers(cloud).size());
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
