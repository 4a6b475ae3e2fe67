package mailfrom.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.RequestDeadline;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.local.LocalClock;
import org.junit.jupiter.api.Test;

class SettingsRequestsTest {
  private static final Instant BEGUN = Instant.parse("2026-11-28T12:00:00Z");
  private static final IdentityKey KEY =
      new IdentityKey("123456789012", "us-east-1", IdentityName.of("example.com"));

  private final MovingClock clock = new MovingClock(new LocalClock(InstantSource.fixed(BEGUN)));
  private final List<String> read = new ArrayList<>();
  private final RegionStore regions =
      answering(
          RegionStore.class,
          method -> {
            read.add(method);
            return method.equals("find") ? RegionState.unseen("us-east-1") : List.of();
          });

  @Test
  void whatSeveralStepsAskOfARegionIsReadOnceARequest() {
    SettingsRequests requests = requests(seen -> {});
    SettingsApi.Outcome _ = requests.get(KEY, new Caller("arn", BEGUN));
    assertEquals(List.of("find", "silences"), read);
    SettingsApi.Outcome _ = requests.get(KEY, new Caller("arn", BEGUN));
    assertEquals(List.of("find", "silences", "find", "silences"), read);
  }

  @Test
  void aCallOfARequestIsCutByWhatIsLeftOfItsTime() {
    List<Duration> given = new ArrayList<>();
    SettingsRequests requests =
        requests(
            seen -> {
              given.add(RequestDeadline.atMost(Duration.ofSeconds(5)));
              clock.sleepUntil(BEGUN.plusSeconds(17));
              given.add(RequestDeadline.atMost(Duration.ofSeconds(5)));
              clock.sleepUntil(BEGUN.plusSeconds(18));
              given.add(RequestDeadline.atMost(Duration.ofSeconds(5)));
              // What was accepted is stored: each call is a short one.
              clock.sleepUntil(BEGUN.plusSeconds(40));
              given.add(RequestDeadline.atMost(Duration.ofSeconds(5)));
            });
    SettingsApi.Outcome _ = requests.get(KEY, new Caller("arn", BEGUN));
    assertEquals(
        List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofMillis(250)),
        given);
    assertEquals(Duration.ofSeconds(5), RequestDeadline.atMost(Duration.ofSeconds(5)));
  }

  @Test
  void aCallThatIsMadeAsideIsCutTooAndNothingIsTriedAgainAfterTheDeadline() {
    List<Object> given = new ArrayList<>();
    SettingsRequests requests =
        requests(
            seen -> {
              clock.sleepUntil(BEGUN.plusSeconds(17));
              given.addAll(
                  Tasks.sideBySide(
                      1,
                      List.of(Duration.ofMillis(1999), Duration.ofMillis(2001)),
                      RequestDeadline::allows));
              given.addAll(
                  Tasks.sideBySide(1, List.of(Duration.ofSeconds(5)), RequestDeadline::atMost));
            });
    SettingsApi.Outcome _ = requests.get(KEY, new Caller("arn", BEGUN));
    assertEquals(List.of(true, false, Duration.ofSeconds(2)), given);
    assertTrue(RequestDeadline.allows(Duration.ofHours(1)));
  }

  /** Each request reads the Region and the silences twice, and then does something. */
  private SettingsRequests requests(Consumer<RegionStore> work) {
    return new SettingsRequests(
        clock,
        regions,
        seen ->
            answering(
                SettingsApi.class,
                _ -> {
                  for (int i = 0; i < 2; i++) {
                    RegionState _ = seen.find("us-east-1");
                    List<Silence> _ = seen.silences();
                  }
                  work.accept(seen);
                  return new SettingsApi.Outcome.UnknownIdentity();
                }));
  }

  /** Each method of a port, by its name. */
  private static <T> T answering(Class<T> port, Function<String, Object> answer) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, _) -> answer.apply(method.getName())));
  }
}
