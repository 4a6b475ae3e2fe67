package mailfrom.app.tell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mailfrom.app.run.World;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.identity.Silence;
import org.junit.jupiter.api.Test;

/** A silence from its call to the message at its end, through the real runs. */
class SilencesTest {
  private final World world = new World();
  private final SilenceService silences =
      new SilenceService(world.regions, world.identities, world.watched, this::nextId);
  private int made;

  private String nextId() {
    return "s" + ++made;
  }

  private void silence(String name, Duration length) {
    Instant now = world.time.instant();
    silences.create(
        new SilenceApi.Ask(
            new Silence.Match(name, null, null, null), null, now.plus(length), "move of the DNS"),
        false,
        world.mia());
  }

  private void fleet(String... names) {
    for (String name : names) {
      world.healthy(name);
    }
    world.read();
  }

  private List<String> runs() {
    return world.taken.reasons("");
  }

  @Test
  void atTheEndOneMessageTellsWhatIsStillBad() {
    fleet("a.example", "b.example", "c.example", "other.example");
    world.mx("a.example", Mx.NONE);
    world.read();
    silence("*.example", Duration.ofMinutes(40));
    world.mx("b.example", Mx.NONE);
    world.mx("c.example", Mx.NONE);
    world.read();
    world.mx("c.example", Mx.RIGHT);
    world.read();
    assertEquals(List.of(), world.taken.reasons("b.example"));
    int before = world.taken.alerts().size();
    world.read();
    assertEquals(List.of("BASELINE", "SILENCE_OVER"), runs());
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"), "told before");
    assertEquals(List.of("STARTED"), world.taken.reasons("b.example"), "told now");
    assertEquals(List.of(), world.taken.reasons("c.example"), "over before anybody knew");
    assertEquals(before + 1, world.taken.alerts().size());
    String text = world.taken.alerts().getLast().text();
    assertTrue(text.contains("a.example: falls back since"), text);
    assertTrue(text.contains("told now, each by itself: 1 of 2"), text);
    assertFalse(text.contains("b.example: falls back since"), "it has an entry of its own");
    assertFalse(text.contains("c.example"), text);
    world.read();
    world.read();
    assertEquals(List.of("BASELINE", "SILENCE_OVER"), runs(), "once");
  }

  @Test
  void whatIsWellAtTheEndIsNotTold() {
    fleet("a.example");
    silence("a.example", Duration.ofMinutes(40));
    world.mx("a.example", Mx.NONE);
    world.read();
    world.mx("a.example", Mx.RIGHT);
    world.read();
    world.read();
    world.mx("a.example", Mx.NONE);
    world.read();
    assertEquals(List.of("BASELINE"), runs());
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"));
  }

  @Test
  void whatAnotherSilenceStillCoversIsToldAtThatOnesEnd() {
    fleet("a.example", "b.example");
    silence("a.example", Duration.ofMinutes(50));
    silence("*", Duration.ofMinutes(20));
    world.mx("a.example", Mx.NONE);
    world.mx("b.example", Mx.NONE);
    world.read();
    world.read();
    String first = world.taken.alerts().getLast().text();
    assertTrue(first.contains("b.example") && !first.contains("a.example"), first);
    world.read();
    world.read();
    assertEquals(List.of("BASELINE", "SILENCE_OVER", "SILENCE_OVER"), runs());
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"));
  }

  @Test
  void endedByHandItIsToldInTheNextRun() {
    fleet("a.example");
    silence("*", Duration.ofDays(3));
    world.mx("a.example", Mx.NONE);
    world.read();
    world.time.advance(Duration.ofMinutes(1));
    assertEquals(world.time.instant(), silences.end("s1", world.mia()).orElseThrow().until());
    world.read();
    assertEquals(List.of("BASELINE", "SILENCE_OVER"), runs());
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"));
  }

  @Test
  void anEndThatNobodyTookIsDeliveredByTheNextRun() {
    fleet("a.example");
    silence("*", Duration.ofMinutes(20));
    world.mx("a.example", Mx.NONE);
    world.read();
    world.taken.failing(true);
    world.read();
    assertEquals(List.of("BASELINE"), runs());
    world.taken.failing(false);
    world.read();
    assertEquals(List.of("BASELINE", "SILENCE_OVER"), runs());
  }

  @Test
  void rejectedMailIsToldDuringASilenceAndTheRestAtItsEnd() {
    fleet("a.example", "b.example");
    silence("*", Duration.ofMinutes(20));
    world.reject("a.example");
    world.mx("a.example", Mx.NONE);
    world.mx("b.example", Mx.NONE);
    world.read();
    assertEquals(List.of("STARTED"), world.taken.reasons("a.example"));
    assertEquals(List.of(), world.taken.reasons("b.example"));
  }

  @Test
  void aFirstReportTellsAllThatIsBadAndNoEndOfASilenceBesides() {
    silence("*", Duration.ofMinutes(5));
    world.healthy("a.example");
    world.mx("a.example", Mx.NONE);
    world.read();
    world.read();
    assertEquals(List.of("BASELINE"), runs());
  }
}
