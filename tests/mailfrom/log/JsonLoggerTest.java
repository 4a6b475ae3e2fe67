package mailfrom.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mailfrom.app.pace.Tasks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/** Which events become lines, and what of them. Standard output and the level are the process's. */
@Isolated
class JsonLoggerTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  private final LogLevels levels = new LogLevels();
  private final Level level = levels.getLogLevel(LoggerFactory.getLogger("mailfrom"));

  @BeforeEach
  void catchLines() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void letGo() {
    System.setOut(before);
    levels.setLogLevel(level);
    MDC.clear();
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest(name = "at {0}, {1} tells {2}")
  @CsvSource({
    "INFO,  mailfrom.api.SettingsHandler,                       INFO WARN ERROR",
    "DEBUG, mailfrom.api.SettingsHandler,                       DEBUG INFO WARN ERROR",
    "TRACE, mailfrom.api.SettingsHandler,                       TRACE DEBUG INFO WARN ERROR",
    "ERROR, mailfrom.api.SettingsHandler,                       ERROR",
    "INFO,  software.amazon.awssdk.request,                     WARN ERROR",
    "TRACE, software.amazon.awssdk.request,                     WARN ERROR",
    "ERROR, software.amazon.awssdk.request,                     ERROR",
    "DEBUG, software.amazon.lambda.powertools.PowertoolsLogging, WARN ERROR",
    "TRACE, org.xbill.DNS.NioUdpClient,                         ERROR",
  })
  void aLevelLetsThrough(String wanted, String logger, String told) {
    levels.setLogLevel(Level.valueOf(wanted));
    Logger log = LoggerFactory.getLogger(logger);
    log.trace("TRACE");
    log.debug("DEBUG");
    log.info("INFO");
    log.warn("WARN");
    log.error("ERROR");
    assertEquals(
        List.of(told.split(" ", -1)),
        lines().stream().map(line -> JsonLineTest.json(line).get("level").asText()).toList());
  }

  @Test
  void aLineHasTheTextTheFieldsAndTheErrorOfItsCall() {
    MDC.put("correlation_id", "c-1");
    LoggerFactory.getLogger("mailfrom.test")
        .warn(
            "{} of {}",
            "one",
            2,
            StructuredArguments.entry("why", "so"),
            new IllegalStateException("it"));
    assertEquals(1, lines().size());
    JsonNode line = JsonLineTest.json(lines().getFirst());
    assertEquals("one of 2", line.get("message").asText());
    assertEquals("c-1", line.get("correlation_id").asText());
    assertEquals("so", line.get("why").asText());
    assertEquals("it", line.get("error").get("message").asText());
    assertTrue(line.get("timestamp").asText().endsWith("Z"));
  }

  /** Regions are read side by side: what is said of one in its own thread is said by the run. */
  @Test
  void aLineOfATaskHasTheFieldsOfWhatBeganIt() {
    MDC.put("correlation_id", "c-1");
    try (Tasks.Scope scope = Tasks.threads().open()) {
      Tasks.Lane lane = scope.lane(1);
      lane.run(() -> LoggerFactory.getLogger("mailfrom.test").warn("aside"));
      lane.join();
    }
    assertEquals("c-1", JsonLineTest.json(lines().getFirst()).path("correlation_id").asText());
  }
}
