package mailfrom.app.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** What the settings function does with batches: one method a call of the HTTP API. */
public interface BatchApi {
  /** The items that a batch takes at most. */
  int MAX_ITEMS = 10_000;

  /**
   * What is asked for one identity.
   *
   * @param desired null: adopt what is live
   * @param labels of what is adopted; null: those that it has
   */
  record Ask(IdentityKey key, @Nullable Desired desired, @Nullable Map<String, String> labels) {
    public Ask(IdentityKey key, @Nullable Desired desired) {
      this(key, desired, null);
    }
  }

  /**
   * A batch as it is asked for.
   *
   * @param dryRun checks only
   * @param idempotencyKey the same key and body mean the same request, sent again
   * @param body the request's body as it came
   */
  record Order(List<Ask> items, boolean dryRun, String idempotencyKey, String body) {}

  /** What ordering a batch gave. */
  sealed interface Created {
    /** Recorded, now or by the same request before: watch checks and applies it. */
    record Accepted(Batch batch) implements Created {}

    /** The key came with another body before. */
    record KeyReused() implements Created {}
  }

  Created create(Order order, Caller caller);

  /**
   * A page of a batch's items, and its head.
   *
   * @param byEffect on the first page of one that is over: its identities by what their mail gets
   *     now; null otherwise
   */
  record Page(
      Batch batch,
      @Nullable Map<Effect, Integer> byEffect,
      List<BatchItem> items,
      @Nullable String nextCursor) {}

  /**
   * A batch with a page of its items; empty when there is none of this id.
   *
   * @param states of the items; none: any
   */
  Optional<Page> get(
      String id, Set<BatchItem.State> states, int limit, @Nullable String cursor, Instant now);

  /** A page of batches, without their items. */
  record Heads(List<Batch> batches, @Nullable String nextCursor) {}

  /**
   * The batches that are kept, the newest first.
   *
   * @param states none: any
   */
  Heads list(Set<Batch.State> states, int limit, @Nullable String cursor, Instant now);

  /**
   * Stops what is not handed over yet. Of an ended batch nothing changes. Empty when there is none
   * of this id.
   */
  Optional<Batch> cancel(String id, Caller caller);
}
