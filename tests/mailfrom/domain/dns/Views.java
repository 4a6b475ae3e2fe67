package mailfrom.domain.dns;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import mailfrom.domain.dns.DnsView.Others;
import mailfrom.domain.dns.DnsView.Sibling;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/** Looks at the DNS, made by hand: a healthy one, and others in which one part differs. */
public final class Views {
  public static final DomainName NAME = DomainName.of("bounce.example.com");
  public static final DomainName FROM = DomainName.of("example.com");
  public static final String RIGHT = "10 feedback-smtp.us-east-1.amazonses.com";
  private static final NameServer SERVER =
      new NameServer("ns1.example.net", "192.0.2.53", 53, NameServer.NamedBy.BOTH);

  private Views() {}

  /** Everything was asked, by a resolver, and is as it should be. */
  public static DnsView healthy() {
    return new DnsView(
        NAME,
        mx(RIGHT),
        spf(SpfVerdict.COVERS_SES),
        new Others(new Answer.None<>(true), new Answer.None<>(true), null, null, sibling()),
        Zone.of(FROM),
        resolver(null, false),
        relaxed());
  }

  public static DnsView with(String mx) {
    return with(mx(mx));
  }

  public static DnsView with(Answer<MxRecord> mx) {
    return with(healthy(), mx);
  }

  public static DnsView with(DnsView view, Answer<MxRecord> mx) {
    return new DnsView(
        view.name(), mx, view.spf(), view.others(), view.zone(), view.source(), view.dmarc());
  }

  public static DnsView with(SpfView spf) {
    return with(healthy(), spf);
  }

  public static DnsView with(DnsView view, SpfView spf) {
    return new DnsView(
        view.name(), view.mx(), spf, view.others(), view.zone(), view.source(), view.dmarc());
  }

  /** A look at a name with an alias and addresses, beside one that nobody configured. */
  public static DnsView inUse(
      Answer<MxRecord> mx,
      Answer<DomainName> cname,
      Answer<String> address,
      @Nullable Sibling sibling) {
    return with(mx).with(new Others(cname, address, null, null, sibling));
  }

  public static DnsView from(DnsView view, Source source) {
    return new DnsView(
        view.name(), view.mx(), view.spf(), view.others(), view.zone(), source, view.dmarc());
  }

  /** What the zone's own servers say, each twice the same. */
  public static DnsView ofOwnServers(String... mx) {
    Source source =
        new Source.OwnServers(
            Arrays.stream(mx).map(text -> new ServerAnswer(SERVER, mx(text), true)).toList());
    return from(with(mx[0]), source);
  }

  public static Source resolver(@Nullable Duration keptFor, boolean isInstead) {
    return new Source.Resolver(NameServer.RESOLVER, keptFor, isInstead);
  }

  /** A name beside it that nobody configured, and no wildcard. */
  public static Sibling sibling() {
    return Sibling.NOTHING;
  }

  public static DmarcView relaxed() {
    return dmarc(false, true);
  }

  public static DmarcView dmarc(boolean strict, boolean aligns) {
    return new DmarcView(
        FROM, new DmarcView.Policy("example.com", DmarcView.Action.REJECT, strict, false), aligns);
  }

  /** MX records, separated by commas; empty: none. */
  public static Answer<MxRecord> mx(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new Answer.None<>(true);
    }
    return new Answer.Found<>(
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .map(
                record -> {
                  int blank = record.indexOf(' ');
                  return new MxRecord(
                      Integer.parseInt(record.substring(0, blank)), record.substring(blank + 1));
                })
            .toList());
  }

  /** An SPF that was judged so. */
  public static SpfView spf(SpfVerdict verdict) {
    Answer<String> txt =
        switch (verdict) {
          case COVERS_SES -> new Answer.Found<>(List.of(Spf.RECORD));
          case MISSING -> new Answer.None<>(true);
          case DUPLICATE -> new Answer.Found<>(List.of(Spf.RECORD, "v=spf1 a -all"));
          case NEARLY -> new Answer.Found<>(List.of("\"" + Spf.RECORD + "\""));
          case SYNTAX -> new Answer.Found<>(List.of("v=spf1 include:amazonses.com nonsense"));
          case TOO_MANY_LOOKUPS, NOT_INCLUDED, UNKNOWN ->
              new Answer.Found<>(List.of("v=spf1 -all"));
        };
    return new SpfView(txt, verdict, Set.of(), null, null, null);
  }

  /** The SPF of these TXT records, in a DNS that has nothing else. */
  public static SpfView spf(String... records) {
    Answer<String> txt =
        records.length == 0 ? new Answer.None<>(true) : new Answer.Found<>(List.of(records));
    return Spf.judge(NAME, txt, new DnsByHand());
  }
}
