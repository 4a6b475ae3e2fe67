package mailfrom.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/** Whatever SES, a caller or the DNS says: an event is one line of JSON that says the same. */
class JsonLineProperties {
  @Property
  void anyTextComesBackOutOfOneLine(
      @ForAll String message, @ForAll String value, @ForAll String context) {
    String line =
        JsonLine.of(
            Level.WARN,
            Instant.EPOCH,
            message,
            new IllegalStateException(value),
            Map.of("correlation_id", context),
            List.of(
                StructuredArguments.entry("why", value),
                StructuredArguments.entry("all", Map.of(value, List.of(context)))));
    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertEquals(-1, line.indexOf('\r'));
    JsonNode json = JsonLineTest.json(line);
    assertEquals(message, json.get("message").asText());
    assertEquals(value, json.get("error").get("message").asText());
    assertEquals(context, json.get("correlation_id").asText());
    assertEquals(value, json.get("why").asText());
    assertEquals(context, json.get("all").get(value).get(0).asText());
  }
}
