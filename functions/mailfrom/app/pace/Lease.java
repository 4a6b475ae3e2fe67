package mailfrom.app.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * One lease while it is held: taken at first use, renewed on the way, given back at the end, once
 * and for all. The parts of a run that go side by side share it.
 */
public final class Lease implements AutoCloseable {
  private static final Duration LENGTH = Duration.ofSeconds(60);
  private static final Duration RENEW_AFTER = Duration.ofSeconds(20);

  private final LeaseStore leases;
  private final MachineClock clock;
  private final String name;
  private final String owner;
  private Instant renewed = Instant.EPOCH;
  private boolean released;

  public Lease(LeaseStore leases, MachineClock clock, String name, String owner) {
    this.leases = leases;
    this.clock = clock;
    this.name = name;
    this.owner = owner;
  }

  /** Takes or renews it when it is time; false when somebody else holds it, or it was released. */
  public synchronized boolean keep() {
    if (released) {
      return false;
    }
    Instant at = clock.now();
    if (at.isBefore(renewed.plus(RENEW_AFTER))) {
      return true;
    }
    boolean held = leases.hold(name, owner, LENGTH);
    if (held) {
      renewed = at;
    }
    return held;
  }

  /** Gives it back, when it was ever taken. A late part of a dead run never takes it again. */
  @Override
  public synchronized void close() {
    if (!released && !renewed.equals(Instant.EPOCH)) {
      leases.release(name, owner);
    }
    released = true;
  }
}
