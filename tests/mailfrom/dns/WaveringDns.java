package mailfrom.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A zone whose own servers do not agree: every second MX question is answered with none. It is its
 * own resolver, which finds the record.
 */
final class WaveringDns implements AutoCloseable {
  private static final Name APEX = Name.fromConstantString("example.com.");
  private static final Name SERVER = Name.fromConstantString("ns.example.com.");
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final DatagramSocket socket;
  private final AtomicInteger asked = new AtomicInteger();

  WaveringDns() {
    try {
      socket = new DatagramSocket(new InetSocketAddress(HERE, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("wavering-dns").start(this::serve);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(HERE, socket.getLocalPort());
  }

  private void serve() {
    byte[] buffer = new byte[1500];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength()))).toWire(1200);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private Message answer(Message query) {
    Record question = query.getQuestion();
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.addRecord(question, Section.QUESTION);
    Name name = question.getName();
    boolean resolver = query.getHeader().getFlag(Flags.RD);
    Record soa = new SOARecord(APEX, DClass.IN, 60, SERVER, SERVER, 1, 60, 60, 60, 60);
    switch (question.getType()) {
      case Type.NS -> answer.addRecord(new NSRecord(APEX, DClass.IN, 60, SERVER), Section.ANSWER);
      case Type.A -> answer.addRecord(new ARecord(name, DClass.IN, 60, HERE), Section.ANSWER);
      case Type.MX -> {
        if (resolver || asked.getAndIncrement() % 2 == 0) {
          Name host = Name.fromConstantString("feedback-smtp.us-east-1.amazonses.com.");
          answer.addRecord(new MXRecord(name, DClass.IN, 60, 10, host), Section.ANSWER);
        } else {
          answer.addRecord(soa, Section.AUTHORITY);
        }
      }
      default -> answer.addRecord(soa, Section.AUTHORITY);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
