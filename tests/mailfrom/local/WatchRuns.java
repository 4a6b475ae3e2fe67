package mailfrom.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of the function watch, by schedule and by hand, never two of a kind at once. Their time
 * is that of the local clock.
 */
final class WatchRuns implements AutoCloseable {
  /** The two kinds of runs. */
  enum Job {
    READ("read"),
    APPLY("apply");

    private final String word;

    Job(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(WatchRuns.class);

  private final Functions functions;
  private final BiFunction<Job, Instant, Map<String, Object>> inputs;
  private final InstantSource clock;
  private final AtomicInteger events = new AtomicInteger();
  private final Map<Job, ReentrantLock> running = new EnumMap<>(Job.class);
  private final ScheduledExecutorService schedules =
      Executors.newScheduledThreadPool(
          Job.values().length, Thread.ofPlatform().daemon().name("local-schedule-", 0).factory());

  /**
   * Makes them.
   *
   * @param inputs what a schedule sends at a time
   */
  WatchRuns(
      Functions functions,
      BiFunction<Job, Instant, Map<String, Object>> inputs,
      InstantSource clock) {
    this.functions = functions;
    this.inputs = inputs;
    this.clock = clock;
    for (Job job : Job.values()) {
      running.put(job, new ReentrantLock());
    }
  }

  /** Starts the schedule of a job, the first time at once. */
  void every(Duration interval, Job job) {
    // A task that catches all it may throw ends only with the scheduler: nothing is lost with it.
    ScheduledFuture<?> _ =
        schedules.scheduleWithFixedDelay(
            () -> {
              try {
                run(job, clock.instant());
              } catch (RuntimeException e) {
                // As a failed invocation in the cloud: the next one comes all the same.
                LOG.error("The scheduled run {} failed", job.word(), e);
              }
            },
            0,
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Runs read, then apply, now; waits for runs that are under way. */
  Map<String, @Nullable Object> readThenApply() {
    Map<String, @Nullable Object> runs = new LinkedHashMap<>();
    for (Job job : Job.values()) {
      runs.put(job.word(), run(job, clock.instant()));
    }
    return runs;
  }

  /** Hands an event of EventBridge to the function, as the queue does. */
  @Nullable Object event(String body) {
    return functions.watch(
        Map.of(
            "Records",
            List.of(
                Map.of(
                    "messageId",
                    "event-" + events.incrementAndGet(),
                    "body",
                    body,
                    "attributes",
                    Map.of("SentTimestamp", String.valueOf(clock.instant().toEpochMilli()))))));
  }

  /** Runs one job as of a time; waits for a run of its kind that is under way. */
  @Nullable Object run(Job job, Instant time) {
    ReentrantLock lock = running.get(job);
    if (lock == null) {
      throw new IllegalStateException("no lock for " + job);
    }
    lock.lock();
    try {
      return functions.watch(inputs.apply(job, time));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    // A run that waits for its slot is interrupted.
    schedules.shutdownNow();
  }
}
