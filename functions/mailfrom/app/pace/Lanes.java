package mailfrom.app.pace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** A lane of virtual threads: at most so many of them, however many tasks wait. */
  final class Threads implements Lane {
    private final int atOnce;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Thread> working = new HashSet<>();
    private @Nullable Throwable failure;

    private Threads(int atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public synchronized void run(Runnable task) {
      if (failure != null) {
        // The run has failed, and says so when it is joined.
        return;
      }
      waiting.add(task);
      if (working.size() < atOnce) {
        working.add(Thread.ofVirtual().start(this::work));
      }
    }

    private void work() {
      for (Runnable task = next(); task != null; task = next()) {
        try {
          task.run();
        } catch (Throwable e) {
          failed(e);
        }
      }
    }

    private synchronized @Nullable Runnable next() {
      Runnable task = waiting.poll();
      if (task == null) {
        working.remove(Thread.currentThread());
        notifyAll();
      }
      return task;
    }

    private synchronized void failed(Throwable e) {
      if (failure == null) {
        failure = e;
        waiting.clear();
      }
    }

    @Override
    public synchronized void join() {
      try {
        while (!working.isEmpty()) {
          wait();
        }
      } catch (InterruptedException e) {
        waiting.clear();
        working.forEach(Thread::interrupt);
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a run waited for its parts", e);
      }
      Throwable cause = failure;
      if (cause != null) {
        throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
      }
    }
  }
}
