package mailfrom.app.store;

import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What a read of an identity makes of its row: it is decided on and stored, together with its place
 * in the queue of watch apply when something is to be done for it.
 */
public final class IdentityUpdate {
  private final IdentityWriter writer;
  private final HealPolicy policy;

  public IdentityUpdate(IdentityWriter writer, HealPolicy policy) {
    this.writer = writer;
    this.policy = policy;
  }

  /**
   * One read and its circumstances.
   *
   * @param context what the others mean for it
   * @param promotingStopped whether PROMOTE is stopped in its Region
   */
  public record Read(
      Observation seen, EvaluationContext context, boolean promotingStopped, Author author) {}

  /** What becomes of what is to be done. */
  public enum Next {
    /** Whoever reads does it. */
    MINE,
    /** Watch apply does it: the row is queued, unless it heals, which is for the brake to allow. */
    QUEUED,
    /** The same, and it is queued already. */
    IS_QUEUED
  }

  /**
   * What is stored.
   *
   * @param plan what is to be done next
   */
  public record Updated(IdentityState state, Plan plan) {}

  /**
   * Stores what a read gave.
   *
   * @param before the row as it was read, or an unseen one
   * @param start what the step starts from, of a row as it is stored now
   */
  public Updated store(
      IdentityState before, UnaryOperator<IdentityState> start, Read read, Next next) {
    return store(before, start, read, next, false);
  }

  /** The same, queued, and stored even when only its time is new: an event knows it was seen. */
  public Updated note(IdentityState before, UnaryOperator<IdentityState> start, Read read) {
    return store(before, start, read, Next.QUEUED, true);
  }

  private Updated store(
      IdentityState before,
      UnaryOperator<IdentityState> start,
      Read read,
      Next next,
      boolean timeCounts) {
    IdentityState after =
        writer
            .store(
                before,
                fresh -> {
                  IdentityState step =
                      Evaluation.evaluate(
                          start.apply(fresh), read.seen(), read.context(), read.author().saidBy());
                  return Optional.of(
                      new IdentityWriter.Store(step, queueFor(step, read, next), timeCounts));
                },
                read.author())
            .orElseThrow();
    return new Updated(after, plan(after, read));
  }

  private @Nullable Instant queueFor(IdentityState after, Read read, Next next) {
    return switch (next) {
      case MINE, IS_QUEUED -> null;
      case QUEUED -> isForApply(after, plan(after, read)) ? read.author().at() : null;
    };
  }

  /** A restart that was begun is finished; what heals by itself waits for the brake. */
  private static boolean isForApply(IdentityState state, Plan plan) {
    return state.healingState().intent() != null
        || (state.desiredState() != null && plan instanceof Plan.Call call && !call.heals());
  }

  private Plan plan(IdentityState state, Read read) {
    return state.plan(policy, read.promotingStopped(), read.author().at());
  }
}
