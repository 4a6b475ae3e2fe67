package mailfrom.app.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changes a row, and when.
 *
 * @param name a caller's ARN, or {@link #WATCH}
 * @param at when, in the time of the event
 * @param isSetting whether changed live settings are this author's own Set
 * @param saidBy who changed live settings that are not our own, as an event said; null: not known
 */
public record Author(String name, Instant at, boolean isSetting, @Nullable String saidBy) {
  /** This system by itself. */
  public static final String WATCH = "watch";

  /** Somebody who changed settings at SES, and of whom no event told. */
  public static final String SOMEBODY_ELSE = "somebody else";

  /** Who asks for something. */
  public static Author of(String name, Instant at) {
    return new Author(name, at, false, null);
  }

  /** A run of watch. */
  public static Author watch(Instant at) {
    return of(WATCH, at);
  }

  /** Who sets at SES just now. */
  public static Author setting(String name, Instant at) {
    return new Author(name, at, true, null);
  }

  /** A run of watch that an event made, which said who changed something. */
  public static Author watchTold(Instant at, @Nullable String by) {
    return new Author(WATCH, at, false, by);
  }

  /** Whose doing it is that live settings changed. */
  String ofSettings() {
    return isSetting ? name : saidBy == null ? SOMEBODY_ELSE : saidBy;
  }
}
