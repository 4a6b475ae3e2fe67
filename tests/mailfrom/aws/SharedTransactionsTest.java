package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mailfrom.app.pace.Interrupted;
import mailfrom.app.pace.SystemMachineClock;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes of several go together where they can, and each learns what became of its own. */
class SharedTransactionsTest {
  /** Whoever is named so is refused by the table, and breaks a call. */
  private static final String REFUSED = "refused";

  private static final String BREAKS = "breaks";

  private final CountDownLatch firstIsOver = new CountDownLatch(1);
  private final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());
  private final SharedTransactions transactions =
      new SharedTransactions(
          new Table(
              new Counting(), "t", "123456789012", new Retry(new SystemMachineClock(), () -> 1)));

  /** A table that keeps nothing. Its first call takes until {@link #firstIsOver}. */
  private final class Counting implements DynamoDbClient {
    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
      List<String> names =
          request.transactItems().stream().map(part -> Table.text(part.put().item(), "n")).toList();
      calls.add(names);
      if (calls.size() == 1) {
        awaited(firstIsOver);
      }
      if (names.contains(BREAKS)) {
        throw new IllegalStateException("broken");
      }
      if (names.contains(REFUSED)) {
        throw TransactionCanceledException.builder()
            .cancellationReasons(
                names.stream()
                    .map(
                        name ->
                            CancellationReason.builder()
                                .code(name.equals(REFUSED) ? "ConditionalCheckFailed" : "None")
                                .item(Map.of())
                                .build())
                    .toList())
            .build();
      }
      return TransactWriteItemsResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A writer of its own, and what it was told. */
  private record Writer(Thread thread, CompletableFuture<Boolean> told) {
    void hasToWait() {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  private Writer writer(String name, int parts) {
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    told.complete(transactions.write(parts, id -> parts(name, parts)));
                  } catch (RuntimeException e) {
                    told.completeExceptionally(e);
                  }
                });
    Writer writer = new Writer(thread, told);
    writer.hasToWait();
    return writer;
  }

  private static List<TransactWriteItem> parts(String name, int count) {
    return Collections.nCopies(
        count,
        TransactWriteItem.builder()
            .put(put -> put.tableName("t").item(Map.of("n", AttributeValue.fromS(name))))
            .build());
  }

  private List<Writer> writers(int count, int parts) {
    return IntStream.range(0, count).mapToObj(i -> writer("w" + i, parts)).toList();
  }

  private static List<Boolean> told(Collection<Writer> writers) {
    return writers.stream().map(writer -> writer.told().join()).toList();
  }

  @Test
  void whoComesDuringACallGoesWithTheNextInOrder() {
    List<Writer> all = writers(4, 1);
    firstIsOver.countDown();
    assertEquals(List.of(true, true, true, true), told(all));
    assertEquals(List.of(List.of("w0"), List.of("w1", "w2", "w3")), calls);
  }

  @Test
  void whoIsAloneWaitsForNobody() {
    firstIsOver.countDown();
    assertTrue(transactions.write(2, id -> parts("a", 2)));
    assertTrue(transactions.write(1, id -> parts("b", 1)));
    assertEquals(List.of(List.of("a", "a"), List.of("b")), calls);
  }

  @Test
  void aCallTakesAsManyPartsAsTheTableDoes() {
    List<Writer> all = writers(6, 40);
    firstIsOver.countDown();
    told(all);
    assertEquals(List.of(40, 80, 80, 40), calls.stream().map(List::size).toList());
  }

  @Test
  void whoIsRefusedHindersNobodyElse() {
    List<Writer> all = Stream.of("first", "a", REFUSED, "b").map(name -> writer(name, 1)).toList();
    firstIsOver.countDown();
    assertEquals(List.of(true, true, false, true), told(all));
    assertEquals(1, calls.stream().filter(List.of("a", REFUSED, "b")::equals).count());
    for (String name : List.of("a", REFUSED, "b")) {
      assertEquals(1, calls.stream().filter(List.of(name)::equals).count(), name);
    }
  }

  @Test
  void aFaultOfTheProgramIsTheCallersAndTheOthersGoOn() {
    List<Writer> all = Stream.of("first", BREAKS, "b").map(name -> writer(name, 1)).toList();
    firstIsOver.countDown();
    assertTrue(all.getFirst().told().join());
    assertTrue(all.getLast().told().join());
    assertInstanceOf(IllegalStateException.class, failure(all.get(1)));
    assertTrue(transactions.write(1, id -> parts("later", 1)));
  }

  @Test
  void whoIsInterruptedLeavesTheLine() {
    List<Writer> all = writers(3, 1);
    all.get(1).thread().interrupt();
    assertInstanceOf(Interrupted.class, failure(all.get(1)));
    firstIsOver.countDown();
    assertTrue(all.getFirst().told().join());
    assertTrue(all.getLast().told().join());
    assertEquals(List.of(List.of("w0"), List.of("w2")), calls);
  }

  private static Throwable failure(Writer writer) {
    return writer
        .told()
        .handle((_, e) -> e instanceof CompletionException c ? c.getCause() : e)
        .join();
  }
}
