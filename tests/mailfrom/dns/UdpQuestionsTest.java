package mailfrom.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

/** Questions to a server on the wire that answers what it likes. */
class UdpQuestionsTest {
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int WITHOUT_EDNS = 512;

  private final Name name = Name.fromConstantString("bounce.example.com.");
  private final Message query = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));
  private DatagramSocket server;

  private interface Script {
    List<byte[]> answers(Message asked) throws IOException;
  }

  private interface Scripts {
    List<byte[]> answers(List<Message> asked) throws IOException;
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
    return serving(1, asked -> script.answers(asked.getFirst())).thenApply(List::getFirst);
  }

  /** The same, which hears so many questions before it answers. */
  private CompletableFuture<List<Message>> serving(int questions, Scripts script) {
    CompletableFuture<List<Message>> heard = new CompletableFuture<>();
    Thread _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    List<Message> asked = new ArrayList<>();
                    Set<SocketAddress> from = new HashSet<>();
                    for (int i = 0; i < questions; i++) {
                      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                      server.receive(packet);
                      asked.add(new Message(bytes(packet)));
                      from.add(packet.getSocketAddress());
                    }
                    assertEquals(1, from.size(), "from one port");
                    for (byte[] answer : script.answers(asked)) {
                      server.send(
                          new DatagramPacket(answer, answer.length, from.iterator().next()));
                    }
                    heard.complete(asked);
                  } catch (IOException | AssertionError e) {
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

  private InetSocketAddress at() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** The answer; null when none came. */
  private @Nullable Message ask(Duration timeout) {
    return UdpQuestions.ask(at(), List.of(query), true, timeout).get(query);
  }

  private static int records(@Nullable Message answer) {
    return answer == null ? -1 : answer.getSection(Section.ANSWER).size();
  }

  private static Message of(Message asked, Function<Message, Message> change) {
    return change.apply(right(asked));
  }

  @Test
  void theAnswerIsTaken() {
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    assertEquals(1, records(ask(PATIENT)));
    assertEquals(1280, heard.join().getOPT().getPayloadSize());
  }

  @Test
  void aServerIsToldNothingOfEdnsThatDoesNotKnowIt() {
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    assertEquals(1, records(UdpQuestions.ask(at(), List.of(query), false, PATIENT).get(query)));
    assertEquals(null, heard.join().getOPT());
    assertEquals(true, heard.join().toWire().length < WITHOUT_EDNS);
  }

  @Test
  void whatHasAnotherIdIsPassedOver() {
    byte[] other = new byte[] {1};
    CompletableFuture<Message> _ =
        serving(
            asked ->
                List.of(
                    other,
                    of(asked, answer -> withId(answer, asked.getHeader().getID() ^ 1)).toWire(),
                    new byte[0],
                    right(asked).toWire()));
    assertEquals(1, records(ask(PATIENT)));
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
    assertNull(ask(PATIENT));
  }

  @Test
  void whatCannotBeReadIsNoAnswerAndNoFaultOfOurs() {
    CompletableFuture<Message> _ =
        serving(
            asked -> {
              byte[] whole = right(asked).toWire();
              return List.of(Arrays.copyOf(whole, whole.length - 3));
            });
    assertNull(ask(PATIENT));
  }

  @Test
  void whoSaysNothingIsWaitedForUntilTheTimeIsUp() {
    CompletableFuture<Message> _ = serving(_ -> List.of());
    assertNull(ask(SHORT));
  }

  @Test
  void whoIsNotThereIsNotWaitedFor() {
    server.close();
    assertTimeoutPreemptively(
        PATIENT.dividedBy(2),
        () ->
            assertEquals(
                Map.of(),
                UdpQuestions.ask(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    List.of(query),
                    true,
                    PATIENT)));
  }

  private Message mx() {
    return Message.newQuery(Record.newRecord(name, Type.MX, DClass.IN));
  }

  @Test
  void twoQuestionsAreAskedFromOnePortAndAnsweredInAnyOrder() {
    Message second = mx();
    CompletableFuture<List<Message>> heard =
        serving(
            2, asked -> List.of(right(asked.getLast()).toWire(), right(asked.getFirst()).toWire()));
    Map<Message, Message> answers = UdpQuestions.ask(at(), List.of(query, second), true, PATIENT);
    assertEquals(2, heard.join().size());
    assertEquals(Set.of(query, second), answers.keySet());
    answers.forEach((asked, answer) -> assertEquals(asked.getQuestion(), answer.getQuestion()));
  }

  @Test
  void aQuestionWithoutAnAnswerTakesNoneFromTheOther() {
    Message second = mx();
    CompletableFuture<List<Message>> _ =
        serving(2, asked -> List.of(right(asked.getFirst()).toWire()));
    assertEquals(
        Set.of(query), UdpQuestions.ask(at(), List.of(query, second), true, SHORT).keySet());
  }

  @Test
  void anAnswerThatCannotBeReadTakesNoneFromTheOther() {
    Message second = mx();
    CompletableFuture<List<Message>> _ =
        serving(
            2,
            asked -> {
              byte[] whole = right(asked.getFirst()).toWire();
              return List.of(
                  Arrays.copyOf(whole, whole.length - 3), right(asked.getLast()).toWire());
            });
    assertEquals(
        Set.of(second), UdpQuestions.ask(at(), List.of(query, second), true, PATIENT).keySet());
  }

  /**
   * A resolver that answers for one type alone is asked for the other one again, and only for it.
   */
  @Test
  void onlyTheTypeThatWasNotAnsweredIsAskedForAgain() {
    CompletableFuture<List<Message>> first =
        serving(2, asked -> List.of(right(asked.getLast()).toWire()));
    CompletableFuture<List<Message>> again =
        first.thenCompose(_ -> serving(1, asked -> List.of(right(asked.getFirst()).toWire())));
    List<Reply> replies =
        new DnsClient(Duration.ofSeconds(1), QueryPace.perSecond(1000))
            .askResolvers(List.of(at()), name, List.of(Type.MX, Type.TXT));
    assertEquals(Type.MX, again.join().getFirst().getQuestion().getType());
    assertEquals(
        List.of(Type.MX, Type.TXT),
        replies.stream().map(reply -> ((Reply.Came) reply).type()).toList());
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
                        client.askResolvers(List.of(at()), name, List.of(Type.TXT)).getFirst()));
    heard.get(PATIENT.toSeconds(), TimeUnit.SECONDS);
    looking.interrupt();
    assertEquals(new Reply.None("interrupted"), reply.get(PATIENT.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void theQuestionStaysAsItWas() throws ExecutionException, InterruptedException {
    byte[] before = query.toWire();
    CompletableFuture<Message> heard = serving(asked -> List.of(right(asked).toWire()));
    assertEquals(1, records(ask(PATIENT)));
    assertEquals(query.getQuestion(), heard.get().getQuestion());
    assertArrayEquals(before, query.toWire());
  }
}
