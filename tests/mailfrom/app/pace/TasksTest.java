package mailfrom.app.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks end with the scope they belong to. */
class TasksTest {
  private final Tasks tasks = Tasks.threads();

  @Test
  void tasksOfALaneOfOneRunInOrder() {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(1);
      for (int i = 0; i < 50; i++) {
        int number = i;
        lane.run(() -> done.add(number));
      }
      lane.join();
    }
    assertEquals(50, done.size());
    assertEquals(done.stream().sorted().toList(), done);
  }

  @Test
  void neverMoreAtATimeThanALaneHas() {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier three = new CyclicBarrier(3);
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(3);
      for (int i = 0; i < 60; i++) {
        lane.run(
            () -> {
              most.accumulateAndGet(working.incrementAndGet(), Math::max);
              await(three);
              working.decrementAndGet();
            });
      }
      lane.join();
    }
    assertEquals(3, most.get(), "at a time");
  }

  /** A call in its slot: beside identities that are decided on, on a part of a processor. */
  @Test
  void aPromptTaskWaitsForNoneOfTheOthers() {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch allThere = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(Runtime.getRuntime().availableProcessors());
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane others = scope.lane(1000);
      for (int i = 0; i < 1000; i++) {
        others.run(
            () -> {
              // Who spins keeps the processors from those that this lane has to start.
              awaited(allThere);
              busy.countDown();
              while (!done.get() && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            });
      }
      allThere.countDown();
      awaited(busy);
      Tasks.Lane prompt = scope.promptLane(1);
      prompt.run(() -> done.set(true));
      prompt.join();
      others.join();
    }
    assertTrue(done.get());
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailureIsTheCauseOfWhatTheJoinerGets() {
    IllegalStateException failure = new IllegalStateException("the table is down");
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(1);
      lane.run(
          () -> {
            throw failure;
          });
      Tasks.TaskFailed failed = assertThrows(Tasks.TaskFailed.class, lane::join);
      assertSame(failure, failed.getCause());
      assertEquals(
          TasksTest.class.getName(),
          List.of(failed.getStackTrace()).stream()
              .map(StackTraceElement::getClassName)
              .filter(name -> name.startsWith("mailfrom.app.pace.TasksTest"))
              .findFirst()
              .orElseThrow()
              .replaceAll("\\$.*", ""),
          "the trace is the joiner's");
    }
  }

  @Test
  void afterAFailureWhatWaitsIsNotBegun() {
    AtomicBoolean begun = new AtomicBoolean();
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(1);
      CountDownLatch added = new CountDownLatch(1);
      lane.run(
          () -> {
            awaited(added);
            throw new IllegalStateException("no");
          });
      lane.run(() -> begun.set(true));
      added.countDown();
      assertThrows(Tasks.TaskFailed.class, lane::join);
      lane.run(() -> begun.set(true));
    }
    assertFalse(begun.get());
  }

  /** The fault of a run that failed, and whose other parts went on beside the next run. */
  @Test
  void whoClosesAScopeWaitsForTheEndOfItsTasksAndForgetsTheOthers() {
    CountDownLatch works = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean begun = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    Tasks.Scope scope = tasks.open();
    Tasks.Lane lane = scope.lane(1);
    lane.run(
        () -> {
          works.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
          ended.set(true);
        });
    lane.run(() -> begun.set(true));
    awaited(works);
    scope.close();
    assertTrue(interrupted.get());
    assertTrue(ended.get(), "nothing runs any more when close returns");
    assertFalse(begun.get());
    lane.run(() -> begun.set(true));
    scope.lane(1).run(() -> begun.set(true));
    assertFalse(begun.get(), "a scope that was closed begins nothing");
  }

  @Test
  void whoIsInterruptedWhileJoiningLearnsOfIt() {
    CountDownLatch never = new CountDownLatch(1);
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(1);
      lane.run(
          () -> {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      Thread.currentThread().interrupt();
      assertThrows(Interrupted.class, lane::join);
      assertTrue(Thread.interrupted(), "whatever would wait next does not");
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }
}
