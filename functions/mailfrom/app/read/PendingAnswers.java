package mailfrom.app.read;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import mailfrom.domain.name.IdentityName;

/**
 * The answers that a run waits for, identity by identity: each is handed on as soon as all about it
 * has come, so that deciding and storing go on while others are still read.
 */
final class PendingAnswers {
  private final Consumer<IdentityName> ready;
  private final Map<IdentityName, Integer> open = new ConcurrentHashMap<>();

  /**
   * Makes one for a Region.
   *
   * @param ready takes who is complete; called by whoever brought the last answer
   */
  PendingAnswers(Consumer<IdentityName> ready) {
    this.ready = ready;
  }

  /** So many more answers about an identity are to come; said before the last so far has come. */
  void await(IdentityName name, int more) {
    open.merge(name, more, Integer::sum);
  }

  /** One answer came, or never will. The last one hands the identity on. */
  void came(IdentityName name) {
    if (open.merge(name, -1, (left, one) -> left + one == 0 ? null : left + one) == null) {
      ready.accept(name);
    }
  }
}
