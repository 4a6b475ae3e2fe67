package mailfrom.local;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Amazon SNS for one account: keeps the messages it took, and refuses the ones that the real one
 * refuses.
 */
public final class LocalSns {
  /** The account that owns the topics. */
  public static final String ACCOUNT = "123456789012";

  private static final int LARGEST_MESSAGE = 256 * 1024;
  private static final int LONGEST_SUBJECT = 99;
  private static final int LARGEST_BATCH = 10;
  private static final int LARGEST_PAGE = 100;
  private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
  private static final Pattern SUBJECT = Pattern.compile("[!-~][ -~]*");
  private static final Pattern ATTRIBUTE_NAME =
      Pattern.compile("(?!(?i:aws\\.|amazon\\.))(?!.*\\.\\.)(?!\\.)[A-Za-z0-9_.-]{1,256}(?<!\\.)");
  private static final Pattern DATA_TYPE =
      Pattern.compile("(String|Number|Binary)(\\..+)?|String\\.Array");
  private static final Pattern BATCH_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  /** Who gets the messages of a topic. */
  public record Subscription(
      String arn, String topicArn, String protocol, String endpoint, boolean confirmed) {}

  private record Attribute(String name, String type, String value) {}

  private interface Operation {
    QueryAnswer answer(String signedRegion, QueryParameters parameters);
  }

  private final String region;
  private final InstantSource clock;
  private final FaultPlan faults;
  private final Map<String, Operation> operations = new HashMap<>();
  private final Set<String> topics = new HashSet<>();
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final List<SnsMessage> messages = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private long subscribed;

  /** An SNS in us-east-1 without faults. */
  public LocalSns(InstantSource clock) {
    this("us-east-1", clock, new FaultPlan());
  }

  /** An SNS whose {@linkplain #topic topics} are made in the Region. */
  public LocalSns(String region, InstantSource clock, FaultPlan faults) {
    this.region = region;
    this.clock = clock;
    this.faults = faults;
    operations.put("Publish", this::publish);
    operations.put("PublishBatch", this::publishBatch);
    operations.put("CreateTopic", this::createTopic);
    operations.put("Subscribe", this::subscribe);
    operations.put("Unsubscribe", this::unsubscribe);
    operations.put("ListSubscriptionsByTopic", this::listSubscriptions);
    operations.put("GetTopicAttributes", this::topicAttributes);
  }

  /** Answers one call of the Query protocol. */
  public synchronized QueryAnswer call(
      String signedRegion, String operation, QueryParameters parameters) {
    Operation known = operations.get(operation);
    if (known == null) {
      return QueryAnswer.refused(
          "InvalidAction", "Could not find operation " + operation + " for version 2010-03-31");
    }
    Optional<FaultPlan.Kind> fault = faults.take(FaultPlan.Service.SNS, operation);
    QueryAnswer answer;
    if (fault.isEmpty()) {
      answer = known.answer(signedRegion, parameters);
    } else {
      answer =
          switch (fault.get()) {
            case THROTTLING -> QueryAnswer.refused("Throttling", "Rate exceeded");
            case FAIL_BEFORE -> internalError();
            case FAIL_AFTER -> {
              known.answer(signedRegion, parameters);
              yield internalError();
            }
            case TIMEOUT -> new QueryAnswer.Silence();
            case EMPTY_BODY, PROXY_PAGE, EMPTY_ANSWER -> throw new IllegalStateException();
          };
    }
    calls.add(operation + " " + answer.outcome());
    return answer;
  }

  private static QueryAnswer internalError() {
    return new QueryAnswer.Refused(500, "InternalError", "An internal error occurred.");
  }

  // ---- publishing

  private QueryAnswer publish(String signedRegion, QueryParameters parameters) {
    String arn = parameters.text("TopicArn");
    Optional<QueryAnswer.Refused> noTopic = refusedTopic(arn, "TopicArn or TargetArn");
    if (noTopic.isPresent()) {
      return noTopic.get();
    }
    Optional<QueryAnswer.Refused> refused = refusedMessage(parameters);
    if (refused.isPresent()) {
      return refused.get();
    }
    return new QueryAnswer.Done(
        Xml.text("MessageId", keep(Objects.requireNonNull(arn), parameters)));
  }

