package mailfrom.app.store;

import java.time.Instant;
import java.util.function.UnaryOperator;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** Changing a row: decide, write under the condition, and decide again when somebody was faster. */
public final class IdentityWriter {
  private static final int TRIES = 20;

  private final IdentityStore identities;

  public IdentityWriter(IdentityStore identities) {
    this.identities = identities;
  }

  /**
   * Who changes a row, and why.
   *
   * @param settingsAreOurs whether changed live settings come from our own Set
   * @param queuedAt when watch apply got something to do; null: it did not
   * @param settingsBy who changed live settings that are not our own; null: not known
   */
  public record Cause(
      String by,
      Instant at,
      boolean settingsAreOurs,
      @Nullable Instant queuedAt,
      @Nullable String settingsBy) {

    public Cause(String by, Instant at, boolean settingsAreOurs, @Nullable Instant queuedAt) {
      this(by, at, settingsAreOurs, queuedAt, null);
    }

    String whoSet() {
      return settingsAreOurs ? by : settingsBy == null ? History.SOMEBODY_ELSE : settingsBy;
    }
  }

  /**
   * Applies a change to a row and stores it.
   *
   * @param start the row as it was read, or an unseen one
   * @param change a pure function: it may be applied several times, to newer rows, also to that of
   *     an identity that was deleted meanwhile
   * @return what is stored; {@code start} itself when nothing changed
   */
  public IdentityState change(
      IdentityState start, UnaryOperator<IdentityState> change, Cause cause) {
    return change(start, change, cause, false);
  }

  /** The same, and stored even when only the time of the look is another one. */
  public IdentityState note(IdentityState start, UnaryOperator<IdentityState> change, Cause cause) {
    return change(start, change, cause, true);
  }

  private IdentityState change(
      IdentityState start, UnaryOperator<IdentityState> change, Cause cause, boolean timeCounts) {
    IdentityState before = start;
    for (int i = 0; i < TRIES; i++) {
      IdentityState after = change.apply(before);
      boolean same = timeCounts ? before.equals(after) : isSame(before, after);
      if (same && cause.queuedAt() == null) {
        return after;
      }
      var history = History.between(before, after, cause.by(), cause.whoSet(), cause.at());
      switch (identities.save(after, history, cause.queuedAt())) {
        case IdentityStore.Saved.Stored(IdentityState stored) -> {
          return stored;
        }
        case IdentityStore.Saved.Conflict conflict -> before = fresh(start.key());
      }
    }
    throw new IllegalStateException("others kept writing the row of " + start.key());
  }

  /** The row; what was deleted at SES is not known any more. */
  public IdentityState known(IdentityKey key) {
    return fresh(key).ifNotGone();
  }

  public IdentityState fresh(IdentityKey key) {
    return identities.find(key).orElseGet(() -> IdentityState.unseen(key));
  }

  /** Only the time of the look differs: that is not worth a write. */
  public static boolean isSame(IdentityState before, IdentityState after) {
    return before.equals(after)
        || (before.rowVersion() > 0
            && before.equals(after.withSesView(before.sesView()))
            && before.sesView().sameExceptTime(after.sesView()));
  }
}
