package mailfrom.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The time of the local cloud: a base (real time, or a fixed one in tests) plus an offset that only
 * grows.
 */
public final class LocalClock implements InstantSource {
  private final InstantSource base;
  private final List<Consumer<Instant>> followers = new CopyOnWriteArrayList<>();
  private volatile Duration offset = Duration.ZERO;

  /** A clock that starts at real time. */
  public LocalClock() {
    this(InstantSource.system());
  }

  /** A clock over the given base; {@code InstantSource.fixed(...)} makes a test repeatable. */
  public LocalClock(InstantSource base) {
    this.base = base;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset);
  }

  /** The same time as a {@link Clock} in UTC. */
  public Clock utc() {
    return withZone(ZoneOffset.UTC);
  }

  /**
   * Moves the time forward and returns the new now. Followers are told the instant the move starts
   * from and the one it ends at: what was true at the start is settled before any deadline on the
   * way passes.
   */
  public synchronized Instant advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("the clock only moves forward, not by " + by);
    }
    Instant from = instant();
    followers.forEach(follower -> follower.accept(from));
    offset = offset.plus(by);
    Instant to = from.plus(by);
    followers.forEach(follower -> follower.accept(to));
    return to;
  }

  /** How far this clock is ahead of its base. */
  public Duration offset() {
    return offset;
  }

  /** Calls the follower at the start and at the end of each later move. */
  public void follow(Consumer<Instant> follower) {
    followers.add(follower);
  }
}
