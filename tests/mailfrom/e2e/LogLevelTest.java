package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import mailfrom.local.DnsRecords;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.Template;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An outage at each level of the logs, under Lambda's runtime interface client: what the process
 * prints goes through Lambda's own filter, and the alarms live on what is left.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogLevelTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> LEVELS =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
  private static final String US = "us-east-1";
  private static final String MAIL_FROM = "bounce.example.com";

  /** A message of the queue that nobody can read: a warning. */
  private static final String UNREADABLE =
      "{\"Records\":[{\"messageId\":\"m\",\"body\":\"?\",\"attributes\":{\"SentTimestamp\":\"0\"}}]}";

  private final LocalCloud cloud =
      new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);

  @BeforeAll
  void plant() {
    cloud
        .ses()
        .put(
            US,
            "example.com",
            MAIL_FROM,
            LocalSes.OnMxFailure.REJECT_MESSAGE,
            LocalSes.Status.SUCCESS,
            cloud.clock().instant().minus(Duration.ofDays(2)));
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  /** A run an hour; from the ninth to the sixteenth the MX record is lost. */
  @Test
  void aDayWithAnOutageRingsItsAlarmAndNoOtherAtLevelError() {
    Stack stack = new Stack("ERROR");
    List<List<JsonNode>> hours = new ArrayList<>();
    List<List<JsonNode>> warned = new ArrayList<>();
    try (RuntimeProcess watch = stack.start()) {
      for (int hour = 1; hour <= 24; hour++) {
        hours.add(stack.run(watch, hour >= 9 && hour <= 16));
      }
      warned.add(stack.call(watch, UNREADABLE));
    }
    assertEquals(24, lines(kept(hours, stack.least()), LogLevelTest::isRun));
    assertEquals(0, lines(kept(warned, stack.least()), LogLevelTest::isWarning));
    List<Integer> outage = IntStream.rangeClosed(9, 16).boxed().toList();
    assertEquals(Map.of("RejectedMailAlarm", outage), stack.rings(kept(hours, stack.least())));
    // Were Lambda's own filter at the level of the parameter, nothing would come of a run.
    assertEquals(
        Map.of("NoCompleteRunAlarm", IntStream.rangeClosed(3, 24).boxed().toList()),
        stack.rings(kept(hours, "ERROR")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEBUG", "INFO", "WARN"})
  void noOtherLevelSilencesMetricsOrTheLineOfARun(String level) {
    Stack stack = new Stack(level);
    List<List<JsonNode>> calls = new ArrayList<>();
    try (RuntimeProcess watch = stack.start()) {
      for (boolean isLost : new boolean[] {false, true, false}) {
        calls.add(stack.run(watch, isLost));
      }
      calls.add(stack.call(watch, UNREADABLE));
    }
    List<List<JsonNode>> kept = kept(calls, stack.least());
    assertEquals(3, lines(kept, line -> line.path("RunCompleted").asDouble() > 0));
    assertEquals(1, lines(kept, line -> line.path("Rejected").asDouble() > 0), "the outage");
    assertEquals(3, lines(kept, LogLevelTest::isRun));
    assertEquals(1, lines(kept, LogLevelTest::isWarning));
  }

  /** A stack whose runs are an hour apart, at a level. */
  private final class Stack {
    private final String level;
    private final Template.Rendered template;

    Stack(String level) {
      this.level = level;
      this.template =
          Template.read()
              .render(
                  Map.of("LogLevel", level, "IntervalMinutes", "60", "PaceShare", "90"),
                  cloud::name);
    }

    /** The least level that Lambda itself lets through. */
    String least() {
      return JSON.valueToTree(template.properties("WatchFunction"))
          .path("LoggingConfig")
          .path("ApplicationLogLevel")
          .asText();
    }

    RuntimeProcess start() {
      return RuntimeProcess.classes("mailfrom.watch.WatchHandler::handleRequest")
          .named("log-level-" + level)
          .env(cloud.environment(template, "WatchFunction"))
          .env("AWS_LAMBDA_LOG_LEVEL", least())
          .timeout(Duration.ofMinutes(15))
          .start();
    }

    /** What a run prints, an hour after the one before. */
    List<JsonNode> run(RuntimeProcess watch, boolean isLost) {
      if (isLost) {
        cloud.dns().remove(MAIL_FROM);
      } else {
        cloud.dns().put(MAIL_FROM, DnsRecords.mailFrom(US));
      }
      cloud.clock().advance(Duration.ofHours(1));
      return call(
          watch, template.input("WatchFunction", "Read", cloud.clock().instant().toString()));
    }

    /** What a call prints. */
    List<JsonNode> call(RuntimeProcess watch, String event) {
      long before = watch.log().lines().count();
      assertInstanceOf(Outcome.Answered.class, watch.invoke(event));
      return watch
          .log()
          .lines()
          .skip(before)
          .filter(line -> line.startsWith("{"))
          .map(LogLevelTest::json)
          .toList();
    }

    /** The alarms that rang, and in which hours. */
    Map<String, List<Integer>> rings(List<List<JsonNode>> hours) {
      Map<String, List<Integer>> rings = new TreeMap<>();
      Set<String> names = mailfrom.e2e.Template.read().ownAlarms();
      assertTrue(names.size() >= 8, names::toString);
      for (String name : names) {
        Alarm alarm = Alarm.of(name, JSON.valueToTree(template.properties(name)));
        assertEquals(3600, alarm.periodSeconds(), name);
        List<Integer> rang = alarm.rings(hours);
        if (!rang.isEmpty()) {
          rings.put(name, rang);
        }
      }
      return rings;
    }
  }

  /** Lambda's rule: a line that says no level counts as INFO; what is below the level is lost. */
  private static List<List<JsonNode>> kept(List<List<JsonNode>> hours, String least) {
    return hours.stream()
        .map(
            lines ->
                lines.stream()
                    .filter(
                        line ->
                            LEVELS.indexOf(line.path("level").asText("INFO"))
                                >= LEVELS.indexOf(least))
                    .toList())
        .toList();
  }

  private static long lines(List<List<JsonNode>> calls, Predicate<JsonNode> which) {
    return calls.stream().flatMap(List::stream).filter(which).count();
  }

  private static boolean isRun(JsonNode line) {
    return line.path("message").asText().equals("Run");
  }

  private static boolean isWarning(JsonNode line) {
    return line.path("level").asText().equals("WARN");
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
