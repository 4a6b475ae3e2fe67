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
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/**
 * One question over UDP, from a port of its own, whose thread waits for the answer itself. dnsjava
 * hands a question to a selector's thread and its answer to a third one, which costs more than all
 * else of a question.
 */
final class UdpQuestion {
  /** What is told to a server that an answer may have; fits into what no network splits. */
  private static final int ANSWER_BYTES = 1280;

  /** Some send more than they were told. */
  private static final int MOST_BYTES = 4096;

  private UdpQuestion() {}

  /**
   * Asks, and waits for the answer; what else comes from the server meanwhile is passed over.
   *
   * @param edns whether to say how long an answer may be: some servers and what stands before them
   *     drop such questions
   * @param timeout for all of it
   */
  static Message ask(InetSocketAddress server, Message query, boolean edns, Duration timeout)
      throws IOException {
    TimeLeft left = new TimeLeft(timeout);
    Message asked = query;
    if (edns) {
      asked = query.clone();
      asked.addRecord(new OPTRecord(ANSWER_BYTES, 0, 0), Section.ADDITIONAL);
    }
    byte[] question = asked.toWire();
    try (DatagramChannel channel = DatagramChannel.open(family(server.getAddress()))) {
      channel.connect(server);
      DatagramSocket socket = channel.socket();
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
      while (true) {
        socket.setSoTimeout(left.millis());
        socket.receive(packet);
        if (WireAnswer.isTo(query, packet.getData(), packet.getLength())) {
          return WireAnswer.read(query, packet.getData(), packet.getLength());
        }
        packet.setLength(MOST_BYTES);
      }
    }
  }

  private static ProtocolFamily family(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }
}
