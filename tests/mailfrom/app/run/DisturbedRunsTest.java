package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mailfrom.app.batch.BatchStore;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.RegionStore;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A story of four identities, with one disturbance at each call of the table that a run makes: the
 * call fails, or takes effect and fails, or the process sleeps there until its lease is over and
 * another run has done everything. In the end all are told what they are told undisturbed.
 */
class DisturbedRunsTest {
  private static final Set<Class<?>> TABLE =
      Set.of(
          IdentityStore.class,
          RegionStore.class,
          SlotStore.class,
          LeaseStore.class,
          BatchStore.class);

  private static final Duration SLEEP = Duration.ofMinutes(2);

  enum Disturbance {
    FAILS_BEFORE,
    FAILS_AFTER,
    /** The lease is lost in the middle. */
    OVERTAKEN
  }

  enum Lanes {
    INLINE,
    REAL;

    Tasks tasks() {
      return switch (this) {
        case INLINE -> Tasks.inline();
        case REAL -> Tasks.threads();
      };
    }
  }

  enum Run {
    READ,
    APPLY,
    EVENTS
  }

  /** Disturbs one call of the table; other processes than the first go on as they like. */
  private static final class OneCall implements Ports {
    private final int number;
    private final Disturbance disturbance;
    private final Runnable other;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean happened = new AtomicBoolean();

    OneCall(int number, Disturbance disturbance, Runnable other) {
      this.number = number;
      this.disturbance = disturbance;
      this.other = other;
    }

    @Override
    public <T> T around(Class<T> port, T real) {
      if (!TABLE.contains(port)) {
        return real;
      }
      return port.cast(
          Proxy.newProxyInstance(
              port.getClassLoader(),
              new Class<?>[] {port},
              (proxy, method, arguments) -> {
                boolean now =
                    armed.get()
                        && calls.getAndIncrement() == number
                        && happened.compareAndSet(false, true);
                try {
                  if (!now) {
                    return method.invoke(real, arguments);
                  }
                  return disturbed(() -> method.invoke(real, arguments));
                } catch (InvocationTargetException e) {
                  throw e.getCause() == null ? e : e.getCause();
                }
              }));
    }

    private interface Call {
      @Nullable Object make() throws ReflectiveOperationException;
    }

    private @Nullable Object disturbed(Call call) throws ReflectiveOperationException {
      return switch (disturbance) {
        case FAILS_BEFORE -> throw new Faults.TableFailed("before");
        case FAILS_AFTER -> {
          var _ = call.make();
          throw new Faults.TableFailed("after");
        }
        case OVERTAKEN -> {
          other.run();
          yield call.make();
        }
      };
    }
  }

  /** What people and machines were told, and what SES has in the end. */
  private record Told(Set<String> reasons, String shop, String news, int sets) {}

  private static final class Story {
    final World world = new World();
    final OneCall disturbance;
    private final Run which;

    Story(Run which, int number, Disturbance disturbance, Lanes lanes) {
      this.which = which;
      this.disturbance = new OneCall(number, disturbance, this::another);
      world.tasks = lanes.tasks();
      world.ports = this.disturbance;
    }

    /** Another process, after the lease of the first is over. */
    private void another() {
      world.time.advance(SLEEP);
      run();
    }

    /** What the queue brings, and brings again where it failed. */
    private SesEvent event() {
      var at = world.time.instant();
      return new SesEvent(
          "1",
          World.REGION,
          Stream.of("shop.example", "gone.example").map(IdentityName::of).toList(),
          List.of(),
          at,
          at,
          null,
          false);
    }

