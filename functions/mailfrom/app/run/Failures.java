package mailfrom.app.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mailfrom.app.pace.Interrupted;

/**
 * Failures that are put aside: one row that cannot be stored holds up neither the others nor what
 * is owed to people. The run ends with them.
 */
final class Failures {
  /** More are not about single rows. */
  private static final int MOST = 10;

  private final List<RuntimeException> all = new ArrayList<>();

  /** Does a part of the run; what it throws is put aside, while that are few. */
  void aside(Runnable part) {
    try {
      part.run();
    } catch (Interrupted e) {
      throw e;
    } catch (RuntimeException e) {
      put(e);
      if (count() > MOST) {
        throw e;
      }
    }
  }

  /** Does a part that gives something; empty when it threw. */
  <T> Optional<T> of(Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (Interrupted e) {
      throw e;
    } catch (RuntimeException e) {
      put(e);
      return Optional.empty();
    }
  }

  private synchronized void put(RuntimeException e) {
    all.add(e);
  }

  private synchronized int count() {
    return all.size();
  }

  boolean isEmpty() {
    return count() == 0;
  }

  /** Throws the first, with the others suppressed in it. */
  @SuppressWarnings("ReferenceEquality")
  synchronized void throwFirst() {
    if (!all.isEmpty()) {
      RuntimeException first = all.getFirst();
      all.stream().skip(1).filter(e -> !e.equals(first)).forEach(first::addSuppressed);
      throw first;
    }
  }
}
