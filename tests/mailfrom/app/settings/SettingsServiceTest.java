package mailfrom.app.settings;

import static mailfrom.app.run.World.key;
import static mailfrom.app.run.World.wants;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import mailfrom.app.pace.ForwardingSlotStore;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.run.World;
import mailfrom.app.settings.SettingsApi.Outcome;
import mailfrom.app.text.RecordsByHand.Mx;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.TestingIdentity;
import mailfrom.local.FaultPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What settings does for its callers, and what watch does of it later. */
class SettingsServiceTest {
  private static final String NAME = "x0.example";
  private static final String BOUNCE = "bounce.x0.example";

  private final World world = new World();

  SettingsServiceTest() {
    world.ses.addDomain(World.REGION, NAME, true);
  }

  private static Desired plain(Activation activation) {
    return wants(BOUNCE, "UseDefaultValue", activation);
  }

  private static Desired rejecting(Activation activation) {
    return wants(BOUNCE, "RejectMessage", activation);
  }

  private static Outcome.Shown shown(Outcome outcome) {
    return assertInstanceOf(Outcome.Shown.class, outcome);
  }

  private Progress progress() {
    DesiredState desiredState = world.row(NAME).desiredState();
    assertNotNull(desiredState);
    return desiredState.progress();
  }

  @Test
  void aDryRunWritesNothing() {
    Outcome outcome =
        world.settings().put(key(NAME), plain(Activation.STAGED), null, true, world.mia());
    assertEquals(true, shown(outcome).changed());
    assertEquals(0, world.sets());
    assertTrue(world.identities.find(key(NAME)).isEmpty());
  }

  @Test
  void equalSettingsInSuccessOrPendingMakeNoCall() {
    world.put(NAME, plain(Activation.STAGED));
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(false, shown(world.put(NAME, plain(Activation.STAGED))).changed());
    world.mx(NAME, Mx.RIGHT);
    assertEquals(false, shown(world.put(NAME, plain(Activation.STAGED))).changed());
    assertEquals(1, world.sets());
  }

  @Test
  void stagedRejectMessageWaitsForSuccessAndTheRightMxInTwoRuns() {
    world.put(NAME, rejecting(Activation.STAGED));
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    world.read();
    world.apply();
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    world.mx(NAME, Mx.RIGHT);
    world.read();
    world.apply();
    assertEquals(BOUNCE + " Success UseDefaultValue", world.live(NAME));
    world.read();
    world.apply();
    assertEquals(BOUNCE + " Success RejectMessage", world.live(NAME));
    assertEquals(2, world.sets());
  }

  @Test
  void whenReadyCallsOnceTheMxIsRight() {
    assertTrue(shown(world.put(NAME, plain(Activation.WHEN_READY))).accepted());
    world.read();
    world.apply();
    assertEquals("none", world.live(NAME));
    assertEquals(Progress.State.WAITING_FOR_DNS, progress().state());
    world.mx(NAME, Mx.RIGHT);
    world.read();
    world.apply();
    assertEquals(BOUNCE + " Success UseDefaultValue", world.live(NAME));
  }

  @Test
  void immediateIsNow() {
    assertFalse(shown(world.put(NAME, rejecting(Activation.IMMEDIATE))).accepted());
    assertEquals(BOUNCE + " Pending RejectMessage", world.live(NAME));
  }

  @Test
  void nothingWantedDisablesAndMakesNoCallWhenNothingIsSet() {
    world.put(NAME, Desired.nothing(Map.of()));
    assertEquals(0, world.sets());
    world.put(NAME, plain(Activation.STAGED));
    world.put(NAME, Desired.nothing(Map.of()));
    assertEquals("none", world.live(NAME));
    assertEquals(2, world.sets());
  }

  @Test
  void whatSesWillNotTakeBeforeVerificationIsTriedAgain() {
    world.ses.addDomain(World.REGION, NAME, false);
    assertTrue(shown(world.put(NAME, plain(Activation.STAGED))).accepted());
    assertEquals(Progress.State.WAITING_FOR_VERIFICATION, progress().state());
    world.ses.addDomain(World.REGION, NAME, true);
    world.apply();
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(Progress.State.APPLIED, progress().state());
  }

