package mailfrom.dns;

import java.util.Locale;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/** Names and records of the DNS library, as the domain has them. A null is left out. */
final class Records {
  private Records() {}

  static Name name(String text) throws TextParseException {
    return Name.fromString(text, Name.root);
  }

  static @Nullable MxRecord mx(Record record) {
    return record instanceof MXRecord mx
        ? new MxRecord(mx.getPriority(), plain(mx.getTarget()))
        : null;
  }

  static @Nullable String txt(Record record) {
    return record instanceof TXTRecord txt ? Reply.text(txt) : null;
  }

  /** Of the texts at a MAIL FROM domain those that have to do with SPF. */
  static @Nullable String spf(Record record) {
    String text = txt(record);
    return text != null && Spf.matters(text) ? text : null;
  }

  /** A target that is no name of the domain's form is left out: nobody can say more about it. */
  static @Nullable DomainName target(Record record) {
    return record instanceof CNAMERecord alias
        ? DomainName.parse(plain(alias.getTarget())).toOptional().orElse(null)
        : null;
  }

  static @Nullable String address(Record record) {
    return switch (record) {
      case ARecord a -> a.getAddress().getHostAddress();
      case AAAARecord aaaa -> aaaa.getAddress().getHostAddress();
      default -> null;
    };
  }

  /** Lower case without the final dot; the root stays a dot. */
  static String plain(Name host) {
    return host.equals(Name.root) ? "." : host.toString(true).toLowerCase(Locale.ROOT);
  }
}
