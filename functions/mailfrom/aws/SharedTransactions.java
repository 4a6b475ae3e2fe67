package mailfrom.aws;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import mailfrom.app.pace.Interrupted;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Transactions of several writers of one process, in one call to the table: while a call is under
 * way, who comes waits and goes with the next. Nobody waits for others to come. A call takes more
 * of the processor than what is in it, and a run's first rows are written by the hundred.
 *
 * <p>What cannot be written together is written by each alone: so each learns what it would have
 * learned without the others.
 */
final class SharedTransactions {
  /** As many as DynamoDB takes in a call. */
  static final int MOST_PARTS = 100;

  private final Table table;
  private final Deque<Write> waiting = new ArrayDeque<>();
  private boolean isUnderWay;

  SharedTransactions(Table table) {
    this.table = table;
  }

  /** What a writer has to do when its wait is over. */
  private enum Next {
    /** It makes a call, for itself and those who wait. */
    CALL,
    /** It makes a call for itself. */
    CALL_ALONE,
    /** Nothing: all is written. */
    WRITTEN
  }

  /**
   * What one writer writes, all or nothing.
   *
   * @param size how many parts there are
   * @param parts by the id of the write, which goes into the rows with a condition
   */
  private record Write(
      int size, Function<String, List<TransactWriteItem>> parts, CompletableFuture<Next> next) {}

  /**
   * Writes all parts or none.
   *
   * @return false: somebody else wrote a row of it, or is about to
   */
  boolean write(int size, Function<String, List<TransactWriteItem>> parts) {
    Write mine = new Write(size, parts, new CompletableFuture<>());
    return switch (begin(mine) ? Next.CALL : await(mine)) {
      case CALL -> call(mine);
      case CALL_ALONE -> transact(List.of(mine));
      case WRITTEN -> true;
    };
  }

  /** Whether no call is under way. */
  private synchronized boolean begin(Write mine) {
    waiting.add(mine);
    boolean isFirst = !isUnderWay;
    isUnderWay = true;
    return isFirst;
  }

  private Next await(Write mine) {
    try {
      return mine.next().get();
    } catch (InterruptedException e) {
      leave(mine);
      throw new Interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing fails here", e);
    }
  }

  /** Who is interrupted while it waits hands on what it was to do for the others. */
  private synchronized void leave(Write mine) {
    waiting.remove(mine);
    if (mine.next().getNow(Next.WRITTEN) == Next.CALL) {
      handOn();
    }
  }

  private synchronized void handOn() {
    Write first = waiting.peek();
    if (first == null) {
      isUnderWay = false;
    } else {
      first.next().complete(Next.CALL);
    }
  }

  private boolean call(Write mine) {
    List<Write> all = together();
    Next next = Next.CALL_ALONE;
    try {
      if (all.size() == 1) {
        return transact(all);
      }
      next = writtenTogether(all) ? Next.WRITTEN : Next.CALL_ALONE;
    } finally {
      for (Write other : all) {
        other.next().complete(next);
      }
      handOn();
    }
    return next == Next.WRITTEN || transact(List.of(mine));
  }

  /** From the front, where the caller is, as many as a call takes. */
  private synchronized List<Write> together() {
    List<Write> all = new ArrayList<>();
    int parts = 0;
    while (!waiting.isEmpty()
        && (all.isEmpty() || parts + waiting.element().size() <= MOST_PARTS)) {
      parts += waiting.element().size();
      all.add(waiting.remove());
    }
    return all;
  }

  /** Whatever hinders a call for many, each finds out alone whether it is hindered too. */
  private boolean writtenTogether(List<Write> all) {
    try {
      return transact(all);
    } catch (SdkException e) {
      return false;
    }
  }

  private boolean transact(List<Write> all) {
    String writeId = UUID.randomUUID().toString();
    return table.transact(
        all.stream().flatMap(write -> write.parts().apply(writeId).stream()).toList(), writeId);
  }
}