  @Test
  void aTimeoutIsNeitherARefusalNorApplied() {
    world.faults.add(FaultPlan.Service.SES, "SetIdentityMailFromDomain", FaultPlan.Kind.TIMEOUT, 1);
    assertTrue(shown(world.put(NAME, plain(Activation.STAGED))).accepted());
    assertEquals(Progress.State.QUEUED, progress().state());
    world.apply();
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(Progress.State.APPLIED, progress().state());
  }

  @Test
  void withoutASlotInTimeWatchAppliesIt() {
    world.time.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 8; i++) {
      world.slots.reserve(
          World.REGION,
          SesOperation.SET_MAIL_FROM,
          world.time.instant(),
          Duration.ofSeconds(3),
          Duration.ofMinutes(1));
    }
    Outcome outcome =
        world.settings().put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertTrue(shown(outcome).accepted());
    assertEquals("none", world.live(NAME));
    world.apply();
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(0, world.apply().queued());
  }

  @Test
  void whoseTurnToReadDoesNotComeIsStoredForWatchByOneWrite() {
    for (int i = 0; i < 8; i++) {
      world.slots.reserve(
          World.REGION,
          SesOperation.GET_MAIL_FROM,
          world.time.instant(),
          Duration.ofSeconds(3),
          Duration.ofMinutes(1));
    }
    Outcome outcome =
        world.settings().put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertTrue(shown(outcome).accepted());
    assertEquals(1, world.row(NAME).rowVersion());
    assertTrue(progress().promised());
    assertEquals(1, world.apply().queued());
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
  }

  @Test
  void whoWakesAfterNewerSettingsWereAppliedMakesNoCall() {
    Desired newer = wants("mail." + NAME, "UseDefaultValue", Activation.STAGED);
    // A's slot is granted while B is accepted and applied.
    boolean[] raced = {false};
    SlotStore slow =
        new ForwardingSlotStore(world.slots) {
          @Override
          public Optional<Instant> reserve(
              String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
            if (operation == SesOperation.SET_MAIL_FROM && !raced[0]) {
              raced[0] = true;
              world.put(NAME, newer);
            }
            return world.slots.reserve(region, operation, world.clock.now(), gap, maxWait);
          }
        };
    world
        .settings(slow, () -> false)
        .put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertTrue(raced[0]);
    assertEquals("mail." + NAME + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(1, world.sets());
    world.read();
    world.apply();
    assertEquals("mail." + NAME + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(newer, world.row(NAME).desired());
  }

  /** Slots of Sets of which none is free now, and what happens when one is asked for. */
  private SlotStore busy(BiFunction<Duration, Integer, Optional<Instant>> asked) {
    int[] times = {0};
    return new ForwardingSlotStore(world.slots) {
      @Override
      public Optional<Instant> reserve(
          String region, SesOperation operation, Instant now, Duration gap, Duration maxWait) {
        return operation == SesOperation.SET_MAIL_FROM
            ? asked.apply(maxWait, times[0]++)
            : super.reserve(region, operation, now, gap, maxWait);
      }
    };
  }

  private Optional<Instant> slotOfSet(Duration maxWait) {
    return world.slots.reserve(
        World.REGION,
        SesOperation.SET_MAIL_FROM,
        world.clock.now(),
        Duration.ofMillis(1100),
        maxWait);
  }

  private Instant endOfLine() {
    return world.slots.free(World.REGION, SesOperation.SET_MAIL_FROM);
  }

  @Test
  void ofThoseWhoChangeOneIdentityAtOnceOneWaitsForAllAndSetsWhatWasAskedForLast() {
    Desired newer = wants("mail." + NAME, "UseDefaultValue", Activation.STAGED);
    Duration left = Duration.ofMillis(200);
    List<Instant> afterTheOther = new ArrayList<>();
    SlotStore slots =
        busy(
            (maxWait, time) -> {
              if (time == 0) {
                assertEquals(Duration.ZERO, maxWait);
                return Optional.empty();
              }
              // A waits. Long after its read B comes, whose own time is nearly over.
              world.time.advance(Duration.ofSeconds(2));
              assertTrue(slotOfSet(Duration.ZERO).isPresent());
              Instant before = endOfLine();
              Outcome promised =
                  world
                      .settings()
                      .put(
                          key(NAME),
                          newer,
                          null,
                          false,
                          new Caller(
                              "arn:ben",
                              world.time.instant().minus(Duration.ofSeconds(18)).plus(left)));
              assertTrue(shown(promised).accepted());
              assertEquals(before, endOfLine(), "B took no slot");
              afterTheOther.add(before);
              return slotOfSet(maxWait);
            });
    Outcome outcome =
        world
            .settings(slots, () -> false)
            .put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertEquals(1, afterTheOther.size());
    assertFalse(shown(outcome).accepted());
    assertEquals("mail." + NAME + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(1, world.sets());
    assertEquals(newer, world.row(NAME).desired());
    SetCall made = world.row(NAME).healingState().lastSet();
    assertNotNull(made);
    assertEquals("arn:ben", made.by());
  }

  @Test
  void whoLetsAnotherWaitIsToldWhatThatOneSet() {
    Outcome outcome =
        world
            .settings(
                busy(
                    (maxWait, time) -> {
                      assertEquals(Duration.ZERO, maxWait);
                      assertTrue(
                          world.leases.hold(
                              World.REGION + "/set/" + NAME, "another", Duration.ofMinutes(1)));
                      world.put(NAME, plain(Activation.STAGED));
                      return Optional.empty();
                    }),
                () -> false)
            .put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertFalse(shown(outcome).accepted());
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
    assertEquals(1, world.sets());
  }

  @Test
  void whoWaitsForAllAndDiesCostsTheOthersTimeAndNothingElse() {
    Duration dead = Duration.ofSeconds(5);
    Instant begun = world.time.instant();
    Outcome outcome =
        world
            .settings(
                busy(
                    (maxWait, time) -> {
                      if (time == 0) {
                        assertTrue(
                            world.leases.hold(World.REGION + "/set/" + NAME, "another", dead));
                        return Optional.empty();
                      }
                      return slotOfSet(maxWait);
                    }),
                () -> false)
            .put(key(NAME), plain(Activation.STAGED), null, false, world.mia());
    assertFalse(shown(outcome).accepted());
    assertFalse(world.time.instant().isBefore(begun.plus(dead)));
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
  }

  @Test
  void whatAnotherCallerJustAskedForIsNotSomebodyElses() {
    Desired plain =
        new Desired(
            TestingIdentity.settings(BOUNCE, "UseDefaultValue"),
            Activation.STAGED,
            Set.of(),
            Map.of());
    // While A waits for its read, B is accepted and applied.
    boolean[] raced = {false};
    SlotStore slow =
        new ForwardingSlotStore(world.slots) {
          @Override
          public Reservation reserveTurn(
              String region,
              SesOperation operation,
              Instant now,
              Duration gap,
              Duration maxWait,
              String turn,
              @Nullable String full) {
            if (operation == SesOperation.GET_MAIL_FROM && !raced[0]) {
              raced[0] = true;
              world.put(NAME, wants("mail." + NAME, "UseDefaultValue", Activation.STAGED));
            }
            return world.slots.reserveTurn(
                region, operation, world.clock.now(), gap, maxWait, turn, full);
          }
        };
    shown(world.settings(slow, () -> false).put(key(NAME), plain, null, false, world.mia()));
    assertTrue(raced[0]);
    assertEquals(BOUNCE + " Pending UseDefaultValue", world.live(NAME));
  }

  @Test
  void pausedMakesNoCallAtAll() {
    world.paused = true;
    assertTrue(shown(world.put(NAME, plain(Activation.IMMEDIATE))).accepted());
    world.apply();
    assertEquals(0, world.sets());
    world.paused = false;
    world.apply();
    assertEquals(1, world.sets());
  }

  @Test
  void anOtherETagFailsAndTheRightOneGoesOn() {
    world.put(NAME, plain(Activation.STAGED));
    String stale = ETags.of(null);
    assertInstanceOf(
        Outcome.PreconditionFailed.class,
        world.settings().put(key(NAME), rejecting(Activation.STAGED), stale, false, world.mia()));
    String right = ETags.of(world.row(NAME).desired());
    shown(world.settings().put(key(NAME), rejecting(Activation.STAGED), right, false, world.mia()));
  }

  @Test
  void anIdentityThatIsNotManagedIsLeftAlone() {
    assertInstanceOf(
        Outcome.NotManaged.class,
        world.put(
            "a.forbidden.example",
            wants("b.a.forbidden.example", "UseDefaultValue", Activation.STAGED)));
  }

  @Test
  void anIdentityThatSesDoesNotKnow() {
    assertInstanceOf(
        Outcome.UnknownIdentity.class,
        world.put(
            "nobody.example", wants("b.nobody.example", "UseDefaultValue", Activation.STAGED)));
  }
}
