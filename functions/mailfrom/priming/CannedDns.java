package mailfrom.priming;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A DNS in which each name has a right MX and SPF and nothing else, or nobody published them. */
final class CannedDns {
  private static final long TTL = 300;

  /** Begins the names that are not there yet. */
  static final String NEW = "new";

  private static final Name SES = Name.fromConstantString("amazonses.com.");

  private CannedDns() {}

  /** The answer to a query, both in the form of the wire. */
  static byte[] answer(byte[] query) throws IOException {
    Message asked = new Message(query);
    Record question = asked.getQuestion();
    Message answer = new Message(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    boolean isThere = !question.getName().toString().startsWith(NEW);
    answer.getHeader().setRcode(isThere ? Rcode.NOERROR : Rcode.NXDOMAIN);
    answer.addRecord(question, Section.QUESTION);
    Record record = isThere ? record(question.getName(), question.getType()) : null;
    if (record != null) {
      answer.addRecord(record, Section.ANSWER);
    } else {
      Name zone = isThere ? question.getName() : new Name(question.getName(), 1);
      answer.addRecord(authority(zone), Section.AUTHORITY);
    }
    return answer.toWire();
  }

  private static @Nullable Record record(Name name, int type) throws IOException {
    Name host = Name.fromString("feedback-smtp.us-east-1.amazonses.com.");
    return switch (type) {
      case Type.MX -> new MXRecord(name, DClass.IN, TTL, 10, host);
      case Type.TXT ->
          new TXTRecord(
              name,
              DClass.IN,
              TTL,
              name.equals(SES)
                  ? "v=spf1 ip4:192.0.2.0/24 -all"
                  : "v=spf1 include:amazonses.com ~all");
      case Type.NS -> new NSRecord(name, DClass.IN, TTL, host);
      case Type.SOA -> authority(name);
      default -> null;
    };
  }

  /** Of a zone that begins with the name. */
  private static Record authority(Name name) {
    return new SOARecord(name, DClass.IN, TTL, name, name, 1, TTL, TTL, TTL, TTL);
  }
}
