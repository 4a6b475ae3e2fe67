package mailfrom.domain.desired;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was done at SES for an identity, and what may be done again. */
class HealingStateTest {
  private static final HealPolicy ALL = new HealPolicy(true, true);

  private static Instant hour(int hour) {
    return T0.plus(Duration.ofHours(hour));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # restarts at these hours, at, one more is allowed
          '',                        0,  true
          0 1,                       2,  true
          0 1 2,                     3,  false
          0 1 2,                     23, false
          0 1 2,                     24, true
          0 1 2 24,                  24, false
          0 1 2 24,                  25, true
          """)
  void anIdentityIsStartedAgainThreeTimesADay(String restarts, int at, boolean allowed) {
    HealingState state = HealingState.NOTHING;
    for (String hour : restarts.split(" ", -1)) {
      state = hour.isEmpty() ? state : state.restarted(hour(Integer.parseInt(hour)));
    }
    assertEquals(allowed, state.restartAllowed(hour(at)));
    assertEquals(List.of(), state.repairs());
  }

  @Test
  void whatIsOlderThanADayIsForgottenWithTheNextRestart() {
    HealingState state = HealingState.NOTHING.restarted(hour(0)).restarted(hour(23));
    assertEquals(List.of(hour(23), hour(24)), state.restarted(hour(24)).restarts());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # repairs at these hours, at, one more is allowed, undone too often
          '',                       0,  true,                false
          0,                        23, false,               false
          0,                        24, true,                false
          0 24,                     47, false,               true
          0 24,                     48, false,               true
          0 24,                     99, false,               true
          """)
  void driftIsSetBackOnceADayAndNotAfterItWasUndoneTwice(
      String repairs, int at, boolean allowed, boolean tooOften) {
    HealingState state = HealingState.NOTHING;
    for (String hour : repairs.split(" ", -1)) {
      state = hour.isEmpty() ? state : state.repaired(hour(Integer.parseInt(hour)));
    }
    assertEquals(allowed, state.repairAllowed(hour(at)));
    assertEquals(tooOften, state.isUndoneTooOften());
    assertEquals(List.of(), state.restarts());
  }

  @Test
  void whatWasUndoneBeforeSaysNothingOfNewerSettings() {
    HealingState undone =
        HealingState.NOTHING.restarted(T0).repaired(hour(0)).repaired(hour(24)).withoutRepairs();
    assertEquals(true, undone.repairAllowed(hour(25)));
    assertEquals(false, undone.repaired(hour(25)).isUndoneTooOften());
    assertEquals(List.of(T0), undone.restarts());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # restart, repair, promoting stopped, allowed
          false,     false,  false,             PROMOTE
          false,     false,  true,              ''
          true,      false,  true,              RESTART
          false,     true,   true,              REPAIR
          true,      true,   false,             PROMOTE RESTART REPAIR
          """)
  void whatThePolicyLeavesOutIsNotAllowed(
      boolean restart, boolean repair, boolean stopped, String allowed) {
    assertEquals(
        actions(allowed),
        new HealPolicy(restart, repair).allowed(HealingState.NOTHING, stopped, T0));
  }

  @Test
  void whatWasDoneOftenEnoughIsNotAllowedEither() {
    HealingState restarted = HealingState.NOTHING.restarted(T0).restarted(T0).restarted(T0);
    assertEquals(actions("PROMOTE REPAIR"), ALL.allowed(restarted, false, hour(1)));
    HealingState repaired = HealingState.NOTHING.repaired(T0);
    assertEquals(actions("PROMOTE RESTART"), ALL.allowed(repaired, false, hour(1)));
  }

  private static Set<PlanAction> actions(String words) {
    return words.isEmpty()
        ? Set.of()
        : Set.copyOf(List.of(words.split(" ", -1)).stream().map(PlanAction::valueOf).toList());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # intent, live,    status,           still being started again
          bounce,   -,       -,                true
          bounce,   bounce,  Failed,           true
          bounce,   bounce,  Pending,          false
          bounce,   bounce,  Success,          false
          bounce,   bounce,  TemporaryFailure, false
          bounce,   other,   Failed,           false
          -,        -,       -,                false
          -,        bounce,  Failed,           false
          """)
  void aSetupIsBeingStartedAgainUntilSesLooksForTheRecordOrAnotherDomainIsThere(
      @Nullable String intent, @Nullable String domain, @Nullable String status, boolean starts) {
    HealingState state =
        HealingState.NOTHING.withIntent(
            intent == null ? null : settings(intent + ".example.com", "UseDefaultValue"));
    Live live =
        domain == null ? Live.NONE : live(domain + ".example.com", "UseDefaultValue", status);
    assertEquals(starts, state.isStartingAgain(live));
  }

  /** A read that began before a Set returned may have seen what was so before it. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # begun, returned, read begun, decides nothing
          10,      20,       9,          true
          10,      20,       10,         true
          10,      20,       19,         true
          10,      20,       20,         false
          10,      ,         9,          true
          10,      ,         10,         false
          """)
  void aReadThatBeganBeforeOurLastSetReturnedDecidesNothing(
      int begun, @Nullable Integer returned, int read, boolean before) {
    SetCall call =
        new SetCall(Settings.NONE, PlanAction.APPLY, "watch", T0, T0.plusSeconds(begun), null);
    HealingState state =
        HealingState.NOTHING.set(returned == null ? call : call.returned(T0.plusSeconds(returned)));
    assertEquals(before, state.wasSetAfter(T0.plusSeconds(read)));
    assertEquals(false, HealingState.NOTHING.wasSetAfter(T0.plusSeconds(read)));
  }
}
