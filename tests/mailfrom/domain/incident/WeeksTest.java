package mailfrom.domain.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mailfrom.domain.identity.IdentityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is muted for good, and what is begun is ended: over random weeks. */
class WeeksTest {
  /** The slow test takes ten thousand. */
  private static final int WEEKS = 100;

  @Test
  void noTroubleIsUntoldForMoreThan25HoursAndEachMessageToActOnHasItsEnd() {
    assertEquals(List.of(), wrong(WEEKS, UnaryOperator.identity()).limit(5).toList());
  }

  static Stream<String> wrong(int weeks, UnaryOperator<IdentityState> fault) {
    return LongStream.range(0, weeks)
        .parallel()
        .mapToObj(
            seed -> Week.of(seed, fault).stream().map(one -> "week %d: %s".formatted(seed, one)))
        .flatMap(found -> found);
  }

  /** A fault in what is decided. */
  enum Fault {
    MUTES_AFTER_FLAPPING,
    MUTES_WORSE,
    FORGETS_WHAT_IS_HELD_BACK,
    FORGETS_ENDS,
    FORGETS_THE_END_OF_A_WARNING,
    ENDS_FOR_MACHINES_ONLY,
    ENDS_FOR_PEOPLE_ONLY,
    OPENS_A_PAGER_FOR_A_SET_UP;

    IdentityState of(IdentityState state) {
      List<Notice> owed =
          state.incidentState().owed().stream()
              .flatMap(notice -> of(state, notice).stream())
              .toList();
      return state.withIncidents(state.incidentState().withOwed(owed));
    }

    private List<Notice> of(IdentityState state, Notice notice) {
      boolean falls =
          switch (this) {
            case MUTES_AFTER_FLAPPING ->
                (state.incidentState().flapping() && notice.reason() != Reason.FLAPPING)
                    || (notice.reason() == Reason.STARTED
                        && state.incidentState().recentStarts().size() >= 3);
            case MUTES_WORSE -> notice.reason() == Reason.WORSE;
            case FORGETS_WHAT_IS_HELD_BACK ->
                notice.reason() == Reason.REMINDER || notice.reason() == Reason.STARTED;
            case FORGETS_ENDS, ENDS_FOR_MACHINES_ONLY, ENDS_FOR_PEOPLE_ONLY ->
                notice.reason() == Reason.RECOVERED;
            case FORGETS_THE_END_OF_A_WARNING -> notice.reason().isOver();
            case OPENS_A_PAGER_FOR_A_SET_UP ->
                notice.reason() == Reason.LAST_CHANCE && notice.incident() == null;
          };
      if (!falls) {
        return List.of(notice);
      }
      return switch (this) {
        case MUTES_AFTER_FLAPPING,
            MUTES_WORSE,
            FORGETS_WHAT_IS_HELD_BACK,
            FORGETS_ENDS,
            FORGETS_THE_END_OF_A_WARNING ->
            List.of();
        case ENDS_FOR_MACHINES_ONLY -> List.of(notice.toMachinesOnly());
        case ENDS_FOR_PEOPLE_ONLY -> List.of(notice.deliveredTo(Topic.NOTICES));
        case OPENS_A_PAGER_FOR_A_SET_UP ->
            List.of(
                notice.about(
                    Incident.opened(
                        state.key(),
                        new Trouble(TroubleKind.FALLBACK, notice.cause(), notice.severity()),
                        notice.at())));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedFaultIsFound(Fault fault) {
    assertTrue(wrong(WEEKS, fault::of).findAny().isPresent());
  }
}
