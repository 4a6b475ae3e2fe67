package mailfrom.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.NameServer;
import mailfrom.domain.dns.NameServer.NamedBy;
import mailfrom.domain.dns.ServerAnswer;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The name servers of one zone: those that the zone names and those that its parent delegates to.
 * The two lists should be one and often are not.
 */
final class OwnServers {
  private static final int MOST_SERVERS = 6;
  private static final int MOST_OF_PARENT = 2;

  private final Resolvers resolvers;
  private final Answers delegations;
  private final Function<InetAddress, InetSocketAddress> serverAt;
  private final SideBySide sideBySide;
  private final Name apex;

  /**
   * The servers of a zone; nothing is asked yet.
   *
   * @param delegations what parent zones said before
   * @param serverAt where a name server with an address listens
   */
  OwnServers(
      Resolvers resolvers,
      Answers delegations,
      Function<InetAddress, InetSocketAddress> serverAt,
      SideBySide sideBySide,
      Name apex) {
    this.resolvers = resolvers;
    this.delegations = delegations;
    this.serverAt = serverAt;
    this.sideBySide = sideBySide;
    this.apex = apex;
  }

  private record Server(NameServer seen, InetSocketAddress address) {}

  private record Said(Server server, Reply reply) {
    Optional<Reply.Came> answer() {
      return reply instanceof Reply.Came came && came.answers()
          ? Optional.of(came)
          : Optional.empty();
    }

    ServerAnswer seen() {
      boolean hasAuthority = answer().filter(Reply.Came::hasAuthority).isPresent();
      return new ServerAnswer(server.seen(), mx(), hasAuthority);
    }

    private Answer<MxRecord> mx() {
      return reply instanceof Reply.Came && answer().isEmpty()
          ? new Answer.CouldNotAsk<>("does not answer for the zone, and refers to others")
          : reply.answer(Records::mx);
    }
  }

  /**
   * What they said about the MX of a name.
   *
   * @param shown one of the answers: one that is not right, if there is any
   * @param awake those that answered each time
   * @param isProven whether one of them said that it is an authority for the name
   */
  record Heard(
      List<ServerAnswer> answers,
      Reply.Came shown,
      List<InetSocketAddress> awake,
      boolean isProven) {}

  /** Asks each twice; empty when one of the two rounds had no answer at all. */
  Optional<Heard> askTwice(Name name) {
    List<Said> first = round(servers(), name);
    List<Server> awake = answered(first);
    List<Said> second = round(awake, name);
    List<Said> all = new ArrayList<>(first);
    all.addAll(second);
    List<Reply.Came> answers = all.stream().flatMap(said -> said.answer().stream()).toList();
    if (answered(second).isEmpty()) {
      return Optional.empty();
    }
    Reply.Came shown =
        answers.stream()
            .filter(came -> !isRight(came.answer(Records::mx)))
            .findFirst()
            .orElse(answers.getFirst());
    return Optional.of(
        new Heard(
            all.stream().map(Said::seen).distinct().toList(),
            shown,
            answered(second).stream().map(Server::address).toList(),
            answers.stream().anyMatch(Reply.Came::hasAuthority)));
  }

  private static List<Server> answered(List<Said> round) {
    return round.stream().filter(said -> said.answer().isPresent()).map(Said::server).toList();
  }

  private static boolean isRight(Answer<MxRecord> answer) {
    return answer.records().size() == 1 && answer.records().getFirst().feedbackRegion().isPresent();
  }

  private List<Said> round(List<Server> servers, Name name) {
    List<Future<Said>> replies =
        servers.stream()
            .map(
                server ->
                    sideBySide.start(
                        () ->
                            new Said(
                                server,
                                resolvers.client().askNameServer(server.address(), name, Type.MX))))
            .toList();
    return replies.stream().map(SideBySide::of).toList();
  }

  // ---- who they are

  private List<Server> servers() {
    Future<Set<Name>> atParent = sideBySide.start(this::atParent);
    Set<Name> inZone = names(resolvers.shared(apex, Type.NS), true);
    Map<Name, NamedBy> servers = new LinkedHashMap<>();
    Set<Name> delegated = SideBySide.of(atParent);
    for (Name name : inZone) {
      boolean both = delegated.isEmpty() || delegated.contains(name);
      servers.put(name, both ? NamedBy.BOTH : NamedBy.ZONE_ONLY);
    }
    for (Name name : delegated) {
      servers.putIfAbsent(name, inZone.isEmpty() ? NamedBy.BOTH : NamedBy.PARENT_ONLY);
    }
    List<Future<Optional<Server>>> found =
        servers.entrySet().stream()
            .limit(MOST_SERVERS)
            .map(entry -> sideBySide.start(() -> server(entry.getKey(), entry.getValue())))
            .toList();
    return found.stream().map(SideBySide::of).flatMap(Optional::stream).distinct().toList();
  }

  private Optional<Server> server(Name name, NamedBy namedBy) {
    return resolvers.addresses(name).stream()
        .findFirst()
        .map(
            address ->
                new Server(
                    new NameServer(
                        Records.plain(name),
                        address.getHostAddress(),
                        serverAt.apply(address).getPort(),
                        namedBy),
                    serverAt.apply(address)));
  }

  /** The servers to which the parent zone delegates; none when it could not be asked. */
  private Set<Name> atParent() {
    if (!(resolvers.shared(new Name(apex, 1), Type.SOA) instanceof Reply.Came came)
        || came.zone().isEmpty()) {
      return Set.of();
    }
    Reply delegation = delegations.of(apex, Type.NS, () -> delegation(came.zone().get()));
    return names(delegation, false);
  }

  private Reply delegation(Name parent) {
    List<Name> servers =
        names(resolvers.shared(parent, Type.NS), true).stream().limit(MOST_OF_PARENT).toList();
    Reply last = new Reply.None("the parent zone names no server");
    for (Name server : servers) {
      for (InetAddress address : resolvers.addresses(server).stream().limit(1).toList()) {
        last = resolvers.client().askNameServer(serverAt.apply(address), apex, Type.NS);
        if (last instanceof Reply.Came) {
          return last;
        }
      }
    }
    return last;
  }

  /** The servers that an answer names; those of a referral stand in another section. */
  private static Set<Name> names(Reply reply, boolean answerOnly) {
    Set<Name> names = new LinkedHashSet<>();
    if (reply instanceof Reply.Came came) {
      List<Record> records = new ArrayList<>(came.found());
      if (!answerOnly) {
        records.addAll(came.authority(Type.NS));
      }
      for (Record record : records) {
        if (record instanceof NSRecord ns) {
          names.add(ns.getTarget());
        }
      }
    }
    return names;
  }
}
