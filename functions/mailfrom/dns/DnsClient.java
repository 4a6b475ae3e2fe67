package mailfrom.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mailfrom.app.pace.Deadline;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * Sends questions at the pace: over UDP, over TCP when an answer is cut off, with a time-out. Keeps
 * no answers.
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

  /** One type that resolvers are asked for until one answers. */
  private static final class Search {
    private final int type;
    private final List<InetSocketAddress> left;
    private Reply reply = new Reply.None("no resolver is configured");

    Search(int type, List<InetSocketAddress> resolvers) {
      this.type = type;
      this.left = new ArrayList<>(resolvers);
    }

    boolean wants(InetSocketAddress resolver) {
      return !(reply instanceof Reply.Came) && left.contains(resolver);
    }

    void take(InetSocketAddress resolver, Asked asked) {
      reply = asked.reply();
      if (!asked.mayAskAgain()) {
        left.remove(resolver);
      }
    }
  }

  /**
   * Asks resolvers for records of a name, all types at once, one resolver after the other until one
   * answers; who gave no answer in time is asked once more: a lost packet is not an outage.
   *
   * @return what came, in the order of the types
   */
  List<Reply> askResolvers(List<InetSocketAddress> resolvers, Name name, List<Integer> types) {
    List<Search> all = types.stream().map(type -> new Search(type, resolvers)).toList();
    for (boolean edns : new boolean[] {true, false}) {
      for (InetSocketAddress resolver : resolvers) {
        List<Search> open = all.stream().filter(search -> search.wants(resolver)).toList();
        if (!open.isEmpty()) {
          List<Integer> wanted = open.stream().map(search -> search.type).toList();
          List<Asked> asked = ask(resolver, name, wanted, true, edns);
          for (int i = 0; i < asked.size(); i++) {
            open.get(i).take(resolver, asked.get(i));
          }
        }
      }
    }
    return all.stream().map(search -> search.reply).toList();
  }

  /** Asks a name server for what it knows itself. */
  Reply askNameServer(InetSocketAddress server, Name name, int type) {
    Asked first = ask(server, name, List.of(type), false, true).getFirst();
    return first.mayAskAgain()
        ? ask(server, name, List.of(type), false, false).getFirst().reply()
        : first.reply();
  }

  /**
   * What came of one question.
   *
   * @param mayAskAgain whether the question may have been lost, or not been understood
   */
  private record Asked(Reply reply, boolean mayAskAgain) {
    static final Asked INTERRUPTED = new Asked(new Reply.None("interrupted"), false);
  }

  private List<Asked> ask(
      InetSocketAddress server, Name name, List<Integer> types, boolean recursion, boolean edns) {
    try {
      for (int i = 0; i < types.size(); i++) {
        pace.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return types.stream().map(_ -> Asked.INTERRUPTED).toList();
    }
    Duration within = within();
    if (within.isZero()) {
      Asked tooLate = new Asked(new Reply.None("the time for an answer was up"), false);
      return types.stream().map(_ -> tooLate).toList();
    }
    List<Message> queries = types.stream().map(type -> query(name, type, recursion)).toList();
    Map<Message, Message> answers = UdpQuestions.ask(server, queries, edns, within);
    return queries.stream()
        .map(query -> asked(name, query, whole(server, query, answers.get(query))))
        .toList();
  }

  private Duration within() {
    return deadline == null ? timeout : deadline.atMost(timeout);
  }

  private static Message query(Name name, int type, boolean recursion) {
    Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    if (!recursion) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    return query;
  }

  /** An answer that was cut off is asked for over TCP. */
  private @Nullable Message whole(
      InetSocketAddress server, Message query, @Nullable Message answer) {
    return answer != null && answer.getHeader().getFlag(Flags.TC)
        ? TcpQuestion.ask(server, query, within()).orElse(null)
        : answer;
  }

  private static Asked asked(Name name, Message query, @Nullable Message answer) {
    if (answer == null) {
      // Who is interrupted in a virtual thread meets a closed socket.
      return Thread.currentThread().isInterrupted()
          ? Asked.INTERRUPTED
          : new Asked(new Reply.None("no answer"), true);
    }
    return switch (answer.getRcode()) {
      case Rcode.NOERROR, Rcode.NXDOMAIN ->
          new Asked(new Reply.Came(name, query.getQuestion().getType(), answer), false);
      case Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS -> new Asked(refusal(answer), true);
      default -> new Asked(refusal(answer), false);
    };
  }

  /** Without the question: many who ask one server for different names get the same. */
  private static Reply refusal(Message message) {
    return new Reply.None(Rcode.string(message.getRcode()));
  }
}
