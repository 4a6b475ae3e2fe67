package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A DNS made by hand, in which amazonses.com sends from two networks of RFC 5737. What was not put
 * does not exist.
 */
public final class DnsByHand implements DnsLookup {
  public static final String OF_SES = "v=spf1 ip4:192.0.2.0/25 ip4:198.51.100.0/24 -all";

  private final Map<String, Answer<String>> txt = new HashMap<>();
  private final Map<String, Answer<MxRecord>> mx = new HashMap<>();
  private final Map<String, Answer<String>> a = new HashMap<>();
  private final Map<String, Answer<String>> aaaa = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  /** What was asked, a word each: the type and the name. */
  public final Set<String> asked = new HashSet<>();

  public DnsByHand() {
    txt("amazonses.com", OF_SES);
  }

  /** What a table says, beside {@link #OF_SES}. */
  public static DnsByHand of(String cell) {
    DnsByHand dns = new DnsByHand();
    Map<String, Map<String, List<String>>> byType = new HashMap<>();
    for (Table.Entry entry : Table.entries(cell, Views.NAME.value())) {
      if (entry.value().isEmpty()) {
        dns.silence(entry.name());
      } else {
        byType
            .computeIfAbsent(entry.type(), _ -> new HashMap<>())
            .computeIfAbsent(entry.name(), _ -> new ArrayList<>())
            .add(entry.value());
      }
    }
    byType
        .getOrDefault("TXT", Map.of())
        .forEach((name, texts) -> dns.txt(name, texts.toArray(String[]::new)));
    byType.getOrDefault("MX", Map.of()).forEach((name, mx) -> dns.mx(name, String.join(", ", mx)));
    byType.getOrDefault("A", Map.of()).forEach((name, a) -> dns.a(name, a.toArray(String[]::new)));
    return dns;
  }

  public DnsByHand txt(String name, String... records) {
    txt.put(name, new Answer.Found<>(List.of(records)));
    return this;
  }

  public DnsByHand mx(String name, String records) {
    mx.put(name, Views.mx(records));
    return this;
  }

  public DnsByHand a(String name, String... addresses) {
    a.put(name, new Answer.Found<>(List.of(addresses)));
    return this;
  }

  public DnsByHand aaaa(String name, String... addresses) {
    aaaa.put(name, new Answer.Found<>(List.of(addresses)));
    return this;
  }

  /** Nobody answers for the name any more. */
  public DnsByHand silence(String name) {
    silent.add(name);
    return this;
  }

  @Override
  public Answer<String> txt(String name) {
    return answer("TXT", name, txt);
  }

  @Override
  public Answer<MxRecord> mx(String name) {
    return answer("MX", name, mx);
  }

  @Override
  public Answer<String> a(String name) {
    return answer("A", name, a);
  }

  @Override
  public Answer<String> aaaa(String name) {
    return answer("AAAA", name, aaaa);
  }

  private <T> Answer<T> answer(String type, String name, Map<String, Answer<T>> records) {
    asked.add(type + " " + name);
    return silent.contains(name)
        ? new Answer.CouldNotAsk<>("SERVFAIL")
        : records.getOrDefault(name, new Answer.None<>(exists(name)));
  }

  private boolean exists(String name) {
    return txt.containsKey(name)
        || mx.containsKey(name)
        || a.containsKey(name)
        || aaaa.containsKey(name);
  }
}
