package mailfrom.app.pace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How tasks go side by side. */
public interface Tasks {

  /** A scope for the tasks of one piece of work. */
  Scope open();

  /**
   * Tasks that end with the work they belong to: closing forgets what waits, interrupts what works,
   * and returns when nothing of it runs any more.
   */
  interface Scope extends AutoCloseable {

    /** A lane for work of one kind: tasks begin in order, at most so many at a time. */
    Lane lane(int atOnce);

    /**
     * A lane for what has to be done at a certain time, such as a call in its slot. Other lanes
     * share a few threads of the machine, where each waits until those before it wait for something
     * themselves: with a part of a processor that takes longer than a slot lasts. Closing waits
     * until what reads from the network has its answer, or its time is over.
     */
    Lane promptLane(int atOnce);

    @Override
    void close();
  }

  /** Work of one kind. */
  interface Lane {
    /** Adds a task. After the scope was closed, or a task of the lane failed, it is not begun. */
    void run(Runnable task);

    /**
     * Waits for all tasks.
     *
     * @throws TaskFailed when one failed: the others of the lane that had not begun never will
     * @throws Interrupted when this thread's own work is ended meanwhile
     */
    void join();
  }

  /** A task threw: what it threw is the cause. */
  final class TaskFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Of a task that somebody else waits for. */
    public TaskFailed(Throwable cause) {
      super("a part of the work failed: " + cause, cause);
    }
  }

  /** Each task at once, in the caller's thread: for tests that must replay. */
  static Tasks inline() {
    return () ->
        new Scope() {
          @Override
          public Lane lane(int atOnce) {
            return new Lane() {
              @Override
              public void run(Runnable task) {
                task.run();
              }

              @Override
              public void join() {}
            };
          }

          @Override
          public Lane promptLane(int atOnce) {
            return lane(atOnce);
          }

          @Override
          public void close() {}
        };
  }

  /** Threads: virtual ones, and the machine's own for what is prompt. */
  static Tasks threads() {
    return Threads::new;
  }

  /**
   * Does the same with each, in virtual threads, and waits for all of them.
   *
   * @return what it gave, in their order
   * @throws TaskFailed when one failed: those that have not begun never will
   */
  static <T, R> List<R> sideBySide(int atOnce, List<T> all, Function<T, R> work) {
    Map<Integer, R> given = new ConcurrentSkipListMap<>();
    try (Scope scope = threads().open()) {
      Lane lane = scope.lane(atOnce);
      for (int i = 0; i < all.size(); i++) {
        int place = i;
        lane.run(() -> given.put(place, work.apply(all.get(place))));
      }
      lane.join();
    }
    return List.copyOf(given.values());
  }

  /** A scope of threads. */
  final class Threads implements Scope {
    private final List<ThreadLane> lanes = new ArrayList<>();
    private boolean closed;

    private Threads() {}

    @Override
    public Lane lane(int atOnce) {
      return lane(Thread.ofVirtual().factory(), atOnce);
    }

    @Override
    public Lane promptLane(int atOnce) {
      return lane(Thread.ofPlatform().daemon().factory(), atOnce);
    }

    private synchronized Lane lane(ThreadFactory threads, int atOnce) {
      ThreadLane lane = new ThreadLane(threads, atOnce, closed);
      lanes.add(lane);
      return lane;
    }

    private synchronized List<ThreadLane> ended() {
      closed = true;
      return List.copyOf(lanes);
    }

    @Override
    public void close() {
      List<ThreadLane> all = ended();
      all.forEach(ThreadLane::end);
      all.forEach(ThreadLane::awaitEnd);
    }
  }

  /** A lane of threads: at most so many of them, however many tasks wait. */
  final class ThreadLane implements Lane {
    private final ThreadFactory threads;
    private final int atOnce;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Thread> working = new HashSet<>();
    private @Nullable Throwable failure;
    private boolean over;

    private ThreadLane(ThreadFactory threads, int atOnce, boolean over) {
      this.threads = threads;
      this.atOnce = atOnce;
      this.over = over;
    }

    @Override
    public synchronized void run(Runnable task) {
      if (over) {
        return;
      }
      waiting.add(RequestDeadline.carried(task));
      if (working.size() < atOnce) {
        Thread thread = threads.newThread(this::work);
        thread.start();
        working.add(thread);
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
      }
      over = true;
      waiting.clear();
    }

    private synchronized void end() {
      over = true;
      waiting.clear();
      working.forEach(Thread::interrupt);
    }

    /** Who ends a scope waits for what was interrupted, even if it is interrupted itself. */
    private synchronized void awaitEnd() {
      boolean interrupted = false;
      while (!working.isEmpty()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public synchronized void join() {
      try {
        while (!working.isEmpty()) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
      Throwable cause = failure;
      if (cause != null) {
        throw new TaskFailed(cause);
      }
    }
  }
}
