package mailfrom.app.read;

import static mailfrom.domain.identity.TestingIdentity.REGION;
import static mailfrom.domain.identity.TestingIdentity.key;
import static mailfrom.domain.identity.TestingIdentity.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.InMemorySlotStore;
import mailfrom.app.pace.MovingClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.text.RecordsByHand;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.local.LocalClock;
import mailfrom.local.LocalSes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer of SES means, and how long it is waited for. */
class SesReaderTest {
  private static final Instant T0 = Instant.parse("2026-11-24T10:00:00Z");
  private static final IdentityName CANARY = IdentityName.of("canary.example");

  private final LocalClock time = new LocalClock(InstantSource.fixed(T0));
  private final MovingClock clock = new MovingClock(time);
  private final List<List<IdentityName>> asked = new ArrayList<>();

  /** Names that SES answers for; the others are missing from its answer. */
  private final TreeSet<String> answered = new TreeSet<>();

  private @Nullable Map<IdentityName, Boolean> verified;

  private final Ses ses =
      new ForwardingSes(new InProcessSes(new LocalSes(time, new RecordsByHand(REGION)))) {
        @Override
        public CallResult<MailFrom> mailFrom(Slot slot, String region, List<IdentityName> names) {
          asked.add(names);
          Map<IdentityName, Live> live = new HashMap<>();
          names.stream()
              .filter(name -> answered.contains(name.value()))
              .forEach(name -> live.put(name, Live.NONE));
          return new CallResult.Answered<>(new MailFrom(live, Map.of()));
        }

        @Override
        public CallResult<Map<IdentityName, Boolean>> verified(
            Slot slot, String region, List<IdentityName> names) {
          return verified == null
              ? new CallResult.NotAnswered<>(CallResult.Kind.FAILED, "no")
              : new CallResult.Answered<>(verified);
        }
      };

  private final SesReader reader =
      new SesReader(ses, new Pace(new InMemorySlotStore(), clock, 1), clock);

  private SesReader.Read read(IdentityState state, @Nullable IdentityName canary) {
    return reader.read(state, canary, T0, Deadline.in(clock, Duration.ofSeconds(10)));
  }

  /** The one decision of what it means that a name is missing from an answer. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # answered for,              canary,         means
          example.com,                 canary.example, Seen
          example.com,                 ,               Seen
          canary.example,              canary.example, Unknown confirmed
          ,                            canary.example, Unknown
          ,                            ,               Unknown
          """)
  void aNameThatIsMissingIsUnknownOnlyBesideOneThatIsKnown(
      @Nullable String known, @Nullable String canary, String means) {
    if (known != null) {
      answered.add(known);
    }
    SesReader.Read read =
        read(named("example.com").build(), canary == null ? null : IdentityName.of(canary));
    assertEquals(
        means,
        switch (read) {
          case SesReader.Read.Seen _ -> "Seen";
          case SesReader.Read.Unknown(boolean isConfirmed) ->
              isConfirmed ? "Unknown confirmed" : "Unknown";
          case SesReader.Read.NotAnswered _ -> "NotAnswered";
        });
  }

  /** It was "not verified" in two places, "unknown" in a third and "no news" in a fourth. */
  @Test
  void aVerificationThatIsMissingIsNoNewsOfOneThatWasReadBefore() {
    answered.add("example.com");
    verified = Map.of();
    IdentityState known = named("example.com").sight(false, Live.NONE, null).build();
    var seen = assertInstanceOf(SesReader.Read.Seen.class, read(known, CANARY)).observation();
    assertEquals(null, seen.verified());
    assertInstanceOf(
        SesReader.Read.NotAnswered.class,
        read(IdentityState.unseen(key("example.com")), CANARY),
        "of one that was never read nothing is known");
  }

  @Test
  void aHundredACallAndTheCanaryWhereThereIsRoom() {
    List<IdentityState> many =
        IntStream.range(0, 250).mapToObj(i -> named("d%03d.example".formatted(i)).build()).toList();
    many.forEach(state -> answered.add(state.key().name().value()));
    var _ =
        reader.read(
            REGION,
            many,
            CANARY,
            SesReader.Depth.SETTINGS,
            T0,
            Deadline.in(clock, Duration.ofSeconds(10)));
    assertEquals(List.of(100, 100, 51), asked.stream().map(List::size).toList());
    assertEquals(
        251, asked.stream().flatMap(List::stream).distinct().count(), "each once, and the canary");
  }

  /** Throttled answers that take longer than the gap were asked again for ever. */
  @ParameterizedTest
  @CsvSource({"30", "150", "2500", "9000"})
  void theDeadlineBoundsWhateverIsRepeated(long answerTakesMillis) {
    Instant begun = clock.now();
    CallResult<String> result =
        reader.ask(
            REGION,
            SesOperation.GET_MAIL_FROM,
            Deadline.in(clock, Duration.ofSeconds(10)),
            slot -> {
              time.advance(Duration.ofMillis(answerTakesMillis));
              return new CallResult.NotAnswered<>(CallResult.Kind.THROTTLED, "Rate exceeded");
            });
    assertInstanceOf(CallResult.NotAnswered.class, result);
    Duration took = Duration.between(begun, clock.now());
    assertTrue(
        took.compareTo(Duration.ofSeconds(10).plusMillis(answerTakesMillis)) <= 0, "took " + took);
  }

  @ParameterizedTest
  @EnumSource(CallResult.Kind.class)
  void whatFailsIsAskedThreeTimesAndWhatIsOfTheRegionOnce(CallResult.Kind kind) {
    List<Slot> slots = new ArrayList<>();
    var _ =
        reader.ask(
            REGION,
            SesOperation.GET_DKIM,
            Deadline.in(clock, Duration.ofSeconds(60)),
            slot -> {
              slots.add(slot);
              // Its call is ready when it is over.
              time.advance(Duration.ofMillis(kind == CallResult.Kind.SLOT_MISSED ? 200 : 0));
              return slots.size() < 5
                  ? new CallResult.NotAnswered<>(kind, "no")
                  : new CallResult.Answered<>("at last");
            });
    int expected =
        switch (kind) {
          case THROTTLED, SLOT_MISSED -> 5;
          case FAILED -> 3;
          case NO_SLOT, REGION_NOT_ENABLED, REGION_DENIED, REGION_WITHOUT_SES -> 1;
        };
    assertEquals(expected, slots.size());
    assertEquals(expected, slots.stream().distinct().count(), "each in a slot of its own");
  }
}
