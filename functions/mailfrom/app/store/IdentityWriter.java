package mailfrom.app.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** Changing a row: decide, write under the condition, and decide again when somebody was faster. */
public final class IdentityWriter {
  private static final int TRIES = 20;

  private final IdentityStore identities;
  private final Runnable beforeWrite;

  public IdentityWriter(IdentityStore identities) {
    this(identities, () -> {});
  }

  /**
   * Makes one whose writes wait.
   *
   * @param beforeWrite returns when the next row may be written
   */
  public IdentityWriter(IdentityStore identities, Runnable beforeWrite) {
    this.identities = identities;
    this.beforeWrite = beforeWrite;
  }

  /**
   * What a change wants stored.
   *
   * @param queueFor from when on watch apply has something to do for it; null: nothing new. The row
   *     is stored with it, even if it is the same
   * @param timeCounts whether it is stored even when only the time of the look is another one
   */
  public record Store(IdentityState next, @Nullable Instant queueFor, boolean timeCounts) {

    /** Stores a state, unless it is the same. */
    public static Store of(IdentityState next) {
      return new Store(next, null, false);
    }

    private boolean isWorthAWrite(IdentityState before) {
      return queueFor != null || (timeCounts ? !before.equals(next) : !isSame(before, next));
    }
  }

  /**
   * Applies a change to a row and stores it, unless only the time of the look is another one.
   *
   * @param start the row as it was read, or an unseen one
   * @param change a pure function: it may be applied several times, to newer rows, also to that of
   *     an identity that was deleted meanwhile
   * @return what is stored; the change's result when that was not worth a write
   */
  public IdentityState change(
      IdentityState start, UnaryOperator<IdentityState> change, Author author) {
    return store(start, before -> Optional.of(Store.of(change.apply(before))), author)
        .orElseThrow();
  }

  /** The same, and in the queue of watch apply from an instant on. */
  public IdentityState changeAndQueue(
      IdentityState start, UnaryOperator<IdentityState> change, Author author, Instant queueFor) {
    return store(
            start, before -> Optional.of(new Store(change.apply(before), queueFor, false)), author)
        .orElseThrow();
  }

  /** The same as {@link #change}, and stored even when only the time of the look differs. */
  public IdentityState note(
      IdentityState start, UnaryOperator<IdentityState> change, Author author) {
    return store(start, before -> Optional.of(new Store(change.apply(before), null, true)), author)
        .orElseThrow();
  }

  /**
   * Stores what a change wants stored.
   *
   * @param change gives nothing when nothing is to be written, whatever else was asked for
   * @return what is stored; nothing when the change wanted nothing
   */
  public Optional<IdentityState> store(
      IdentityState start, Function<IdentityState, Optional<Store>> change, Author author) {
    IdentityState before = start;
    for (int i = 0; i < TRIES; i++) {
      Optional<Store> wanted = change.apply(before);
      if (wanted.isEmpty()) {
        return Optional.empty();
      }
      IdentityState after = wanted.get().next();
      if (!wanted.get().isWorthAWrite(before)) {
        // The same as the result, and made of the row's own parts: a run keeps both of each row.
        return Optional.of(before.withSesView(before.sesView().readAt(after.sesView().asOf())));
      }
      beforeWrite.run();
      switch (identities.save(
          after, History.between(before, after, author), wanted.get().queueFor())) {
        case IdentityStore.Saved.Stored(IdentityState stored) -> {
          return Optional.of(stored);
        }
        case IdentityStore.Saved.Conflict _ -> before = fresh(start.key());
      }
    }
    throw new IllegalStateException("others kept writing the row of " + start.key());
  }

  /** Stores a row as it is; what is stored, if somebody was faster. */
  public IdentityState again(IdentityState row) {
    beforeWrite.run();
    return switch (identities.save(row, List.of(), null)) {
      case IdentityStore.Saved.Stored(IdentityState stored) -> stored;
      case IdentityStore.Saved.Conflict _ -> fresh(row.key());
    };
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
