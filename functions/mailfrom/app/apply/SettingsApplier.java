package mailfrom.app.apply;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.Pace;
import mailfrom.app.pace.SesOperation;
import mailfrom.app.pace.Slot;
import mailfrom.app.read.Ses;
import mailfrom.app.read.SesReader;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
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
  private final ContextReader neighbours;
  private final BooleanSupplier paused;

  public SettingsApplier(
      Ses ses,
      Pace pace,
      MachineClock clock,
      SesReader reader,
      ContextReader neighbours,
      IdentityWriter rows,
      BooleanSupplier paused) {
    this.ses = ses;
    this.pace = pace;
    this.clock = clock;
    this.rows = rows;
    this.reader = reader;
    this.neighbours = neighbours;
    this.paused = paused;
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

  /**
   * Sets what was asked for.
   *
   * @param by who is the cause: a caller's ARN, or watch
   * @param at the time of the event
   */
  public Outcome set(
      IdentityState planned, Settings settings, String by, Instant at, Duration maxWait) {
    return call(planned, settings, new Call(by, at, maxWait, Progress.State.QUEUED));
  }

  /** Sets what heals: how far the wanted settings have come stays as it is. */
  Outcome heal(IdentityState planned, Settings settings, String by, Instant at, Duration maxWait) {
    return call(planned, settings, new Call(by, at, maxWait, null));
  }

  /**
   * One call and its circumstances.
   *
   * @param next the progress of the wanted settings after it; null: as before
   */
  private record Call(String by, Instant at, Duration maxWait, Progress.@Nullable State next) {}

  private Outcome call(IdentityState planned, Settings settings, Call call) {
    String region = planned.key().region();
    Instant last = clock.now().plus(call.maxWait());
    while (true) {
      if (paused.getAsBoolean()) {
        return new Outcome.NotCalled(planned);
      }
      Optional<Slot> slot =
          pace.take(region, SesOperation.SET_MAIL_FROM, Duration.between(clock.now(), last));
      if (slot.isEmpty() || paused.getAsBoolean()) {
        return new Outcome.NotCalled(planned);
      }
      IdentityState now = rows.known(planned.key());
      if (version(now.desiredState()) != version(planned.desiredState())
          || !Objects.equals(now.healingState().intent(), planned.healingState().intent())) {
        return new Outcome.NotCalled(now);
      }
      Ses.SetAnswer answer = slot.get().in(() -> ses.set(region, planned.key().name(), settings));
      switch (answer) {
        // Others share SES's pace, or all operations do: another slot, while there is time.
        case Ses.SetAnswer.Throttled throttled ->
            pace.throttled(region, SesOperation.SET_MAIL_FROM);
        case Ses.SetAnswer.Again again -> {}
        case Ses.SetAnswer.Answered answered -> {
          return recorded(planned, answered, call);
        }
      }
    }
  }

  private Outcome recorded(IdentityState planned, Ses.SetAnswer.Answered answer, Call call) {
    Instant returned = clock.now();
    return switch (answer) {
      case Ses.SetAnswer.Done done -> readBack(planned, call, returned);
      case Ses.SetAnswer.Refused(String words) ->
          new Outcome.Refused(record(planned, refused(words, call.at()), call), words);
      case Ses.SetAnswer.NotVerified(String words) ->
          new Outcome.Later(
              record(planned, attempted(Progress.State.WAITING_FOR_VERIFICATION, words), call));
      // It may have taken effect: what was read before decides nothing any more.
      case Ses.SetAnswer.Unknown(String why) ->
          new Outcome.Later(
              record(
                  planned,
                  state ->
                      attempted(call.next(), why)
                          .apply(state.withHealing(state.healingState().set(returned))),
                  call));
    };
  }

  private Outcome readBack(IdentityState planned, Call call, Instant returned) {
    UnaryOperator<IdentityState> set =
        state ->
            attempted(call.next(), null)
                .apply(state.withHealing(state.healingState().set(returned)));
    return switch (reader.one(planned, call.at(), call.maxWait())) {
      case SesReader.Read.Seen(Observation seen) -> {
        var around = neighbours.of(planned, planned.nameToLookAt());
        yield new Outcome.Done(
            record(planned, state -> Evaluation.evaluate(set.apply(state), seen, around), call),
            true);
      }
      case SesReader.Read.Unknown unknown -> new Outcome.Done(record(planned, set, call), false);
      case SesReader.Read.CouldNotAsk couldNotAsk ->
          new Outcome.Done(record(planned, set, call), false);
    };
  }

  private IdentityState record(
      IdentityState planned, UnaryOperator<IdentityState> change, Call call) {
    long version = version(planned.desiredState());
    return rows.change(
        planned,
        // Newer settings that came meanwhile keep their own progress.
        state -> version(state.desiredState()) == version ? change.apply(state) : state,
        new IdentityWriter.Cause(call.by(), call.at(), true, null));
  }

  private static UnaryOperator<IdentityState> attempted(
      Progress.@Nullable State next, @Nullable String error) {
    return state ->
        state.withProgress(
            progress -> progress.attempted(next == null ? progress.state() : next, error));
  }

  /** SES will not take them: what was begun for them is over too. */
  private static UnaryOperator<IdentityState> refused(String words, Instant at) {
    return state -> {
      IdentityState over = state.withHealing(state.healingState().withIntent(null));
      IdentityState after = attempted(Progress.State.REFUSED, words).apply(over);
      DesiredState desiredState = state.desiredState();
      return desiredState != null && desiredState.progress().promised()
          ? Evaluation.notApplied(after, words, at)
          : after;
    };
  }

  private static long version(@Nullable DesiredState desiredState) {
    return desiredState == null ? 0 : desiredState.version();
  }
}
