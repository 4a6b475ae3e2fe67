package mailfrom.app.batch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.desired.Desired;
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
   */
  record Ask(IdentityKey key, @Nullable Desired desired) {}

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

  /** A page of a batch's items, and its head. */
  record Page(Batch batch, List<BatchItem> items, @Nullable String nextCursor) {}

  /** A batch with a page of its items; empty when there is none of this id. */
  Optional<Page> get(String id, int limit, @Nullable String cursor, Instant now);

  /**
   * Stops what is not handed over yet. Of an ended batch nothing changes. Empty when there is none
   * of this id.
   */
  Optional<Batch> cancel(String id, Caller caller);
}
