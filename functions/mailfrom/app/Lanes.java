package mailfrom.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** How the parts of a run run side by side. */
public interface Lanes {

  /** Work of one kind: tasks begin in order, at most so many at a time. */
  interface Lane {
    void run(Runnable task);

    /** Waits for all tasks, and throws what the first failed one threw. */
    void join();
  }

  Lane lane(int atOnce);

  /** Each task at once, in the caller's thread: for tests that must replay. */
  static Lanes inline() {
    return atOnce ->
        new Lane() {
          @Override
          public void run(Runnable task) {
            task.run();
          }

          @Override
          public void join() {}
        };
  }

  /** Virtual threads. */
  static Lanes threads() {
    return Threads::new;
  }

  /** A lane of virtual threads. */
  final class Threads implements Lane {
    private final ExecutorService executor;
    private final Semaphore places;
    private final List<Future<?>> tasks = new ArrayList<>();

    private Threads(int atOnce) {
      this.executor =
          atOnce == 1
              ? Executors.newSingleThreadExecutor(Thread.ofVirtual().factory())
              : Executors.newVirtualThreadPerTaskExecutor();
      this.places = new Semaphore(atOnce);
    }

    @Override
    public void run(Runnable task) {
      Future<?> future =
          executor.submit(
              () -> {
                places.acquireUninterruptibly();
                try {
                  task.run();
                } finally {
                  places.release();
                }
              });
      synchronized (tasks) {
        tasks.removeIf(Threads::wentWell);
        tasks.add(future);
      }
    }

    private static boolean wentWell(Future<?> task) {
      return task.state() == Future.State.SUCCESS;
    }

    @Override
    public void join() {
      List<Future<?>> left;
      synchronized (tasks) {
        left = List.copyOf(tasks);
      }
      try {
        for (Future<?> task : left) {
          task.get();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a run waited for its parts", e);
      } finally {
        executor.shutdownNow();
      }
    }
  }
}
