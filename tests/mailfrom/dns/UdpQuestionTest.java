package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A question to a server on the wire that answers what it likes. */
class UdpQuestionTest {
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int WITHOUT_EDNS = 512;

  private final Name name = Name.fromConstantString("bounce.example.com.");
  private final Message query = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));
  private DatagramSocket server;

  private interface Script {
    List<byte[]> answers(Message asked) throws IOException;
  }

  @BeforeEach
  void bind() throws SocketException {
    server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** What the server was asked, once it has said all it has to say. */
  private CompletableFuture<Message> serving(Script script) {
    CompletableFuture<Message> heard = new CompletableFuture<>();
    Thread _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                    server.receive(packet);
                    Message asked = new Message(bytes(packet));
                    for (byte[] answer : script.answers(asked)) {
                      server.send(
                          new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                    heard.complete(asked);
                  } catch (IOException e) {
                    heard.completeExceptionally(e);
                  }
                });
    return heard;
  }

  private static byte[] bytes(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static Message right(Message asked) {
    Message answer = new Message(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(asked.getQuestion(), Section.QUESTION);
    answer.addRecord(
        new TXTRecord(asked.getQuestion().getName(), DClass.IN, 60, "right"), Section.ANSWER);
    return answer;
  }

  private Message ask(Duration timeout) throws IOException {
    return UdpQuestion.ask(
        (InetSocketAddress) server.getLocalSocketAddress(), query, true, timeout);
  }

  private static Message of(Message asked, Function<Message, Message> change) {
    return change.apply(right(asked));
  }

  @Test
  void theAnswerIsTaken() throws IOException {
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    assertEquals(1, ask(PATIENT).getSection(Section.ANSWER).size());
    assertEquals(1280, heard.join().getOPT().getPayloadSize());
  }

  @Test
  void aServerIsToldNothingOfEdnsThatDoesNotKnowIt() throws IOException {
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    Message _ =
        UdpQuestion.ask((InetSocketAddress) server.getLocalSocketAddress(), query, false, PATIENT);
    assertEquals(null, heard.join().getOPT());
    assertEquals(true, heard.join().toWire().length < WITHOUT_EDNS);
  }

  @Test
  void whatHasAnotherIdIsPassedOver() throws IOException {
    byte[] other = new byte[] {1};
    CompletableFuture<Message> _ =
        serving(
            asked ->
                List.of(
                    other,
                    of(asked, answer -> withId(answer, asked.getHeader().getID() ^ 1)).toWire(),
                    new byte[0],
                    right(asked).toWire()));
    assertEquals(1, ask(PATIENT).getSection(Section.ANSWER).size());
  }

  private static Message withId(Message message, int id) {
    message.getHeader().setID(id);
    return message;
  }

  @Test
  void theAnswerToAnotherQuestionIsNone() {
    Name elsewhere = Name.fromConstantString("other.example.com.");
    Message another = Message.newQuery(Record.newRecord(elsewhere, Type.TXT, DClass.IN));
    CompletableFuture<Message> _ =
        serving(asked -> List.of(withId(right(another), asked.getHeader().getID()).toWire()));
    assertThrows(IOException.class, () -> ask(PATIENT));
  }

  @Test
  void whatCannotBeReadIsNoAnswerAndNoFaultOfOurs() {
    CompletableFuture<Message> _ =
        serving(
            asked -> {
              byte[] whole = right(asked).toWire();
              return List.of(Arrays.copyOf(whole, whole.length - 3));
            });
    assertThrows(IOException.class, () -> ask(PATIENT));
  }

  @Test
  void whoSaysNothingIsWaitedForUntilTheTimeIsUp() {
    CompletableFuture<Message> _ = serving(_ -> List.of());
    assertThrows(SocketTimeoutException.class, () -> ask(SHORT));
  }

  @Test
  void whoIsNotThereIsNotWaitedFor() {
    server.close();
    assertThrows(
        IOException.class,
        () ->
            UdpQuestion.ask(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), query, true, PATIENT));
  }

  @Test
  void aLookThatIsEndedWaitsForNobody() throws Exception {
    CompletableFuture<Message> heard = serving(_ -> List.of());
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    DnsClient client = new DnsClient(PATIENT, QueryPace.perSecond(1000));
    Thread looking =
        Thread.ofVirtual()
            .start(
                () ->
                    reply.complete(
                        client.askResolvers(
                            List.of((InetSocketAddress) server.getLocalSocketAddress()),
                            name,
                            Type.TXT)));
    heard.get(PATIENT.toSeconds(), TimeUnit.SECONDS);
    looking.interrupt();
    assertEquals(new Reply.None("interrupted"), reply.get(PATIENT.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void theQuestionStaysAsItWas() throws IOException, ExecutionException, InterruptedException {
    byte[] before = query.toWire();
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    Message _ = ask(PATIENT);
    assertEquals(query.getQuestion(), heard.get().getQuestion());
    assertArrayEquals(before, query.toWire());
  }
}
