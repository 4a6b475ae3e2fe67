package mailfrom.app.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.app.fleet.FleetPlace;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** The stored identities: one row each, written under a condition, together with its history. */
public interface IdentityStore {

  Optional<IdentityState> find(IdentityKey key);

  /** Those of some identities that are stored, in no order; as they were moments ago. */
  List<IdentityState> findAll(Collection<IdentityKey> keys);

  /** All identities of a Region, in no order. */
  default Stream<IdentityState> ofRegion(String region) {
    return rows(region).map(Row::state);
  }

  /** The rows of a Region, in no order. */
  Stream<Row> rows(String region);

  /**
   * A row.
   *
   * @param isInPlace whether it stands in the list of the fleet where its state belongs: a row that
   *     another version of this program wrote may not, until it is stored again
   */
  record Row(IdentityState state, boolean isInPlace) {}

  /**
   * A part of the list of a Region, in its order, as it was moments ago. It may have places of
   * identities that do not match, and has all that do.
   *
   * @param from the first order that counts; what the last place's {@code next()} says goes on
   * @param atLeast fewer than that are all that are left, unless too many were to be looked at
   * @param most so many are looked at, about
   */
  Places places(String region, FleetFilter filter, String from, int atLeast, int most);

  /**
   * A part of a list.
   *
   * @param lookedAt how many were looked at, of which these may match
   * @param stoppedAt the last one that was looked at, when there were too many; null: enough match,
   *     or these are all that are left
   */
  record Places(List<FleetPlace> list, int lookedAt, @Nullable FleetPlace stoppedAt) {
    public Places {
      list = List.copyOf(list);
    }
  }

  /**
   * The identities of a Region's fleet that are a domain, below it, or addresses at either, as they
   * were moments ago.
   */
  List<IdentityState> atOrBelow(String region, DomainName domain);

  /** What a write gave. */
  sealed interface Saved {
    /** Stored: the state with its new row version. */
    record Stored(IdentityState state) implements Saved {}

    /** Somebody else wrote the row since it was read: read it again and decide again. */
    record Conflict() implements Saved {}
  }

  /**
   * Stores a state if the row is still of {@code state.rowVersion()}, with its history entries and
   * its place in the Region's work queue, all or nothing. A write that was retried and had already
   * succeeded counts as stored.
   *
   * @param queuedAt when watch apply got something to do for it; null: it has nothing new to do
   */
  Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt);

  /** Forgets a row that is still of {@code state.rowVersion()}. */
  Saved forget(IdentityState state);

  /** What waits for watch apply in a Region, oldest first. */
  List<Queued> queued(String region);

  /**
   * An identity that watch apply has something to do for.
   *
   * @param since from when on watch apply acts; who queued it may act until then
   */
  record Queued(IdentityKey key, Instant since) {}

  /** Takes an identity out of the queue, unless it was queued again since. */
  void unqueue(Queued item);

  /** A page of history, newest first. */
  HistoryPage history(IdentityKey key, int limit, @Nullable String cursor, Instant now);

  /** A page of history. */
  record HistoryPage(List<HistoryEntry> items, @Nullable String nextCursor) {}
}