  private QueryAnswer publishBatch(String signedRegion, QueryParameters parameters) {
    String arn = parameters.text("TopicArn");
    Optional<QueryAnswer.Refused> noTopic = refusedTopic(arn, "TopicArn");
    if (noTopic.isPresent()) {
      return noTopic.get();
    }
    List<QueryParameters> entries = new ArrayList<>();
    for (int i = 1; parameters.has("PublishBatchRequestEntries.member." + i); i++) {
      entries.add(parameters.below("PublishBatchRequestEntries.member." + i));
    }
    if (entries.isEmpty()) {
      return QueryAnswer.refused(
          "EmptyBatchRequest", "The batch request doesn't contain any entries.");
    }
    if (entries.size() > LARGEST_BATCH) {
      return QueryAnswer.refused(
          "TooManyEntriesInBatchRequest",
          "The batch request contains more entries than permissible.");
    }
    List<String> ids = entries.stream().map(entry -> entry.textOrEmpty("Id")).toList();
    if (!ids.stream().allMatch(id -> BATCH_ID.matcher(id).matches())) {
      return QueryAnswer.refused(
          "InvalidBatchEntryId",
          "The Id of a batch entry in a batch request doesn't abide by the specification.");
    }
    if (new HashSet<>(ids).size() < ids.size()) {
      return QueryAnswer.refused(
          "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
    }
    if (entries.stream().mapToInt(LocalSns::size).sum() > LARGEST_MESSAGE) {
      return QueryAnswer.refused(
          "BatchRequestTooLong",
          "The length of all the batch messages put together is more than the limit.");
    }
    List<String> successful = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (QueryParameters entry : entries) {
      String id = Xml.text("Id", entry.textOrEmpty("Id"));
      Optional<QueryAnswer.Refused> refused = refusedMessage(entry);
      if (refused.isPresent()) {
        failed.add(
            id
                + Xml.text("Code", refused.get().code())
                + Xml.text("Message", refused.get().message())
                + Xml.text("SenderFault", "true"));
      } else {
        successful.add(id + Xml.text("MessageId", keep(Objects.requireNonNull(arn), entry)));
      }
    }
    return new QueryAnswer.Done(Xml.list("Successful", successful) + Xml.list("Failed", failed));
  }

  private Optional<QueryAnswer.Refused> refusedTopic(@Nullable String arn, String parameter) {
    if (arn == null) {
      return Optional.of(invalid(parameter + " Reason: no value for required parameter"));
    }
    if (!arn.matches("arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:.+")) {
      return Optional.of(invalid("TopicArn"));
    }
    return topics.contains(arn)
        ? Optional.empty()
        : Optional.of(new QueryAnswer.Refused(404, "NotFound", "Topic does not exist"));
  }

  private static Optional<QueryAnswer.Refused> refusedMessage(QueryParameters entry) {
    String subject = entry.text("Subject");
    String message = entry.textOrEmpty("Message");
    if (message.isEmpty()) {
      return Optional.of(invalid("Empty message"));
    }
    if (subject != null
        && (subject.length() > LONGEST_SUBJECT || !SUBJECT.matcher(subject).matches())) {
      return Optional.of(invalid("Subject"));
    }
    for (Attribute attribute : attributes(entry)) {
      if (!ATTRIBUTE_NAME.matcher(attribute.name()).matches()) {
        return Optional.of(
            badAttribute("The message attribute name '" + attribute.name() + "' is invalid."));
      }
      if (!DATA_TYPE.matcher(attribute.type()).matches()) {
        return Optional.of(
            badAttribute(
                "The message attribute '"
                    + attribute.name()
                    + "' has an invalid message attribute type, the set of supported type prefixes is Binary,"
                    + " Number, and String."));
      }
      if (attribute.value().isEmpty()) {
        return Optional.of(
            badAttribute(
                "The message attribute '"
                    + attribute.name()
                    + "' must contain non-empty message attribute value for message attribute type '"
                    + attribute.type()
                    + "'."));
      }
      if (attribute.type().startsWith("Number")
          && !attribute.value().matches("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
        return Optional.of(
            badAttribute(
                "Could not cast message attribute '" + attribute.name() + "' value to number."));
      }
    }
    return size(entry) > LARGEST_MESSAGE
        ? Optional.of(invalid("Message too long"))
        : Optional.empty();
  }

  /** The attributes count: names, types and values. */
  private static int size(QueryParameters entry) {
    return bytes(entry.textOrEmpty("Message"))
        + attributes(entry).stream()
            .mapToInt(one -> bytes(one.name()) + bytes(one.type()) + bytes(one.value()))
            .sum();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static List<Attribute> attributes(QueryParameters entry) {
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 1; entry.has("MessageAttributes.entry." + i); i++) {
      QueryParameters one = entry.below("MessageAttributes.entry." + i);
      String value = one.text("Value.StringValue");
      attributes.add(
          new Attribute(
              one.textOrEmpty("Name"),
              one.textOrEmpty("Value.DataType"),
              value == null ? one.textOrEmpty("Value.BinaryValue") : value));
    }
    return attributes;
  }

  private String keep(String topicArn, QueryParameters entry) {
    String id = "00000000-0000-4000-9000-%012d".formatted(messages.size() + 1);
    Map<String, String> values = new LinkedHashMap<>();
    attributes(entry).forEach(one -> values.put(one.name(), one.value()));
    String topic = topicArn.substring(topicArn.lastIndexOf(':') + 1);
    messages.add(
        new SnsMessage(
            topic,
            clock.instant(),
            entry.text("Subject"),
            entry.textOrEmpty("Message"),
            values,
            id));
    return id;
  }

  // ---- topics and who listens

  private QueryAnswer createTopic(String signedRegion, QueryParameters parameters) {
    String name = parameters.textOrEmpty("Name");
    if (!TOPIC_NAME.matcher(name).matches()) {
      return invalid("Topic Name");
    }
    return new QueryAnswer.Done(Xml.text("TopicArn", topic(signedRegion, name)));
  }

  private QueryAnswer subscribe(String signedRegion, QueryParameters parameters) {
    String arn = parameters.text("TopicArn");
    Optional<QueryAnswer.Refused> noTopic = refusedTopic(arn, "TopicArn");
    if (noTopic.isPresent()) {
      return noTopic.get();
    }
    String protocol = parameters.textOrEmpty("Protocol");
    String endpoint = parameters.textOrEmpty("Endpoint");
    boolean confirmed =
        switch (protocol) {
          case "sqs", "lambda", "sms", "firehose", "application" -> true;
          default -> false;
        };
    if (!confirmed && !Set.of("email", "email-json", "http", "https").contains(protocol)) {
      return invalid("Amazon SNS does not support this protocol string: " + protocol);
    }
    if (endpoint.isEmpty() || (protocol.startsWith("email") && endpoint.indexOf('@') < 1)) {
      return invalid((protocol.startsWith("email") ? "Email" : "Endpoint") + " endpoint");
    }
    Subscription made = subscribe(Objects.requireNonNull(arn), protocol, endpoint, confirmed);
    boolean shown = confirmed || "true".equals(parameters.text("ReturnSubscriptionArn"));
    return new QueryAnswer.Done(
        Xml.text("SubscriptionArn", shown ? made.arn() : "pending confirmation"));
  }

  private QueryAnswer unsubscribe(String signedRegion, QueryParameters parameters) {
    subscriptions.remove(parameters.textOrEmpty("SubscriptionArn"));
    return new QueryAnswer.Done("");
  }

  /** Somebody, or a mail scanner, opens the link at the end of each mail of a topic. */
  public synchronized void openUnsubscribeLinks(String topicArn) {
    subscriptions.replaceAll(
        (arn, one) ->
            one.topicArn().equals(topicArn)
                ? new Subscription("Deleted", topicArn, one.protocol(), one.endpoint(), true)
                : one);
  }

  private QueryAnswer listSubscriptions(String signedRegion, QueryParameters parameters) {
    String arn = parameters.text("TopicArn");
    Optional<QueryAnswer.Refused> noTopic = refusedTopic(arn, "TopicArn");
    if (noTopic.isPresent()) {
      return noTopic.get();
    }
    String token = parameters.textOrEmpty("NextToken");
    if (!token.matches("\\d{0,9}")) {
      return invalid("NextToken");
    }
    int from = token.isEmpty() ? 0 : Integer.parseInt(token);
    List<Subscription> all = subscriptions(Objects.requireNonNull(arn));
    int to = Math.min(all.size(), from + LARGEST_PAGE);
    List<String> page =
        all.subList(Math.min(from, to), to).stream()
            .map(
                one ->
                    Xml.text("TopicArn", one.topicArn())
                        + Xml.text("Protocol", one.protocol())
                        + Xml.text(
                            "SubscriptionArn", one.confirmed() ? one.arn() : "PendingConfirmation")
                        + Xml.text("Owner", ACCOUNT)
                        + Xml.text("Endpoint", one.endpoint()))
            .toList();
    return new QueryAnswer.Done(
        Xml.list("Subscriptions", page)
            + Xml.maybe("NextToken", to < all.size() ? Integer.toString(to) : null));
  }

  private QueryAnswer topicAttributes(String signedRegion, QueryParameters parameters) {
    String arn = parameters.text("TopicArn");
    Optional<QueryAnswer.Refused> noTopic = refusedTopic(arn, "TopicArn");
    if (noTopic.isPresent()) {
      return noTopic.get();
    }
    List<Subscription> all = subscriptions(Objects.requireNonNull(arn));
    long confirmed = all.stream().filter(Subscription::confirmed).count();
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("TopicArn", Xml.escaped(arn));
    attributes.put("Owner", ACCOUNT);
    attributes.put("DisplayName", "");
    attributes.put("SubscriptionsConfirmed", Long.toString(confirmed));
    attributes.put("SubscriptionsPending", Long.toString(all.size() - confirmed));
    attributes.put("SubscriptionsDeleted", "0");
    return new QueryAnswer.Done(Xml.map("Attributes", attributes));
  }

  // ---- by hand

  /** Makes a topic, unless it is there, and returns its ARN. */
  public String topic(String name) {
    return topic(region, name);
  }

  private synchronized String topic(String where, String name) {
    if (!TOPIC_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(name + " is no topic name: use letters, digits, - and _");
    }
    String arn = "arn:aws:sns:" + where + ":" + ACCOUNT + ":" + name;
    topics.add(arn);
    return arn;
  }

  /** Subscribes an endpoint; the same protocol and endpoint again changes nothing. */
  public synchronized Subscription subscribe(
      String topicArn, String protocol, String endpoint, boolean confirmed) {
    return subscriptions(topicArn).stream()
        .filter(one -> one.protocol().equals(protocol) && one.endpoint().equals(endpoint))
        .findFirst()
        .orElseGet(
            () -> {
              String arn = topicArn + ":00000000-0000-4000-a000-%012d".formatted(++subscribed);
              Subscription made = new Subscription(arn, topicArn, protocol, endpoint, confirmed);
              subscriptions.put(arn, made);
              return made;
            });
  }

  /** Confirms a subscription, as a person does who follows the link in the mail. */
  public synchronized void confirm(String subscriptionArn) {
    subscriptions.computeIfPresent(
        subscriptionArn,
        (arn, one) -> new Subscription(arn, one.topicArn(), one.protocol(), one.endpoint(), true));
  }

  /** The subscriptions of a topic, oldest first. */
  public synchronized List<Subscription> subscriptions(String topicArn) {
    return subscriptions.values().stream().filter(one -> one.topicArn().equals(topicArn)).toList();
  }

  /** Every message that was taken, oldest first. */
  public synchronized List<SnsMessage> messages() {
    return List.copyOf(messages);
  }

  /** The messages of one topic, by its name, oldest first. */
  public synchronized List<SnsMessage> messages(String topic) {
    return messages.stream().filter(message -> message.topic().equals(topic)).toList();
  }

  /** Every call as {@code Publish OK} or {@code Publish InvalidParameter}, oldest first. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  private static QueryAnswer.Refused invalid(String what) {
    return QueryAnswer.refused("InvalidParameter", "Invalid parameter: " + what);
  }

  private static QueryAnswer.Refused badAttribute(String message) {
    return QueryAnswer.refused("InvalidParameterValue", message);
  }
}
