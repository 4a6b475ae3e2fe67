package mailfrom.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import mailfrom.domain.dns.NameServer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Type;

/**
 * Who answers for the whole DNS.
 *
 * @param configured in the order in which they are asked; none: those of this system
 * @param answers what was answered before and may be taken again
 */
record Resolvers(DnsClient client, List<InetSocketAddress> configured, Answers answers) {

  /** Asks now. */
  Reply ask(Name name, int type) {
    return ask(name, List.of(type)).getFirst();
  }

  /** Asks now for records of several types, all at once. */
  List<Reply> ask(Name name, List<Integer> types) {
    List<InetSocketAddress> resolvers =
        configured.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : configured;
    return client.askResolvers(resolvers, name, types);
  }

  /** Asks, unless it was answered before in this look or run. */
  Reply shared(Name name, int type) {
    return answers.of(name, type, () -> ask(name, type));
  }

  /** The addresses of a name: IPv6 only where there is nothing else, Lambda has none by itself. */
  List<InetAddress> addresses(Name host) {
    for (int type : new int[] {Type.A, Type.AAAA}) {
      if (shared(host, type) instanceof Reply.Came came) {
        List<InetAddress> found = new ArrayList<>();
        for (Record record : came.found()) {
          if (record instanceof ARecord a) {
            found.add(a.getAddress());
          } else if (record instanceof AAAARecord aaaa) {
            found.add(aaaa.getAddress());
          }
        }
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return List.of();
  }

  /** Who is asked, as people are told. */
  NameServer seen() {
    return configured.isEmpty()
        ? NameServer.RESOLVER
        : new NameServer(
            NameServer.RESOLVER.name(),
            configured.getFirst().getHostString(),
            configured.getFirst().getPort(),
            NameServer.NamedBy.BOTH);
  }
}
