package mailfrom.app.batch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mailfrom.app.settings.ManagedPatterns;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Problem;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** What the settings function does with batches: records them, shows them and cancels them. */
public final class BatchService implements BatchApi {
  /** How many of an identity's items a conflict names. */
  private static final int PLACES = 10;

  /** A row is to stay below 32 KB, with a violation for each of its items. */
  private static final int CHUNK = 32 * 1024;

  private static final int ITEM = 700;
  private static final int TRIES = 20;

  private final BatchStore batches;
  private final IdentityStore identities;
  private final Supplier<ManagedPatterns> managed;
  private final Supplier<String> ids;

  /**
   * Wires the use case.
   *
   * @param managed which identities may be changed now
   * @param ids makes the id of a new batch, one that nobody guesses
   */
  public BatchService(
      BatchStore batches,
      IdentityStore identities,
      Supplier<ManagedPatterns> managed,
      Supplier<String> ids) {
    this.batches = batches;
    this.identities = identities;
    this.managed = managed;
    this.ids = ids;
  }

  @Override
  public Created create(Order order, Caller caller) {
    String content = Notice.hash(order.dryRun() + "\n" + order.body());
    Optional<Created> known = known(order.idempotencyKey(), content, caller.at());
    if (known.isPresent()) {
      return known.get();
    }
    String id = ids.get();
    List<BatchItem> items = items(order.items());
    List<BatchChunk> chunks = chunks(id, items);
    Map<BatchItem.State, Integer> counts = new HashMap<>();
    items.forEach(item -> counts.merge(item.state(), 1, Integer::sum));
    Batch head =
        new Batch(
            id,
            caller.arn(),
            caller.at(),
            order.dryRun(),
            Batch.State.CHECKING,
            null,
            items.size(),
            chunks.size(),
            counts,
            0,
            null,
            null,
            0);
    try {
      return switch (batches.create(
          head, chunks, new BatchStore.Request(order.idempotencyKey(), content))) {
        case BatchStore.Created.Stored stored -> new Created.Accepted(head);
        case BatchStore.Created.Taken taken ->
            known(order.idempotencyKey(), content, caller.at())
                .orElseThrow(() -> new IllegalStateException("a taken key that nobody has"));
      };
    } catch (RuntimeException e) {
      // A write that was not answered may have taken effect.
      return known(order.idempotencyKey(), content, caller.at()).orElseThrow(() -> e);
    }
  }

  private Optional<Created> known(String key, String content, Instant now) {
    return batches
        .first(key, now)
        .map(
            first ->
                first.content().equals(content)
                    ? new Created.Accepted(first.batch())
                    : new Created.KeyReused());
  }

