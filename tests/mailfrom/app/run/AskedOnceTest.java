package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.pace.CallResult;
import mailfrom.app.store.ForwardingIdentityStore;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is the same for all Regions costs a run of many as much as a run of one. */
class AskedOnceTest {
  private static final List<String> REGIONS = List.of(World.REGION, "eu-west-1", "ap-south-1");

  private final World world = new World();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private boolean hasIndex = true;

  @BeforeEach
  void watchSeveral() {
    world.watched = REGIONS;
    world.healthy("a.example");
    world.ports =
        new Ports() {
          @Override
          public <T> T around(Class<T> port, T real) {
            return switch (real) {
              case Topics topics when port == Topics.class -> port.cast(listening(topics));
              case IdentityStore rows -> port.cast(new Listening(rows));
              default -> real;
            };
          }
        };
  }

  private Topics listening(Topics to) {
    return new Topics() {
      @Override
      public Published publish(Name topic, Message message) {
        return to.publish(topic, message);
      }

      @Override
      public CallResult<Integer> listeners(Name topic) {
        asked.add(topic.name());
        return to.listeners(topic);
      }
    };
  }

  private final class Listening extends ForwardingIdentityStore {
    Listening(IdentityStore to) {
      super(to);
    }

    @Override
    public Places places(String region, FleetFilter filter, String from, int atLeast, int most) {
      asked.add("list");
      if (!hasIndex) {
        throw new IllegalStateException("the table does not have the specified index");
      }
      return super.places(region, filter, from, atLeast, most);
    }
  }

  @Test
  void listenersAndTheListAreAskedForOnceARun() {
    for (int run = 0; run < 2; run++) {
      asked.clear();
      world.read();
      assertEquals(
          List.of("ALERTS", "OPERATIONS", "list"), asked.stream().sorted().toList(), "run " + run);
    }
  }

  @Test
  void aTableWithoutItsIndexFailsEachRegionAndIsSeenOnceItHasOne() {
    AskedOnce once = new AskedOnce(world.parts(world.slots, world.taken));
    hasIndex = false;
    for (String region : REGIONS) {
      assertThrows(IllegalStateException.class, () -> once.seeList(region));
    }
    hasIndex = true;
    once.seeList(World.REGION);
    once.seeList(World.REGION);
    assertEquals(REGIONS.size() + 1, Collections.frequency(asked, "list"));
  }
}
