package mailfrom.app.run;

import java.time.Instant;
import java.util.Comparator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import mailfrom.app.store.Author;
import mailfrom.app.store.IdentityUpdate;
import mailfrom.app.store.IdentityWriter;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityName;

/**
 * Who may be healed after a read run: they are queued the worst first, in portions that leave the
 * queue short.
 */
final class HealingQueue {
  /** About as many as watch apply heals in a quarter of an hour. */
  private static final int HEALED_A_RUN = 400;

  private final IdentityWriter rows;
  private final Instant now;
  private final Queue<IdentityState> found = new ConcurrentLinkedQueue<>();

  HealingQueue(IdentityWriter rows, Instant now) {
    this.rows = rows;
    this.now = now;
  }

  /** Takes one that was decided on, when it is to be healed. */
  void add(IdentityUpdate.Updated updated) {
    IdentityState state = updated.state();
    if (state.desiredState() != null
        && state.healingState().intent() == null
        && updated.plan() instanceof Plan.Call call
        && call.heals()) {
      found.add(state);
    }
  }

  int size() {
    return found.size();
  }

  /**
   * Queues a portion.
   *
   * @param queued who is queued already
   */
  void queue(Set<IdentityName> queued) {
    long most =
        HEALED_A_RUN - found.stream().filter(state -> queued.contains(state.key().name())).count();
    found.stream()
        .filter(state -> !queued.contains(state.key().name()))
        .sorted(
            Comparator.comparing(
                    (IdentityState state) -> state.effectState().effect() != Effect.REJECTED)
                .thenComparing(state -> state.effectState().since())
                .thenComparing(state -> state.key().name()))
        .limit(Math.max(most, 0))
        .forEach(state -> rows.changeAndQueue(state, fresh -> fresh, Author.watch(now), now));
  }
}
