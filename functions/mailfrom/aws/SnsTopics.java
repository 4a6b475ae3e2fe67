package mailfrom.aws;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import mailfrom.app.json.JsonWriter;
import mailfrom.app.pace.CallResult;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.Message;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/** The topics by SNS. */
public final class SnsTopics implements Topics {
  private static final List<String> FORM =
      List.of(
          "InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationError");

  private final Supplier<SnsClient> makesClient;
  private final Map<Name, String> arns;
  private @Nullable SnsClient client;

  /**
   * Makes the adapter.
   *
   * @param client makes the client, when first needed: most requests tell nobody anything
   */
  public SnsTopics(Supplier<SnsClient> client, Map<Name, String> arns) {
    this.makesClient = client;
    this.arns = Map.copyOf(arns);
  }

  private synchronized SnsClient sns() {
    if (client == null) {
      client = makesClient.get();
    }
    return client;
  }

  @Override
  public Published publish(Name topic, Message message) {
    String arn = arn(topic);
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    message
        .attributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
    try {
      var answer =
          sns()
              .publish(
                  r ->
                      r.topicArn(arn)
                          .subject(message.subject())
                          .message(body(message))
                          .messageStructure(message.chat() == null ? null : "json")
                          .messageAttributes(attributes));
      return new Published.Taken(String.valueOf(answer.messageId()));
    } catch (AwsServiceException e) {
      var details = e.awsErrorDetails();
      String code = details == null ? "" : String.valueOf(details.errorCode());
      return FORM.contains(code)
          ? new Published.FormRefused(code + ": " + e.getMessage())
          : new Published.Failed(code + ": " + e.getMessage());
    } catch (SdkException e) {
      return new Published.Failed(String.valueOf(e.getMessage()));
    }
  }

  /** Amazon Q in chat applications subscribes by https; mails and queues get the text. */
  private static String body(Message message) {
    return message.chat() == null
        ? message.text()
        : new JsonWriter().put("default", message.text()).put("https", message.chat()).text();
  }

  @Override
  public CallResult<Integer> listeners(Name topic) {
    try {
      int confirmed = 0;
      for (var subscription :
          sns().listSubscriptionsByTopicPaginator(r -> r.topicArn(arn(topic))).subscriptions()) {
        // An unconfirmed one has a word such as PendingConfirmation where its ARN will be.
        if (subscription.subscriptionArn().startsWith("arn:")) {
          confirmed++;
        }
      }
      return new CallResult.Answered<>(confirmed);
    } catch (SdkException e) {
      return new CallResult.NotAnswered<>(CallResult.Kind.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private String arn(Name topic) {
    String arn = arns.get(topic);
    if (arn == null) {
      throw new IllegalStateException("no ARN is configured for the topic " + topic);
    }
    return arn;
  }
}
