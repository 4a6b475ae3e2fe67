package mailfrom.local;

import java.util.List;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * What to send back: the answers, the SOA of a negative answer or the servers of a referral, or
 * nothing at all.
 */
record DnsReply(int rcode, List<Record> answers, List<Record> authority, boolean silent) {
  static DnsReply fault(DnsFault fault) {
    return switch (fault) {
      case SERVFAIL -> new DnsReply(Rcode.SERVFAIL, List.of(), List.of(), false);
      case REFUSED -> new DnsReply(Rcode.REFUSED, List.of(), List.of(), false);
      case NXDOMAIN -> new DnsReply(Rcode.NXDOMAIN, List.of(), List.of(), false);
      case TIMEOUT -> new DnsReply(Rcode.SERVFAIL, List.of(), List.of(), true);
    };
  }
}
