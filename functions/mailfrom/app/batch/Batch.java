package mailfrom.app.batch;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a batch: what is known of it without its items.
 *
 * @param by the ARN of who sent it
 * @param reason why it was cancelled, stopped or ended early; null when it was not
 * @param size how many items it has
 * @param chunks how many rows hold them
 * @param counts items by state; every state is in it
 * @param refusedInARow how many items SES refused since it took one
 * @param parkedLookedAt when the items that wait for DNS or verification were looked at last
 * @param endedAt null while something is to be done
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 */
public record Batch(
    String id,
    String by,
    Instant createdAt,
    boolean dryRun,
    State state,
    @Nullable String reason,
    int size,
    int chunks,
    Map<BatchItem.State, Integer> counts,
    int refusedInARow,
    @Nullable Instant parkedLookedAt,
    @Nullable Instant endedAt,
    long rowVersion) {

  public Batch {
    Map<BatchItem.State, Integer> all = new EnumMap<>(BatchItem.State.class);
    for (BatchItem.State item : BatchItem.State.values()) {
      all.put(item, counts.getOrDefault(item, 0));
    }
    counts = Collections.unmodifiableMap(all);
  }

  /** How far a batch is. */
  public enum State {
    CHECKING,
    RUNNING,
    DONE,
    /** Somebody cancelled it. */
    CANCELLED,
    /** SES refused too many items in a row. */
    STOPPED
  }

  public boolean isOpen() {
    return endedAt == null;
  }

  /** Whether items may still be checked and handed over. */
  boolean goesOn() {
    return state == State.CHECKING || state == State.RUNNING;
  }

  int count(BatchItem.State of) {
    return counts.getOrDefault(of, 0);
  }

  public Batch with(State newState, @Nullable String why) {
    return like(newState, why, counts, refusedInARow, parkedLookedAt, endedAt, rowVersion);
  }

  Batch withCounts(Map<BatchItem.State, Integer> newCounts) {
    return like(state, reason, newCounts, refusedInARow, parkedLookedAt, endedAt, rowVersion);
  }

  Batch withRefusedInARow(int refused) {
    return like(state, reason, counts, refused, parkedLookedAt, endedAt, rowVersion);
  }

  Batch withParkedLookedAt(Instant at) {
    return like(state, reason, counts, refusedInARow, at, endedAt, rowVersion);
  }

  public Batch ended(Instant at) {
    return like(state, reason, counts, refusedInARow, parkedLookedAt, at, rowVersion);
  }

  public Batch withRowVersion(long version) {
    return like(state, reason, counts, refusedInARow, parkedLookedAt, endedAt, version);
  }

  /** The same batch: what was asked for stays. */
  private Batch like(
      State newState,
      @Nullable String newReason,
      Map<BatchItem.State, Integer> newCounts,
      int newRefusedInARow,
      @Nullable Instant newParkedLookedAt,
      @Nullable Instant newEndedAt,
      long newRowVersion) {
    return new Batch(
        id,
        by,
        createdAt,
        dryRun,
        newState,
        newReason,
        size,
        chunks,
        newCounts,
        newRefusedInARow,
        newParkedLookedAt,
        newEndedAt,
        newRowVersion);
  }
}
