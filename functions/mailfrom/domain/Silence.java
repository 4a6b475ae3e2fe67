package mailfrom.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
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
   * @param name a pattern in which * stands for any characters; case does not matter
   * @param label {@code name}, or {@code name=value}
   */
  public record Match(
      @Nullable String name,
      @Nullable String region,
      @Nullable String label,
      @Nullable Cause cause) {

    boolean matches(IdentityState state) {
      return (name == null || likeName(name, state.key().name()))
          && (region == null || region.equals(state.key().region()))
          && (label == null || hasLabel(state.desired(), label))
          && (cause == null || cause == state.standing().cause());
    }

    private static boolean likeName(String pattern, IdentityName name) {
      StringBuilder regex = new StringBuilder();
      for (String part : pattern.split("\\*", -1)) {
        regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
      }
      return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE)
          .matcher(name.value())
          .matches();
    }
  }

  /** Whether an identity is silenced at an instant. */
  public boolean matches(IdentityState state, Instant at) {
    return !at.isBefore(from) && at.isBefore(until) && match.matches(state);
  }

  /** Whether desired settings carry a label: {@code name}, or {@code name=value}. */
  public static boolean hasLabel(@Nullable Desired desired, String label) {
    if (desired == null) {
      return false;
    }
    int equals = label.indexOf('=');
    return equals < 0
        ? desired.labels().containsKey(label)
        : label.substring(equals + 1).equals(desired.labels().get(label.substring(0, equals)));
  }
}
