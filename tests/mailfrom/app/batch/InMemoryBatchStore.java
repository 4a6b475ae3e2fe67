package mailfrom.app.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Batches in memory, with the conditions and the expiry of the table. */
public final class InMemoryBatchStore implements BatchStore {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Map<String, First> firsts = new HashMap<>();
  private final Map<String, Batch> heads = new LinkedHashMap<>();
  private final Map<String, TreeMap<Integer, BatchChunk>> chunks = new HashMap<>();

  @Override
  public synchronized Optional<First> first(String key, Instant now) {
    return Optional.ofNullable(firsts.get(key))
        .filter(first -> isKept(first.batch().createdAt(), now));
  }

  @Override
  public synchronized Created create(Batch head, List<BatchChunk> parts, Request request) {
    if (first(request.key(), head.createdAt()).isPresent()) {
      return new Created.Taken();
    }
    TreeMap<Integer, BatchChunk> stored = new TreeMap<>();
    parts.forEach(chunk -> stored.put(chunk.number(), chunk.withRowVersion(1)));
    chunks.put(head.id(), stored);
    firsts.put(request.key(), new First(request.content(), head));
    heads.put(head.id(), head.withRowVersion(1));
    return new Created.Stored();
  }

  @Override
  public synchronized Optional<Batch> find(String id, Instant now) {
    return Optional.ofNullable(heads.get(id)).filter(head -> isKept(head.endedAt(), now));
  }

  private static boolean isKept(@Nullable Instant since, Instant now) {
    return since == null || now.isBefore(since.plus(KEPT));
  }

  @Override
  public synchronized Listed list(int limit, @Nullable String from, Instant now) {
    TreeMap<String, Batch> rest = new TreeMap<>();
    heads.values().forEach(head -> rest.put(head.createdAt() + "#" + head.id(), head));
    if (from != null) {
      rest.tailMap(from, true).clear();
    }
    List<String> page = rest.descendingKeySet().stream().limit(limit).toList();
    return new Listed(
        page.stream().map(rest::get).filter(head -> isKept(head.endedAt(), now)).toList(),
        page.size() < rest.size() ? page.getLast() : null);
  }

  @Override
  public synchronized List<String> open() {
    return heads.values().stream()
        .filter(Batch::isOpen)
        .sorted(Comparator.comparing(Batch::createdAt).thenComparing(Batch::id))
        .map(Batch::id)
        .toList();
  }

  @Override
  public synchronized List<BatchChunk> chunks(String id) {
    return List.copyOf(chunks.getOrDefault(id, new TreeMap<>()).values());
  }

  @Override
  public synchronized Optional<BatchChunk> chunk(String id, int number) {
    return Optional.ofNullable(chunks.getOrDefault(id, new TreeMap<>()).get(number));
  }

  @Override
  public synchronized boolean save(Batch head, @Nullable BatchChunk chunk) {
    Batch stored = heads.get(head.id());
    if (stored == null || stored.rowVersion() != head.rowVersion()) {
      return false;
    }
    if (chunk != null) {
      TreeMap<Integer, BatchChunk> parts = chunks.getOrDefault(head.id(), new TreeMap<>());
      BatchChunk before = parts.get(chunk.number());
      if (before == null || before.rowVersion() != chunk.rowVersion()) {
        return false;
      }
      parts.put(chunk.number(), chunk.withRowVersion(chunk.rowVersion() + 1));
    }
    heads.put(head.id(), head.withRowVersion(head.rowVersion() + 1));
    return true;
  }
}
