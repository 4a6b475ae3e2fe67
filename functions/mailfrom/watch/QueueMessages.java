package mailfrom.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mailfrom.app.run.SesEvent;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one SQS batch: events of EventBridge, from AWS Health and from CloudTrail.
 *
 * @param changes what is to be looked at
 * @param dropped why there is nothing to do about others, by message id
 * @param malformed why the rest could not be read, by message id
 */
record QueueMessages(
    List<SesEvent> changes, Map<String, String> dropped, Map<String, String> malformed) {
  static final String RECORDS = "Records";

  private static final JsonMapper JSON = new JsonMapper();
  private static final String HEALTH = "AWS Health Event";
  private static final String API_CALL = "AWS API Call via CloudTrail";
  private static final List<String> DELETES = List.of("DeleteIdentity", "DeleteEmailIdentity");

  /** The parameters that name the identity, in both versions of SES's API. */
  private static final List<String> IDENTITY_PARAMETERS =
      List.of("identity", "emailIdentity", "domain", "emailAddress");

  /** What names a caller who has no ARN: a service, or somebody of a directory. */
  private static final List<String> CALLERS =
      List.of("arn", "invokedBy", "userName", "principalId", "accountId", "type");

  /** There is nothing to do about it. */
  private static final class Dropped extends Exception {
    private static final long serialVersionUID = 1;

    Dropped(String why) {
      super(why);
    }
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String why) {
      super(why);
    }
  }

  /**
   * Reads the records of an SQS event.
   *
   * @param account whose identities are watched
   */
  static QueueMessages of(Object records, String account) {
    List<SesEvent> changes = new ArrayList<>();
    Map<String, String> dropped = new TreeMap<>();
    Map<String, String> malformed = new TreeMap<>();
    for (JsonNode message : JSON.valueToTree(records)) {
      String id = message.path("messageId").asText();
      try {
        changes.add(change(id, message, account));
      } catch (Dropped e) {
        dropped.put(id, String.valueOf(e.getMessage()));
      } catch (Malformed e) {
        malformed.put(id, String.valueOf(e.getMessage()));
      }
    }
    return new QueueMessages(List.copyOf(changes), Map.copyOf(dropped), Map.copyOf(malformed));
  }

  private static SesEvent change(String id, JsonNode message, String account)
      throws Dropped, Malformed {
    JsonNode event = body(message);
    Instant sentAt =
        Instant.ofEpochMilli(message.path("attributes").path("SentTimestamp").asLong());
    Instant happenedAt = instant(event.path("time").asText());
    JsonNode detail = event.path("detail");
    return switch (event.path("detail-type").asText()) {
      case HEALTH -> {
        // In an organisation's main account the events of all its accounts arrive.
        ofAccount(account, detail.path("affectedAccount"), event.path("account"));
        List<IdentityName> names = names(entities(detail));
        yield new SesEvent(
            id,
            first(detail.path("eventRegion"), event.path("region")).orElse(""),
            names,
            // Of AWS's own samples some name the MAIL FROM domain, and not the identity.
            names.stream().filter(name -> !name.isAddress()).map(IdentityName::domain).toList(),
            happenedAt,
            sentAt,
            null,
            false);
      }
      case API_CALL -> {
        ofAccount(account, detail.path("recipientAccountId"), event.path("account"));
        if (detail.hasNonNull("errorCode")) {
          throw new Dropped("SES refused the call: it changed nothing");
        }
        yield new SesEvent(
            id,
            first(detail.path("awsRegion"), event.path("region")).orElse(""),
            names(parameters(detail)),
            List.of(),
            happenedAt,
            sentAt,
            by(detail.path("userIdentity")),
            DELETES.contains(detail.path("eventName").asText()));
      }
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

  private static void ofAccount(String account, JsonNode affected, JsonNode delivered)
      throws Dropped {
    String whose = first(affected, delivered).orElse(account);
    if (!whose.equals(account)) {
      throw new Dropped("it is about account " + whose);
    }
  }

  private static Stream<String> entities(JsonNode detail) {
    return StreamSupport.stream(detail.path("affectedEntities").spliterator(), false)
        .map(entity -> entity.path("entityValue").asText());
  }

  private static Stream<String> parameters(JsonNode detail) {
    return IDENTITY_PARAMETERS.stream()
        .flatMap(name -> text(detail.path("requestParameters").path(name)).stream());
  }

  /** Those that can be the name of an identity: of what is none, SES has none. */
  private static List<IdentityName> names(Stream<String> values) throws Dropped {
    List<IdentityName> names =
        values.flatMap(value -> IdentityName.ofNameOrArn(value).stream()).distinct().toList();
    if (names.isEmpty()) {
      throw new Dropped("it names no identity");
    }
    return names;
  }

  /** The caller's ARN, which for a role has the session's name too; or what stands for it. */
  private static @Nullable String by(JsonNode user) {
    return CALLERS.stream()
        .flatMap(name -> text(user.path(name)).stream())
        .findFirst()
        .orElse(null);
  }

  private static Optional<String> first(JsonNode one, JsonNode other) {
    return text(one).or(() -> text(other));
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() && !node.textValue().isBlank()
        ? Optional.of(node.textValue())
        : Optional.empty();
  }
}
