package mailfrom.dns;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The questions of one look, asked side by side; closing it waits for all of them. */
final class SideBySide implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  <T> Future<T> start(Callable<T> task) {
    return threads.submit(task);
  }

  static <T> T of(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          // Each question has its time-out: the end is near, and no thread is left behind.
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("a look at the DNS broke", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
