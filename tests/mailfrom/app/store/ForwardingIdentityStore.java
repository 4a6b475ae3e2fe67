package mailfrom.app.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mailfrom.app.fleet.FleetFilter;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/** Identities that hand every call on, for doubles that change or watch one of them. */
public class ForwardingIdentityStore implements IdentityStore {
  private final IdentityStore to;

  public ForwardingIdentityStore(IdentityStore to) {
    this.to = to;
  }

  @Override
  public Optional<IdentityState> find(IdentityKey key) {
    return to.find(key);
  }

  @Override
  public List<IdentityState> findAll(Collection<IdentityKey> keys) {
    return to.findAll(keys);
  }

  @Override
  public Stream<Row> rows(String region) {
    return to.rows(region);
  }

  @Override
  public Places places(String region, FleetFilter filter, String from, int atLeast, int most) {
    return to.places(region, filter, from, atLeast, most);
  }

  @Override
  public List<IdentityState> atOrBelow(String region, DomainName domain) {
    return to.atOrBelow(region, domain);
  }

  @Override
  public Saved save(IdentityState state, List<HistoryEntry> history, @Nullable Instant queuedAt) {
    return to.save(state, history, queuedAt);
  }

  @Override
  public Saved forget(IdentityState state) {
    return to.forget(state);
  }

  @Override
  public List<Queued> queued(String region) {
    return to.queued(region);
  }

  @Override
  public void unqueue(Queued item) {
    to.unqueue(item);
  }

  @Override
  public HistoryPage history(IdentityKey key, int limit, @Nullable String cursor, Instant now) {
    return to.history(key, limit, cursor, now);
  }
}
