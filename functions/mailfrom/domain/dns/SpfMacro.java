package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The domain that a term of an SPF record names, with its macros (RFC 7208, 7).
 *
 * @param text by the grammar of a domain-spec
 */
record SpfMacro(String text) {
  private static final Pattern EXPANSION =
      Pattern.compile("%\\{([slodiphvSLODIPHV])(0*[1-9]\\d{0,7})?([rR])?([-.+,/_=]*)}|%([%_-])");
  private static final String STRING = "(?:[!-$&-~]|" + EXPANSION + ")*";
  private static final Pattern TEXT = Pattern.compile(STRING);
  private static final Pattern DOMAIN =
      Pattern.compile(
          STRING
              + "(?:\\.(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])\\.?|"
              + EXPANSION
              + ")");

  /** Longer ones lead to no name, and matching takes a frame of the stack for each character. */
  private static final int LONGEST_TEXT = 1000;

  /** A name that is longer loses labels in front (RFC 7208, 7.3). */
  private static final int LONGEST_NAME = 253;

  /** Reads a domain-spec; empty when the text is none. */
  static Optional<SpfMacro> domain(String text) {
    return text.length() <= LONGEST_TEXT && DOMAIN.matcher(text).matches()
        ? Optional.of(new SpfMacro(text))
        : Optional.empty();
  }

  /** Whether a text is a macro-string, as any modifier may have. */
  static boolean isText(String text) {
    return text.length() <= LONGEST_TEXT && TEXT.matcher(text).matches();
  }

  /**
   * The name in lower case without its final dot; empty when it depends on what only a receiver
   * knows: the address, the sender's local part, the host's own names.
   *
   * @param domain the domain whose record is evaluated
   * @param sender the domain of the envelope sender
   */
  Optional<String> expand(String domain, String sender, boolean v6) {
    StringBuilder name = new StringBuilder();
    Matcher macro = EXPANSION.matcher(text);
    int at = 0;
    while (macro.find()) {
      name.append(text, at, macro.start());
      at = macro.end();
      String escaped = macro.group(5);
      if (escaped != null) {
        name.append(
            switch (escaped) {
              case "%" -> "%";
              case "_" -> " ";
              default -> "%20";
            });
        continue;
      }
      String value =
          switch (macro.group(1).toLowerCase(Locale.ROOT)) {
            case "d" -> domain;
            case "o" -> sender;
            case "v" -> v6 ? "ip6" : "in-addr";
            default -> "";
          };
      if (value.isEmpty()) {
        return Optional.empty();
      }
      name.append(transformed(value, macro.group(2), macro.group(3) != null, macro.group(4)));
    }
    name.append(text, at, text.length());
    String lower = name.toString().toLowerCase(Locale.ROOT);
    String whole = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    while (whole.length() > LONGEST_NAME && whole.indexOf('.') >= 0) {
      whole = whole.substring(whole.indexOf('.') + 1);
    }
    return Optional.of(whole);
  }

  private static String transformed(
      String value, @Nullable String kept, boolean reversed, String delimiters) {
    String parting = "[" + (delimiters.isEmpty() ? "." : Pattern.quote(delimiters)) + "]";
    List<String> parts = new ArrayList<>(List.of(value.split(parting, -1)));
    if (reversed) {
      Collections.reverse(parts);
    }
    int from = kept == null ? 0 : Math.max(parts.size() - Integer.parseInt(kept), 0);
    return String.join(".", parts.subList(from, parts.size()));
  }
}
