package mailfrom.local;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that SNS took: the topic's name (not its ARN), and the string values of its attributes.
 */
public record SnsMessage(
    String topic,
    Instant at,
    @Nullable String subject,
    String message,
    Map<String, String> attributes,
    String id) {
  public SnsMessage {
    attributes = Map.copyOf(attributes);
  }
}
