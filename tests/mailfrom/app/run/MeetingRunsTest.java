package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mailfrom.app.pace.CallResult;
import mailfrom.app.tell.Topics;
import mailfrom.app.text.Message;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.name.IdentityName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs that meet while one of them tells: each message goes out once, and none is lost. */
class MeetingRunsTest {
  private final World world = new World();

  /** Which run, in a process of its own. */
  enum Run {
    READ,
    APPLY,
    EVENTS
  }

  /** In the middle of the first message to a topic another run does everything. */
  private final class Met implements Ports {
    private final AtomicBoolean met = new AtomicBoolean(true);
    private final Topics.Name where;
    private final Run other;

    Met(Topics.Name where, Run other) {
      this.where = where;
      this.other = other;
    }

    @Override
    public <T> T around(Class<T> port, T real) {
      return port == Topics.class ? port.cast(meeting((Topics) real)) : real;
    }

    private Topics meeting(Topics real) {
      return new Topics() {
        @Override
        public Published publish(Name topic, Message message) {
          if (topic == where && met.compareAndSet(false, true)) {
            run(other);
          }
          return real.publish(topic, message);
        }

        @Override
        public CallResult<Integer> listeners(Name topic) {
          return real.listeners(topic);
        }
      };
    }
  }

  private void run(Run which) {
    var now = world.time.instant();
    var stopAt = now.plus(Duration.ofMinutes(10));
    switch (which) {
      case READ -> {
        var _ = world.process().read().run(now, stopAt);
      }
      case APPLY -> {
        var _ = world.process().apply().run(now, stopAt);
      }
      case EVENTS -> {
        var event =
            new SesEvent(
                "1",
                World.REGION,
                List.of(IdentityName.of("shop.example")),
                List.of(),
                now,
                now,
                null,
                false);
        var _ = world.process().events().run(List.of(event), stopAt);
      }
    }
  }

  /** How often people and machines were told that it began. */
  private List<Long> started() {
    return List.of(
        world.taken.reasons("shop.example").stream().filter("STARTED"::equals).count(),
        world.taken.alerts().stream()
            .filter(one -> one.text().contains("shop.example") && one.text().contains("STARTED"))
            .count());
  }

  @ParameterizedTest
  @CsvSource({
    "READ,   APPLY,  NOTICES",
    "READ,   APPLY,  ALERTS",
    "READ,   EVENTS, NOTICES",
    "READ,   EVENTS, ALERTS",
    "APPLY,  READ,   NOTICES",
    "APPLY,  READ,   ALERTS",
    "APPLY,  EVENTS, ALERTS",
    "EVENTS, READ,   NOTICES",
    "EVENTS, READ,   ALERTS",
    "EVENTS, APPLY,  ALERTS"
  })
  void oneBeginningIsToldOnce(Run first, Run other, Topics.Name where) {
    world.healthy("shop.example");
    world.healthy("quiet.example");
    var _ = world.read();
    var _ = world.read();
    world.mx("shop.example", Mx.NONE);
    world.paused = true;
    var _ =
        world.put(
            "shop.example",
            World.wants("bounce.shop.example", "RejectMessage", Activation.IMMEDIATE));
    world.paused = false;
    world.time.advance(Duration.ofMinutes(15));
    Met meeting = new Met(where, other);
    world.ports = meeting;
    meeting.met.set(false);
    run(first);
    assertTrue(meeting.met.get(), "they met");
    var _ = world.read();
    assertEquals(List.of(1L, 1L), started(), () -> String.valueOf(world.taken.notices()));
  }
}
