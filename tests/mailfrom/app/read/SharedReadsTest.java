package mailfrom.app.read;

import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.ForwardingSlotStore;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.pace.SlotStore;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One caller beside another process that waits for the same operation. */
class SharedReadsTest {
  private static final Instant T0 = Instant.parse("2026-11-24T10:00:00Z");
  private static final Duration GAP = Duration.ofMillis(1010);
  private static final IdentityName MINE = IdentityName.of("mine.example");
  private static final IdentityName OTHER = IdentityName.of("other.example");

  private final LocalClock time = new LocalClock(InstantSource.fixed(T0));
  private final MovingClock clock = new MovingClock(time);
  private final InMemorySlotStore slots = new InMemorySlotStore();
  private final List<Instant> calls = new ArrayList<>();
  private final List<IdentityName> asked = new ArrayList<>();

  private final Ses ses =
      new ForwardingSes(new InProcessSes(new LocalSes(time, new RecordsByHand(REGION)))) {
        @Override
        public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
          calls.add(slot.from());
          asked.addAll(names);
          return new CallResult.Answered<>(new MailFrom(Map.of(MINE, Live.NONE), Map.of()));
        }
      };

  /** The other process reserved the slot after the one that is taken already. */
  private SlotStore.Turn theirs() {
    reserve("");
    String id = slots.open(List.of(OTHER));
    assertInstanceOf(SlotStore.Reservation.Made.class, reserve(id));
    return new SlotStore.Turn(id, T0.plus(GAP));
  }

  private SlotStore.Reservation reserve(String turn) {
    return slots.reserveTurn(
        REGION, SesOperation.GET_MAIL_FROM, T0, GAP, Duration.ofSeconds(10), turn, null);
  }

  private SesReader.Read read(SlotStore store) {
    IdentityState state = named("mine.example").build();
    return new SesReader(ses, new Pace(store, clock, 1), clock)
        .read(state, null, T0, Deadline.in(clock, Duration.ofSeconds(10)));
  }

  /** What the other process does once it was joined. */
  private SlotStore whenJoined(Consumer<SlotStore.Turn> then) {
    SlotStore.Turn turn = theirs();
    return new ForwardingSlotStore(slots) {
      @Override
      public boolean join(String id, List<IdentityName> names) {
        boolean joined = super.join(id, names);
        if (joined) {
          then.accept(turn);
        }
        return joined;
      }
    };
  }

  @Test
  void whoJoinsATurnIsToldWhatItsOneCallGaveAndMakesNone() {
    List<IdentityName> inTurn = new ArrayList<>();
    SlotStore store =
        whenJoined(
            turn -> {
              inTurn.addAll(slots.close(turn.id()));
              slots.answer(
                  turn.id(),
                  new SharedAnswer(
                      turn.at(), null, null, Map.of(MINE, Live.NONE), Map.of(), Map.of()));
            });
    var seen = assertInstanceOf(SesReader.Read.Seen.class, read(store)).observation();
    assertEquals(T0.plus(GAP), seen.begunAt(), "as old as the call that gave it");
    assertEquals(List.of(), calls);
    assertEquals(List.of(OTHER, MINE), inTurn);
  }

  @Test
  void whenItsLeaderDiesWhoJoinedLosesTimeAndNothingElse() {
    assertInstanceOf(SesReader.Read.Seen.class, read(whenJoined(turn -> {})));
    assertEquals(1, calls.size());
    assertTrue(calls.getFirst().isAfter(T0.plus(GAP)), "not in the slot of the dead: " + calls);
    assertTrue(calls.getFirst().isBefore(T0.plusSeconds(6)), calls::toString);
  }

  @Test
  void whoComesAfterTheNamesWereTakenDownHasATurnOfItsOwn() {
    SlotStore.Turn theirs = theirs();
    slots.close(theirs.id());
    assertInstanceOf(SesReader.Read.Seen.class, read(slots));
    assertEquals(List.of(T0.plus(GAP).plus(GAP)), calls);
    assertEquals(List.of(MINE), asked);
  }

  @Test
  void whoLeadsAsksForAllWhoJoined() {
    reserve("");
    SlotStore store =
        new ForwardingSlotStore(slots) {
          @Override
          public List<IdentityName> close(String turn) {
            assertTrue(slots.join(turn, List.of(OTHER)));
            return super.close(turn);
          }
        };
    assertInstanceOf(SesReader.Read.Seen.class, read(store));
    assertEquals(List.of(T0.plus(GAP)), calls);
    assertEquals(List.of(MINE, OTHER), asked);
  }

  /** A leader whose own time was up says nothing about SES; what SES said is everybody's. */
  @ParameterizedTest
  @EnumSource(CallResult.Kind.class)
  void whatTheLeaderWasToldCountsAndThatItsTimeWasUpDoesNot(CallResult.Kind kind) {
    SlotStore store =
        whenJoined(turn -> slots.answer(turn.id(), SharedAnswer.none(turn.at(), kind, "no")));
    SesReader.Read read = read(store);
    if (kind.isOfLine()) {
      assertInstanceOf(SesReader.Read.Seen.class, read);
      assertEquals(1, calls.size());
    } else {
      assertEquals(new SesReader.Read.NotAnswered(false, "no"), read);
      assertEquals(List.of(), calls);
    }
  }

  @Test
  void whoseTurnCannotComeInTimeReservesNothing() {
    slots.reserve(REGION, SesOperation.GET_MAIL_FROM, T0, Duration.ofSeconds(11), Duration.ZERO);
    assertEquals(new SesReader.Read.NotAnswered(true, SesReader.NO_SLOT_IN_TIME), read(slots));
    assertEquals(T0.plusSeconds(11), slots.free(REGION, SesOperation.GET_MAIL_FROM));
    assertEquals(T0, clock.now(), "and is told so at once");
  }
}
