package mailfrom.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsLookup;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Others;
import mailfrom.domain.dns.DnsView.Sibling;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.findings.DnsFindings;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** One look at one name: which questions are asked, of whom, and what is made of the answers. */
final class Look {
  private final DomainName domain;
  private final Name name;
  private final Resolvers resolvers;
  private final ZoneFinder zones;
  private final Function<Name, OwnServers> serversOf;
  private final Supplier<String> siblingLabels;
  private final SideBySide sideBySide;

  /** The zone's own servers that answer; empty when they are not to be asked, or could not be. */
  private List<InetSocketAddress> own = List.of();

  private @Nullable Name ownApex;

  /**
   * A look; nothing is asked yet.
   *
   * @param siblingLabels makes a label that nobody has configured
   */
  Look(
      DomainName domain,
      Name name,
      Resolvers resolvers,
      Function<Name, OwnServers> serversOf,
      Supplier<String> siblingLabels,
      SideBySide sideBySide) {
    this.domain = domain;
    this.name = name;
    this.resolvers = resolvers;
    this.zones = new ZoneFinder(resolvers);
    this.serversOf = serversOf;
    this.siblingLabels = siblingLabels;
    this.sideBySide = sideBySide;
  }

  /** An answer about the MX, and who gave it. */
  private record Mx(Answer<MxRecord> answer, Source source) {}

  DnsView see(DnsDepth depth) {
    return switch (depth) {
      case HEALTHY -> view(mxAndSpf(), Others.NOT_ASKED, DnsView.Zone.NOT_ASKED);
      case FINDINGS, RULES -> byResolver(depth);
      case OWN_SERVERS -> byOwnServers();
    };
  }

  private record MxAndSpf(Mx mx, SpfView spf) {}

  private MxAndSpf mxAndSpf() {
    List<Reply> both = resolvers.ask(name, List.of(Type.MX, Type.TXT));
    return new MxAndSpf(byResolver(both.getFirst(), false), spf(both.getLast()));
  }

  private DnsView byResolver(DnsDepth depth) {
    Future<ZoneFinder.Found> zone = sideBySide.start(() -> zones.find(name));
    MxAndSpf seen = mxAndSpf();
    return whole(seen, SideBySide.of(zone), depth == DnsDepth.RULES);
  }

  private DnsView byOwnServers() {
    ZoneFinder.Found zone = zones.find(name);
    Optional<OwnServers.Heard> heard =
        Optional.ofNullable(zone.apex()).flatMap(apex -> serversOf.apply(apex).askTwice(name));
    if (heard.isEmpty()) {
      Mx mx = byResolver(resolvers.ask(name, Type.MX), true);
      return whole(new MxAndSpf(mx, spf(ask(name, Type.TXT))), zone, false);
    }
    own = heard.get().awake();
    ownApex = zone.apex();
    Reply.Came shown = heard.get().shown();
    // An alias may lead out of the zone, where these servers know nothing.
    Reply reply = shown.isAlias() && shown.found().isEmpty() ? ask(name, Type.MX) : shown;
    Mx mx = new Mx(reply.answer(Records::mx), new Source.OwnServers(heard.get().answers()));
    return whole(
        new MxAndSpf(mx, spf(ask(name, Type.TXT))),
        heard.get().isProven() ? zone.proven() : zone,
        false);
  }

  private Mx byResolver(Reply reply, boolean isInstead) {
    Duration keptFor =
        switch (reply) {
          case Reply.None _ -> null;
          case Reply.Came came -> came.keptFor().orElse(null);
        };
    return new Mx(
        reply.answer(Records::mx), new Source.Resolver(resolvers.seen(), keptFor, isInstead));
  }

