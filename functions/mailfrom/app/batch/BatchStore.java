package mailfrom.app.batch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored batches: a head each, and its items in chunks. The head is written last: a batch
 * without it does not exist. Ended ones are kept for a while.
 */
public interface BatchStore {

  /**
   * What a request was, so that it can be told again.
   *
   * @param key its Idempotency-Key
   * @param content a hash of what it asked for
   */
  record Request(String key, String content) {}

  /**
   * The first request with a key, and what it was answered.
   *
   * @param batch the head as it was stored first
   */
  record First(String content, Batch batch) {}

  /** The first request with a key; empty when there was none, or long ago. */
  Optional<First> first(String key, Instant now);

  /** What storing a new batch gave. */
  sealed interface Created {
    record Stored() implements Created {}

    /** Another request with the same key was faster: nothing of this one exists. */
    record Taken() implements Created {}
  }

  /** Stores a new batch: its chunks, then at once its head, its being open and its request. */
  Created create(Batch head, List<BatchChunk> chunks, Request request);

  Optional<Batch> find(String id, Instant now);

  /** Some of those that are kept, and where the next ones begin; null: there are no more. */
  record Listed(List<Batch> heads, @Nullable String next) {}

  /**
   * Those that are kept, the newest first.
   *
   * @param limit how many are looked at
   * @param from where they begin: what {@link Listed} had; null: with the newest
   */
  Listed list(int limit, @Nullable String from, Instant now);

  /** The ids of those that are not ended, oldest first. */
  List<String> open();

  /** All chunks of a batch, in order. */
  List<BatchChunk> chunks(String id);

  Optional<BatchChunk> chunk(String id, int number);

  /**
   * Stores the next state of a head and, when given, of one chunk, if the rows are still of their
   * {@code rowVersion}; all or nothing. Each version counts up by one. An ended head is not open
   * any more.
   *
   * @return false: somebody else wrote in between; read again and decide again
   */
  boolean save(Batch head, @Nullable BatchChunk chunk);
}
