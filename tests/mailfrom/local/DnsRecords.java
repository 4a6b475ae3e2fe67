package mailfrom.local;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All records of one name, as text: MX as {@code "10 host"}, TXT as the bare text without quotes,
 * names with or without the final dot. An instance without any record says that the name exists and
 * has no data.
 */
public record DnsRecords(
    List<String> mx,
    List<String> txt,
    @Nullable String cname,
    List<String> a,
    List<String> aaaa,
    List<String> ns) {
  /** Within the text of a TXT record it ends one of the strings that the record is made of. */
  public static final char END_OF_STRING = '\u001f';

  public DnsRecords {
    mx = List.copyOf(mx);
    txt = List.copyOf(txt);
    a = List.copyOf(a);
    aaaa = List.copyOf(aaaa);
    ns = List.copyOf(ns);
  }

  /** A name without records. */
  public static DnsRecords none() {
    return new DnsRecords(List.of(), List.of(), null, List.of(), List.of(), List.of());
  }

  /** A name with just these MX records. */
  public static DnsRecords mx(String... mx) {
    return none().andMx(mx);
  }

  /** A name with just these TXT records. */
  public static DnsRecords txt(String... txt) {
    return none().andTxt(txt);
  }

  /** A name with just these IPv4 addresses. */
  public static DnsRecords a(String... a) {
    return none().andA(a);
  }

  /** A name that is an alias. */
  public static DnsRecords cname(String target) {
    return none().andCname(target);
  }

  /** Exactly what SES asks to be published for a custom MAIL FROM domain. */
  public static DnsRecords mailFrom(String region) {
    return mx("10 feedback-smtp." + region + ".amazonses.com")
        .andTxt("v=spf1 include:amazonses.com ~all");
  }

  /** These and more MX records. */
  public DnsRecords andMx(String... more) {
    return new DnsRecords(joined(mx, more), txt, cname, a, aaaa, ns);
  }

  /** These and more TXT records. */
  public DnsRecords andTxt(String... more) {
    return new DnsRecords(mx, joined(txt, more), cname, a, aaaa, ns);
  }

  /** These and more IPv4 addresses. */
  public DnsRecords andA(String... more) {
    return new DnsRecords(mx, txt, cname, joined(a, more), aaaa, ns);
  }

  /** These and more IPv6 addresses. */
  public DnsRecords andAaaa(String... more) {
    return new DnsRecords(mx, txt, cname, a, joined(aaaa, more), ns);
  }

  /** These and more name servers. */
  public DnsRecords andNs(String... more) {
    return new DnsRecords(mx, txt, cname, a, aaaa, joined(ns, more));
  }

  /**
   * These and an alias, which real servers refuse beside other records and this one answers first.
   */
  public DnsRecords andCname(String target) {
    return new DnsRecords(mx, txt, target, a, aaaa, ns);
  }

  private static List<String> joined(List<String> one, String... more) {
    return Stream.concat(one.stream(), Stream.of(more)).toList();
  }
}
