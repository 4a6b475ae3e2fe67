package mailfrom.app.read;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.app.pace.Deadline;
import mailfrom.app.pace.MachineClock;
import mailfrom.domain.dns.DmarcView;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.name.DomainName;

/**
 * The DNS in one run: each name is looked at once, and each policy, whatever Region asks. A DNS
 * that answers nobody takes no time from the rest of the run.
 */
public final class CachingDns implements Dns {
  /** So many looks without one answer, and the others are not tried. */
  private static final int GIVEN_UP_AFTER = 200;

  private final Dns dns;
  private final MachineClock clock;
  private final Instant stopAt;
  private final Map<Look, FutureTask<DnsView>> views = new ConcurrentHashMap<>();
  private final Map<Policy, FutureTask<Optional<DmarcView>>> policies = new ConcurrentHashMap<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  private record Look(DomainName name, DnsDepth depth) {}

  private record Policy(DomainName from, DomainName mailFrom) {}

  /**
   * Makes one for a run.
   *
   * @param stopAt when to ask nothing more, by the machine's clock
   */
  public CachingDns(Dns dns, MachineClock clock, Instant stopAt) {
    this.dns = dns.forRun();
    this.clock = clock;
    this.stopAt = stopAt;
  }

  @Override
  public DnsView look(DomainName name, DnsDepth depth) {
    return once(views, new Look(name, depth), () -> lookNow(name, depth))
        .orElseGet(() -> DnsView.unavailable(name, "interrupted"));
  }

  @Override
  public Optional<DmarcView> dmarc(DomainName from, DomainName mailFrom) {
    return once(policies, new Policy(from, mailFrom), () -> policyNow(from, mailFrom))
        .flatMap(policy -> policy);
  }

  /**
   * What the first who asks gets, for all; empty when this thread's own work is ended meanwhile.
   */
  private static <K, V> Optional<V> once(
      Map<K, FutureTask<V>> known, K question, Callable<V> answer) {
    FutureTask<V> task = new FutureTask<>(answer);
    FutureTask<V> first = known.putIfAbsent(question, task);
    if (first == null) {
      task.run();
    }
    try {
      return Optional.of((first == null ? task : first).get());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<DmarcView> policyNow(DomainName from, DomainName mailFrom) {
    return clock.now().isBefore(stopAt) ? dns.dmarc(from, mailFrom) : Optional.empty();
  }

  @Override
  public Dns until(Deadline deadline) {
    return new CachingDns(dns.until(deadline), clock, deadline.at());
  }

  @Override
  public Dns forRun() {
    return this;
  }

  private DnsView lookNow(DomainName name, DnsDepth depth) {
    DnsView view = ask(name, depth);
    looks.incrementAndGet();
    if (view.mx().couldNotAsk()) {
      failed.incrementAndGet();
    }
    return view;
  }

  private DnsView ask(DomainName name, DnsDepth depth) {
    int failures = failed.get();
    if (failures >= GIVEN_UP_AFTER && failures == looks.get()) {
      return DnsView.unavailable(name, "no name could be asked about in this run");
    }
    return clock.now().isBefore(stopAt)
        ? dns.look(name, depth)
        : DnsView.unavailable(name, "the run's time was up");
  }

  /** Whether more than five in a hundred looks found nobody to ask. */
  public boolean isBlind() {
    return failed.get() * 20 > looks.get();
  }

  /** Looks so far. */
  public int looks() {
    return looks.get();
  }

  /** Looks that found nobody to ask. */
  public int failed() {
    return failed.get();
  }
}
