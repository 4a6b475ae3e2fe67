package mailfrom.app.read;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.pace.SlotStore;
import mailfrom.domain.name.IdentityName;
import org.jspecify.annotations.Nullable;

/**
 * Reads that those share who wait, in whatever process: of them, one reserves the next slot, asks
 * for all, and tells them through the table.
 *
 * <ul>
 *   <li>A call is made by whoever reserved its slot, and by nobody else: never two in one slot.
 *   <li>Who joined a turn is asked for in it: the joining ends, once and for all, before the call.
 *   <li>Who waits believes nothing but a stored answer. When none comes, since who led the turn
 *       died, they take a place in the line again: that costs time, and nothing else.
 * </ul>
 */
final class SharedReads {
  /** Who asks for more at once has a call alone: there is hardly a place left in it. */
  private static final int SHARED_UP_TO = Ses.BATCH / 2;

  static final Read<Ses.MailFrom> MAIL_FROM =
      new Read<>(
          SesOperation.GET_MAIL_FROM,
          Ses::mailFrom,
          (begunAt, found) ->
              new SharedAnswer(begunAt, null, null, found.live(), found.unknownWords(), Map.of()),
          answer -> new Ses.MailFrom(answer.live(), answer.unknownWords()));

  static final Read<Map<IdentityName, Boolean>> VERIFIED =
      new Read<>(
          SesOperation.GET_VERIFICATION,
          Ses::verified,
          (begunAt, found) -> new SharedAnswer(begunAt, null, null, Map.of(), Map.of(), found),
          SharedAnswer::verified);

  private final Ses ses;
  private final Pace pace;
  private final MachineClock clock;
  private final SesReader reader;

  SharedReads(Ses ses, Pace pace, MachineClock clock, SesReader reader) {
    this.ses = ses;
    this.pace = pace;
    this.clock = clock;
    this.reader = reader;
  }

  /** An operation that reads, and how its answer is kept. */
  record Read<T>(
      SesOperation operation, Call<T> call, Kept<T> kept, Function<SharedAnswer, T> told) {}

  /** One call for some names. */
  interface Call<T> {
    CallResult<T> in(Ses ses, Slot slot, String region, List<IdentityName> names);
  }

  /** The form of an answer in the table. */
  interface Kept<T> {
    SharedAnswer of(Instant begunAt, T found);
  }

  /**
   * What a call gave.
   *
   * @param begunAt when it began, by the machine's clock
   */
  record Told<T>(CallResult<T> result, Instant begunAt) {}

  /**
   * Asks, alone or together with others.
   *
   * @param canary is asked for too, where there is room; null: nobody is
   */
  <T> Told<T> ask(
      String region,
      Read<T> read,
      List<IdentityName> names,
      @Nullable IdentityName canary,
      Deadline deadline) {
    One<T> one = new One<>(region, read, canary, deadline);
    return names.size() > SHARED_UP_TO ? one.call(null, names) : one.inLine(names);
  }

  /** One caller and what it asks for. */
  private final class One<T> {
    private final String region;
    private final Read<T> read;
    private final @Nullable IdentityName canary;
    private final Deadline deadline;

    One(String region, Read<T> read, @Nullable IdentityName canary, Deadline deadline) {
      this.region = region;
      this.read = read;
      this.canary = canary;
      this.deadline = deadline;
    }

    Told<T> inLine(List<IdentityName> names) {
      while (true) {
        switch (pace.line(region, read.operation(), names, deadline)) {
          case Pace.Place.Alone(Slot slot) -> {
            return call(slot, names);
          }
          case Pace.Place.Leads(SlotStore.Turn turn) -> {
            return lead(turn);
          }
          case Pace.Place.Joined(SlotStore.Turn turn) -> {
            Optional<Told<T>> told =
                pace.await(turn, SharedAnswer.class, deadline).flatMap(this::told);
            if (told.isPresent()) {
              return told.get();
            }
          }
          case Pace.Place.TooLate _ -> {
            return new Told<>(
                new CallResult.NotAnswered<>(CallResult.Kind.NO_SLOT, SesReader.NO_SLOT_IN_TIME),
                clock.now());
          }
        }
      }
    }

    /** What is told of a turn; nothing when only its leader's time was up. */
    private Optional<Told<T>> told(SharedAnswer answer) {
      CallResult.Kind kind = answer.kind();
      String why = answer.why();
      if (kind == null) {
        return Optional.of(
            new Told<>(new CallResult.Answered<>(read.told().apply(answer)), answer.begunAt()));
      }
      return kind.isOfLine()
          ? Optional.empty()
          : Optional.of(
              new Told<>(
                  new CallResult.NotAnswered<>(kind, why == null ? "" : why), answer.begunAt()));
    }

    private Told<T> lead(SlotStore.Turn turn) {
      List<IdentityName> all = new ArrayList<>();
      Optional<Slot> slot = pace.lead(region, read.operation(), turn, all::addAll);
      Told<T> told = call(slot.orElse(null), all);
      pace.answer(turn, kept(told));
      return told;
    }

    private SharedAnswer kept(Told<T> told) {
      return switch (told.result()) {
        case CallResult.Answered<T>(T found) -> read.kept().of(told.begunAt(), found);
        case CallResult.NotAnswered<T>(CallResult.Kind kind, String why) ->
            SharedAnswer.none(told.begunAt(), kind, why);
      };
    }

    /**
     * The call itself.
     *
     * @param slot of its first try; null: one is taken
     */
    Told<T> call(@Nullable Slot slot, List<IdentityName> names) {
      Set<IdentityName> all = new LinkedHashSet<>(names);
      if (canary != null && all.size() < Ses.BATCH) {
        all.add(canary);
      }
      List<IdentityName> asked = List.copyOf(all);
      Begun begun = new Begun();
      CallResult<T> result =
          reader.ask(
              region,
              read.operation(),
              deadline,
              SesReader.TRIES,
              slot,
              taken -> {
                begun.at = clock.now();
                return read.call().in(ses, taken, region, asked);
              });
      return new Told<>(result, begun.at);
    }
  }

  /** When the last try of a call began. */
  private final class Begun {
    private Instant at = clock.now();
  }
}
