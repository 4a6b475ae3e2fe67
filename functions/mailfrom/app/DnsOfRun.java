package mailfrom.app;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import mailfrom.domain.DnsDepth;
import mailfrom.domain.DnsView;
import mailfrom.domain.DomainName;

/** The DNS in one run: each name is looked at once, whatever Region asks. */
final class DnsOfRun implements Dns {
  private final Dns dns;
  private final Map<Look, DnsView> views = new ConcurrentHashMap<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  private record Look(DomainName name, DnsDepth depth) {}

  DnsOfRun(Dns dns) {
    this.dns = dns;
  }

  @Override
  public DnsView look(DomainName name, DnsDepth depth) {
    return views.computeIfAbsent(
        new Look(name, depth),
        look -> {
          DnsView view = dns.look(name, depth);
          looks.incrementAndGet();
          if (view.mx().couldNotAsk()) {
            failed.incrementAndGet();
          }
          return view;
        });
  }

  /** Whether more than five in a hundred looks found nobody to ask. */
  boolean isBlind() {
    return failed.get() * 20 > looks.get();
  }

  /** What is told when it is blind. */
  String blindText() {
    return RunTexts.blind("the DNS", failed.get(), looks.get());
  }
}
