package mailfrom.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/**
 * Questions to one server over UDP, from a port of their own, whose thread waits for the answers
 * itself. dnsjava hands a question to a selector's thread and its answer to a third one, which
 * costs more than all else of a question; and so does a port, which the questions of one look have
 * in common.
 */
final class UdpQuestions {
  /** What is told to a server that an answer may have; fits into what no network splits. */
  private static final int ANSWER_BYTES = 1280;

  /** Some send more than they were told. */
  private static final int MOST_BYTES = 4096;

  private UdpQuestions() {}

  /**
   * Asks all at once, and waits for the answers; what else comes from the server meanwhile is
   * passed over.
   *
   * @param edns whether to say how long an answer may be: some servers and what stands before them
   *     drop such questions
   * @param timeout for all of it
   * @return the answers by their questions; those that did not come, or cannot be read, are not
   *     there
   */
  static Map<Message, Message> ask(
      InetSocketAddress server, List<Message> queries, boolean edns, Duration timeout) {
    TimeLeft left = new TimeLeft(timeout);
    Map<Message, Message> answers = new HashMap<>();
    try (DatagramChannel channel = DatagramChannel.open(family(server.getAddress()))) {
      channel.connect(server);
      DatagramSocket socket = channel.socket();
      for (Message query : queries) {
        byte[] question = wire(query, edns);
        socket.send(new DatagramPacket(question, question.length));
      }
      List<Message> open = new ArrayList<>(queries);
      DatagramPacket packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
      while (!open.isEmpty()) {
        socket.setSoTimeout(left.millis());
        packet.setLength(MOST_BYTES);
        socket.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        open.stream()
            .filter(query -> WireAnswer.isTo(query, bytes))
            .findFirst()
            .ifPresent(
                query -> {
                  open.remove(query);
                  WireAnswer.read(query, bytes).ifPresent(answer -> answers.put(query, answer));
                });
      }
    } catch (IOException e) {
      // Who has not answered by now gives no answer.
    }
    return answers;
  }

  private static byte[] wire(Message query, boolean edns) {
    Message asked = query;
    if (edns) {
      asked = query.clone();
      asked.addRecord(new OPTRecord(ANSWER_BYTES, 0, 0), Section.ADDITIONAL);
    }
    return asked.toWire();
  }

  private static ProtocolFamily family(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }
}
