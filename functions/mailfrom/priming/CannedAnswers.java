package mailfrom.priming;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
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

/** A DNS without a network: each name has a right MX and SPF, and nothing else. */
final class CannedAnswers implements UnaryOperator<Message> {
  private static final long TTL = 300;
  private static final Name SES = Name.fromConstantString("amazonses.com.");

  @Override
  public Message apply(Message query) {
    try {
      return answer(query);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static Message answer(Message query) throws IOException {
    // Through the wire's form and back, as a real one goes.
    Message asked = new Message(query.toWire());
    Record question = asked.getQuestion();
    Message answer = new Message(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.getHeader().setRcode(Rcode.NOERROR);
    answer.addRecord(question, Section.QUESTION);
    Record record = record(question.getName(), question.getType());
    if (record != null) {
      answer.addRecord(record, Section.ANSWER);
    } else {
      answer.addRecord(authority(question.getName()), Section.AUTHORITY);
    }
    return new Message(answer.toWire());
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
