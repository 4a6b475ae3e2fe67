package mailfrom.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mailfrom.app.pace.Deadline;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * Sends one question at a time, at the pace: over UDP, over TCP when the answer is cut off, with a
 * time-out. Keeps no answers.
 */
final class DnsClient {
  private final Duration timeout;
  private final QueryPace pace;

  /** After it nobody is asked any more; null: there is none. */
  private final @Nullable Deadline deadline;

  DnsClient(Duration timeout, QueryPace pace) {
    this(timeout, pace, null);
  }

  private DnsClient(Duration timeout, QueryPace pace, @Nullable Deadline deadline) {
    this.timeout = timeout;
    this.pace = pace;
    this.deadline = deadline;
  }

  /** The same, and no answer is waited for after a deadline. */
  DnsClient until(Deadline other) {
    return new DnsClient(timeout, pace, other);
  }

  private static Message send(
      InetSocketAddress server, Message query, boolean edns, Duration timeout) throws IOException {
    Message answer = UdpQuestion.ask(server, query, edns, timeout);
    return answer.getHeader().getFlag(Flags.TC) ? TcpQuestion.ask(server, query, timeout) : answer;
  }

  /**
   * Asks resolvers, one after the other until one answers; who gave no answer in time is asked once
   * more: a lost packet is not an outage.
   */
  Reply askResolvers(List<InetSocketAddress> resolvers, Name name, int type) {
    if (resolvers.isEmpty()) {
      return new Reply.None("no resolver is configured");
    }
    List<InetSocketAddress> left = new ArrayList<>(resolvers);
    Reply last = new Reply.None("");
    for (boolean edns : new boolean[] {true, false}) {
      for (InetSocketAddress resolver : List.copyOf(left)) {
        Asked asked = ask(resolver, name, type, true, edns);
        if (asked.reply() instanceof Reply.Came) {
          return asked.reply();
        }
        last = asked.reply();
        if (!asked.mayAskAgain()) {
          left.remove(resolver);
        }
      }
    }
    return last;
  }

  /** Asks a name server for what it knows itself. */
  Reply askNameServer(InetSocketAddress server, Name name, int type) {
    Asked first = ask(server, name, type, false, true);
    return first.mayAskAgain() ? ask(server, name, type, false, false).reply() : first.reply();
  }

  /**
   * What came of one question.
   *
   * @param mayAskAgain whether the question may have been lost, or not been understood
   */
  private record Asked(Reply reply, boolean mayAskAgain) {}

  private Asked ask(
      InetSocketAddress server, Name name, int type, boolean recursion, boolean edns) {
    try {
      pace.await();
      Duration within = deadline == null ? timeout : deadline.atMost(timeout);
      if (within.isZero()) {
        return new Asked(new Reply.None("the time for an answer was up"), false);
      }
      Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
      if (!recursion) {
        query.getHeader().unsetFlag(Flags.RD);
      }
      Message message = send(server, query, edns, within);
      return switch (message.getRcode()) {
        case Rcode.NOERROR, Rcode.NXDOMAIN -> new Asked(new Reply.Came(name, type, message), false);
        case Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS -> new Asked(refusal(message), true);
        default -> new Asked(refusal(message), false);
      };
    } catch (IOException e) {
      // Who is interrupted in a virtual thread meets a closed socket.
      return Thread.currentThread().isInterrupted()
          ? new Asked(new Reply.None("interrupted"), false)
          : new Asked(new Reply.None("no answer"), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Asked(new Reply.None("interrupted"), false);
    }
  }

  /** Without the question: many who ask one server for different names get the same. */
  private static Reply refusal(Message message) {
    return new Reply.None(Rcode.string(message.getRcode()));
  }
}
