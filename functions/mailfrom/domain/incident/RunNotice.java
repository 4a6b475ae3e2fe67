package mailfrom.domain.incident;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mailfrom.domain.name.IdentityName;

/**
 * One thing to tell about a run of a Region, owed until both topics have taken it.
 *
 * @param reason one that is not about an identity
 * @param text the sentence for people
 * @param names the identities that it is about, when they are few; else empty
 */
public record RunNotice(
    String id,
    Reason reason,
    Severity severity,
    String text,
    List<IdentityName> names,
    Instant at,
    Set<Topic> delivered) {

  public RunNotice {
    names = List.copyOf(names);
    delivered =
        delivered.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(delivered));
  }

  /** One that names nobody, and that no topic has taken yet. */
  public RunNotice(String id, Reason reason, Severity severity, String text, Instant at) {
    this(id, reason, severity, text, List.of(), at, Set.of());
  }

  /** The same, about these identities. */
  public RunNotice about(List<IdentityName> few) {
    return new RunNotice(id, reason, severity, text, few, at, delivered);
  }

  public RunNotice deliveredTo(Topic topic) {
    Set<Topic> more = EnumSet.of(topic);
    more.addAll(delivered);
    return new RunNotice(id, reason, severity, text, names, at, more);
  }

  public boolean isOwed() {
    return delivered.size() < Topic.values().length;
  }
}
