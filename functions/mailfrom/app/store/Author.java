package mailfrom.app.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changes a row, and when.
 *
 * @param name a caller's ARN, or {@link #WATCH}
 * @param at when, in the time of the event
 * @param saidBy who changed what is seen at SES, as an event said; null: not known
 */
public record Author(String name, Instant at, @Nullable String saidBy) {
  /** This system by itself. */
  public static final String WATCH = "watch";

  /** Somebody who changed settings at SES, and of whom no event told. */
  public static final String SOMEBODY_ELSE = "somebody else";

  /** Who asks for something, or sets it. */
  public static Author of(String name, Instant at) {
    return new Author(name, at, null);
  }

  /** A run of watch. */
  public static Author watch(Instant at) {
    return of(WATCH, at);
  }

  /** A run of watch that an event made, which said who changed something. */
  public static Author watchTold(Instant at, @Nullable String by) {
    return new Author(WATCH, at, by);
  }

  /** The name of watch where it does what somebody asked for. */
  public static String watchFor(String by) {
    return WATCH + " for " + by;
  }
}
