package mailfrom.dns;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.Message;

/**
 * One question over a TCP connection of its own. dnsjava puts all questions to a server on one
 * connection, where a reset for one name takes the others along, and one that hangs holds them up.
 */
final class TcpQuestion {
  private static final int LENGTH_BYTES = 2;

  private TcpQuestion() {}

  /**
   * Asks, and waits for the whole answer; empty when it did not come, or cannot be read.
   *
   * @param timeout for all of it
   */
  static Optional<Message> ask(InetSocketAddress server, Message query, Duration timeout) {
    TimeLeft left = new TimeLeft(timeout);
    byte[] question = query.toWire();
    byte[] framed = new byte[question.length + LENGTH_BYTES];
    framed[0] = (byte) (question.length >> Byte.SIZE);
    framed[1] = (byte) question.length;
    System.arraycopy(question, 0, framed, LENGTH_BYTES, question.length);
    try (Socket socket = new Socket()) {
      socket.connect(server, left.millis());
      socket.getOutputStream().write(framed);
      byte[] length = read(socket, LENGTH_BYTES, left);
      int bytes = (Byte.toUnsignedInt(length[0]) << Byte.SIZE) | Byte.toUnsignedInt(length[1]);
      return WireAnswer.read(query, read(socket, bytes, left));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static byte[] read(Socket socket, int length, TimeLeft left) throws IOException {
    byte[] bytes = new byte[length];
    InputStream in = socket.getInputStream();
    int at = 0;
    while (at < length) {
      socket.setSoTimeout(left.millis());
      int read = in.read(bytes, at, length - at);
      if (read < 0) {
        throw new EOFException("the connection was closed before the answer was whole");
      }
      at += read;
    }
    return bytes;
  }
}
