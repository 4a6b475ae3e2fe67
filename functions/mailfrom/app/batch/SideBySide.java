package mailfrom.app.batch;

import java.util.List;
import java.util.function.Consumer;
import mailfrom.app.pace.Tasks;

/** Items of a batch that are worked on side by side, a few at once. */
record SideBySide(Tasks tasks) {
  private static final int AT_ONCE = 16;

  /** Does it for each; returns when all are done. */
  void run(List<BatchItem> items, Consumer<BatchItem> task) {
    try (Tasks.Scope scope = tasks.open()) {
      Tasks.Lane lane = scope.lane(AT_ONCE);
      items.forEach(item -> lane.run(() -> task.accept(item)));
      lane.join();
    }
  }
}
