package mailfrom.domain.name;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an SES identity: a domain, or an e-mail address. SES compares domains without case
 * and local parts with case, so an address keeps the case of its local part.
 */
public record IdentityName(String value) implements Comparable<IdentityName> {
  /** A local part, the sign between, and a domain. */
  private static final int MAX_LENGTH = 64 + 1 + 255;

  private static final Pattern ARN = Pattern.compile("arn:[^:]*:ses:[^:]*:[^:]*:identity/(.+)");

  /**
   * Reads a domain or an address as SES lists it: local parts in daily use are not always those of
   * RFC 5321, and SES has them under their exact text.
   */
  public static Parsed<IdentityName> parse(String text) {
    int at = text.lastIndexOf('@');
    if (at == 0) {
      return new Parsed.Malformed<>("The address has nothing before its '@'. Give local@domain.");
    }
    if (text.length() > MAX_LENGTH) {
      return new Parsed.Malformed<>(
          "The identity has %d characters; at most %d are allowed (RFC 5321, RFC 1035)."
              .formatted(text.length(), MAX_LENGTH));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      return new Parsed.Malformed<>("The identity has a control character. Take it out.");
    }
    String local = text.substring(0, at + 1);
    return switch (DomainName.parse(text.substring(at + 1))) {
      case Parsed.Ok<DomainName>(DomainName domain) ->
          new Parsed.Ok<>(new IdentityName(local + domain.value()));
      case Parsed.Malformed<DomainName>(String message) ->
          new Parsed.Malformed<>(at < 0 ? message : "After '@': " + message);
    };
  }

  /**
   * A name in SES's list; empty when SES could not be asked about it: it is none, or it is written
   * in a form of a domain (U-labels, a final dot) that we ask for in another.
   */
  public static Optional<IdentityName> ofListed(String text) {
    return parse(text).toOptional().filter(name -> name.value.equalsIgnoreCase(text));
  }

  /** A name as SES lists it, or the ARN of an identity, as events carry them; empty when none. */
  public static Optional<IdentityName> ofNameOrArn(String text) {
    var arn = ARN.matcher(text);
    return parse(arn.matches() ? arn.group(1) : text).toOptional();
  }

  /** A name that this program or SES wrote. Throws IllegalArgumentException on anything else. */
  public static IdentityName of(String text) {
    return parse(text).orThrow();
  }

  public boolean isAddress() {
    return value.contains("@");
  }

  /** The domain itself, or the domain of the address. */
  public DomainName domain() {
    return new DomainName(value.substring(value.lastIndexOf('@') + 1));
  }

  /**
   * The next less granular identity that may speak for this one: the domain of an address, then
   * each parent domain.
   */
  public Optional<IdentityName> parent() {
    return isAddress()
        ? Optional.of(new IdentityName(domain().value()))
        : domain().parent().map(parent -> new IdentityName(parent.value()));
  }

  /** By hand, as {@link #hashCode}: a run asks millions of times, and a record's own is slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdentityName name && value.equals(name.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(IdentityName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
