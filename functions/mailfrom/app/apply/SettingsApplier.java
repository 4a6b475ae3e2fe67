package mailfrom.app.apply;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.EventTime;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.Author;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.SetCall;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The one place that calls SetIdentityMailFromDomain: in its slot, for the version of the desired
 * settings that was planned for, and recorded whatever comes of it.
 */
public final class SettingsApplier {
  private final Ses ses;
  private final Pace pace;
  private final MachineClock clock;
  private final IdentityWriter rows;
  private final SesReader reader;
  private final ContextReader contexts;
  private final BooleanSupplier paused;

  public SettingsApplier(
      Ses ses,
      Pace pace,
      MachineClock clock,
      SesReader reader,
      ContextReader contexts,
      IdentityWriter rows,
      BooleanSupplier paused) {
    this.ses = ses;
    this.pace = pace;
    this.clock = clock;
    this.rows = rows;
    this.reader = reader;
    this.contexts = contexts;
    this.paused = paused;
  }

  /**
   * For whom a call is made, and how long it may wait.
   *
   * @param by who is the cause: a caller's ARN, watch for that ARN, or {@link Author#WATCH}
   * @param readsBack whether what SES says after it is read at once; else whoever reads next sees
   *     it
   */
  public record Attempt(
      PlanAction action, String by, EventTime time, Deadline deadline, boolean readsBack) {

    Author author() {
      return Author.of(by, time.now());
    }
  }

  /** What came of a call. */
  public sealed interface Outcome {
    IdentityState state();

    /**
     * SES took it.
     *
     * @param readBack whether live was read after it
     */
    record Done(IdentityState state, boolean readBack) implements Outcome {}

    /** Nothing was called: no slot in time, paused, or newer settings were asked for meanwhile. */
    record NotCalled(IdentityState state) implements Outcome {}

    /** SES refused these settings, in its own words. */
    record Refused(IdentityState state, String words) implements Outcome {}

    /** SES waits for verification, throttled, or did not answer: to be tried again. */
    record Later(IdentityState state) implements Outcome {}
  }

  /** Sets what was asked for. */
  public Outcome set(IdentityState planned, Settings settings, Attempt attempt) {
    return set(planned, settings, attempt, null, newer -> Optional.empty());
  }

  /**
   * The same; newer settings that were asked for meanwhile are set in their place.
   *
   * @param first the slot of the first call; null: one is taken
   * @param newest what has to be set of a row to apply what it wants; empty: nothing has
   */
  Outcome set(
      IdentityState planned,
      Settings settings,
      Attempt attempt,
      @Nullable Slot first,
      Function<IdentityState, Optional<Settings>> newest) {
    return call(planned, settings, Progress.State.QUEUED, attempt, first, newest);
  }

  /** Sets what heals: how far the wanted settings have come stays as it is. */
  public Outcome heal(IdentityState planned, Settings settings, Attempt attempt) {
    return call(planned, settings, null, attempt, null, newer -> Optional.empty());
  }

  private Outcome call(
      IdentityState planned,
      Settings settings,
      Progress.@Nullable State next,
      Attempt attempt,
      @Nullable Slot first,
      Function<IdentityState, Optional<Settings>> newest) {
    String region = planned.key().region();
    IdentityState state = planned;
    SetCall call = call(settings, attempt, attempt.by());
    Optional<Slot> given = Optional.ofNullable(first);
    while (!paused.getAsBoolean()) {
      Optional<Slot> slot =
          given.or(() -> pace.take(region, SesOperation.SET_MAIL_FROM, attempt.deadline()));
      given = Optional.empty();
      if (slot.isEmpty() || paused.getAsBoolean()) {
        break;
      }
      Optional<IdentityState> about =
          about(state, call(call.settings(), attempt, call.by()), attempt, newest);
      if (about.isEmpty()) {
        pace.missed(region, SesOperation.SET_MAIL_FROM, slot.get());
        return new Outcome.NotCalled(rows.known(planned.key()));
      }
      state = about.get();
      call = Objects.requireNonNull(state.healingState().lastSet());
      Ses.SetAnswer set = ses.set(slot.get(), region, planned.key().name(), call.settings());
      if (!(set instanceof Ses.SetAnswer.Again)) {
        pace.ended(region, SesOperation.SET_MAIL_FROM, slot.get());
      }
      switch (set) {
        // Others share SES's pace, or all operations do: another slot, while there is time.
        case Ses.SetAnswer.Throttled _ -> pace.throttled(region, SesOperation.SET_MAIL_FROM);
        case Ses.SetAnswer.Again _ -> {}
        case Ses.SetAnswer.Answered answered -> {
          return recorded(state, answered, call, next, attempt);
        }
      }
    }
    return new Outcome.NotCalled(state);
  }

  private SetCall call(Settings settings, Attempt attempt, String by) {
    return new SetCall(settings, attempt.action(), by, attempt.time().now(), clock.now(), null);
  }

