package mailfrom.watch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Keeps the heap of a run small. Lambda gives the heap 85 % of a function's memory, and ends a
 * process whose heap and what a JVM has beside it are more than all of it. The serial collector
 * lets garbage fill the heap before it looks at what is old: here it looks earlier.
 */
final class HeapGuard implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What a JVM has beside the heap, some 120 MB, is more than the rest of the memory. */
  private static final double FULL = 0.6;

  /** What is alive cannot be collected: of what came since, so much of the heap at least. */
  private static final double WORTH_IT = 0.15;

  private final Supplier<Heap> heap;
  private final Runnable collector;
  private final Thread looking = Thread.ofPlatform().daemon().unstarted(this::look);
  private long left;
  private volatile boolean isOver;

  /**
   * The heap, in bytes.
   *
   * @param used what is alive, and garbage
   * @param most what it may become
   */
  record Heap(long used, long most) {
    static Heap now() {
      Runtime machine = Runtime.getRuntime();
      return new Heap(machine.totalMemory() - machine.freeMemory(), machine.maxMemory());
    }
  }

  HeapGuard(Supplier<Heap> heap, Runnable collector) {
    this.heap = heap;
    this.collector = collector;
  }

  /** Guards this process's heap until it is closed, which collects what the run leaves behind. */
  static HeapGuard start() {
    HeapGuard guard = new HeapGuard(Heap::now, System::gc);
    guard.looking.start();
    return guard;
  }

  private void look() {
    while (!isOver) {
      collectIfFull();
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  void collectIfFull() {
    Heap now = heap.get();
    if (now.used() > now.most() * FULL && now.used() - left > now.most() * WORTH_IT) {
      collector.run();
      left = heap.get().used();
    }
  }

  /** When nothing of the run is alive and no slot is to be missed, a collection costs least. */
  @Override
  public void close() {
    isOver = true;
    LockSupport.unpark(looking);
    collector.run();
  }
}
