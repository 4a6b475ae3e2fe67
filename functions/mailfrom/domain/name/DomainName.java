package mailfrom.domain.name;

import java.net.IDN;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A domain name in its one normal form: A-labels, lower case, no final dot, labels of at most 63
 * and at most 253 characters in all (RFC 1035, RFC 5890).
 */
public record DomainName(String value) implements Comparable<DomainName> {
  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;
  private static final int FIRST_BEYOND_ASCII = 128;

  /** Characters that IDNA 2003 (this JDK) and IDNA 2008 (registries) turn into different names. */
  private static final String DEVIATIONS = "ßς\u200c\u200d";

  public DomainName {
    if (value.isEmpty() || !value.equals(value.toLowerCase(Locale.ROOT)) || value.endsWith(".")) {
      throw new IllegalArgumentException("not a normal domain name; use parse");
    }
  }

  /** Reads a name as people type it: Unicode or A-labels, any case, with or without final dot. */
  public static Parsed<DomainName> parse(String text) {
    if (text.isEmpty()) {
      return malformed("The name is empty. Give a domain name such as bounce.example.com.");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isWhitespace(c)) {
        return malformed("The name has white space or control characters. Remove them.");
      }
      if (DEVIATIONS.indexOf(c) >= 0) {
        return malformed(
            "The name has a character (ß, ς or a joiner) that different standards spell"
                + " differently. Give the name as A-labels (xn--…).");
      }
    }
    String ascii;
    try {
      ascii = (isAscii(text) ? text : IDN.toASCII(text)).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return malformed(
          "The name cannot be written in A-labels: each label needs 1 to 63 characters. Give a name"
              + " such as bounce.example.com.");
    }
    if (ascii.endsWith(".")) {
      ascii = ascii.substring(0, ascii.length() - 1);
    }
    if (ascii.length() > MAX_LENGTH) {
      return malformed(
          "The name has %d characters; at most %d are allowed."
              .formatted(ascii.length(), MAX_LENGTH));
    }
    String[] labels = ascii.split("\\.", -1);
    for (String label : labels) {
      Optional<String> wrong = wrongLabel(label);
      if (wrong.isPresent()) {
        return malformed(wrong.get());
      }
    }
    if (labels.length < 2) {
      return malformed("The name has only one label. Give a full name such as bounce.example.com.");
    }
    if (labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9')) {
      return malformed("The name ends in digits only: an IP address is not a domain name.");
    }
    return new Parsed.Ok<>(new DomainName(ascii));
  }

  /** Then it has no other form, and the tables of Unicode are not loaded. */
  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < FIRST_BEYOND_ASCII);
  }

  private static Optional<String> wrongLabel(String label) {
    if (label.isEmpty()) {
      return Optional.of("The name has an empty label (two dots in a row, or a dot in front).");
    }
    if (label.length() > MAX_LABEL) {
      return Optional.of(
          "A label has %d characters; at most %d are allowed."
              .formatted(label.length(), MAX_LABEL));
    }
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      boolean allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!allowed) {
        return Optional.of(
            "A label has a character other than letters, digits, '-' and '_'. Remove it.");
      }
    }
    if (label.startsWith("-") || label.endsWith("-")) {
      return Optional.of("A label begins or ends with '-'. Remove it.");
    }
    return Optional.empty();
  }

  private static Parsed<DomainName> malformed(String message) {
    return new Parsed.Malformed<>(message);
  }

  /** A name that this program or SES wrote. Throws IllegalArgumentException on anything else. */
  public static DomainName of(String text) {
    return parse(text).orThrow();
  }

  /** The labels, most specific first. */
  public List<String> labels() {
    return Arrays.asList(value.split("\\."));
  }

  /** Whether this is a proper subdomain of {@code ancestor}, compared label by label. */
  public boolean isBelow(DomainName ancestor) {
    return value.endsWith("." + ancestor.value);
  }

  /** The name without its first label, while two labels are left. */
  public Optional<DomainName> parent() {
    String rest = value.substring(value.indexOf('.') + 1);
    return rest.contains(".") ? Optional.of(new DomainName(rest)) : Optional.empty();
  }

  /** By hand, as {@link #hashCode}: a run asks millions of times, and a record's own is slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DomainName name && value.equals(name.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(DomainName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
