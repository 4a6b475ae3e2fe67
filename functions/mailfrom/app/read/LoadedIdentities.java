package mailfrom.app.read;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import mailfrom.app.pace.Interrupted;
import mailfrom.app.pace.Tasks;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/**
 * The rows of a Region as a run found them. Who asks for one waits until all are there, and has
 * them loaded if nobody had before.
 */
public final class LoadedIdentities {
  private final String account;
  private final String region;
  private final Runnable begin;
  private final CompletableFuture<Boolean> loaded = new CompletableFuture<>();
  private final Map<IdentityName, IdentityState> rows = new ConcurrentHashMap<>();
  private final Queue<IdentityState> misplaced = new ConcurrentLinkedQueue<>();

  /**
   * Makes one that is empty yet.
   *
   * @param begin has the rows of all Regions loaded; called again, it does nothing
   */
  public LoadedIdentities(String account, String region, Runnable begin) {
    this.account = account;
    this.region = region;
    this.begin = begin;
  }

  public String region() {
    return region;
  }

  /**
   * Loads those of several Regions, one after the other: who waits for a Region goes on as soon as
   * that one is loaded, and learns why when it could not be.
   */
  public static void loadAll(
      List<LoadedIdentities> regions, IdentityStore identities, NamesInUse names) {
    try {
      regions.forEach(one -> one.load(identities, names));
    } catch (Throwable e) {
      regions.forEach(one -> one.loaded.completeExceptionally(e));
      throw e;
    }
  }

  /** Reads them from the table, and notes which MAIL FROM domains are used here. */
  private void load(IdentityStore identities, NamesInUse names) {
    try (var stored = identities.rows(region)) {
      stored.forEach(
          row -> {
            IdentityState state = row.state();
            rows.put(state.key().name(), state);
            if (!row.isInPlace()) {
              misplaced.add(state);
            }
            state.nameToLookAt().ifPresent(name -> names.add(name, region));
          });
    }
    loaded.complete(true);
  }

  /** Has them loaded: they are wanted soon. */
  void begin() {
    begin.run();
  }

  private void awaitLoaded() {
    begin();
    try {
      boolean _ = loaded.get();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    } catch (ExecutionException e) {
      throw new Tasks.TaskFailed(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  /** Those whose rows do not stand in the list of the fleet where they belong. */
  public Collection<IdentityState> misplaced() {
    awaitLoaded();
    return misplaced;
  }

  public Collection<IdentityState> all() {
    awaitLoaded();
    return rows.values();
  }

  public Optional<IdentityState> find(IdentityName name) {
    awaitLoaded();
    return Optional.ofNullable(rows.get(name));
  }

  /**
   * What is known of an identity. One that was deleted and is back is somebody else's now, and gets
   * none of its old settings.
   */
  public IdentityState known(IdentityName name) {
    return find(name)
        .map(IdentityState::ifNotGone)
        .orElseGet(() -> IdentityState.unseen(new IdentityKey(account, region, name)));
  }
}
