package mailfrom.app.read;

import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.InMemoryLeaseStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.LeaseStore;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.text.RecordsByHand;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a run asks, and what a refusal says of the whole Region. */
class RegionCallsTest {
  private final LocalClock time = new LocalClock(InstantSource.fixed(T0));
  private final MovingClock clock = new MovingClock(time);
  private final LeaseStore leases = new InMemoryLeaseStore(clock);
  private final RegionCalls calls =
      new RegionCalls(
          new SesReader(
              new InProcessSes(new LocalSes(time, new RecordsByHand(REGION))),
              new Pace(new InMemorySlotStore(), clock, 1),
              clock),
          clock,
          REGION,
          new Lease(leases, clock, "read", "a run"),
          Deadline.in(clock, Duration.ofMinutes(2)));
  private int asked;

  private Optional<String> ask(SesOperation operation, Queue<CallResult<String>> answers) {
    return calls.asked(
        operation,
        slot -> {
          asked++;
          return answers.size() > 1 ? answers.remove() : answers.element();
        });
  }

  private static Queue<CallResult<String>> answers(String words) {
    return new ArrayDeque<>(
        Stream.of(words.split(" "))
            .<CallResult<String>>map(
                word ->
                    word.equals("OK")
                        ? new CallResult.Answered<>("yes")
                        : new CallResult.NotAnswered<>(CallResult.Kind.valueOf(word), "why"))
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # operation,       SES answers,                answer, the Region then, and the next call
          LIST_IDENTITIES,  OK,                          yes,    reachable,       yes
          LIST_IDENTITIES,  THROTTLED OK,                yes,    reachable,       yes
          GET_MAIL_FROM,    SLOT_MISSED SLOT_MISSED OK,  yes,    reachable,       yes
          GET_MAIL_FROM,    REGION_DENIED,               none,   reachable,       yes
          LIST_IDENTITIES,  REGION_DENIED,               none,   REGION_DENIED,   none
          LIST_IDENTITIES,  REGION_NOT_ENABLED,          none,   REGION_NOT_ENABLED, none
          """)
  void aRefusalIsOfTheRegionWhenItsListIsRefused(
      SesOperation operation, String words, String answer, String region, String next) {
    assertEquals(answer, ask(operation, answers(words)).orElse("none"));
    assertEquals(region, calls.unreachable().map(found -> found.kind().name()).orElse("reachable"));
    assertEquals(next, ask(SesOperation.GET_VERIFICATION, answers("OK")).orElse("none"));
  }

  @Test
  void whatFailsIsNotTriedForEverAndNothingIsAskedWithoutTheLease() {
    assertEquals(Optional.empty(), ask(SesOperation.GET_MAIL_FROM, answers("FAILED")));
    int tries = asked;
    time.advance(Duration.ofMinutes(1));
    leases.hold("read", "another run", Duration.ofMinutes(5));
    assertEquals(Optional.empty(), ask(SesOperation.GET_MAIL_FROM, answers("OK")));
    assertEquals(tries, asked);
  }

  @Test
  void anAnswerAboutNobodyWhoWasAskedForIsBroken() {
    assertEquals(
        CallResult.Answered.class,
        calls
            .someAnswered(new CallResult.Answered<>(List.of("a")), found -> !found.isEmpty())
            .getClass());
    assertEquals(false, calls.hadBatchWithoutAnswer());
    assertEquals(
        CallResult.NotAnswered.class,
        calls
            .someAnswered(new CallResult.Answered<>(List.of()), found -> !found.isEmpty())
            .getClass());
    assertEquals(true, calls.hadBatchWithoutAnswer());
  }
}
