package mailfrom.domain.dns;

import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A DNS record at a MAIL FROM domain, and what is to be done about it.
 *
 * @param type MX, TXT or CNAME
 * @param priority of an MX record; null for others
 * @param ttlSeconds the time to live to publish with, in seconds as DNS consoles take it
 */
public record RecordToDo(
    DomainName name,
    String type,
    @Nullable Integer priority,
    String value,
    int ttlSeconds,
    State state) {

  /** What is to be done. */
  public enum State {
    PRESENT,
    ADD,
    REPLACE,
    REMOVE
  }
}
