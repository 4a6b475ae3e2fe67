package mailfrom.app.settings;

import java.util.List;
import java.util.stream.Stream;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.name.NamePattern;

/**
 * Which identities may be changed through this system: those that match an allow pattern and no
 * deny pattern.
 */
public final class ManagedPatterns {
  /** None: nobody has said yet what may be changed. */
  public static final ManagedPatterns NONE = new ManagedPatterns(List.of(), List.of("*"));

  /** Every identity. */
  public static final ManagedPatterns ALL = new ManagedPatterns(List.of(), List.of());

  private final List<NamePattern> allow;
  private final List<NamePattern> deny;

  /**
   * Reads patterns.
   *
   * @param allow empty: every identity
   */
  public ManagedPatterns(List<String> allow, List<String> deny) {
    this.allow = allow.stream().map(String::strip).map(NamePattern::of).toList();
    this.deny = deny.stream().map(String::strip).map(NamePattern::of).toList();
  }

  /**
   * The patterns as the template's parameters have them, with commas between them.
   *
   * @param allow empty: every identity
   */
  public record Texts(String allow, String deny) {
    public ManagedPatterns patterns() {
      return new ManagedPatterns(parts(allow), parts(deny));
    }

    private static List<String> parts(String text) {
      return Stream.of(text.split(",")).filter(part -> !part.isBlank()).toList();
    }
  }

  public boolean allows(IdentityName name) {
    return (allow.isEmpty() || matches(allow, name)) && !matches(deny, name);
  }

  private static boolean matches(List<NamePattern> patterns, IdentityName name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }
}
