package mailfrom.app.read;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import mailfrom.app.store.IdentityStore;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;

/** The rows of a Region as a run found them. Who asks for one waits until all are there. */
public final class LoadedIdentities {
  private final String account;
  private final String region;
  private final Runnable untilLoaded;
  private final Map<IdentityName, IdentityState> rows = new ConcurrentHashMap<>();
  private final Queue<IdentityState> misplaced = new ConcurrentLinkedQueue<>();

  /**
   * Makes one that is empty yet.
   *
   * @param untilLoaded returns when the rows of all Regions of the run were loaded, and throws when
   *     they could not be
   */
  public LoadedIdentities(String account, String region, Runnable untilLoaded) {
    this.account = account;
    this.region = region;
    this.untilLoaded = untilLoaded;
  }

  /** Reads them from the table, and notes which MAIL FROM domains are used here. */
  public void load(IdentityStore identities, NamesInUse names) {
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
  }

  /** Those whose rows do not stand in the list of the fleet where they belong. */
  public Collection<IdentityState> misplaced() {
    untilLoaded.run();
    return misplaced;
  }

  public Collection<IdentityState> all() {
    untilLoaded.run();
    return rows.values();
  }

  public Optional<IdentityState> find(IdentityName name) {
    untilLoaded.run();
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
