package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import mailfrom.local.DnsRecords;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalSes;
import mailfrom.local.Template;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A day with an outage in it at each level of the logs, under Lambda's runtime interface client:
 * what the process prints goes through Lambda's own filter, and the alarms live on what is left.
 */
class LogLevelTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> LEVELS =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
  private static final String US = "us-east-1";
  private static final String MAIL_FROM = "bounce.example.com";

  @ParameterizedTest
  @CsvSource({"DEBUG, 1", "INFO, 1", "WARN, 1", "ERROR, 0"})
  void noLevelSilencesMetricsOrTheLineOfARun(String level, int warnings) {
    Template.Rendered template =
        Template.read().render(Map.of("LogLevel", level), Template.Names::any);
    String least =
        JSON.valueToTree(template.properties("WatchFunction"))
            .path("LoggingConfig")
            .path("ApplicationLogLevel")
            .asText();
    LocalCloud.Options options = LocalCloud.Options.forTests().with(Map.of("LogLevel", level));
    try (LocalCloud cloud = new LocalCloud(options, HandlersInProcess::of);
        RuntimeProcess watch =
            RuntimeProcess.classes("mailfrom.watch.WatchHandler::handleRequest")
                .named("log-level-" + level)
                .env(cloud.watchEnvironment())
                .env("AWS_LAMBDA_LOG_LEVEL", least)
                .timeout(Duration.ofMinutes(15))
                .start()) {
      dayWithAnOutage(cloud, watch, template);
      List<JsonNode> kept = kept(watch.log(), least);
      assertEquals(24, count(kept, line -> line.path("RunCompleted").asDouble() > 0));
      assertEquals(8, count(kept, line -> line.path("Rejected").asDouble() > 0), "the outage");
      assertEquals(24, count(kept, line -> line.path("message").asText().equals("Run")));
      assertEquals(warnings, count(kept, line -> line.path("level").asText().equals("WARN")));
    }
  }

  /** A run an hour; from the ninth to the sixteenth the MX record is lost. */
  private static void dayWithAnOutage(
      LocalCloud cloud, RuntimeProcess watch, Template.Rendered template) {
    cloud
        .ses()
        .put(
            US,
            "example.com",
            MAIL_FROM,
            LocalSes.OnMxFailure.REJECT_MESSAGE,
            LocalSes.Status.SUCCESS,
            cloud.clock().instant().minus(Duration.ofDays(2)));
    for (int hour = 1; hour <= 24; hour++) {
      if (hour >= 9 && hour <= 16) {
        cloud.dns().remove(MAIL_FROM);
      } else {
        cloud.dns().put(MAIL_FROM, DnsRecords.mailFrom(US));
      }
      cloud.clock().advance(Duration.ofHours(1));
      String time = cloud.clock().instant().toString();
      assertInstanceOf(
          Outcome.Answered.class, watch.invoke(template.input("WatchFunction", "Read", time)));
    }
    // A message of the queue that nobody can read: a warning.
    assertInstanceOf(
        Outcome.Answered.class,
        watch.invoke(
            "{\"Records\":[{\"messageId\":\"m\",\"body\":\"?\",\"attributes\":{\"SentTimestamp\":\"0\"}}]}"));
  }

  /** Lambda's rule: a line that says no level counts as INFO; what is below the level is lost. */
  private static List<JsonNode> kept(String log, String least) {
    List<JsonNode> kept = new ArrayList<>();
    for (String line : log.lines().toList()) {
      if (line.startsWith("{")) {
        JsonNode json = json(line);
        if (LEVELS.indexOf(json.path("level").asText("INFO")) >= LEVELS.indexOf(least)) {
          kept.add(json);
        }
      }
    }
    return kept;
  }

  private static long count(List<JsonNode> lines, Predicate<JsonNode> which) {
    return lines.stream().filter(which).count();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
