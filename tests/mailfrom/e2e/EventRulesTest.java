package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mailfrom.local.QueueBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules that fill the queue: whose calls they let through, and that ours are not among them.
 */
class EventRulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SET = "queue-set-identity-mail-from-domain.json";
  private static final String PAUL = "queue-put-email-identity-mail-from-attributes.json";
  private static final String SETTINGS_ROLE =
      "arn:aws:iam::123456789012:role/ses-mail-from-SettingsRole-1A2B3C4D5E6F";
  private static final String WATCH_ROLE =
      "arn:aws:iam::123456789012:role/ses-mail-from-WatchRole-1A2B3C4D5E6F";
  private static final Map<String, String> VALUES =
      Map.of(
          "SettingsRole.Arn", SETTINGS_ROLE,
          "WatchRole.Arn", WATCH_ROLE,
          "AWS::Region", "eu-west-1");

  private final EventPattern calls = Template.read().eventPattern("ApiCallRule", VALUES);
  private final EventPattern health = Template.read().eventPattern("HealthRule", VALUES);
  private final EventPattern forwardedCalls =
      Template.read("forwarder.yaml").eventPattern("ApiCallRule", VALUES);
  private final EventPattern forwardedHealth =
      Template.read("forwarder.yaml").eventPattern("HealthRule", VALUES);

  private static ObjectNode event(String file) {
    try {
      return (ObjectNode)
          JSON.readTree(String.valueOf(QueueBatch.records(file).getFirst().get("body")));
    } catch (JsonProcessingException e) {
      throw new AssertionError(file, e);
    }
  }

  private static ObjectNode changed(String file, Consumer<ObjectNode> detail) {
    ObjectNode event = event(file);
    detail.accept((ObjectNode) event.path("detail"));
    return event;
  }

  /** A call that a function of a role made. */
  private static ObjectNode by(String role) {
    return changed(
        SET,
        detail -> {
          ObjectNode who = (ObjectNode) detail.path("userIdentity");
          String name = role.substring(role.indexOf('/') + 1);
          who.put("arn", "arn:aws:sts::123456789012:assumed-role/" + name + "/function");
          ((ObjectNode) who.path("sessionContext").path("sessionIssuer"))
              .put("arn", role)
              .put("userName", name);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SET,
        PAUL,
        "queue-delete-identity.json",
        "queue-delete-email-identity.json",
      })
  void whatAUserOrAForeignRoleChangesComesIntoTheQueue(String file) {
    assertTrue(calls.matches(event(file)));
    assertFalse(health.matches(event(file)));
  }

  @Test
  void ourOwnBatchOfAThousandCausesNoRead() {
    assertEquals(
        0,
        IntStream.range(0, 1000)
            .mapToObj(i -> by(i % 2 == 0 ? WATCH_ROLE : SETTINGS_ROLE))
            .filter(calls::matches)
            .count());
  }

  @Test
  void aRoleOfAnotherInstallationIsSomebodyElse() {
    assertTrue(
        calls.matches(by("arn:aws:iam::123456789012:role/ses-mail-from-WatchRole-6F5E4D3C2B1A")));
    assertTrue(calls.matches(by("arn:aws:iam::123456789012:role/deployers")));
  }

  @Test
  void whoHasASessionWithoutAnIssuerIsSomebodyElse() {
    assertTrue(
        calls.matches(
            changed(
                SET,
                detail ->
                    ((ObjectNode) detail.path("userIdentity").path("sessionContext"))
                        .remove("sessionIssuer"))));
  }

  @Test
  void withoutItsLastPartTheRuleWouldLetUsThrough() {
    // So the part is what keeps us out, and not a slip of these samples.
    assertTrue(forwardedCalls.matches(in("eu-west-1", by(WATCH_ROLE))));
    assertFalse(calls.matches(in("eu-west-1", by(WATCH_ROLE))));
  }

  private static ObjectNode in(String region, ObjectNode event) {
    return event.put("region", region);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          SetIdentityMailFromDomain,           ,             true
          SetIdentityMailFromDomain,           AccessDenied, false
          PutEmailIdentityMailFromAttributes,  ,             true
          DeleteIdentity,                      ,             true
          DeleteEmailIdentity,                 Throttling,   false
          GetIdentityMailFromDomainAttributes, ,             false
          SendEmail,                           ,             false
          """)
  void onlyCallsThatChangedSomethingCount(
      String operation, @Nullable String error, boolean counts) {
    ObjectNode event =
        changed(
            PAUL,
            detail -> {
              detail.put("eventName", operation);
              if (error != null) {
                detail.put("errorCode", error);
              }
            });
    assertEquals(counts, calls.matches(event));
    assertEquals(counts, forwardedCalls.matches(in("eu-west-1", event)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          SES, AWS_SES_CMF_PENDING_TO_SUCCESS,    true
          SES, AWS_SES_CMF_SUCCESS_TO_TEMP_FAILURE, true
          SES, AWS_SES_DKIM_PENDING_TO_SUCCESS,   false
          EC2, AWS_EC2_MAINTENANCE_SCHEDULED,     false
          """)
  void healthSpeaksOfMailFromOnly(String service, String code, boolean counts) {
    ObjectNode event =
        changed(
            "queue-health.json",
            detail -> detail.put("service", service).put("eventTypeCode", code));
    assertEquals(counts, health.matches(event));
    assertEquals(counts, forwardedHealth.matches(in("eu-west-1", event)));
  }

  @Test
  void theForwarderForwardsWhatHappenedInItsOwnRegionAndNoCopy() {
    assertTrue(forwardedHealth.matches(in("eu-west-1", event("queue-health.json"))));
    assertFalse(forwardedHealth.matches(in("us-east-1", event("queue-health.json"))));
    assertTrue(forwardedCalls.matches(in("eu-west-1", event(PAUL))));
    assertFalse(forwardedCalls.matches(in("us-east-1", event(PAUL))));
    // What it forwards, the main stack takes.
    assertTrue(health.matches(in("eu-west-1", event("queue-health.json"))));
    assertTrue(calls.matches(in("eu-west-1", event(PAUL))));
  }
}
