package mailfrom.app.settings;

import static mailfrom.app.run.World.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import mailfrom.app.run.World;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.identity.Silence;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Reason;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;

/** Why was I told, and why was I not: as an identity says it. */
class TellingTest {
  private static final String NAME = "a.example";
  private final World world = new World();

  private SettingsApi.IdentityView view() {
    return assertInstanceOf(
            SettingsApi.Outcome.Shown.class, world.settings().get(key(NAME), world.mia()))
        .view();
  }

  private void broken() {
    world.healthy(NAME);
    world.read();
    world.mx(NAME, Mx.NONE);
    world.read();
  }

  @Test
  void whatWasToldIsSaidWithItsTimeAndWhenItIsToldAgain() {
    broken();
    assertEquals(List.of(Reason.STARTED), view().telling().told());
    IncidentState.LastTold last = Objects.requireNonNull(view().telling().last());
    assertEquals(Reason.STARTED, last.reason());
    Instant told = last.at();
    world.read();
    assertEquals(Decision.Quiet.ALREADY_TOLD, view().telling().quietBecause());
    assertEquals(told.plus(Duration.ofHours(24)), view().telling().nextReminderAt());
  }

  @Test
  void whatNoTopicTookWasNotTold() {
    world.healthy(NAME);
    world.read();
    world.mx(NAME, Mx.NONE);
    world.taken.failing(true);
    world.read();
    assertEquals(List.of(), view().telling().told());
    assertNull(view().telling().last());
    world.taken.failing(false);
    world.read();
    assertEquals(List.of(Reason.STARTED), view().telling().told());
  }

  @Test
  void aSilenceIsNamedWithWhatItHoldsBack() {
    world.healthy(NAME);
    world.read();
    Silence silence =
        new Silence(
            "s1",
            new Silence.Match("a.*", null, null, null),
            world.time.instant(),
            world.time.instant().plus(Duration.ofDays(3)),
            "is known",
            "arn:mia");
    world.regions.keep(silence);
    world.mx(NAME, Mx.NONE);
    world.read();
    assertEquals(List.of(silence), view().silencedBy());
    assertEquals(Decision.Quiet.SILENCED, view().telling().quietBecause());
    assertEquals("s1", Objects.requireNonNull(view().telling().silence()).id());
    assertEquals(List.of(), view().telling().told());
  }

  @Test
  void driftStaysInThePlanAndSaysWhatItWouldNeed() {
    world.healthy(NAME);
    world.read();
    world.put(NAME, World.wants("bounce." + NAME, "UseDefaultValue", Activation.STAGED));
    world.ses.put(
        World.REGION,
        NAME,
        "bounce." + NAME,
        LocalSes.OnMxFailure.REJECT_MESSAGE,
        LocalSes.Status.SUCCESS,
        world.time.instant());
    world.read();
    SettingsApi.IdentityView view = view();
    assertNotNull(view.state().drift());
    assertEquals(PlanAction.REPAIR, assertInstanceOf(Plan.Wait.class, view.plan()).action());
    assertNotNull(view.waitingFor());
  }
}
