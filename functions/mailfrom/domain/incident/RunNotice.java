package mailfrom.domain.incident;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One thing to tell about a run of a Region, owed until both topics have taken it.
 *
 * @param reason one that is not about an identity
 * @param text the sentence for people
 */
public record RunNotice(
    String id, Reason reason, Severity severity, String text, Instant at, Set<Topic> delivered) {

  public RunNotice {
    delivered =
        delivered.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(delivered));
  }

  public RunNotice deliveredTo(Topic topic) {
    Set<Topic> more = EnumSet.of(topic);
    more.addAll(delivered);
    return new RunNotice(id, reason, severity, text, at, more);
  }

  public boolean isOwed() {
    return delivered.size() < Topic.values().length;
  }
}