  /** The rest of a look: whoever answers for neither MX nor TXT is asked nothing more. */
  private DnsView whole(MxAndSpf seen, ZoneFinder.Found zone, boolean forRules) {
    Answer<MxRecord> mx = seen.mx().answer();
    Answer<String> txt = seen.spf().txt();
    if (mx.couldNotAsk() && txt.couldNotAsk()) {
      return view(seen, Others.NOT_ASKED, zone.zone());
    }
    boolean noMx = mx instanceof Answer.None<MxRecord>;
    Future<Answer<String>> address =
        forRules || noMx ? sideBySide.start(() -> addresses(name)) : null;
    Name apex = zone.apex();
    Future<Answer<MxRecord>> doubled =
        noMx && apex != null ? sideBySide.start(() -> doubled(apex)) : null;
    Answer<DomainName> cname = ask(name, Type.CNAME).answer(Records::target);
    Answer<String> addresses = address == null ? null : SideBySide.of(address);
    DnsView view =
        view(
            seen,
            new Others(
                cname, addresses, doubled == null ? null : SideBySide.of(doubled), null, null),
            zone.zone());
    // What is there and right is nobody's wildcard that would have to be told apart.
    boolean isThere =
        !mx.records().isEmpty()
            || !txt.records().isEmpty()
            || !cname.records().isEmpty()
            || (addresses != null && !addresses.records().isEmpty());
    return forRules || (isThere && !DnsFindings.isFine(view))
        // No wildcard reaches into a zone of its own (RFC 1034, 4.3.3).
        ? view.with(view.others().with(name.equals(apex) ? Sibling.NOTHING : sibling()))
        : view;
  }

  private DnsView view(MxAndSpf seen, Others others, DnsView.Zone zone) {
    return new DnsView(
        domain,
        seen.mx().answer(),
        seen.spf(),
        others.withFeedbackHost(feedbackHost(seen.mx().answer())),
        zone,
        seen.mx().source(),
        null);
  }

  /** Whether the host exists is asked where its Region is not known. */
  private @Nullable Answer<String> feedbackHost(Answer<MxRecord> mx) {
    return mx.records().stream()
        .filter(record -> mx.records().size() == 1)
        .filter(record -> record.feedbackRegion().isPresent() && !record.isOfKnownRegion())
        .findFirst()
        .map(record -> lookup().a(record.host()))
        .orElse(null);
  }

  private SpfView spf(Reply txt) {
    return Spf.judge(domain, txt.answer(Records::spf), lookup());
  }

  private DnsLookup lookup() {
    return new ReceiverLookup(this::askForReceiver);
  }

  /** What lies in other zones, many names refer to. */
  private Reply askForReceiver(Name at, int type) {
    return isOwn(at) || at.equals(name) ? ask(at, type) : resolvers.shared(at, type);
  }

  private boolean isOwn(Name at) {
    Name apex = ownApex;
    return apex != null && at.subdomain(apex);
  }

  /** Asks the zone's own servers where they were found to answer, and the resolver elsewhere. */
  private Reply ask(Name at, int type) {
    if (isOwn(at)) {
      for (InetSocketAddress server : own) {
        if (resolvers.client().askNameServer(server, at, type) instanceof Reply.Came came
            && came.answers()) {
          if (came.isAlias() && came.found().isEmpty()) {
            break;
          }
          return came;
        }
      }
    }
    return resolvers.ask(at, type);
  }

  private Answer<String> addresses(Name at) {
    Future<Reply> v6 = sideBySide.start(() -> ask(at, Type.AAAA));
    Answer<String> four = ask(at, Type.A).answer(Records::address);
    Answer<String> six = SideBySide.of(v6).answer(Records::address);
    List<String> both = new ArrayList<>(four.records());
    both.addAll(six.records());
    if (!both.isEmpty()) {
      return new Answer.Found<>(both);
    }
    return four.couldNotAsk() ? four : six;
  }

  private Answer<MxRecord> doubled(Name apex) {
    try {
      Name relative = name.relativize(Name.root);
      return ask(Name.concatenate(relative, apex), Type.MX).answer(Records::mx);
    } catch (NameTooLongException e) {
      // So long a name cannot have been published.
      return new Answer.None<>(false);
    }
  }

  private Sibling sibling() {
    Name sibling;
    try {
      sibling = Name.concatenate(Name.fromString(siblingLabels.get()), new Name(name, 1));
    } catch (TextParseException | NameTooLongException e) {
      String why = "no room for a sibling label";
      return new Sibling(
          new Answer.CouldNotAsk<>(why),
          new Answer.CouldNotAsk<>(why),
          new Answer.CouldNotAsk<>(why),
          new Answer.CouldNotAsk<>(why));
    }
    Future<Reply> mx = sideBySide.start(() -> ask(sibling, Type.MX));
    Future<Reply> cname = sideBySide.start(() -> ask(sibling, Type.CNAME));
    Future<Reply> txt = sideBySide.start(() -> ask(sibling, Type.TXT));
    Answer<String> address = addresses(sibling);
    return new Sibling(
        SideBySide.of(mx).answer(Records::mx),
        SideBySide.of(cname).answer(Records::target),
        address,
        SideBySide.of(txt).answer(Records::spf));
  }
}
