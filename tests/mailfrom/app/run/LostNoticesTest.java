package mailfrom.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No notice is lost, whatever fails: days drawn from seeds. A failure says how to replay it. */
class LostNoticesTest {
  private static final int SEEDS = Integer.getInteger("seeds", 20);
  private static final int SEEDS_FOR_A_MUTANT = 300;

  @Test
  void everyStartWorseningAndEndIsDelivered() {
    Optional<String> one = Optional.ofNullable(System.getProperty("lostNotices.seed"));
    LongStream seeds =
        one.map(seed -> LongStream.of(Long.parseLong(seed)))
            .orElseGet(() -> LongStream.range(0, SEEDS));
    assertEquals(List.of(), failures(seeds));
  }

  static List<String> failures(LongStream seeds) {
    return seeds
        .parallel()
        .mapToObj(seed -> failure(seed, Mutant.NONE))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> failure(long seed, Mutant mutant) {
    List<String> wrong;
    try {
      wrong = Simulation.run(seed, mutant);
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      wrong = List.of(trace.toString());
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "seed %d: %s (again: mvn test -Dtest=LostNoticesTest -DlostNotices.seed=%d)"
                .formatted(seed, String.join("; ", wrong), seed));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          MARKS_BEFORE_PUBLISHING,        lost for
          STORES_WITHOUT_NOTICES,         lost for
          TELLS_AN_END_WITHOUT_ITS_START, an end before its start
          HIDES_A_RESTART,                its history does not say so
          SETS_TWICE,                     was set twice
          TAKES_NO_ANSWER_FOR_NO,         told from a could-not-ask
          BELIEVES_ONE_LIST,              told from a could-not-ask: GONE
          FORGETS_WHO_CANNOT_BE_WATCHED,  a run that counts wrong
          TAKES_NO_ENTRY_FOR_NO_SETTINGS, told from a could-not-ask
          NEEDS_NO_CANARY,                told from a could-not-ask: GONE
          READS_ONE_PAGE,                 a run without a fault that is not whole
          COMPARES_WITH_CASE,             a run without a fault that is not whole
          STOPS_AT_A_REFUSED_REGION,      a run without a fault that is not whole
          FORGETS_THE_END_OF_A_WARNING,   never ends
          """)
  void aPlantedBugIsFound(Mutant mutant, String what) {
    Optional<String> found =
        LongStream.range(0, SEEDS_FOR_A_MUTANT)
            .mapToObj(seed -> failure(seed, mutant))
            .flatMap(Optional::stream)
            .filter(failure -> failure.contains(what))
            .findFirst();
    assertTrue(found.isPresent(), () -> mutant.name().toLowerCase(Locale.ROOT) + " was not found");
  }

  @Test
  void aSeedReplays() {
    for (long seed = 0; seed < 5; seed++) {
      assertEquals(
          Simulation.run(seed, Mutant.STORES_WITHOUT_NOTICES),
          Simulation.run(seed, Mutant.STORES_WITHOUT_NOTICES));
    }
  }
}
