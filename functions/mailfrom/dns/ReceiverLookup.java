package mailfrom.dns;

import java.util.function.BiFunction;
import java.util.function.Function;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsLookup;
import mailfrom.domain.dns.MxRecord;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The questions of a receiver, asked in whatever way. A text that is no name has no records. */
record ReceiverLookup(BiFunction<Name, Integer, Reply> ask) implements DnsLookup {

  @Override
  public Answer<String> txt(String name) {
    return answer(name, Type.TXT, Records::txt);
  }

  @Override
  public Answer<MxRecord> mx(String name) {
    return answer(name, Type.MX, Records::mx);
  }

  @Override
  public Answer<String> a(String name) {
    return answer(name, Type.A, Records::address);
  }

  @Override
  public Answer<String> aaaa(String name) {
    return answer(name, Type.AAAA, Records::address);
  }

  private <T> Answer<T> answer(String text, int type, Function<Record, @Nullable T> map) {
    Name name;
    try {
      name = Records.name(text);
    } catch (TextParseException e) {
      return new Answer.None<>(false);
    }
    return ask.apply(name, type).answer(map);
  }
}
