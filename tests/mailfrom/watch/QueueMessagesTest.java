package mailfrom.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mailfrom.app.run.SesEvent;
import mailfrom.domain.name.DomainName;
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
  private static final Instant SENT = Instant.ofEpochMilli(1795428899000L);
  private static final String ACCOUNT = "123456789012";
  private static final String FIRST = "059f36b4-87a3-44ab-83d2-661975970001";

  private static QueueMessages of(String file) {
    return QueueMessages.of(QueueBatch.records(file), ACCOUNT);
  }

  /** One message with this body. */
  private static QueueMessages ofBody(String body) {
    return QueueMessages.of(
        List.of(
            Map.of("messageId", "m", "body", body, "attributes", Map.of("SentTimestamp", "1000"))),
        ACCOUNT);
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
                file.equals("queue-health.json")
                    ? List.of(IdentityName.of("example.com").domain())
                    : List.of(),
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
          identity,      arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/b.example, b.example
          emailIdentity, arn:aws-eusc:ses:eusc-de-east-1:123456789012:identity/c.example, c.example
          emailIdentity, arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/a~b@example.org, a~b@example.org
          identity,      arn:aws:ses:us-east-1:123456789012:identity/a/b@example.org,     a/b@example.org
          domain,        example.net.,                                                    example.net
          domain,        bücher.example,                                                  xn--bcher-kva.example
          domain,        XN--BCHER-KVA.example,                                           xn--bcher-kva.example
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
  void anEntityOfHealthMayBeAMailFromDomain() {
    QueueMessages messages =
        changed(
            "queue-health.json",
            event -> {
              var entities = ((ObjectNode) event.path("detail")).putArray("affectedEntities");
              entities.addObject().put("entityValue", "bounce.example.com");
              entities.addObject().put("entityValue", "news@example.com");
            });
    assertEquals(
        List.of("bounce.example.com"),
        messages.changes().getFirst().mailFromDomains().stream().map(DomainName::value).toList());
    assertEquals(List.of("bounce.example.com", "news@example.com"), names(messages));
  }

  @Test
  void anotherPageAndACodeThatIsNotKnownAreReasonsToReadAsWell() {
    QueueMessages messages =
        changed(
            "queue-health.json",
            event ->
                ((ObjectNode) event.path("detail"))
                    .put("page", "2")
                    .put("totalPages", "3")
                    .put("eventTypeCode", "AWS_SES_CMF_OF_TOMORROW"));
    assertEquals(List.of("example.com"), names(messages));
  }

  /** Everything that there is nothing to do about: none of it is a dead letter. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          queue-health.json                        | affectedEntities  | []                            | it names no identity
          queue-health.json                        | affectedEntities  | null                          | it names no identity
          queue-health.json                        | affectedEntities  | [{"entityValue":"UNKNOWN"}]   | it names no identity
          queue-health.json                        | affectedEntities  | [{"entityValue":"a b..c"}]    | it names no identity
          queue-health.json                        | affectedEntities  | [{}]                          | it names no identity
          queue-health.json                        | affectedAccount   | "999999999999"                | it is about account 999999999999
          queue-set-identity-mail-from-domain.json | recipientAccountId | "999999999999"               | it is about account 999999999999
          queue-set-identity-mail-from-domain.json | errorCode         | "AccessDenied"                | SES refused the call: it changed nothing
          queue-set-identity-mail-from-domain.json | requestParameters | null                          | it names no identity
          queue-set-identity-mail-from-domain.json | requestParameters | {"identity":7}                | it names no identity
          queue-set-identity-mail-from-domain.json | requestParameters | {"identity":null}             | it names no identity
          queue-delete-identity.json               | requestParameters | {"identity":"exa mple..com"}  | it names no identity
          """)
  void anEventAboutNobodyIsDropped(String file, String field, String value, String why) {
    QueueMessages messages = changed(file, event -> set(event, field, value));
    assertEquals(new QueueMessages(List.of(), Map.of("m", why), Map.of()), messages);
  }

  private static void set(ObjectNode event, String field, String value) {
    try {
      ((ObjectNode) event.path("detail")).set(field, JSON.readTree(value));
    } catch (JsonProcessingException e) {
      throw new AssertionError(value, e);
    }
  }

  @Test
  void anErrorCodeOfNullIsNone() {
    assertEquals(
        List.of("example.com"), names(changed(SET, event -> set(event, "errorCode", "null"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          {"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/paul","userName":"paul"}          | arn:aws:iam::123456789012:user/paul
          {"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/admin/paul@example.com"} | arn:aws:sts::123456789012:assumed-role/admin/paul@example.com
          {"type":"Root","arn":"arn:aws:iam::123456789012:root"}                                    | arn:aws:iam::123456789012:root
          {"type":"AWSService","invokedBy":"cloudformation.amazonaws.com"}                          | cloudformation.amazonaws.com
          {"type":"IdentityCenterUser","accountId":"123456789012","principalId":"906-uuid"}         | 906-uuid
          {"type":"AWSAccount","accountId":"999999999999"}                                          | 999999999999
          {"type":"Unknown","arn":null}                                                             | Unknown
          {}                                                                                        | -
          null                                                                                      | -
          """)
  void everyFormOfCallerHasAName(String user, @Nullable String by) {
    QueueMessages messages = changed(SET, event -> set(event, "userIdentity", user));
    assertEquals(by, messages.changes().getFirst().by());
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
          """)
  void whatCannotBeReadSaysWhy(String body, String why) {
    assertEquals(new QueueMessages(List.of(), Map.of(), Map.of("m", why)), ofBody(body));
  }

  @Test
  void aBrokenMessageDoesNotTouchTheOthers() {
    List<Map<String, Object>> records = QueueBatch.records("queue-batch.json");
    records.set(1, Map.of("messageId", "broken", "body", "{", "attributes", Map.of()));
    QueueMessages messages = QueueMessages.of(records, ACCOUNT);
    assertEquals(Set.of("broken"), messages.malformed().keySet());
    assertEquals(3, messages.changes().size());
  }
}
