package mailfrom.local;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What one name holds: records by type, or a fault. */
record DnsNode(Map<Integer, List<Record>> byType, @Nullable DnsFault fault) {
  /** Records of a name that live so many seconds. */
  static DnsNode of(Name owner, DnsRecords records, long ttl) {
    return new DnsNode(byType(owner, records, ttl), null);
  }

  static DnsNode failing(DnsFault fault) {
    return new DnsNode(Map.of(), fault);
  }

  /** Adds what it holds of the type, and gives the name to go on with when it is an alias. */
  Optional<Name> answer(Name owner, int type, List<Record> answers) {
    List<Record> aliases = byType.getOrDefault(Type.CNAME, List.of());
    if (!aliases.isEmpty() && type != Type.CNAME && type != Type.ANY) {
      answers.add(aliases.getFirst().withName(owner));
      return Optional.of(((CNAMERecord) aliases.getFirst()).getTarget());
    }
    byType.forEach(
        (held, records) -> {
          if (held == type || type == Type.ANY) {
            records.forEach(found -> answers.add(found.withName(owner)));
          }
        });
    return Optional.empty();
  }

  private static Map<Integer, List<Record>> byType(Name owner, DnsRecords records, long ttl) {
    Map<Integer, List<Record>> byType = new HashMap<>();
    for (String mx : records.mx()) {
      String[] parts = mx.strip().split("\\s+", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("an MX record is \"priority host\", not \"" + mx + "\"");
      }
      add(
          byType,
          new MXRecord(owner, DClass.IN, ttl, Integer.parseInt(parts[0]), Zones.name(parts[1])));
    }
    for (String txt : records.txt()) {
      add(byType, new TXTRecord(owner, DClass.IN, ttl, pieces(txt)));
    }
    if (records.cname() != null) {
      add(byType, new CNAMERecord(owner, DClass.IN, ttl, Zones.name(records.cname())));
    }
    for (String a : records.a()) {
      add(byType, new ARecord(owner, DClass.IN, ttl, numeric(a)));
    }
    for (String aaaa : records.aaaa()) {
      add(byType, new AAAARecord(owner, DClass.IN, ttl, numeric(aaaa)));
    }
    for (String ns : records.ns()) {
      add(byType, new NSRecord(owner, DClass.IN, ttl, Zones.name(ns)));
    }
    return Map.copyOf(byType);
  }

  private static void add(Map<Integer, List<Record>> byType, Record one) {
    byType.computeIfAbsent(one.getType(), _ -> new ArrayList<>()).add(one);
  }

  /** A TXT record is made of strings of 255 bytes at most; readers join them. */
  private static List<String> pieces(String txt) {
    // Latin-1: one character stands for one byte of the UTF-8, and dnsjava escapes what is not
    // ASCII.
    StringBuilder escaped = new StringBuilder();
    List<String> pieces = new ArrayList<>();
    int length = 0;
    for (byte one : txt.getBytes(StandardCharsets.UTF_8)) {
      int c = one & 0xFF;
      if (length == 255 || c == DnsRecords.END_OF_STRING) {
        pieces.add(escaped.toString());
        escaped.setLength(0);
        length = 0;
      }
      if (c == DnsRecords.END_OF_STRING) {
        continue;
      }
      if (c == '"' || c == '\\') {
        escaped.append('\\').append((char) c);
      } else if (c < 0x20 || c > 0x7E) {
        escaped.append("\\%03d".formatted(c));
      } else {
        escaped.append((char) c);
      }
      length++;
    }
    pieces.add(escaped.toString());
    return pieces;
  }

  private static InetAddress numeric(String address) {
    return InetAddress.ofLiteral(address);
  }
}
