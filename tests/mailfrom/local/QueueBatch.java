package mailfrom.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A batch of messages as SQS hands it to watch, made of the sample events. */
public final class QueueBatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long after the event its message is in the queue. */
  private static final Duration DELIVERY = Duration.ofSeconds(2);

  private final List<Map<String, Object>> records = new ArrayList<>();

  /** The records of a sample of {@code events/}; the list may be changed. */
  public static List<Map<String, Object>> records(String file) {
    try (InputStream in = QueueBatch.class.getResourceAsStream("/events/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no sample " + file);
      }
      Map<String, List<Map<String, Object>>> event = JSON.readValue(in, new TypeReference<>() {});
      return new ArrayList<>(event.getOrDefault("Records", List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** What AWS Health says of an entity at this time: an identity, its ARN or a MAIL FROM domain. */
  public static String health(String entity, Instant at) {
    return String.valueOf(records("queue-health.json").getFirst().get("body"))
        .replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"" + at + "\"")
        .replace("\"example.com\"", "\"" + entity + "\"");
  }

  /**
   * Adds the one message of a sample, as it is said of this identity and Region at this time.
   *
   * @param identity a name or an ARN, in place of {@code example.com}
   */
  public QueueBatch add(String id, String file, String region, String identity, Instant at) {
    Map<String, Object> message = new HashMap<>(records(file).getFirst());
    message.put("messageId", id);
    message.put(
        "body",
        String.valueOf(message.get("body"))
            .replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"" + at + "\"")
            .replace("us-east-1", region)
            .replace("\"example.com\"", "\"" + identity + "\""));
    message.put(
        "attributes", Map.of("SentTimestamp", String.valueOf(at.plus(DELIVERY).toEpochMilli())));
    records.add(message);
    return this;
  }

  /** Adds a message with this body. */
  public QueueBatch addBody(String id, String body, Instant at) {
    records.add(
        Map.of(
            "messageId",
            id,
            "body",
            body,
            "attributes",
            Map.of("SentTimestamp", String.valueOf(at.plus(DELIVERY).toEpochMilli()))));
    return this;
  }

  /** What Lambda calls the function with. */
  public Map<String, Object> event() {
    return Map.of("Records", List.copyOf(records));
  }
}