  /**
   * Notes the call before it is made: so no run that meets it takes it for somebody else's. Empty
   * when another run has made a call, or newer settings were asked for and need none.
   */
  private Optional<IdentityState> about(
      IdentityState planned,
      SetCall call,
      Attempt attempt,
      Function<IdentityState, Optional<Settings>> newest) {
    return rows.store(
        planned,
        fresh -> {
          IdentityState now = fresh.ifNotGone();
          DesiredState asked = now.desiredState();
          Optional<SetCall> wanted =
              version(now) == version(planned)
                  ? Optional.of(call).filter(one -> isUntouched(now, planned))
                  : asked == null
                      ? Optional.empty()
                      : newest
                          .apply(now)
                          .map(settings -> call(settings, attempt, asked.progress().by()));
          return wanted.map(
              one -> IdentityWriter.Store.of(now.withHealing(now.healingState().set(one))));
        },
        attempt.author());
  }

  /** Whether no other run has made a call, or is about to. */
  private static boolean isUntouched(IdentityState now, IdentityState planned) {
    return Objects.equals(now.healingState().intent(), planned.healingState().intent())
        && Objects.equals(now.healingState().lastSet(), planned.healingState().lastSet());
  }

  private Outcome recorded(
      IdentityState planned,
      Ses.SetAnswer.Answered answer,
      SetCall call,
      Progress.@Nullable State next,
      Attempt attempt) {
    SetCall returned = call.returned(clock.now());
    UnaryOperator<IdentityState> wasCalled =
        state -> state.withHealing(state.healingState().set(returned));
    return switch (answer) {
      case Ses.SetAnswer.Done _ -> {
        UnaryOperator<IdentityState> wasTaken =
            state -> {
              IdentityState after = attempted(wasCalled.apply(state), next, null);
              Live expected = state.live().after(call.settings()).orElse(null);
              return after.withHealing(after.healingState().expecting(expected));
            };
        yield attempt.readsBack()
            ? readBack(planned, wasTaken, attempt)
            : new Outcome.Done(record(planned, wasTaken, attempt), false);
      }
      case Ses.SetAnswer.Refused(String words) ->
          new Outcome.Refused(
              record(planned, state -> refused(state, words, attempt), attempt), words);
      case Ses.SetAnswer.NotVerified(String words) ->
          new Outcome.Later(
              record(
                  planned,
                  state -> attempted(state, Progress.State.WAITING_FOR_VERIFICATION, words),
                  attempt));
      // It may have taken effect: what was read before decides nothing any more.
      case Ses.SetAnswer.Unknown(String why) ->
          new Outcome.Later(
              record(planned, state -> attempted(wasCalled.apply(state), next, why), attempt));
    };
  }

  private Outcome readBack(
      IdentityState planned, UnaryOperator<IdentityState> set, Attempt attempt) {
    IdentityName canary = contexts.canary(planned.key().region());
    return switch (reader.read(planned, canary, attempt.time().now(), attempt.deadline())) {
      case SesReader.Read.Seen(Observation seen) -> {
        var around = contexts.of(planned, planned.nameToLookAt());
        yield new Outcome.Done(
            record(planned, state -> Evaluation.evaluate(set.apply(state), seen, around), attempt),
            true);
      }
      case SesReader.Read.Unknown _ -> new Outcome.Done(record(planned, set, attempt), false);
      case SesReader.Read.NotAnswered _ -> new Outcome.Done(record(planned, set, attempt), false);
    };
  }

  /** Newer settings that came meanwhile keep their own progress. */
  private IdentityState record(
      IdentityState planned, UnaryOperator<IdentityState> change, Attempt attempt) {
    return rows.change(
        planned,
        state -> version(state) == version(planned) ? change.apply(state) : state,
        attempt.author());
  }

  private static IdentityState attempted(
      IdentityState state, Progress.@Nullable State next, @Nullable String error) {
    return state.withProgress(
        progress -> progress.attempted(next == null ? progress.state() : next, error));
  }

  /**
   * SES will not take them: what was begun for them is over too. Who asked and makes the call has
   * the refusal as the answer; else it is told.
   */
  private static IdentityState refused(IdentityState state, String words, Attempt attempt) {
    IdentityState over = state.withHealing(state.healingState().withIntent(null));
    IdentityState after = attempted(over, Progress.State.REFUSED, words);
    DesiredState desired = state.desiredState();
    return desired != null
            && desired.progress().promised()
            && !desired.progress().by().equals(attempt.by())
        ? Evaluation.notApplied(after, words, attempt.time().now())
        : after;
  }

  /** The version of what is asked for; 0 when nothing ever was. */
  public static long version(IdentityState state) {
    DesiredState desired = state.desiredState();
    return desired == null ? 0 : desired.version();
  }
}
