package mailfrom.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A share of one processor that a process is held to, as Lambda holds a function by its memory:
 * when it has used its part of a period, it is stopped until the next one. Its clock goes on. Needs
 * no rights but those over one's own processes.
 */
final class Share implements AutoCloseable {
  /** Lambda's own. */
  private static final Duration PERIOD = Duration.ofMillis(20);

  private static final Duration LOOK = Duration.ofMillis(1);
  private static final int CONTINUE = 18;
  private static final int STOP = 19;

  private final long pid;
  private final double share;
  private final Thread holder;
  private volatile boolean isOver;

  private Share(long pid, double share) {
    this.pid = pid;
    this.share = share;
    this.holder = Thread.ofPlatform().daemon().start(this::hold);
  }

  /** What {@code -Dcpu} says; empty: nobody is held. */
  static Optional<Double> wanted() {
    return Optional.ofNullable(System.getProperty("cpu")).map(Double::parseDouble);
  }

  /** Holds a process to what {@code -Dcpu} says. */
  static Share of(long pid) {
    return new Share(pid, wanted().orElse(Double.MAX_VALUE));
  }

  /** For the title of what is printed. */
  static String words() {
    return wanted()
        .map("held to %.2f of a processor"::formatted)
        .orElse("on all processors of this machine");
  }

  private void hold() {
    if (share == Double.MAX_VALUE) {
      return;
    }
    long part = Math.round(PERIOD.toNanos() * share);
    long owed = 0;
    long begun = System.nanoTime();
    long used = Native.used(pid).toNanos();
    while (!isOver) {
      long now = System.nanoTime();
      if (now - begun >= PERIOD.toNanos()) {
        // What was not used is lost, and what was used too much is owed.
        long usedNow = Native.used(pid).toNanos();
        long periods = (now - begun) / PERIOD.toNanos();
        owed = Math.max(0, owed + usedNow - used - periods * part);
        used = usedNow;
        begun += periods * PERIOD.toNanos();
      }
      long left = part - owed - (Native.used(pid).toNanos() - used);
      if (left > 0) {
        Native.send(pid, CONTINUE);
        LockSupport.parkNanos(LOOK.toNanos());
      } else {
        Native.send(pid, STOP);
        LockSupport.parkNanos(begun + PERIOD.toNanos() - System.nanoTime());
      }
    }
    Native.send(pid, CONTINUE);
  }

  /**
   * What a process has used of the processors since its start, and its machine of that for itself.
   *
   * @param compiler translating bytecode, by its threads
   * @param collector collecting garbage, which the serial collector does in the machine's thread
   */
  record Used(Duration all, Duration compiler, Duration collector) {
    Used minus(Used before) {
      return new Used(
          all.minus(before.all),
          compiler.minus(before.compiler),
          collector.minus(before.collector));
    }
  }

  /** What a process has in memory. */
  enum Resident {
    NOW("VmRSS:"),
    AT_MOST("VmHWM:");

    private final String line;

    Resident(String line) {
      this.line = line;
    }
  }

  /** In kB. */
  static long resident(long pid, Resident which) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(which.line))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Used used(long pid) {
    return new Used(Native.used(pid), ofThreads(pid, "C1 Comp", "C2 Comp"), ofThreads(pid, "VM T"));
  }

  /** In hundredths of a second, as Linux has it of threads. */
  private static Duration ofThreads(long pid, String... names) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      long ticks = 0;
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        if (Stream.of(names).anyMatch(name::startsWith)) {
          String[] after = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          ticks += Long.parseLong(after[11]) + Long.parseLong(after[12]);
        }
      }
      return Duration.ofMillis(ticks * 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    isOver = true;
    try {
      holder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The system's own functions. */
  @SuppressWarnings("restricted")
  private static final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle KILL =
        function(
            "kill",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOCK =
        function(
            "clock_gettime",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private static MethodHandle function(String name, FunctionDescriptor form) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), form);
    }

    /** A process that has ended is left alone. */
    static void send(long pid, int signal) {
      try {
        int _ = (int) KILL.invokeExact((int) pid, signal);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    static Duration used(long pid) {
      // Linux numbers the clocks of other processes so.
      int clock = (int) ((~pid << 3) | 2);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
        int failed = (int) CLOCK.invokeExact(clock, time);
        return failed != 0
            ? Duration.ZERO
            : Duration.ofSeconds(
                time.getAtIndex(ValueLayout.JAVA_LONG, 0),
                time.getAtIndex(ValueLayout.JAVA_LONG, 1));
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
