package mailfrom.app.tell;

import java.time.Instant;
import java.util.Set;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.RunNotice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityKey;

/** What is told when a PROMOTE reset a Success: no further one is made in the Region. */
public final class PromotingStopped {
  private PromotingStopped() {}

  public static RunNotice notice(IdentityKey key, Instant at) {
    return new RunNotice(
        Notice.hash(key + "|promoting stopped|" + at),
        Reason.HELD,
        Severity.WARNING,
        "Setting RejectMessage for %s reset its Success, and was undone at once. No identity of %s is given RejectMessage any more until its settings are asked for with activation immediate."
            .formatted(key.name(), key.region()),
        at,
        Set.of());
  }
}
