package mailfrom.app.batch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One batch while it is worked on: its items in memory, saved chunk by chunk together with the
 * head, so that the counts are always those of the items.
 */
final class BatchWork {
  private final BatchStore batches;
  private final List<BatchChunk> stored;
  private final List<BatchItem> items = new ArrayList<>();
  private final List<Integer> chunkOf = new ArrayList<>();
  private final SortedSet<Integer> changed = new TreeSet<>();
  private Batch head;
  private boolean headChanged;

  private BatchWork(BatchStore batches, Batch head, List<BatchChunk> chunks) {
    this.batches = batches;
    this.head = head;
    this.stored = new ArrayList<>(chunks);
    for (BatchChunk chunk : chunks) {
      for (BatchItem item : chunk.items()) {
        items.add(item);
        chunkOf.add(chunk.number());
      }
    }
  }

  static Optional<BatchWork> load(BatchStore batches, String id, Instant now) {
    return batches.find(id, now).map(head -> new BatchWork(batches, head, batches.chunks(id)));
  }

  Batch head() {
    return head;
  }

  int chunks() {
    return stored.size();
  }

  BatchItem item(int index) {
    return items.get(index);
  }

  List<BatchItem> items(Predicate<BatchItem> which) {
    return items.stream().filter(which).toList();
  }

  List<BatchItem> itemsOf(int chunk, Predicate<BatchItem> which) {
    return stored.get(chunk).items().stream()
        .map(item -> items.get(item.index()))
        .filter(which)
        .toList();
  }

  void put(BatchItem item) {
    if (!item.equals(items.get(item.index()))) {
      items.set(item.index(), item);
      changed.add(chunkOf.get(item.index()));
    }
  }

  void change(UnaryOperator<Batch> change) {
    Batch after = change.apply(head);
    headChanged |= !after.equals(head);
    head = after;
  }

  /**
   * Saves what changed.
   *
   * @return false: somebody else wrote the batch, and this work is to be given up
   */
  boolean save() {
    while (!changed.isEmpty()) {
      int number = changed.first();
      BatchChunk before = stored.get(number);
      BatchChunk after =
          new BatchChunk(
              before.batch(), number, itemsOf(number, item -> true), before.rowVersion());
      Map<BatchItem.State, Integer> counts = new EnumMap<>(head.counts());
      before.items().forEach(item -> counts.merge(item.state(), -1, Integer::sum));
      after.items().forEach(item -> counts.merge(item.state(), 1, Integer::sum));
      Batch next = head.withCounts(counts);
      if (!batches.save(next, after)) {
        return false;
      }
      head = next.withRowVersion(next.rowVersion() + 1);
      headChanged = false;
      stored.set(number, after.withRowVersion(after.rowVersion() + 1));
      changed.remove(number);
    }
    if (headChanged) {
      if (!batches.save(head, null)) {
        return false;
      }
      head = head.withRowVersion(head.rowVersion() + 1);
      headChanged = false;
    }
    return true;
  }

  /** What is not handed over is not handed over any more. */
  boolean cancelUnsent(@Nullable String why) {
    items(BatchItem::isUnsent).forEach(item -> put(item.with(BatchItem.State.CANCELLED, why)));
    return twins();
  }

  /** Gives each twin what its first item has. */
  boolean twins() {
    for (BatchItem twin : items(item -> item.twinOf() != null && !item.state().isEnd())) {
      Integer first = twin.twinOf();
      if (first != null) {
        put(twin.like(items.get(first)));
      }
    }
    return save();
  }

  /** Ends the batch when nothing is to be done any more. */
  boolean endIfDone(Instant now) {
    boolean done =
        head.count(BatchItem.State.CHECKING) == 0 && head.count(BatchItem.State.WAITING) == 0;
    return !done || end(now, head.reason());
  }

  boolean end(Instant now, @Nullable String why) {
    change(batch -> (batch.goesOn() ? batch.with(Batch.State.DONE, why) : batch).ended(now));
    return save();
  }
}
