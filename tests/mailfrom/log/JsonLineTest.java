package mailfrom.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.argument.StructuredArgument;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;
import software.amazon.lambda.powertools.logging.internal.JsonSerializer;

/** What an event looks like on standard output. */
class JsonLineTest {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00.05Z");

  private static String line(
      @Nullable Throwable error, Map<String, String> context, StructuredArgument... fields) {
    return JsonLine.of(Level.INFO, AT, "Answered", error, context, List.of(fields));
  }

  static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  @Test
  void aLineHasTheFieldsOfPowertools() {
    assertEquals(
        """
        {"level":"INFO","message":"Answered","timestamp":"2026-11-25T10:00:00.050Z",\
        "cold_start":true,"correlation_id":"c-1","function_memory_size":1024,\
        "function_name":"settings","sampling_rate":0.1,"service":"stack",\
        "route":"PUT_MAIL_FROM","status":200,"run":{"read":10,"regions":["us-east-1"]}}
        """,
        line(
            null,
            Map.of(
                "cold_start", "true",
                "correlation_id", "c-1",
                "function_memory_size", "1024",
                "function_name", "settings",
                "sampling_rate", "0.1",
                "service", "stack"),
            StructuredArguments.entry("route", "PUT_MAIL_FROM"),
            StructuredArguments.entry("status", 200),
            StructuredArguments.entry(
                "run",
                new java.util.TreeMap<>(Map.of("read", 10, "regions", List.of("us-east-1"))))));
  }

  @Test
  void anErrorHasItsNameItsWordsAndItsStackWithEachCause() {
    JsonNode error =
        json(line(new IllegalStateException("outer", new IOException("inner")), Map.of()))
            .get("error");
    assertEquals("java.lang.IllegalStateException", error.get("name").asText());
    assertEquals("outer", error.get("message").asText());
    String stack = error.get("stack").asText();
    assertTrue(stack.contains("at mailfrom.log.JsonLineTest"), stack);
    assertTrue(stack.contains("Caused by: java.io.IOException: inner"), stack);
  }

  @Test
  void anErrorWithoutWordsHasNone() {
    JsonNode error = json(line(new IllegalStateException(), Map.of())).get("error");
    assertTrue(error.get("message").isNull());
  }

  /** A field whose value cannot be written costs its value, not the event. */
  @Test
  void aFieldThatCannotBeWrittenIsNamed() {
    StructuredArgument broken =
        new StructuredArgument() {
          @Override
          public void writeTo(JsonSerializer json) throws IOException {
            json.writeFieldName("half");
            throw new IOException("no such value");
          }

          @Override
          public String toString() {
            return "broken";
          }
        };
    JsonNode line = json(line(null, Map.of(), broken, StructuredArguments.entry("status", 200)));
    assertEquals("java.io.IOException: no such value", line.get("not_written").asText());
    assertEquals(200, line.get("status").asInt());
    assertTrue(line.path("half").isMissingNode());
  }

  @Test
  void slf4jFindsItAndPowertoolsToo() {
    assertInstanceOf(JsonLogger.class, LoggerFactory.getLogger("mailfrom.any"));
    assertInstanceOf(
        LogLevels.class,
        software.amazon.lambda.powertools.logging.internal.LoggingManagerRegistry
            .getLoggingManager());
  }
}
