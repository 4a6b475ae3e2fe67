package mailfrom.domain.name;

import java.util.List;
import java.util.Locale;

/**
 * A pattern of identities' names, in which {@code *} stands for any characters. Case does not
 * matter. Matching takes time in proportion to the name, however many stars there are: patterns
 * come from callers.
 */
public final class NamePattern {
  private final List<String> parts;

  private NamePattern(List<String> parts) {
    this.parts = parts;
  }

  public static NamePattern of(String pattern) {
    return new NamePattern(List.of(lower(pattern).split("\\*", -1)));
  }

  public boolean matches(IdentityName identity) {
    String name = lower(identity.value());
    String first = parts.getFirst();
    if (parts.size() == 1) {
      return name.equals(first);
    }
    String last = parts.getLast();
    int end = name.length() - last.length();
    if (!name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    // Each part at the first place where it fits: what follows has the most room then.
    int at = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int found = name.indexOf(part, at);
      if (found < 0) {
        return false;
      }
      at = found + part.length();
    }
    return at <= end;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
