package mailfrom.dns;

import java.io.IOException;
import java.util.Optional;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;

/** Reading the bytes that came back for a question. */
final class WireAnswer {
  private WireAnswer() {}

  /** Whether bytes have the id of a question. */
  static boolean isTo(Message query, byte[] bytes) {
    int id = query.getHeader().getID();
    return bytes.length >= Header.LENGTH
        && bytes[0] == (byte) (id >> Byte.SIZE)
        && bytes[1] == (byte) id;
  }

  /** Reads an answer; empty when the bytes are none, or one to another question (RFC 5452, 9.1). */
  static Optional<Message> read(Message query, byte[] bytes) {
    try {
      Message message = new Message(bytes);
      return Optional.of(message)
          .filter(read -> read.getHeader().getID() == query.getHeader().getID())
          .filter(read -> query.getQuestion().equals(read.getQuestion()));
    } catch (IOException | RuntimeException e) {
      // Whatever a server sends is an answer that cannot be read, and no fault of ours.
      return Optional.empty();
    }
  }
}
