package mailfrom.domain.dns;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is asked for DNS records.
 *
 * @param name as its zone names it, or what it is
 * @param address as text; null for the resolver of the system, which only this system can ask
 * @param namedBy who says that it serves the zone
 */
public record NameServer(String name, @Nullable String address, int port, NamedBy namedBy) {
  private static final int USUAL_PORT = 53;
  private static final Pattern NO_SHELL_NEEDS_QUOTES = Pattern.compile("[\\w.-]+");

  /** Whose NS records name a server. */
  public enum NamedBy {
    BOTH,
    /** The parent zone delegates to it, and the zone does not know it. */
    PARENT_ONLY,
    /** The zone names it, and the parent zone does not delegate to it. */
    ZONE_ONLY
  }

  /** The resolver of the system. */
  public static final NameServer RESOLVER =
      new NameServer("the resolver", null, USUAL_PORT, NamedBy.BOTH);

  /** As people read it. */
  public String text() {
    String where =
        address == null || address.equals(name) ? name : "%s (%s)".formatted(name, address);
    return switch (namedBy) {
      case BOTH -> where;
      case PARENT_ONLY -> where + ", which only the parent zone names";
      case ZONE_ONLY -> where + ", which only the zone itself names";
    };
  }

  /** How {@code dig} asks it for one type. */
  public String dig(String type, String recordName) {
    String server = address == null ? "" : "@" + address + " ";
    String at = port == USUAL_PORT ? "" : "-p " + port + " ";
    return server + at + type + " " + quoted(recordName);
  }

  /** A record may refer to any text as a name: a shell is to take it as that. */
  private static String quoted(String name) {
    return NO_SHELL_NEEDS_QUOTES.matcher(name).matches()
        ? name
        : "'" + name.replace("'", "'\\''") + "'";
  }
}