  /** What can be said of the items by themselves: conflicts, twins, and who is not managed. */
  private List<BatchItem> items(List<Ask> asks) {
    ManagedPatterns mayBeChanged = managed.get();
    Map<IdentityKey, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < asks.size(); i++) {
      places.computeIfAbsent(asks.get(i).key(), key -> new ArrayList<>()).add(i);
    }
    BatchItem[] items = new BatchItem[asks.size()];
    places.forEach(
        (key, same) -> {
          Optional<Problem> wrong = wrong(key, same, asks, mayBeChanged);
          for (int i : same) {
            BatchItem item = BatchItem.unchecked(i, asks.get(i));
            items[i] =
                wrong
                    .map(problem -> item.invalid(List.of(problem)))
                    .orElseGet(() -> i == same.getFirst() ? item : item.asTwinOf(same.getFirst()));
          }
        });
    return List.of(items);
  }

  /** Why no item of an identity can be taken; empty when they can. */
  private static Optional<Problem> wrong(
      IdentityKey key, List<Integer> places, List<Ask> asks, ManagedPatterns mayBeChanged) {
    if (!mayBeChanged.allows(key.name())) {
      return Optional.of(
          Problem.of(
              BatchItem.Invalid.NOT_MANAGED,
              "This installation may read this identity and not change it. Leave it out, or have it"
                  + " named in the parameters ManagedAllow and ManagedDeny."));
    }
    return places.stream().map(asks::get).distinct().count() == 1
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                BatchItem.Invalid.CONFLICTING_ITEMS,
                "The items %s ask different things for this identity. Keep one of them."
                    .formatted(some(places))));
  }

  /** The first places; each item has the text, so it stays short. */
  private static String some(List<Integer> places) {
    int more = places.size() - PLACES;
    return more <= 0
        ? places.toString()
        : "%s and %d more".formatted(places.subList(0, PLACES), more);
  }

  private static List<BatchChunk> chunks(String id, List<BatchItem> items) {
    List<BatchChunk> chunks = new ArrayList<>();
    List<BatchItem> some = new ArrayList<>();
    int weight = 0;
    for (BatchItem item : items) {
      int more = weight(item);
      if (!some.isEmpty() && weight + more > CHUNK) {
        chunks.add(new BatchChunk(id, chunks.size(), some, 0));
        some = new ArrayList<>();
        weight = 0;
      }
      some.add(item);
      weight += more;
    }
    if (!some.isEmpty()) {
      chunks.add(new BatchChunk(id, chunks.size(), some, 0));
    }
    return chunks;
  }

  /** Names come again in messages. Text that is not ASCII has up to three bytes a character. */
  private static int weight(BatchItem item) {
    int names = item.key().name().value().length();
    Desired desired = item.desired();
    Map<String, String> labels =
        desired != null ? desired.labels() : item.labels() != null ? item.labels() : Map.of();
    if (desired != null) {
      DomainName domain = desired.settings().mailFromDomain();
      names += domain == null ? 0 : domain.value().length();
    }
    int more = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      more += label.getKey().length() + 3 * label.getValue().length() + 6;
    }
    return ITEM + 3 * names + more;
  }

  @Override
  public Heads list(Set<Batch.State> states, int limit, @Nullable String cursor, Instant now) {
    List<Batch> found = new ArrayList<>();
    String next = cursor;
    do {
      BatchStore.Listed some = batches.list(limit - found.size(), next, now);
      some.heads().stream()
          .filter(head -> states.isEmpty() || states.contains(head.state()))
          .forEach(found::add);
      next = some.next();
    } while (next != null && found.size() < limit);
    return new Heads(found, next);
  }

  @Override
  public Optional<Page> get(
      String id, Set<BatchItem.State> states, int limit, @Nullable String cursor, Instant now) {
    return batches
        .find(id, now)
        .map(
            head ->
                page(
                    head,
                    cursor == null && !head.isOpen() && !head.dryRun() ? byEffect(head) : null,
                    states,
                    limit,
                    Place.of(cursor)));
  }

  /** What the mail of a batch's identities gets now. */
  private Map<Effect, Integer> byEffect(Batch head) {
    Set<IdentityKey> keys =
        batches.chunks(head.id()).stream()
            .flatMap(chunk -> chunk.items().stream())
            .map(BatchItem::key)
            .collect(Collectors.toSet());
    Map<Effect, Integer> counts = new EnumMap<>(Effect.class);
    for (String region : keys.stream().map(IdentityKey::region).collect(Collectors.toSet())) {
      try (Stream<IdentityState> rows = identities.ofRegion(region)) {
        rows.filter(row -> keys.contains(row.key()) && row.wasSeen() && !row.isGone())
            .forEach(row -> counts.merge(row.effectState().effect(), 1, Integer::sum));
      }
    }
    return counts;
  }

  private Page page(
      Batch head,
      @Nullable Map<Effect, Integer> byEffect,
      Set<BatchItem.State> states,
      int limit,
      Place from) {
    List<BatchItem> items = new ArrayList<>();
    for (int number = from.chunk(); number < head.chunks(); number++) {
      List<BatchItem> chunk =
          batches.chunk(head.id(), number).map(BatchChunk::items).orElse(List.of());
      int skipped = number == from.chunk() ? from.item() : 0;
      for (int i = skipped; i < chunk.size(); i++) {
        if (states.isEmpty() || states.contains(chunk.get(i).state())) {
          if (items.size() == limit) {
            return new Page(head, byEffect, items, new Place(number, i).text());
          }
          items.add(chunk.get(i));
        }
      }
    }
    return new Page(head, byEffect, items, null);
  }

  /** Where a page begins. Chunks keep their items, so it stays the same place. */
  private record Place(int chunk, int item) {
    String text() {
      return chunk + "." + item;
    }

    /** A cursor that we did not make shows the first page. */
    static Place of(@Nullable String cursor) {
      if (cursor == null || !cursor.matches("[0-9]{1,5}\\.[0-9]{1,5}")) {
        return new Place(0, 0);
      }
      int dot = cursor.indexOf('.');
      return new Place(
          Integer.parseInt(cursor.substring(0, dot)), Integer.parseInt(cursor.substring(dot + 1)));
    }
  }

  @Override
  public Optional<Batch> cancel(String id, Caller caller) {
    for (int i = 0; i < TRIES; i++) {
      Optional<BatchWork> found = BatchWork.load(batches, id, caller.at());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      BatchWork work = found.get();
      if (work.head().isOpen() && work.head().goesOn()) {
        work.change(
            head -> head.with(Batch.State.CANCELLED, "Cancelled by %s.".formatted(caller.arn())));
      }
      // First the head alone: from now on nobody hands over what is not handed over yet.
      boolean saved =
          !work.head().isOpen()
              || (work.save()
                  && work.cancelUnsent("The batch was cancelled before its turn came.")
                  && work.endIfDone(caller.at()));
      if (saved) {
        return Optional.of(work.head());
      }
    }
    throw new IllegalStateException("others kept writing the batch " + id);
  }
}
