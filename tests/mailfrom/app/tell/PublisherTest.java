package mailfrom.app.tell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.run.ReadRun;
import mailfrom.app.run.RunReport;
import mailfrom.app.run.World;
import mailfrom.app.text.Message;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Topic;
import org.junit.jupiter.api.Test;

/** Delivery of what is owed. */
class PublisherTest {
  private final World world = new World();

  /** Topics of which some do not take what they are given. */
  private final class Stubborn implements Topics {
    final Set<Name> failing = new HashSet<>();
    String refused = "nothing is refused";

    @Override
    public Published publish(Name topic, Message message) {
      if (failing.contains(topic)) {
        return new Published.Failed("down");
      }
      // A minimal message names no record.
      return message.text().contains(refused) && message.text().contains("feedback-smtp")
          ? new Published.FormRefused("form")
          : world.taken.publish(topic, message);
    }

    @Override
    public CallResult<Integer> listeners(Name topic) {
      return world.taken.listeners(topic);
    }
  }

  private final Stubborn topics = new Stubborn();

  private RunReport.RegionReadReport read() {
    world.time.advance(Duration.ofMinutes(15));
    var now = world.time.instant();
    return new ReadRun(world.parts(world.slots, topics))
        .run(now, now.plus(Duration.ofHours(1)))
        .regions()
        .getFirst();
  }

  private void brokenAfterTheFirstReport(int fleet) {
    for (int i = 0; i < fleet; i++) {
      world.healthy("x" + i + ".example");
    }
    read();
    for (int i = 0; i < fleet; i++) {
      world.mx("x" + i + ".example", Mx.NONE);
    }
  }

  @Test
  void aThousandAtOnceAreOneMessageToPeopleAndAThousandNotices() {
    brokenAfterTheFirstReport(1000);
    int before = world.taken.alerts().size();
    RunReport.RegionReadReport run = read();
    assertEquals(1000, run.effects().get(Effect.FALLBACK));
    assertEquals(before + 1, world.taken.alerts().size());
    assertEquals(
        1000, world.taken.notices().stream().filter(n -> n.reason().equals("STARTED")).count());
    try (Stream<IdentityState> rows = world.identities.ofRegion(World.REGION)) {
      assertTrue(rows.allMatch(row -> row.incidentState().owed().isEmpty()));
    }
  }

  @Test
  void whatATopicDidNotTakeIsPublishedAgainThereAndOnlyThere() {
    brokenAfterTheFirstReport(1);
    topics.failing.add(Topics.Name.ALERTS);
    read();
    assertEquals(List.of("STARTED"), world.taken.reasons("x0.example"));
    assertEquals(1, world.row("x0.example").owed(Topic.ALERTS).size());
    assertEquals(0, world.row("x0.example").owed(Topic.NOTICES).size());
    topics.failing.clear();
    int before = world.taken.alerts().size();
    read();
    assertEquals(before + 1, world.taken.alerts().size());
    assertEquals(List.of("STARTED"), world.taken.reasons("x0.example"));
    assertEquals(0, world.row("x0.example").incidentState().owed().size());
  }

  @Test
  void anEndIsToldAfterItsStartThoughBothTopicsWereDownInBetween() {
    brokenAfterTheFirstReport(1);
    topics.failing.add(Topics.Name.ALERTS);
    topics.failing.add(Topics.Name.NOTICES);
    read();
    world.mx("x0.example", Mx.RIGHT);
    read();
    read();
    assertEquals(List.of(), world.taken.reasons("x0.example"));
    topics.failing.clear();
    read();
    assertEquals(List.of("STARTED", "RECOVERED"), world.taken.reasons("x0.example"));
  }

  @Test
  void aGoneThatIsStillOwedIsToldThoughTheIdentityIsBack() {
    brokenAfterTheFirstReport(30);
    read();
    world.ses.delete(World.REGION, "x0.example");
    topics.failing.add(Topics.Name.ALERTS);
    topics.failing.add(Topics.Name.NOTICES);
    read();
    read();
    world.healthy("x0.example");
    read();
    topics.failing.clear();
    read();
    assertEquals(List.of("STARTED", "GONE"), world.taken.reasons("x0.example"));
  }

  @Test
  void whatOneIdentityDoesNotCoverIsToldAsOne() {
    world.healthy("example.com");
    read();
    for (String address : List.of("mia@a.example.com", "joe@b.example.com", "tom@example.com")) {
      world.ses.addAddress(World.REGION, address, true);
    }
    read();
    Message told = world.taken.alerts().getLast();
    assertTrue(told.subject().startsWith("3 have no MAIL FROM domain of their own"), told::subject);
    assertTrue(told.text().contains("Below: example.com\n"), told::text);
    assertEquals(List.of("STARTED"), world.taken.reasons("mia@a.example.com"));
  }

  @Test
  void aMessageRefusedForItsFormIsReplacedAndBlocksNobody() {
    brokenAfterTheFirstReport(3);
    topics.refused = "x1.example";
    RunReport.RegionReadReport run = read();
    assertEquals(2, run.failedDeliveries(), "one to machines, one to people");
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of("STARTED"), world.taken.reasons("x" + i + ".example"));
    }
    assertTrue(world.taken.alerts().getLast().text().contains("STARTED: 3"));
    assertEquals(0, world.row("x1.example").incidentState().owed().size());
  }
}
