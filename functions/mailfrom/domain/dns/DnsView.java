package mailfrom.domain.dns;

import java.time.Instant;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a MAIL FROM domain in the DNS saw. A null part was not asked.
 *
 * @param name the MAIL FROM domain
 * @param mx the MX records at the name
 * @param spf whether SPF covers SES
 * @param txt the TXT records at the name that are SPF records
 * @param cname the name's CNAME
 * @param address A and AAAA records at the name
 * @param doubled the MX records at the name typed without its final dot (name + zone)
 * @param dmarcStrictSpf whether the DMARC policy of the organisation says aspf=s; null: not known
 * @param zone whether somebody is delegated the zone
 * @param sibling the same questions for a random sibling label: what a wildcard answers
 * @param source who was asked
 * @param serversDisagree whether the zone's own name servers gave different MX answers
 * @param cachedUntil the own servers were to be asked and could not be: until when the resolver's
 *     answer may be an old one; null otherwise
 */
public record DnsView(
    DomainName name,
    Answer<MxRecord> mx,
    SpfVerdict spf,
    Answer<String> txt,
    @Nullable Answer<DomainName> cname,
    @Nullable Answer<String> address,
    @Nullable Answer<MxRecord> doubled,
    @Nullable Boolean dmarcStrictSpf,
    Zone zone,
    @Nullable Sibling sibling,
    Source source,
    boolean serversDisagree,
    @Nullable Instant cachedUntil) {

  /** Whether the zone of the name is there. */
  public enum Zone {
    DELEGATED,
    /** The parent has no delegation: the domain expired, or was never registered. */
    MISSING,
    NOT_ASKED
  }

  /** Who gave the answers. */
  public enum Source {
    RESOLVER,
    /**
     * The zone's own name servers, which know at once what was published. Each is asked twice for
     * the MX, and all answers agree unless {@link #serversDisagree} says otherwise.
     */
    OWN_SERVERS
  }

  /** What a name that nobody configured answers. */
  public record Sibling(Answer<MxRecord> mx, Answer<DomainName> cname, Answer<String> address) {}

  /** A look at which nobody could be asked. */
  public static DnsView unavailable(DomainName name, String why) {
    return new DnsView(
        name,
        new Answer.CouldNotAsk<>(why),
        SpfVerdict.UNKNOWN,
        new Answer.CouldNotAsk<>(why),
        null,
        null,
        null,
        null,
        Zone.NOT_ASKED,
        null,
        Source.RESOLVER,
        false,
        null);
  }
}
