package mailfrom.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.local.HandlersInProcess;
import mailfrom.local.LocalCloud;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One caller asks for identities that no run has read yet, one after the other, at SES's real pace.
 * How long it takes is measured by {@code tests/bench requests}.
 */
@Tag("slow")
class NewIdentitiesTest {
  private static final String REGION = "us-east-1";
  private static final int IN_A_ROW = 10;
  private static final int ROUNDS = 4;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);

  private final InstantSource machine = InstantSource.system();
  private LocalCloud cloud;
  private Http http;

  @BeforeEach
  void start() {
    cloud = new LocalCloud(LocalCloud.Options.forTests().pace(1), HandlersInProcess::of);
    http = new Http(cloud.url());
    IntStream.range(0, 4 * ROUNDS).forEach(i -> cloud.ses().addDomain(REGION, identity(i), true));
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static String identity(int i) {
    return "d%03d.example".formatted(i);
  }

  private static String path(String identity) {
    return "/v1/identities/" + identity + "/mail-from";
  }

  private Http.Answer put(String identity) {
    return http.put(path(identity), "{\"mailFromDomain\":\"bounce.%s\"}".formatted(identity));
  }

  private void answered(Supplier<Http.Answer> call) {
    Instant begun = machine.instant();
    Http.Answer answer = call.get();
    assertEquals(200, answer.status(), answer::toString);
    Duration took = Duration.between(begun, machine.instant());
    assertTrue(took.compareTo(ANSWERED_WITHIN) <= 0, took::toString);
  }

  /** The first one is the first of its process, too. */
  @Test
  void onePutAfterTheOtherIsApplied() {
    IntStream.range(0, IN_A_ROW).forEach(i -> answered(() -> put(identity(i))));
    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
  }

  @Test
  void whatIsAskedInBetweenIsAnsweredToo() {
    IntStream.range(0, ROUNDS)
        .map(i -> 4 * i)
        .boxed()
        .flatMap(
            i ->
                Stream.<Supplier<Http.Answer>>of(
                    () -> put(identity(i)),
                    () -> http.get(path(identity(i + 1))),
                    () -> http.post(path(identity(i + 2)) + "/check", ""),
                    () -> http.delete(path(identity(i + 3))),
                    () -> http.get(path(identity(i + 3)))))
        .forEach(this::answered);
    assertEquals(List.of(), ForeignClient.throttledOthers(cloud));
  }
}
