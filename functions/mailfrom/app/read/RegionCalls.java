package mailfrom.app.read;

import java.time.Duration;
import java.util.Optional;
import mailfrom.app.pace.CallResult;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.Lease;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.SesOperation;
import org.jspecify.annotations.Nullable;

/**
 * A run's reading calls to SES in one Region: each is tried again while that may help, and what
 * they say of the whole Region is kept.
 */
public final class RegionCalls {
  private static final Duration WAIT_FOR_SLOT = Duration.ofSeconds(10);

  private final SesReader reader;
  private final MachineClock clock;
  private final String region;
  private final Lease lease;
  private final Deadline stop;
  private volatile @Nullable Unreachable unreachable;
  private volatile boolean batchWithoutAnswer;
  private volatile boolean lost;

  RegionCalls(SesReader reader, MachineClock clock, String region, Lease lease, Deadline stop) {
    this.reader = reader;
    this.clock = clock;
    this.region = region;
    this.lease = lease;
    this.stop = stop;
  }

  /**
   * A Region in which nobody can be asked.
   *
   * @param why in SES's own words, or those of the way to it
   */
  public record Unreachable(CallResult.Kind kind, String why) {}

  /** Why nobody can be asked in this Region; empty when somebody can. */
  Optional<Unreachable> unreachable() {
    return Optional.ofNullable(unreachable);
  }

  /** Whether SES answered for none of a whole batch. */
  boolean hadBatchWithoutAnswer() {
    return batchWithoutAnswer;
  }

  /** Asks while there is time, the lease is held, and somebody can be asked in this Region. */
  <T> Optional<T> asked(SesOperation operation, SesReader.Call<T> call) {
    while (unreachable == null && !stop.isOver() && keeps()) {
      Deadline window = stop.orIn(WAIT_FOR_SLOT);
      switch (reader.ask(region, operation, window, call)) {
        case CallResult.Answered<T>(T value) -> {
          return Optional.of(value);
        }
        case CallResult.NotAnswered<T>(CallResult.Kind kind, String why) -> {
          if (kind.isOfRegion() && operation == SesOperation.LIST_IDENTITIES) {
            unreachable = new Unreachable(kind, why);
          }
          if (kind == CallResult.Kind.FAILED || kind.isOfRegion()) {
            return Optional.empty();
          }
          // No slot is free within the window: others have them all.
          clock.sleepUntil(window.at());
        }
      }
    }
    return Optional.empty();
  }

  private boolean keeps() {
    boolean kept = lease.keep();
    if (!kept) {
      lost = true;
    }
    return kept;
  }

  /** Whether somebody was not asked because another run has the Region now. */
  boolean isLost() {
    return lost;
  }

  /** Asks once, whoever else may be asked. */
  <T> Optional<T> askedOnce(SesOperation operation, SesReader.Call<T> call) {
    return reader.ask(region, operation, stop.orIn(WAIT_FOR_SLOT), 1, call)
            instanceof CallResult.Answered<T>(T value)
        ? Optional.of(value)
        : Optional.empty();
  }

  interface Check<T> {
    boolean of(T answer);
  }

  /** An answer about none of those that were asked for is a broken one. */
  <T> CallResult<T> someAnswered(CallResult<T> result, Check<T> hasSome) {
    if (result instanceof CallResult.Answered<T>(T answer) && !hasSome.of(answer)) {
      batchWithoutAnswer = true;
      return new CallResult.NotAnswered<>(
          CallResult.Kind.FAILED, "SES's answer has none of those that were asked for");
    }
    return result;
  }
}
