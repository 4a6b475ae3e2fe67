package mailfrom.dns;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/**
 * What resolvers answered in one run, or in one look, about names that many others refer to: each
 * is asked for once. Who did not answer is asked again a few times, since one lost answer must not
 * decide for all of a run.
 */
final class Answers {
  private static final int TRIES = 3;

  private final Map<Question, FutureTask<Reply>> replies = new ConcurrentHashMap<>();
  private final Map<Question, AtomicInteger> failures = new ConcurrentHashMap<>();

  private record Question(Name name, int type) {}

  /** The answer that is known, or else what asking gives. */
  Reply of(Name name, int type, Supplier<Reply> ask) {
    Question question = new Question(name, type);
    FutureTask<Reply> task = new FutureTask<>(ask::get);
    FutureTask<Reply> first = replies.putIfAbsent(question, task);
    if (first == null) {
      task.run();
    }
    Reply reply = get(first == null ? task : first);
    if (first == null
        && reply instanceof Reply.None
        && failures.computeIfAbsent(question, _ -> new AtomicInteger()).incrementAndGet() < TRIES) {
      replies.remove(question, task);
    }
    return reply;
  }

  private static Reply get(FutureTask<Reply> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.None("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a question to the DNS broke", e.getCause());
    }
  }
}
