package mailfrom.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import mailfrom.local.LocalContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door of the schedules, on one local cloud. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchHandlerTest {
  private static final Duration LONG = Duration.ofMinutes(15);

  private final LocalCloud cloud =
      new LocalCloud(LocalCloud.Options.forTests(), HandlersInProcess::of);
  private final WatchHandler watch = new WatchHandler(cloud.watchEnvironment());

  @BeforeAll
  void open() {
    cloud.ses().addDomain("us-east-1", "example.com", true);
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  private Map<String, Object> run(Map<String, Object> event, Duration left) {
    return watch.handleRequest(event, new LocalContext("watch", InstantSource.system(), left));
  }

  private Map<String, Object> read() {
    return Map.of("job", "read", "time", cloud.clock().instant().toString());
  }

  @Test
  void aRunWithTimeLeftReadsAll() {
    assertEquals(true, run(read(), LONG).get("complete"));
  }

  @Test
  void nothingIsReadInTheLastMinute() {
    cloud.ses().forgetCalls();
    assertEquals(false, run(read(), Duration.ofSeconds(60)).get("complete"));
    assertEquals(List.of(), cloud.ses().calls());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "READ", "write"})
  void anEventThatNamesNoJobIsAnError(String job) {
    Map<String, Object> event = Map.of("job", job, "time", "2026-11-25T10:00:00Z");
    assertThrows(IllegalArgumentException.class, () -> run(event, LONG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "2026-11-25"})
  void anEventWithoutATimeIsAnError(String time) {
    Map<String, Object> event = Map.of("job", "read", "time", time);
    assertThrows(IllegalArgumentException.class, () -> run(event, LONG));
  }
}
