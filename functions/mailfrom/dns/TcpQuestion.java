package mailfrom.dns;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.xbill.DNS.Message;
import org.xbill.DNS.WireParseException;

/**
 * One question over a TCP connection of its own. dnsjava puts all questions to a server on one
 * connection, where a reset for one name takes the others along, and one that hangs holds them up.
 */
final class TcpQuestion {
  private static final int LENGTH_BYTES = 2;

  private final long end;

  private TcpQuestion(Duration timeout) {
    this.end = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Asks, and waits for the whole answer.
   *
   * @param timeout for all of it: a server that sends a byte now and then gains no time
   */
  static Message ask(InetSocketAddress server, Message query, Duration timeout) throws IOException {
    return new TcpQuestion(timeout).ask(server, query);
  }

  private Message ask(InetSocketAddress server, Message query) throws IOException {
    byte[] question = query.toWire();
    byte[] framed = new byte[question.length + LENGTH_BYTES];
    framed[0] = (byte) (question.length >> 8);
    framed[1] = (byte) question.length;
    System.arraycopy(question, 0, framed, LENGTH_BYTES, question.length);
    try (Socket socket = new Socket()) {
      socket.connect(server, millisLeft());
      socket.getOutputStream().write(framed);
      byte[] length = read(socket, LENGTH_BYTES);
      byte[] answer = read(socket, ((length[0] & 0xFF) << 8) | (length[1] & 0xFF));
      Message message = new Message(answer);
      if (message.getHeader().getID() != query.getHeader().getID()
          || !query.getQuestion().equals(message.getQuestion())) {
        throw new WireParseException("the answer to another question");
      }
      return message;
    }
  }

  private byte[] read(Socket socket, int length) throws IOException {
    byte[] bytes = new byte[length];
    InputStream in = socket.getInputStream();
    int at = 0;
    while (at < length) {
      socket.setSoTimeout(millisLeft());
      int read = in.read(bytes, at, length - at);
      if (read < 0) {
        throw new EOFException("the connection was closed before the answer was whole");
      }
      at += read;
    }
    return bytes;
  }

  private int millisLeft() throws SocketTimeoutException {
    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (left <= 0) {
      throw new SocketTimeoutException("the answer took too long");
    }
    return (int) left;
  }
}
