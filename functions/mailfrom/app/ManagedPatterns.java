package mailfrom.app;

import java.util.List;
import java.util.regex.Pattern;
import mailfrom.domain.IdentityName;

/**
 * Which identities may be changed through this system: those that match an allow pattern and no
 * deny pattern. In a pattern {@code *} stands for any characters; case does not matter.
 */
public final class ManagedPatterns {
  private final List<Pattern> allow;
  private final List<Pattern> deny;

  /**
   * Reads patterns.
   *
   * @param allow empty: every identity
   */
  public ManagedPatterns(List<String> allow, List<String> deny) {
    this.allow = allow.stream().map(ManagedPatterns::compile).toList();
    this.deny = deny.stream().map(ManagedPatterns::compile).toList();
  }

  public boolean allows(IdentityName name) {
    return (allow.isEmpty() || matches(allow, name)) && !matches(deny, name);
  }

  private static boolean matches(List<Pattern> patterns, IdentityName name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name.value()).matches());
  }

  private static Pattern compile(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.strip().split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
  }
}
