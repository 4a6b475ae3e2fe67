package mailfrom.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.run.RunReport;
import mailfrom.app.tell.Topics;
import mailfrom.app.tell.Topics.Published;
import mailfrom.app.text.Message;
import org.junit.jupiter.api.Test;
import software.amazon.lambda.powertools.metrics.Metrics;

/** What a topic did not take becomes metrics, which alarms watch. */
class LoggingTopicsTest {
  private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");

  private Published answer = new Published.Taken("m");

  private final LoggingTopics topics =
      new LoggingTopics(
          new Topics() {
            @Override
            public Published publish(Name topic, Message message) {
              return answer;
            }

            @Override
            public CallResult<Integer> listeners(Name topic) {
              return new CallResult.Answered<>(1);
            }
          });

  private void publish(Published as, int times) {
    answer = as;
    for (int i = 0; i < times; i++) {
      assertEquals(as, topics.publish(Topics.Name.NOTICES, new Message("s", "t", Map.of())));
    }
  }

  @Test
  void whatWasNotTakenIsCountedOnceByWhatBecomesOfIt() {
    publish(new Published.Taken("m"), 3);
    assertEquals(new LoggingTopics.Untaken(0, 0), topics.sinceLast());
    publish(new Published.Failed("down"), 7);
    publish(new Published.FormRefused("Subject"), 2);
    assertEquals(new LoggingTopics.Untaken(7, 2), topics.sinceLast());
    assertEquals(new LoggingTopics.Untaken(0, 0), topics.sinceLast());
  }

  /** The metrics that a run with so many messages not taken has. */
  private static Map<String, Double> metrics(RunReport report, LoggingTopics.Untaken untaken) {
    Map<String, Double> added = new HashMap<>();
    Metrics noting =
        (Metrics)
            Proxy.newProxyInstance(
                LoggingTopicsTest.class.getClassLoader(),
                new Class<?>[] {Metrics.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("addMetric")) {
                    added.put((String) arguments[0], (Double) arguments[1]);
                  }
                  return null;
                });
    new RunMetrics(noting).emit(report, untaken);
    return added;
  }

  @Test
  void everyRunTellsItInMetricsThatAnAlarmWatches() throws IOException {
    Duration second = Duration.ofSeconds(1);
    RunReport.ApplyReport apply = new RunReport.ApplyReport(AT, second, List.of());
    for (RunReport report :
        List.of(
            new RunReport.ReadReport(AT, second, List.of()),
            apply,
            new RunReport.EventReport(AT, second, 1, 1, Set.of()))) {
      Map<String, Double> metrics = metrics(report, new LoggingTopics.Untaken(3, 2));
      assertEquals(2.0, metrics.get("RefusedMessages"));
      assertEquals(3.0, metrics.get("FailedDeliveries"));
    }
    assertEquals(Map.of(), metrics(apply, new LoggingTopics.Untaken(0, 0)));
    Path template = Path.of("template.yaml");
    if (Files.exists(template)) {
      String text = Files.readString(template);
      assertTrue(text.contains("MetricName: RefusedMessages"), "no alarm");
      assertTrue(text.contains("MetricName: FailedDeliveries"), "no alarm");
    }
  }
}
