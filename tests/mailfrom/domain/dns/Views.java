package mailfrom.domain.dns;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/** Looks at the DNS, made by hand: a healthy one, and copies in which one part differs. */
public record Views(DnsView view) {
  public static final DomainName NAME = DomainName.of("bounce.example.com");
  static final String RIGHT = "10 feedback-smtp.us-east-1.amazonses.com";

  public static Views healthy() {
    return new Views(
        new DnsView(
            NAME,
            mx(RIGHT),
            SpfVerdict.COVERS_SES,
            new Answer.Found<>(List.of(Spf.RECORD)),
            new Answer.None<>(true),
            new Answer.None<>(true),
            null,
            false,
            DnsView.Zone.DELEGATED,
            new DnsView.Sibling(
                new Answer.None<>(false), new Answer.None<>(false), new Answer.None<>(false)),
            DnsView.Source.RESOLVER,
            false,
            null));
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

  public Views withMx(@Nullable String text) {
    return withMx(mx(text));
  }

  public Views withMx(Answer<MxRecord> mx) {
    return new Views(
        new DnsView(
            NAME,
            mx,
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withSpf(SpfVerdict verdict, Answer<String> txt) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            verdict,
            txt,
            view.cname(),
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withSpf(String... records) {
    Answer<String> txt =
        records.length == 0 ? new Answer.None<>(true) : new Answer.Found<>(List.of(records));
    return withSpf(Spf.judge(txt, _ -> new Answer.None<>(false)), txt);
  }

  public Views withCname(@Nullable Answer<DomainName> cname) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            cname,
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withAddress(@Nullable Answer<String> address) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            address,
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withDoubled(Answer<MxRecord> doubled) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            doubled,
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withStrict(@Nullable Boolean strict) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            view.doubled(),
            strict,
            view.zone(),
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withZone(DnsView.Zone zone) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            zone,
            view.sibling(),
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views withSibling(DnsView.@Nullable Sibling sibling) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            sibling,
            view.source(),
            view.serversDisagree(),
            view.cachedUntil()));
  }

  public Views from(DnsView.Source source, boolean disagree, @Nullable Instant cachedUntil) {
    return new Views(
        new DnsView(
            NAME,
            view.mx(),
            view.spf(),
            view.txt(),
            view.cname(),
            view.address(),
            view.doubled(),
            view.dmarcStrictSpf(),
            view.zone(),
            view.sibling(),
            source,
            disagree,
            cachedUntil));
  }
}
