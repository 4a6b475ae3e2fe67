package mailfrom.domain.dns;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a MAIL FROM domain in the DNS saw.
 *
 * @param name the MAIL FROM domain
 * @param mx the MX records at the name
 * @param spf its SPF, judged
 * @param others what else was asked
 * @param zone the zone that the name is in
 * @param source who gave the answers
 * @param dmarc what DMARC makes of it for one From domain; null: not asked, or nobody answered
 */
public record DnsView(
    DomainName name,
    Answer<MxRecord> mx,
    SpfView spf,
    Others others,
    Zone zone,
    Source source,
    @Nullable DmarcView dmarc) {

  /**
   * The zone of a name.
   *
   * @param apex the name of the zone; null when it is not known
   */
  public record Zone(State state, @Nullable DomainName apex) {
    public static final Zone NOT_ASKED = new Zone(State.NOT_ASKED, null);
    public static final Zone MISSING = new Zone(State.MISSING, null);

    /** Whether the zone is there. */
    public enum State {
      DELEGATED,
      /** The parent has no delegation: the domain expired, or was never registered. */
      MISSING,
      NOT_ASKED
    }

    public static Zone of(DomainName apex) {
      return new Zone(State.DELEGATED, apex);
    }
  }

  /**
   * What is asked where it matters. A null part was not asked.
   *
   * @param cname the name's CNAME
   * @param address A and AAAA records at the name
   * @param doubled the MX records at the name typed without its final dot (name + zone)
   * @param feedbackHost the addresses of the MX's host, when it has the form of a feedback host of
   *     a Region that is not known
   * @param sibling the same questions for a random sibling label: what a wildcard answers
   */
  public record Others(
      @Nullable Answer<DomainName> cname,
      @Nullable Answer<String> address,
      @Nullable Answer<MxRecord> doubled,
      @Nullable Answer<String> feedbackHost,
      @Nullable Sibling sibling) {
    public static final Others NOT_ASKED = new Others(null, null, null, null, null);

    /** The same, with what a name that nobody configured answers. */
    public Others with(Sibling random) {
      return new Others(cname, address, doubled, feedbackHost, random);
    }

    /** The same, with the addresses of the MX's host. */
    public Others withFeedbackHost(@Nullable Answer<String> addresses) {
      return new Others(cname, address, doubled, addresses, sibling);
    }
  }

  /** Who gave the answers. */
  public sealed interface Source {

    /**
     * A resolver, which may keep an old answer.
     *
     * @param server who was asked
     * @param keptFor for how long the MX answer may be kept; null when it does not say so
     * @param isInstead whether the zone's own servers were to be asked and none of them answered
     */
    record Resolver(NameServer server, @Nullable Duration keptFor, boolean isInstead)
        implements Source {}

    /**
     * The zone's own name servers, which know at once what was published.
     *
     * @param answers what each said each time, two times for those that answered
     */
    record OwnServers(List<ServerAnswer> answers) implements Source {
      public OwnServers {
        answers = List.copyOf(answers);
      }
    }
  }

  /** What a name that nobody configured answers. */
  public record Sibling(
      Answer<MxRecord> mx, Answer<DomainName> cname, Answer<String> address, Answer<String> txt) {
    /** Nothing, as where there is no wildcard. */
    public static final Sibling NOTHING =
        new Sibling(
            new Answer.None<>(false),
            new Answer.None<>(false),
            new Answer.None<>(false),
            new Answer.None<>(false));

    /** Whether an answer is a wildcard's: nobody configured the name itself. */
    public static <T> boolean isWildcards(@Nullable Answer<T> own, Answer<T> ofSibling) {
      return own instanceof Answer.Found<T>(List<T> records)
          && Set.copyOf(records).equals(Set.copyOf(ofSibling.records()));
    }
  }

  /** A look of which only MX and SPF were asked, by the resolver. */
  public static DnsView of(DomainName name, Answer<MxRecord> mx, SpfView spf) {
    return new DnsView(
        name,
        mx,
        spf,
        Others.NOT_ASKED,
        Zone.NOT_ASKED,
        new Source.Resolver(NameServer.RESOLVER, null, false),
        null);
  }

  /** A look at which nobody could be asked. */
  public static DnsView unavailable(DomainName name, String why) {
    return of(name, new Answer.CouldNotAsk<>(why), SpfView.unavailable(why));
  }

  /** The same, with what DMARC makes of it for one identity. */
  public DnsView with(@Nullable DmarcView ofIdentity) {
    return new DnsView(name, mx, spf, others, zone, source, ofIdentity);
  }

  /** The same, with what else was asked. */
  public DnsView with(Others asked) {
    return new DnsView(name, mx, spf, asked, zone, source, dmarc);
  }

  /** The same, in the zone that was found. */
  public DnsView with(Zone found) {
    return new DnsView(name, mx, spf, others, found, source, dmarc);
  }

  /** Whether the zone's own name servers gave different MX answers. */
  public boolean serversDisagree() {
    return switch (source) {
      case Source.Resolver _ -> false;
      case Source.OwnServers(List<ServerAnswer> answers) -> {
        Set<Set<MxRecord>> different = new HashSet<>();
        answers.stream()
            .filter(answer -> !answer.mx().couldNotAsk())
            .forEach(answer -> different.add(Set.copyOf(answer.mx().records())));
        yield different.size() > 1;
      }
    };
  }

  /** Until when it may be an old answer; empty when those who know at once were asked. */
  public Optional<Duration> mayBeKeptFor() {
    return source instanceof Source.Resolver(NameServer _, Duration keptFor, boolean instead)
            && instead
        ? Optional.ofNullable(keptFor)
        : Optional.empty();
  }

  /** The name as it comes out when it was typed without its final dot. */
  public String doubledName() {
    return zone.apex() == null ? name.value() : name.value() + "." + zone.apex().value();
  }

  /** The addresses at the name. */
  public List<String> addresses() {
    return others.address() == null ? List.of() : others.address().records();
  }

  /** Whether the name itself has addresses, and neither mail records nor an alias to be seen. */
  public boolean hasOnlyAddresses() {
    return !addresses().isEmpty()
        && mx instanceof Answer.None<MxRecord>
        && spf.txt() instanceof Answer.None<String>
        && !(others.cname() instanceof Answer.Found<DomainName>)
        && !isOfWildcard();
  }

  /**
   * Whether all that is answered is a wildcard's: it stops to answer as soon as any record stands
   * at the name itself.
   */
  public boolean isOfWildcard() {
    Sibling sibling = others.sibling();
    return sibling != null
        && isNoneOrWildcards(mx, sibling.mx())
        && isNoneOrWildcards(spf.txt(), sibling.txt())
        && isNoneOrWildcards(others.cname(), sibling.cname())
        && isNoneOrWildcards(others.address(), sibling.address());
  }

  /** Whether that is not known: a name that nobody configured could not be asked for it. */
  public boolean mayBeOfWildcard() {
    Sibling sibling = others.sibling();
    return sibling != null
        && !isOfWildcard()
        && mayBeWildcards(mx, sibling.mx())
        && mayBeWildcards(spf.txt(), sibling.txt())
        && mayBeWildcards(others.cname(), sibling.cname())
        && mayBeWildcards(others.address(), sibling.address());
  }

  private static <T> boolean mayBeWildcards(@Nullable Answer<T> own, Answer<T> ofSibling) {
    return ofSibling.couldNotAsk() || isNoneOrWildcards(own, ofSibling);
  }

  private static <T> boolean isNoneOrWildcards(@Nullable Answer<T> own, Answer<T> ofSibling) {
    return !(own instanceof Answer.Found<T>) || Sibling.isWildcards(own, ofSibling);
  }
}