    private void run() {
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
          var _ = world.process().events().run(List.of(event()), stopAt);
        }
      }
    }

    private void disturbedRun() {
      disturbance.armed.set(true);
      try {
        run();
      } catch (Faults.TableFailed e) {
        // That is what it is about.
      } catch (Tasks.TaskFailed e) {
        Throwable cause = e;
        while (cause instanceof Tasks.TaskFailed) {
          cause = cause.getCause();
        }
        assertEquals(Faults.TableFailed.class, cause == null ? null : cause.getClass());
      }
      disturbance.armed.set(false);
    }

    Told told() {
      for (String name : new String[] {"quiet.example", "shop.example", "gone.example"}) {
        world.healthy(name);
      }
      world.ses.addDomain(World.REGION, "news.example", true);
      world.dns.put("bounce.news.example", RecordsByHand.Mx.RIGHT);
      var _ = world.read();
      var _ = world.read();
      world.mx("shop.example", RecordsByHand.Mx.NONE);
      world.ses.delete(World.REGION, "gone.example");
      world.paused = true;
      var _ =
          world.put(
              "news.example",
              World.wants("bounce.news.example", "UseDefaultValue", Activation.IMMEDIATE));
      world.paused = false;
      world.time.advance(Duration.ofMinutes(15));
      disturbedRun();
      world.time.advance(SLEEP);
      for (int i = 0; i < 4; i++) {
        var _ = world.apply();
        var _ = world.read();
      }
      world.mx("shop.example", RecordsByHand.Mx.RIGHT);
      for (int i = 0; i < 4; i++) {
        var _ = world.apply();
        var _ = world.read();
      }
      Set<String> reasons = new TreeSet<>();
      world.taken.notices().stream()
          .filter(notice -> !notice.identity().isEmpty())
          .forEach(notice -> reasons.add(notice.identity() + " " + notice.reason()));
      return new Told(
          reasons,
          world.live("shop.example"),
          world.live("news.example"),
          Math.toIntExact(world.sets()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "READ,  FAILS_BEFORE, INLINE",
    "READ,  FAILS_BEFORE, REAL",
    "READ,  FAILS_AFTER,  INLINE",
    "READ,  FAILS_AFTER,  REAL",
    "READ,  OVERTAKEN,    INLINE",
    "READ,  OVERTAKEN,    REAL",
    "EVENTS, FAILS_BEFORE, INLINE",
    "EVENTS, FAILS_BEFORE, REAL",
    "EVENTS, FAILS_AFTER,  INLINE",
    "EVENTS, FAILS_AFTER,  REAL",
    "EVENTS, OVERTAKEN,    INLINE",
    "EVENTS, OVERTAKEN,    REAL",
    "APPLY, FAILS_BEFORE, INLINE",
    "APPLY, FAILS_BEFORE, REAL",
    "APPLY, FAILS_AFTER,  INLINE",
    "APPLY, FAILS_AFTER,  REAL",
    "APPLY, OVERTAKEN,    INLINE",
    "APPLY, OVERTAKEN,    REAL"
  })
  void atEachCallOfTheTableItEndsAsUndisturbed(Run run, Disturbance disturbance, Lanes lanes) {
    // With threads each run has an order of its own: some calls say as much as all.
    disturbed(run, disturbance, lanes, lanes == Lanes.REAL ? 8 : 1);
  }

  @ParameterizedTest
  @Tag("slow")
  @MethodSource("all")
  void soItDoesAtEveryCallWithThreads(Run run, Disturbance disturbance) {
    disturbed(run, disturbance, Lanes.REAL, 1);
  }

  private static Stream<Arguments> all() {
    return Stream.of(Run.values())
        .flatMap(run -> Stream.of(Disturbance.values()).map(one -> Arguments.of(run, one)));
  }

  private static void disturbed(Run run, Disturbance disturbance, Lanes lanes, int every) {
    Story undisturbed = new Story(run, -1, disturbance, Lanes.INLINE);
    Told right = undisturbed.told();
    assertEquals(
        Set.of(
            "gone.example GONE",
            "news.example READY",
            "shop.example RECOVERED",
            "shop.example STARTED"),
        right.reasons());
    assertEquals(1, right.sets());
    int points = undisturbed.disturbance.calls.get();
    assertTrue(points > 5, () -> "only " + points + " points");
    for (int number = 0; number < points; number += every) {
      Story story = new Story(run, number, disturbance, lanes);
      assertEquals(right, story.told(), "at call " + number);
      assertTrue(
          lanes == Lanes.REAL || story.disturbance.happened.get(), "call " + number + " was made");
    }
  }
}
