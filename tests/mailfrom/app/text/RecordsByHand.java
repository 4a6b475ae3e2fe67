package mailfrom.app.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mailfrom.app.read.LooksOnly;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.local.MxLookup;

/**
 * The DNS of MAIL FROM domains, set by hand: what SES sees and what this system sees. A name that
 * was never set does not exist.
 */
public final class RecordsByHand implements LooksOnly, MxLookup {
  /** The MX records at a name. */
  public enum Mx {
    RIGHT,
    NONE,
    /** The right one and a foreign one. */
    TWO
  }

  private final String region;
  private final Map<String, Mx> records = new HashMap<>();
  private boolean outage;
  private SpfVerdict spf = SpfVerdict.COVERS_SES;
  private long version;

  public RecordsByHand(String region) {
    this.region = region;
  }

  public synchronized void put(String name, Mx mx) {
    records.put(name, mx);
    version++;
  }

  /** Whether this system can ask nobody; SES still can. */
  public synchronized void outage(boolean on) {
    outage = on;
  }

  public synchronized void spf(SpfVerdict verdict) {
    spf = verdict;
  }

  @Override
  public synchronized Seen look(String mailFromDomain) {
    return records.getOrDefault(mailFromDomain, Mx.NONE) == Mx.RIGHT ? Seen.RIGHT : Seen.WRONG;
  }

  @Override
  public synchronized long version() {
    return version;
  }

  @Override
  public synchronized DnsView look(DomainName name, DnsDepth depth) {
    if (outage) {
      return DnsView.unavailable(name, "SERVFAIL");
    }
    MxRecord right = MxRecord.feedback(region);
    Answer<MxRecord> mx =
        switch (records.getOrDefault(name.value(), Mx.NONE)) {
          case RIGHT -> new Answer.Found<>(List.of(right));
          case NONE -> new Answer.None<>(false);
          case TWO -> new Answer.Found<>(List.of(right, new MxRecord(20, "mx." + name.value())));
        };
    DnsView view = DnsView.of(name, mx, Views.spf(spf));
    return switch (depth) {
      case HEALTHY -> view;
      case FINDINGS, RULES -> whole(view);
      case OWN_SERVERS -> Views.from(whole(view), new DnsView.Source.OwnServers(List.of()));
    };
  }

  private static DnsView whole(DnsView view) {
    return view.with(Views.healthy().others())
        .with(view.name().parent().map(DnsView.Zone::of).orElse(DnsView.Zone.NOT_ASKED));
  }
}
