package mailfrom.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mailfrom.app.run.SesEvent;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.name.Parsed;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one SQS batch: events of EventBridge, from AWS Health and from CloudTrail.
 *
 * @param changes what could be read
 * @param malformed why the others could not, by message id
 */
record QueueMessages(List<SesEvent> changes, Map<String, String> malformed) {
  static final String RECORDS = "Records";

  private static final JsonMapper JSON = new JsonMapper();
  private static final String HEALTH = "AWS Health Event";
  private static final String API_CALL = "AWS API Call via CloudTrail";
  private static final List<String> DELETES = List.of("DeleteIdentity", "DeleteEmailIdentity");

  /** The parameters that name the identity, in both versions of SES's API. */
  private static final List<String> IDENTITY_PARAMETERS =
      List.of("identity", "emailIdentity", "domain", "emailAddress");

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String why) {
      super(why);
    }
  }

  /** Reads the records of an SQS event. */
  static QueueMessages of(Object records) {
    List<SesEvent> changes = new ArrayList<>();
    Map<String, String> malformed = new TreeMap<>();
    for (JsonNode message : JSON.valueToTree(records)) {
      String id = message.path("messageId").asText();
      try {
        changes.add(change(id, message));
      } catch (Malformed e) {
        malformed.put(id, String.valueOf(e.getMessage()));
      }
    }
    return new QueueMessages(List.copyOf(changes), Map.copyOf(malformed));
  }

  private static SesEvent change(String id, JsonNode message) throws Malformed {
    JsonNode event = body(message);
    Instant sentAt =
        Instant.ofEpochMilli(message.path("attributes").path("SentTimestamp").asLong());
    Instant happenedAt = instant(event.path("time").asText());
    JsonNode detail = event.path("detail");
    return switch (event.path("detail-type").asText()) {
      case HEALTH ->
          new SesEvent(
              id,
              detail.path("eventRegion").asText(event.path("region").asText()),
              names(entities(detail)),
              happenedAt,
              sentAt,
              null,
              false);
      case API_CALL ->
          new SesEvent(
              id,
              detail.path("awsRegion").asText(event.path("region").asText()),
              detail.has("errorCode")
                  // Refused: it changed nothing.
                  ? List.of()
                  : names(parameters(detail)),
              happenedAt,
              sentAt,
              text(detail.path("userIdentity").path("arn")),
              DELETES.contains(detail.path("eventName").asText()));
      default -> throw new Malformed("its detail-type is none that the rules forward");
    };
  }

  private static JsonNode body(JsonNode message) throws Malformed {
    try {
      return JSON.readTree(message.path("body").asText());
    } catch (JsonProcessingException e) {
      throw new Malformed("its body is not JSON");
    }
  }

  private static Instant instant(String text) throws Malformed {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Malformed("its time is not an instant");
    }
  }

  private static List<String> entities(JsonNode detail) {
    List<String> values = new ArrayList<>();
    detail.path("affectedEntities").forEach(e -> values.add(e.path("entityValue").asText()));
    return values;
  }

  private static List<String> parameters(JsonNode detail) {
    List<String> values = new ArrayList<>();
    for (String name : IDENTITY_PARAMETERS) {
      String value = text(detail.path("requestParameters").path(name));
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static List<IdentityName> names(List<String> values) throws Malformed {
    List<IdentityName> names = new ArrayList<>();
    for (String value : values) {
      switch (IdentityName.parseNameOrArn(value)) {
        case Parsed.Ok<IdentityName>(IdentityName name) -> names.add(name);
        case Parsed.Malformed<IdentityName>(String why) ->
            throw new Malformed("an identity of it cannot be read: " + why);
      }
    }
    if (names.isEmpty()) {
      throw new Malformed("it names no identity");
    }
    return names;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : null;
  }
}
