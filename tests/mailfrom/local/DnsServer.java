package mailfrom.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;

/** DNS on the wire: messages over UDP and TCP on one port of 127.0.0.1. */
final class DnsServer implements AutoCloseable {
  static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final int PLAIN_UDP = 512;
  private static final int LARGEST_UDP = 4096;
  private static final int LARGEST_TCP = 65_535;

  /** A dribbled answer keeps a reader's time-out for each byte from coming. */
  private static final Duration BETWEEN_BYTES = Duration.ofMillis(20);

  private final Answers answers;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /** What there is to answer. */
  interface Answers {
    DnsReply reply(Name name, int type, boolean recursion);

    /** Whether it says that it is the authority for the name. */
    boolean isAuthority(Name name);

    /** How the answers for the name do not get through; null: they do. */
    @Nullable DnsTransport transport(Name name);
  }

  /** Starts at once; port 0 takes a free one. */
  DnsServer(int port, Answers answers) {
    this.answers = answers;
    try {
      Sockets sockets = Sockets.open(port);
      udp = sockets.udp();
      tcp = sockets.tcp();
      // A look-up of ten thousand names must not be lost in our own buffer.
      udp.setReceiveBufferSize(4 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " of 127.0.0.1 cannot serve DNS", e);
    }
    Thread.ofPlatform().daemon().name("local-dns-udp").start(this::serveUdp);
    Thread.ofPlatform().daemon().name("local-dns-tcp").start(this::serveTcp);
  }

  private record Sockets(DatagramSocket udp, ServerSocket tcp) {
    // A free UDP port may be taken on TCP: try others.
    static Sockets open(int port) throws IOException {
      for (int attempt = 1; ; attempt++) {
        ServerSocket tcp = new ServerSocket(port, 256, HERE);
        try {
          return new Sockets(
              new DatagramSocket(new InetSocketAddress(HERE, tcp.getLocalPort())), tcp);
        } catch (BindException e) {
          tcp.close();
          if (port != 0 || attempt == 20) {
            throw e;
          }
        }
      }
    }
  }

  int port() {
    return tcp.getLocalPort();
  }

  void awaitNoConnection() {
    while (!connections.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private void serveUdp() {
    byte[] buffer = new byte[LARGEST_UDP];
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        Optional<byte[]> answer = answer(query, false);
        if (answer.isPresent()) {
          udp.send(
              new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!udp.isClosed()) {
          throw new UncheckedIOException("the UDP socket of the local DNS broke", e);
        }
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        connections.add(socket);
        executor.execute(() -> serve(socket));
      } catch (IOException e) {
        if (!tcp.isClosed()) {
          throw new UncheckedIOException("the TCP socket of the local DNS broke", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        Optional<byte[]> answer = answer(query, true);
        DnsTransport transport = transportOf(query);
        if (transport == DnsTransport.TCP_RESET) {
          // Closing with nothing left to wait for sends a reset.
          socket.setSoLinger(true, 0);
          return;
        }
        if (transport == DnsTransport.TCP_DRIBBLES) {
          dribble(out);
        } else if (answer.isPresent() && transport != DnsTransport.TCP_HANGS) {
          byte[] framed = new byte[answer.get().length + 2];
          framed[0] = (byte) (answer.get().length >> 8);
          framed[1] = (byte) answer.get().length;
          System.arraycopy(answer.get(), 0, framed, 2, answer.get().length);
          out.write(framed);
          out.flush();
        }
      }
    } catch (EOFException | SocketException _) {
      // The asker went away, which ends the conversation.
    } catch (IOException e) {
      throw new UncheckedIOException("a TCP conversation of the local DNS broke", e);
    } finally {
      connections.remove(socket);
    }
  }

  private @Nullable DnsTransport transportOf(byte[] query) throws IOException {
    Record question = new Message(query).getQuestion();
    return question == null ? null : answers.transport(question.getName());
  }

  /** Begins an answer, and never gets to its end. */
  private void dribble(DataOutputStream out) throws IOException {
    out.writeShort(PLAIN_UDP);
    try {
      do {
        out.write(0);
        out.flush();
      } while (!closing.await(BETWEEN_BYTES.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<byte[]> answer(byte[] wire, boolean overTcp) {
    Message query;
    try {
      query = new Message(wire);
    } catch (WireParseException _) {
      return malformed(wire);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    Message response = new Message(query.getHeader().getID());
    Header header = response.getHeader();
    header.setFlag(Flags.QR);
    header.setOpcode(query.getHeader().getOpcode());
    Record question = query.getQuestion();
    if (question != null) {
      response.addRecord(question, Section.QUESTION);
    }
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      header.setRcode(Rcode.NOTIMP);
    } else if (question == null || question.getDClass() != DClass.IN) {
      header.setRcode(question == null ? Rcode.FORMERR : Rcode.REFUSED);
    } else {
      boolean recursion = query.getHeader().getFlag(Flags.RD);
      DnsReply reply = answers.reply(question.getName(), question.getType(), recursion);
      if (reply.silent()) {
        return Optional.empty();
      }
      if (recursion) {
        header.setFlag(Flags.RD);
      } else if (answers.isAuthority(question.getName())) {
        header.setFlag(Flags.AA);
      }
      header.setFlag(Flags.RA);
      header.setRcode(reply.rcode());
      reply.answers().forEach(record -> response.addRecord(record, Section.ANSWER));
      reply.authority().forEach(record -> response.addRecord(record, Section.AUTHORITY));
    }
    OPTRecord opt = query.getOPT();
    DnsTransport transport = question == null ? null : answers.transport(question.getName());
    if (transport != null && transport != DnsTransport.DROPS_EDNS && !overTcp) {
      header.setFlag(Flags.TC);
      response.removeAllRecords(Section.ANSWER);
    }
    if (transport == DnsTransport.DROPS_EDNS && opt != null) {
      return Optional.empty();
    }
    if (opt != null) {
      response.addRecord(new OPTRecord(LARGEST_UDP, 0, 0), Section.ADDITIONAL);
    }
    int room =
        overTcp
            ? LARGEST_TCP
            : opt == null ? PLAIN_UDP : Math.clamp(opt.getPayloadSize(), PLAIN_UDP, LARGEST_UDP);
    return Optional.of(response.toWire(room));
  }

  /** Who sent bytes that are no query is told so, when at least its id can be read. */
  private static Optional<byte[]> malformed(byte[] wire) {
    if (wire.length < 2) {
      return Optional.empty();
    }
    Message response = new Message(((wire[0] & 0xFF) << 8) | (wire[1] & 0xFF));
    response.getHeader().setFlag(Flags.QR);
    response.getHeader().setRcode(Rcode.FORMERR);
    return Optional.of(response.toWire());
  }

  @Override
  public void close() {
    closing.countDown();
    udp.close();
    try {
      tcp.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the local DNS does not close", e);
    }
    executor.close();
  }
}
