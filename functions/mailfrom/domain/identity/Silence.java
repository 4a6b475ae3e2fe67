package mailfrom.domain.identity;

import java.time.Duration;
import java.time.Instant;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.name.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * A time in which what is known to be bad is not told again. It holds back STARTED, REMINDER,
 * FLAPPING and EARLY_WARNING, and never REJECTED, WORSE or LAST_CHANCE. When it ends, what is still
 * bad and was not told is told then.
 *
 * @param from its first instant
 * @param until its end, not included
 * @param reason why, in the words of who asked for it
 * @param by who asked for it: the caller's ARN
 */
public record Silence(
    String id, Match match, Instant from, Instant until, String reason, String by) {

  /** The longest silence. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /**
   * What is silenced: identities that meet every part. Null parts match all.
   *
   * @param name a {@link NamePattern}
   * @param label {@code name}, or {@code name=value}
   */
  public record Match(
      @Nullable String name,
      @Nullable String region,
      @Nullable String label,
      @Nullable Cause cause) {

    /** Whether an identity is meant, whatever the time. */
    public boolean matches(IdentityState state) {
      return (name == null || NamePattern.of(name).matches(state.key().name()))
          && (region == null || region.equals(state.key().region()))
          && (label == null || hasLabel(state.desired(), label))
          && (cause == null || cause == state.effectState().cause());
    }
  }

  /** Where an instant stands in the time of a silence. */
  public enum State {
    PENDING,
    ACTIVE,
    ENDED
  }

  public State state(Instant at) {
    // A silence cancelled before its start has from == until and never applies.
    if (!at.isBefore(until) || !from.isBefore(until)) {
      return State.ENDED;
    }
    return at.isBefore(from) ? State.PENDING : State.ACTIVE;
  }

  /** Whether an identity is silenced at an instant. */
  public boolean matches(IdentityState state, Instant at) {
    return state(at) == State.ACTIVE && match.matches(state);
  }

  /** The same, ended: now when it holds, and before it began when it does not yet. */
  public Silence ended(Instant now) {
    return switch (state(now)) {
      case PENDING -> new Silence(id, match, from, from, reason, by);
      case ACTIVE -> new Silence(id, match, from, now, reason, by);
      case ENDED -> this;
    };
  }

  /** Whether desired settings carry a label: {@code name}, or {@code name=value}. */
  public static boolean hasLabel(@Nullable Desired desired, String label) {
    if (desired == null) {
      return false;
    }
    String[] parts = label.split("=", 2);
    return parts.length == 1
        ? desired.labels().containsKey(label)
        : parts[1].equals(desired.labels().get(parts[0]));
  }
}
