package mailfrom.domain.incident;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From an identity's first trouble to its end: what was told of it, which is not what is so now.
 *
 * @param id a hash of the key and the start
 * @param told the trouble that was told last; null while nothing was
 * @param reasons what was told, in order, owed ones included
 * @param lastToldAt when the last notice was decided, then when it was delivered
 * @param quietSince since when the trouble is not seen; null while it is
 */
public record Incident(
    String id,
    Instant startedAt,
    Trouble trouble,
    @Nullable Trouble told,
    List<Reason> reasons,
    Instant lastToldAt,
    @Nullable Instant quietSince) {

  public Incident {
    reasons = List.copyOf(reasons);
  }

  public int count(Reason reason) {
    return Collections.frequency(reasons, reason);
  }

  /** Whether anybody was told that it began, so that its end is worth telling. */
  public boolean wasTold() {
    return !reasons.isEmpty();
  }

  /** The same incident, a notice of which was delivered just now. */
  public Incident toldAt(Instant at) {
    return new Incident(id, startedAt, trouble, told, reasons, at, quietSince);
  }
}
