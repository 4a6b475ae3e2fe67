package mailfrom.api;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import mailfrom.domain.IdentityName;

/**
 * The identities that may be changed through the API: name patterns in which {@code *} stands for
 * any text, compared without case. Deny wins over allow.
 */
public record ManagedPatterns(List<String> allow, List<String> deny) {
  public ManagedPatterns {
    allow = allow.stream().map(ManagedPatterns::lower).toList();
    deny = deny.stream().map(ManagedPatterns::lower).toList();
  }

  /** Patterns with commas between them, as parameters of the stack hold them. */
  public static ManagedPatterns ofText(String allow, String deny) {
    return new ManagedPatterns(split(allow), split(deny));
  }

  public boolean manages(IdentityName name) {
    String text = lower(name.value());
    return allow.stream().anyMatch(pattern -> matches(pattern, text))
        && deny.stream().noneMatch(pattern -> matches(pattern, text));
  }

  private static List<String> split(String patterns) {
    return Stream.of(patterns.split(",", -1)).map(String::strip).filter(p -> !p.isEmpty()).toList();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Goes back to the last star only, so that no pattern takes long. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
