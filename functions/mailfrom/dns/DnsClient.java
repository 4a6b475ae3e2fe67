package mailfrom.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Sends one question at a time, at the pace: over UDP, over TCP when the answer is cut off, with a
 * time-out. Keeps no answers.
 */
final class DnsClient {
  /** A lost packet is not an outage. */
  private static final int ROUNDS = 2;

  private final Line line;
  private final QueryPace pace;

  /** How one question reaches one server. */
  interface Line {
    Message send(InetSocketAddress server, Message query) throws IOException;
  }

  DnsClient(Duration timeout, QueryPace pace) {
    this(
        pace,
        (server, query) -> {
          SimpleResolver resolver = new SimpleResolver(server);
          resolver.setTimeout(timeout);
          return resolver.send(query);
        });
  }

  DnsClient(QueryPace pace, Line line) {
    this.line = line;
    this.pace = pace;
  }

  /**
   * Asks resolvers, one after the other until one answers; who gave no answer in time is asked once
   * more.
   */
  Reply askResolvers(List<InetSocketAddress> resolvers, Name name, int type) {
    if (resolvers.isEmpty()) {
      return new Reply.None("no resolver is configured");
    }
    List<InetSocketAddress> left = new ArrayList<>(resolvers);
    String why = "";
    for (int round = 0; round < ROUNDS; round++) {
      for (InetSocketAddress resolver : List.copyOf(left)) {
        Message message;
        try {
          message = send(resolver, name, type, true);
        } catch (IOException e) {
          why = silence(name, type, e);
          continue;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return new Reply.None("interrupted");
        }
        if (answers(message)) {
          return new Reply.Came(name, type, message);
        }
        why = refusal(name, type, message);
        left.remove(resolver);
      }
    }
    return new Reply.None(why);
  }

  /** Asks a name server for what it knows itself. */
  Reply askNameServer(InetSocketAddress server, Name name, int type) {
    try {
      Message message = send(server, name, type, false);
      if (!answers(message)) {
        return new Reply.None(refusal(name, type, message));
      }
      return message.getHeader().getFlag(Flags.AA)
          ? new Reply.Came(name, type, message)
          : new Reply.None("%s is not an authority for %s".formatted(server, name));
    } catch (IOException e) {
      return new Reply.None(silence(name, type, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.None("interrupted");
    }
  }

  private Message send(InetSocketAddress server, Name name, int type, boolean recursion)
      throws IOException, InterruptedException {
    pace.await();
    Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    if (!recursion) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    return line.send(server, query);
  }

  private static boolean answers(Message message) {
    return message.getRcode() == Rcode.NOERROR || message.getRcode() == Rcode.NXDOMAIN;
  }

  private static String refusal(Name name, int type, Message message) {
    return "%s for %s %s".formatted(Rcode.string(message.getRcode()), Type.string(type), name);
  }

  private static String silence(Name name, int type, IOException e) {
    return "no answer for %s %s (%s)"
        .formatted(Type.string(type), name, e.getClass().getSimpleName());
  }
}
