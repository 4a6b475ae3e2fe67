package mailfrom.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.batch.Batch;
import mailfrom.app.batch.BatchApi;
import mailfrom.app.batch.BatchItem;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.Caller;
import org.jspecify.annotations.Nullable;

/** A use case that notes what it was asked and knows one batch. */
final class FakeBatchApi implements BatchApi {
  static final String ID = "b1";

  final List<Order> orders = new ArrayList<>();
  final List<String> cancelled = new ArrayList<>();
  final List<@Nullable String> cursors = new ArrayList<>();
  final List<Set<?>> asked = new ArrayList<>();
  @Nullable Map<Effect, Integer> byEffect;
  boolean keyReused;
  List<BatchItem> items = List.of();
  @Nullable String nextCursor;

  static Batch batch(Batch.State state, int size) {
    boolean ended = state != Batch.State.CHECKING && state != Batch.State.RUNNING;
    return new Batch(
        ID,
        TestEvents.CALLER,
        TestEvents.NOW,
        false,
        state,
        state == Batch.State.CANCELLED ? "Cancelled by somebody." : null,
        size,
        1,
        Map.of(BatchItem.State.CHECKING, size),
        0,
        null,
        ended ? TestEvents.NOW : null,
        1);
  }

  @Override
  public Created create(Order order, Caller caller) {
    orders.add(order);
    return keyReused
        ? new Created.KeyReused()
        : new Created.Accepted(batch(Batch.State.CHECKING, order.items().size()));
  }

  @Override
  public Optional<Page> get(
      String id, Set<BatchItem.State> states, int limit, @Nullable String cursor, Instant now) {
    cursors.add(cursor);
    asked.add(states);
    return id.equals(ID)
        ? Optional.of(
            new Page(batch(Batch.State.RUNNING, items.size()), byEffect, items, nextCursor))
        : Optional.empty();
  }

  @Override
  public Heads list(Set<Batch.State> states, int limit, @Nullable String cursor, Instant now) {
    cursors.add(cursor);
    asked.add(states);
    return new Heads(List.of(batch(Batch.State.DONE, 2)), nextCursor);
  }

  @Override
  public Optional<Batch> cancel(String id, Caller caller) {
    cancelled.add(id);
    return id.equals(ID) ? Optional.of(batch(Batch.State.CANCELLED, 1)) : Optional.empty();
  }
}
