package mailfrom.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mailfrom.app.run.SesEvent;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.QueueBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from the messages of the queue. */
class QueueMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SET = "queue-set-identity-mail-from-domain.json";
  private static final String TERRAFORM =
      "arn:aws:sts::123456789012:assumed-role/deployers/terraform";
  private static final Instant SENT = Instant.ofEpochMilli(1795428899000L);
  private static final String FIRST = "059f36b4-87a3-44ab-83d2-661975970001";

  private static QueueMessages of(String file) {
    return QueueMessages.of(QueueBatch.records(file));
  }

  /** One message with this body. */
  private static QueueMessages ofBody(String body) {
    return QueueMessages.of(
        List.of(
            Map.of("messageId", "m", "body", body, "attributes", Map.of("SentTimestamp", "1000"))));
  }

  /** The message of a file, with its event changed. */
  private static QueueMessages changed(String file, Consumer<ObjectNode> change) {
    try {
      ObjectNode event =
          (ObjectNode)
              JSON.readTree(String.valueOf(QueueBatch.records(file).getFirst().get("body")));
      change.accept(event);
      return ofBody(event.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(file, e);
    }
  }

  private static List<String> names(QueueMessages messages) {
    assertEquals(Map.of(), messages.malformed());
    return messages.changes().getFirst().names().stream().map(IdentityName::value).toList();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          queue-health.json,                                  2026-11-23T10:14:58Z, , false
          queue-set-identity-mail-from-domain.json,           2026-11-23T10:14:50Z, arn:aws:sts::123456789012:assumed-role/deployers/terraform, false
          queue-put-email-identity-mail-from-attributes.json, 2026-11-23T10:14:50Z, arn:aws:iam::123456789012:user/paul, false
          queue-delete-identity.json,                         2026-11-23T10:14:50Z, arn:aws:iam::123456789012:user/paul, true
          queue-delete-email-identity.json,                   2026-11-23T10:14:50Z, arn:aws:sts::123456789012:assumed-role/deployers/terraform, true
          """)
  void anEventSaysWhichIdentityChangedWhenAndByWhom(
      String file, Instant happenedAt, @Nullable String by, boolean deletes) {
    QueueMessages messages = of(file);
    assertEquals(Map.of(), messages.malformed());
    assertEquals(
        List.of(
            new SesEvent(
                FIRST,
                "us-east-1",
                List.of(IdentityName.of("example.com")),
                happenedAt,
                SENT,
                by,
                deletes)),
        messages.changes());
  }

  @Test
  void aBatchIsReadMessageByMessageWithArnsAndForwardedRegions() {
    QueueMessages messages = of("queue-batch.json");
    assertEquals(Map.of(), messages.malformed());
    assertEquals(
        List.of(
            "us-east-1 [example.com]",
            "us-east-1 [example.org]",
            "eu-west-1 [example.net]",
            "us-east-1 [news@example.com]"),
        messages.changes().stream().map(one -> one.region() + " " + one.names()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          identity,      example.com,                                                     example.com
          identity,      Example.COM,                                                     example.com
          identity,      arn:aws:ses:us-east-1:123456789012:identity/example.org,         example.org
          identity,      arn:aws-cn:ses:cn-north-1:123456789012:identity/a@example.org,   a@example.org
          emailIdentity, arn:aws:ses:eu-west-1:123456789012:identity/Ann.B@example.org,   Ann.B@example.org
          domain,        example.net,                                                     example.net
          emailAddress,  ann@example.net,                                                 ann@example.net
          """)
  void anIdentityIsANameOrAnArnInTheParametersOfEitherApi(
      String parameter, String value, String name) {
    assertEquals(
        List.of(name),
        names(
            changed(
                SET,
                event ->
                    ((ObjectNode) event.path("detail"))
                        .putObject("requestParameters")
                        .put(parameter, value))));
  }

  @Test
  void anEventOfHealthMayNameMany() {
    QueueMessages messages =
        changed(
            "queue-health.json",
            event -> {
              ObjectNode detail = (ObjectNode) event.path("detail");
              detail.put("eventRegion", "eu-west-1");
              var entities = detail.putArray("affectedEntities");
              entities.addObject().put("entityValue", "example.com");
              entities
                  .addObject()
                  .put("entityValue", "arn:aws:ses:eu-west-1:123456789012:identity/example.org");
            });
    assertEquals(List.of("example.com", "example.org"), names(messages));
    // Health sends some events through another Region than that in which it happened.
    assertEquals("eu-west-1", messages.changes().getFirst().region());
  }

  @Test
  void aRefusedCallChangedNothing() {
    QueueMessages messages =
        changed(SET, event -> ((ObjectNode) event.path("detail")).put("errorCode", "AccessDenied"));
    assertEquals(List.of(), names(messages));
    assertEquals(TERRAFORM, messages.changes().getFirst().by());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not json                                                     | its body is not JSON
          {"detail-type":                                              | its body is not JSON
          null                                                         | its time is not an instant
          []                                                           | its time is not an instant
          {}                                                           | its time is not an instant
          {"time":"yesterday"}                                         | its time is not an instant
          {"time":"2026-11-23T10:14:50Z"}                              | its detail-type is none that the rules forward
          {"time":"2026-11-23T10:14:50Z","detail-type":"Scheduled Event"} | its detail-type is none that the rules forward
          {"time":"2026-11-23T10:14:50Z","detail-type":"AWS Health Event"} | it names no identity
          {"time":"2026-11-23T10:14:50Z","detail-type":"AWS API Call via CloudTrail","detail":{"requestParameters":null}} | it names no identity
          {"time":"2026-11-23T10:14:50Z","detail-type":"AWS API Call via CloudTrail","detail":{"requestParameters":{"identity":7}}} | it names no identity
          """)
  void whatCannotBeReadSaysWhy(String body, String why) {
    assertEquals(new QueueMessages(List.of(), Map.of("m", why)), ofBody(body));
  }

  @Test
  void aNameThatIsNoneMakesItsMessageMalformed() {
    QueueMessages messages =
        changed(
            SET,
            event ->
                ((ObjectNode) event.path("detail"))
                    .putObject("requestParameters")
                    .put("identity", "exa mple..com"));
    assertEquals(Set.of("m"), messages.malformed().keySet());
    assertTrue(
        String.valueOf(messages.malformed().get("m"))
            .startsWith("an identity of it cannot be read: "));
  }

  @Test
  void aBrokenMessageDoesNotTouchTheOthers() {
    List<Map<String, Object>> records = QueueBatch.records("queue-batch.json");
    records.set(1, Map.of("messageId", "broken", "body", "{", "attributes", Map.of()));
    QueueMessages messages = QueueMessages.of(records);
    assertEquals(Set.of("broken"), messages.malformed().keySet());
    assertEquals(3, messages.changes().size());
  }
}
