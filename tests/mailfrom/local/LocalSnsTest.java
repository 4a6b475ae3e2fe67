package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import mailfrom.local.FaultPlan.Kind;
import mailfrom.local.FaultPlan.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.Subscription;

/** The local SNS, seen through the SDK's own client. */
class LocalSnsTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final LocalClock clock = new LocalClock(InstantSource.fixed(START));
  private final FaultPlan faults = new FaultPlan();
  private final LocalSns sns = new LocalSns("us-east-1", clock, faults);
  private final LocalSnsEndpoint endpoint = new LocalSnsEndpoint(sns);
  private final SnsClient client = client(Duration.ofSeconds(5));
  private final String alerts = sns.topic("alerts");

  private SnsClient client(Duration patience) {
    return LocalSesFixture.plain(SnsClient.builder(), endpoint.url(), "us-east-1")
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(patience))
        .build();
  }

  @AfterEach
  void close() {
    client.close();
    endpoint.close();
  }

  @Test
  void messagesAreKeptOldestFirst() {
    client.publish(
        publish ->
            publish
                .topicArn(alerts)
                .subject("One")
                .message("first & <foremost> é\nline two")
                .messageAttributes(Map.of("reason", string("STARTED"))));
    clock.advance(Duration.ofMinutes(1));
    client.publish(publish -> publish.topicArn(sns.topic("notices")).message("{}"));

    assertEquals("arn:aws:sns:us-east-1:123456789012:alerts", alerts);
    SnsMessage first = sns.messages().getFirst();
    assertEquals(
        new SnsMessage(
            "alerts",
            START,
            "One",
            "first & <foremost> é\nline two",
            Map.of("reason", "STARTED"),
            first.id()),
        first);
    assertEquals(
        List.of(new SnsMessage("notices", START.plusSeconds(60), null, "{}", Map.of(), "")),
        sns.messages("notices").stream()
            .map(
                one ->
                    new SnsMessage(
                        one.topic(), one.at(), one.subject(), one.message(), one.attributes(), ""))
            .toList());
  }

  @ParameterizedTest
  @CsvSource({"98, true", "99, true", "100, false"})
  void aSubjectHasLessThanAHundredCharacters(int length, boolean taken) {
    assertEquals(taken ? "OK" : "Invalid parameter: Subject", subject("x".repeat(length)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "plain words, and: punctuation!|OK",
        " leading space|Invalid parameter: Subject",
        "two\\nlines|Invalid parameter: Subject",
        "a\\ttab|Invalid parameter: Subject",
        "é|Invalid parameter: Subject",
        "''|Invalid parameter: Subject"
      })
  void aSubjectIsPlainText(String subject, String outcome) {
    assertEquals(
        outcome, subject(subject.replace("\\n", "\n").replace("\\t", "\t").replace("''", "")));
  }

  private String subject(String subject) {
    return outcome(
        () -> client.publish(publish -> publish.topicArn(alerts).subject(subject).message("text")));
  }

  @ParameterizedTest
  @CsvSource({
    "0,      false, Invalid parameter: Empty message",
    "262144, false, OK",
    "262145, false, Invalid parameter: Message too long",
    "262136, true,  OK",
    "262137, true,  Invalid parameter: Message too long"
  })
  void aMessageHasAtMostAQuarterMebibyteWithItsAttributes(
      int length, boolean withAttribute, String outcome) {
    // Eight bytes: the name, the type "String" and the value.
    Map<String, MessageAttributeValue> attributes =
        withAttribute ? Map.of("n", string("v")) : Map.of();

    assertEquals(
        outcome,
        outcome(
            () ->
                client.publish(
                    publish ->
                        publish
                            .topicArn(alerts)
                            .message("x".repeat(length))
                            .messageAttributes(attributes))));
  }

  @ParameterizedTest
  @CsvSource({
    "reason,      String,       STARTED, OK",
    "a.b-c_d,     String.Array, [],      OK",
    "reason,      Number,       12.5,    OK",
    "reason,      Number,       many,    InvalidParameterValue",
    "reason,      Text,         x,       InvalidParameterValue",
    "reason,      String,       '',      InvalidParameterValue",
    "two words,   String,       x,       InvalidParameterValue",
    ".a,          String,       x,       InvalidParameterValue",
    "a.,          String,       x,       InvalidParameterValue",
    "a..b,        String,       x,       InvalidParameterValue",
    "AWS.reason,  String,       x,       InvalidParameterValue"
  })
  void attributesHaveNamesTypesAndValues(String name, String type, String value, String outcome) {
    MessageAttributeValue attribute =
        MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    String found =
        code(
            () ->
                client.publish(
                    publish ->
                        publish
                            .topicArn(alerts)
                            .message("text")
                            .messageAttributes(Map.of(name, attribute))));

    assertEquals(outcome, found);
    assertEquals(outcome.equals("OK") ? 1 : 0, sns.messages().size());
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:sns:us-east-1:123456789012:unknown, NotFound",
    "alerts, InvalidParameter",
    ", InvalidParameter"
  })
  void aTopicMustExist(String arn, String code) {
    assertEquals(
        code, code(() -> client.publish(publish -> publish.topicArn(arn).message("text"))));
    assertEquals(code, code(() -> client.getTopicAttributes(get -> get.topicArn(arn))));
  }

  @ParameterizedTest
  @CsvSource({"0,  EmptyBatchRequest", "1,  OK", "10, OK", "11, TooManyEntriesInBatchRequest"})
  void aBatchHasOneToTenEntries(int size, String outcome) {
    List<PublishBatchRequestEntry> entries =
        IntStream.range(0, size).mapToObj(i -> entry("id" + i, "text")).toList();

    assertEquals(outcome, code(() -> batch(entries)));
    assertEquals(outcome.equals("OK") ? size : 0, sns.messages().size());
  }

  @Test
  void oneBadEntryFailsAlone() {
    PublishBatchResponse answer =
        batch(List.of(entry("a", "text"), entry("b", "text").toBuilder().subject("é").build()));

    assertEquals("a", answer.successful().getFirst().id());
    assertEquals("b", answer.failed().getFirst().id());
    assertEquals("InvalidParameter", answer.failed().getFirst().code());
    assertTrue(answer.failed().getFirst().senderFault());
    assertEquals(1, sns.messages().size());
  }

  @Test
  void aBatchIsRefusedWholeForItsIdsOrItsSize() {
    String big = "x".repeat(150_000);

    assertEquals(
        "BatchEntryIdsNotDistinct", code(() -> batch(List.of(entry("a", "1"), entry("a", "2")))));
    assertEquals("InvalidBatchEntryId", code(() -> batch(List.of(entry("a b", "1")))));
    assertEquals(
        "BatchRequestTooLong", code(() -> batch(List.of(entry("a", big), entry("b", big)))));
    assertEquals(List.of(), sns.messages());
  }

  @Test
  void aSubscriptionByMailWaitsForItsConfirmation() {
    client.subscribe(
        subscribe -> subscribe.topicArn(alerts).protocol("email").endpoint("ops@example.com"));
    client.subscribe(
        subscribe ->
            subscribe
                .topicArn(alerts)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:us-east-1:123456789012:queue"));
    assertEquals(List.of("PendingConfirmation", alerts), arns());
    assertEquals("1", attribute("SubscriptionsPending"));
    assertEquals("1", attribute("SubscriptionsConfirmed"));

    sns.confirm(sns.subscriptions(alerts).getFirst().arn());
    assertEquals(List.of(alerts, alerts), arns());
    assertEquals("0", attribute("SubscriptionsPending"));
  }

  /** A confirmed subscription's ARN begins with its topic's. */
  private List<String> arns() {
    return client.listSubscriptionsByTopic(list -> list.topicArn(alerts)).subscriptions().stream()
        .map(Subscription::subscriptionArn)
        .map(arn -> arn.startsWith(alerts + ":") ? alerts : arn)
        .toList();
  }

  private String attribute(String name) {
    return Objects.requireNonNull(
        client.getTopicAttributes(get -> get.topicArn(alerts)).attributes().get(name));
  }

  @Test
  void subscriptionsArePagedByAHundred() {
    for (int i = 0; i < 201; i++) {
      sns.subscribe(alerts, "email", "a" + i + "@example.com", true);
    }

    assertEquals(
        201,
        client
            .listSubscriptionsByTopicPaginator(list -> list.topicArn(alerts))
            .subscriptions()
            .stream()
            .map(Subscription::endpoint)
            .distinct()
            .count());
  }

  @ParameterizedTest
  @CsvSource({
    "THROTTLING,  Throttling,    0",
    "FAIL_BEFORE, InternalError, 0",
    "FAIL_AFTER,  InternalError, 1"
  })
  void aPlannedFaultHitsItsCallsAndNoMore(Kind kind, String code, int kept) {
    faults.add(Service.SNS, "Publish", kind, 1);
    faults.add(Service.SES, "*", kind, 1);

    assertEquals(
        code, code(() -> client.publish(publish -> publish.topicArn(alerts).message("text"))));
    assertEquals(kept, sns.messages().size());
    client.publish(publish -> publish.topicArn(alerts).message("text"));
    assertEquals(List.of("Publish " + code, "Publish OK"), sns.calls());
  }

  @Test
  void aTimeoutHasNoEffect() {
    faults.add(Service.SNS, "*", Kind.TIMEOUT, 1);

    try (SnsClient impatient = client(Duration.ofMillis(50))) {
      assertThrows(
          SdkClientException.class,
          () -> impatient.publish(publish -> publish.topicArn(alerts).message("text")));
    }
    assertEquals(List.of(), sns.messages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a.b"})
  void aTopicNameIsChecked(String name) {
    assertEquals("InvalidParameter", code(() -> client.createTopic(create -> create.name(name))));
  }

  private PublishBatchResponse batch(List<PublishBatchRequestEntry> entries) {
    return client.publishBatch(
        publish -> publish.topicArn(alerts).publishBatchRequestEntries(entries));
  }

  private static PublishBatchRequestEntry entry(String id, String message) {
    return PublishBatchRequestEntry.builder().id(id).message(message).build();
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static String code(Runnable call) {
    try {
      call.run();
      return "OK";
    } catch (SnsException refused) {
      return refused.awsErrorDetails().errorCode();
    }
  }

  private static String outcome(Runnable call) {
    try {
      call.run();
      return "OK";
    } catch (SnsException refused) {
      return refused.awsErrorDetails().errorMessage();
    }
  }
}
