package mailfrom.domain.findings;

import java.util.Objects;
import java.util.Optional;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A DNS record at a MAIL FROM domain, and what is to be done about it.
 *
 * @param zone the zone that the name is in; null when it is not known
 * @param priority of an MX record; null for others
 * @param ttlSeconds the time to live to publish with, in seconds as DNS consoles take it
 */
public record RecordToDo(
    DomainName name,
    RecordType type,
    @Nullable DomainName zone,
    @Nullable Integer priority,
    String value,
    int ttlSeconds,
    State state) {

  /** Short, so that a mistake is over soon. */
  static final int TTL_SECONDS = 300;

  /**
   * By hand: a run compares those of each identity with the last ones, and a record's own is slow.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordToDo record
        && type == record.type
        && state == record.state
        && ttlSeconds == record.ttlSeconds
        && value.equals(record.value)
        && name.equals(record.name)
        && Objects.equals(zone, record.zone)
        && Objects.equals(priority, record.priority);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, value);
  }

  /** The MX record that SES looks for, of which nobody knows whether it is there. */
  public static RecordToDo mx(DomainName name, @Nullable DomainName zone, String region) {
    MxRecord mx = MxRecord.feedback(region);
    return new RecordToDo(
        name, RecordType.MX, zone, mx.priority(), mx.host(), TTL_SECONDS, State.ADD);
  }

  /** The SPF record, likewise. */
  public static RecordToDo spf(DomainName name, @Nullable DomainName zone) {
    return new RecordToDo(name, RecordType.TXT, zone, null, Spf.RECORD, TTL_SECONDS, State.ADD);
  }

  /** What is to be done. */
  public enum State {
    PRESENT,
    ADD,
    REPLACE,
    REMOVE
  }

  /**
   * The name as DNS consoles take it, relative to the zone: {@code @} for the zone itself; empty
   * when the zone is not known.
   */
  public Optional<String> host() {
    if (zone == null) {
      return Optional.empty();
    }
    String whole = name.value();
    return name.equals(zone)
        ? Optional.of("@")
        : Optional.of(whole.substring(0, whole.length() - zone.value().length() - 1));
  }
}
