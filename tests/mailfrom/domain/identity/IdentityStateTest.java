package mailfrom.domain.identity;

import static mailfrom.domain.identity.TestingIdentity.T0;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.live;
import static mailfrom.domain.identity.TestingIdentity.named;
import static mailfrom.domain.identity.TestingIdentity.staged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityStateTest {
  /** Asked for, read and in trouble: each part of the state says something. */
  private static IdentityState full() {
    IdentityState state =
        named("example.com")
            .sight(true, live("bounce.example.com", "UseDefaultValue", "Success"), true)
            .wanted(TestingIdentity.settings("bounce.example.com", "UseDefaultValue"))
            .build()
            .withRowVersion(7);
    return Evaluation.evaluate(
        state,
        new Observation(
            T0,
            T0,
            null,
            live("bounce.example.com", "UseDefaultValue", "TemporaryFailure"),
            null,
            null,
            null),
        TestingIdentity.around());
  }

  @Test
  void whatWasReadIsSeenAndWhatWasNotIsNot() {
    assertEquals(true, named("example.com").build().wasSeen());
    assertEquals(false, IdentityState.unseen(key("example.com")).wasSeen());
  }

  @Test
  void whoVerifiesADeletedNameAgainGetsNothingOfTheOldOneButWhatIsOwedAboutIt() {
    IdentityState deleted = Evaluation.deleted(full(), null, T0.plusSeconds(60), true);
    assertEquals(
        List.of(Reason.STARTED, Reason.GONE),
        deleted.incidentState().owed().stream().map(notice -> notice.reason()).toList());
    IdentityState again = deleted.ifNotGone();
    assertEquals(deleted.incidentState().owed(), again.incidentState().owed());
    assertEquals(
        IdentityState.unseen(key("example.com")),
        again.withIncidents(again.incidentState().withOwed(List.of())).withRowVersion(0));
    assertEquals(7, again.rowVersion());
  }

  @Test
  void whatIsThereIsTheSame() {
    IdentityState once = full().withSesView(full().sesView().withAbsences(1));
    assertSame(once, once.ifNotGone());
  }

  @Test
  void itsSeverityIsThatOfItsIncident() {
    assertEquals(Optional.of(Severity.WARNING), full().severity());
    assertEquals(Optional.empty(), named("example.com").build().severity());
  }

  @Test
  void whoWasNeverAskedMakesNoStepOfWhatIsWanted() {
    IdentityState never = full().neverAsked();
    assertEquals(null, never.desiredState());
    assertSame(never, never.withProgress(Progress::withPromise));
    DesiredState promised = full().withProgress(Progress::withPromise).desiredState();
    assertEquals(true, promised != null && promised.progress().promised());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # wanted, applied, live, last,  is looked at
          new,      false,   live, live,  new
          new,      true,    live, live,  live
          new,      true,    live, last,  live
          new,      true,    -,    last,  last
          -,        false,   live, live,  live
          -,        false,   -,    last,  last
          -,        false,   -,    -,     -
          nothing,  false,   live, live,  live
          nothing,  true,    -,    last,  last
          """)
  void theWantedNameIsLookedAtUntilItIsReachedAndThenTheLiveOne(
      @Nullable String wanted,
      boolean applied,
      @Nullable String live,
      @Nullable String last,
      @Nullable String name) {
    TestingIdentity testing =
        named("example.com")
            .sight(
                true,
                live(below(live), "UseDefaultValue", live == null ? null : "Success"),
                null);
    IdentityState state = (last == null ? testing : testing.had(last + ".example.com")).build();
    Desired desired =
        "nothing".equals(wanted)
            ? Desired.nothing(Map.of())
            : staged(below(wanted), "UseDefaultValue");
    DesiredState asked = DesiredState.asked(null, desired, "mia", T0);
    IdentityState asking =
        wanted == null
            ? state
            : state.withDesired(applied ? asked.reached(Progress.State.APPLIED) : asked);
    assertEquals(Optional.ofNullable(below(name)).map(DomainName::of), asking.nameToLookAt());
  }

  private static @Nullable String below(@Nullable String label) {
    return label == null ? null : label + ".example.com";
  }
}
