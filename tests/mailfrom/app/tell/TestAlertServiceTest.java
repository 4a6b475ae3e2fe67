package mailfrom.app.tell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import mailfrom.app.advice.Links;
import mailfrom.app.pace.CallResult;
import mailfrom.app.run.World;
import mailfrom.app.text.AlertTexts;
import mailfrom.app.text.Message;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.identity.Caller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The messages that prove the way to people and machines. */
class TestAlertServiceTest {
  private final Map<Topics.Name, List<Message>> taken = new EnumMap<>(Topics.Name.class);
  private Topics.@Nullable Name broken;

  private final TestAlertService testAlert =
      new TestAlertService(
          new AlertTexts(World.ACCOUNT, Links.NONE, HealPolicy.NOTHING),
          World.REGION,
          new Topics() {
            @Override
            public Published publish(Name topic, Message message) {
              if (topic == broken) {
                return new Published.Failed("down");
              }
              taken.computeIfAbsent(topic, t -> new ArrayList<>()).add(message);
              return new Published.Taken(topic + " " + taken.get(topic).size());
            }

            @Override
            public CallResult<Integer> listeners(Name topic) {
              return topic == Name.NOTICES
                  ? new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "down")
                  : new CallResult.Answered<>(1);
            }
          });

  private List<Message> taken(Topics.Name topic) {
    return taken.getOrDefault(topic, List.of());
  }

  @Test
  void eachTopicGetsOneMessageOfEachOfItsForms() {
    var all = assertInstanceOf(TestAlertApi.Outcome.AllSent.class, testAlert.send(World.MIA));
    assertEquals(
        List.of(
            new TestAlertApi.Sent(Topics.Name.ALERTS, TestAlertApi.Form.PEOPLE, "ALERTS 1"),
            new TestAlertApi.Sent(
                Topics.Name.NOTICES, TestAlertApi.Form.NOTICE_ABOUT_IDENTITY, "NOTICES 1"),
            new TestAlertApi.Sent(
                Topics.Name.NOTICES, TestAlertApi.Form.NOTICE_ABOUT_RUN, "NOTICES 2"),
            new TestAlertApi.Sent(
                Topics.Name.OPERATIONS, TestAlertApi.Form.OPERATIONS, "OPERATIONS 1")),
        all.sent());
    assertEquals(Map.of(Topics.Name.ALERTS, 1, Topics.Name.OPERATIONS, 1), all.listeners());
  }

  @Test
  void everyMessageIsMarkedAsATest() throws IOException {
    testAlert.send(World.MIA);
    for (List<Message> messages : taken.values()) {
      for (Message message : messages) {
        assertTrue(message.subject().startsWith("TEST "), message.subject());
        assertTrue(message.subject().length() <= 99, message.subject());
        assertEquals("true", message.attributes().get("test"));
      }
    }
    for (Message message : taken(Topics.Name.NOTICES)) {
      JsonNode json = new ObjectMapper().readTree(message.text());
      assertTrue(json.get("test").booleanValue());
      assertEquals(32, json.get("id").textValue().length());
    }
    Map<String, String> worst = taken(Topics.Name.NOTICES).getFirst().attributes();
    assertEquals("critical", worst.get("severity"), "the way to whoever is woken is tried");
  }

  @Test
  void twoTestsHaveIdsOfTheirOwn() {
    testAlert.send(World.MIA);
    testAlert.send(new Caller("arn:mia", World.MIA.at().plusSeconds(1)));
    assertEquals(4, taken(Topics.Name.NOTICES).stream().map(Message::text).distinct().count());
  }

  @Test
  void nothingIsSentAfterATopicThatTakesNothing() {
    broken = Topics.Name.NOTICES;
    var notTaken = assertInstanceOf(TestAlertApi.Outcome.NotTaken.class, testAlert.send(World.MIA));
    assertEquals(Topics.Name.NOTICES, notTaken.topic());
    assertEquals(1, notTaken.sent().size());
    assertEquals(List.of(), taken(Topics.Name.OPERATIONS));
  }
}
