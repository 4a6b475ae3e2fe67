package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The leases in memory. */
public final class InMemoryLeaseStore implements LeaseStore {
  private final MachineClock clock;
  private final Map<String, Lease> leases = new HashMap<>();

  private record Lease(String owner, Instant until) {}

  public InMemoryLeaseStore(MachineClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized boolean hold(String name, String owner, Duration length) {
    Instant now = clock.now();
    Lease held = leases.get(name);
    if (held != null && !held.owner().equals(owner) && held.until().isAfter(now)) {
      return false;
    }
    leases.put(name, new Lease(owner, now.plus(length)));
    return true;
  }

  @Override
  public synchronized void release(String name, String owner) {
    Lease held = leases.get(name);
    if (held != null && held.owner().equals(owner)) {
      leases.remove(name);
    }
  }
}
