package mailfrom.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchChunk;
import mailfrom.app.batch.BatchItem;
import mailfrom.domain.desired.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The batches that are not ended, and one that was asked for, with their progress.
 *
 * @param asked what was asked for by its id; null: nothing was
 * @param found the one of that id; null: there is none
 */
record BatchesModel(List<Progress> open, @Nullable String asked, @Nullable Progress found) {
  private static final int MOST_ITEMS = 50;

  /** How far a batch is. */
  record Progress(
      String id,
      String state,
      String by,
      String created,
      @Nullable String ended,
      @Nullable String reason,
      boolean dryRun,
      int size,
      int done,
      List<Count> counts,
      List<Item> items) {
    Address address() {
      return Address.of(View.BATCHES).with("id", id);
    }

    int percent() {
      return size == 0 ? 100 : (int) (100L * done / size);
    }
  }

  /** So many items are so far. */
  record Count(String state, int count) {}

  /** An item that did not go well. */
  record Item(String identity, String region, String state, String why) {}

  static BatchesModel of(Sources sources, @Nullable String id, Instant now) {
    List<Progress> open = new ArrayList<>();
    for (String one : sources.batches().open()) {
      sources
          .batches()
          .find(one, now)
          .ifPresent(batch -> open.add(progress(batch, List.of(), now)));
    }
    Optional<Progress> found =
        id == null
            ? Optional.empty()
            : sources
                .batches()
                .find(id, now)
                .map(batch -> progress(batch, sources.batches().chunks(batch.id()), now));
    return new BatchesModel(open.reversed(), id, found.orElse(null));
  }

  private static Progress progress(Batch batch, List<BatchChunk> chunks, Instant now) {
    List<Count> counts = new ArrayList<>();
    int done = 0;
    for (BatchItem.State state : BatchItem.State.values()) {
      int count = batch.counts().getOrDefault(state, 0);
      if (count > 0) {
        counts.add(new Count(state.name(), count));
      }
      done += state.isEnd() ? count : 0;
    }
    return new Progress(
        batch.id(),
        Words.of(batch.state()),
        batch.by(),
        "%s, %s".formatted(Texts.at(batch.createdAt()), Texts.distance(now, batch.createdAt())),
        batch.endedAt() == null ? null : Texts.at(batch.endedAt()),
        batch.reason(),
        batch.dryRun(),
        batch.size(),
        done,
        counts,
        items(chunks));
  }

  /** Those that need somebody, and then those that wait. */
  private static List<Item> items(List<BatchChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.items().stream())
        .filter(item -> place(item) < 2)
        .sorted(Comparator.comparingInt(BatchesModel::place).thenComparingInt(BatchItem::index))
        .limit(MOST_ITEMS)
        .map(BatchesModel::item)
        .toList();
  }

  private static int place(BatchItem item) {
    return switch (item.state()) {
      case INVALID, REFUSED -> 0;
      case CHECKING, WAITING -> 1;
      case APPLIED, UNCHANGED, VALID, CANCELLED -> 2;
    };
  }

  private static Item item(BatchItem item) {
    List<String> why = new ArrayList<>(item.broken().stream().map(Problem::message).toList());
    if (item.lastError() != null) {
      why.add(item.lastError());
    }
    return new Item(
        item.key().name().value(),
        item.key().region(),
        item.state().name(),
        Texts.clipped(String.join(" ", why)));
  }
}
