package mailfrom.app.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mailfrom.domain.name.IdentityName;

/** Collects names into batches of at most as many as one read of SES takes. */
final class Batcher {
  private final Consumer<List<IdentityName>> sink;
  private List<IdentityName> batch = new ArrayList<>();

  Batcher(Consumer<List<IdentityName>> sink) {
    this.sink = sink;
  }

  synchronized void add(IdentityName name) {
    batch.add(name);
    if (batch.size() == Ses.BATCH) {
      flush();
    }
  }

  /** Hands on what is left. */
  synchronized void flush() {
    if (!batch.isEmpty()) {
      sink.accept(batch);
      batch = new ArrayList<>();
    }
  }
}
