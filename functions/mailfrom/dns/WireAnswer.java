package mailfrom.dns;

import java.io.IOException;
import java.util.Arrays;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.WireParseException;

/** Reading the bytes that came back for a question. */
final class WireAnswer {
  private WireAnswer() {}

  /** Whether bytes have the id of a question. */
  static boolean isTo(Message query, byte[] bytes, int length) {
    int id = query.getHeader().getID();
    return length >= Header.LENGTH && bytes[0] == (byte) (id >> Byte.SIZE) && bytes[1] == (byte) id;
  }

  /**
   * Reads an answer. Throws IOException when the bytes are none, or one to another question (RFC
   * 5452, 9.1).
   */
  static Message read(Message query, byte[] bytes, int length) throws IOException {
    Message message = parse(Arrays.copyOf(bytes, length));
    if (message.getHeader().getID() != query.getHeader().getID()
        || !query.getQuestion().equals(message.getQuestion())) {
      throw new WireParseException("the answer to another question");
    }
    return message;
  }

  private static Message parse(byte[] bytes) throws IOException {
    try {
      return new Message(bytes);
    } catch (RuntimeException e) {
      // Whatever a server sends is an answer that cannot be read, and no fault of ours.
      throw new WireParseException("the answer cannot be read", e);
    }
  }
}
