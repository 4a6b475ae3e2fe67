package mailfrom.domain.name;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an SES identity: a domain, or an e-mail address. SES compares domains without case
 * and local parts with case, so an address keeps the case of its local part.
 */
public record IdentityName(String value) implements Comparable<IdentityName> {
  private static final int MAX_LOCAL_PART = 64;
  private static final Pattern ATOMS =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern QUOTED =
      Pattern.compile("\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e])*\"");
  private static final Pattern ARN = Pattern.compile("arn:[^:]*:ses:[^:]*:[^:]*:identity/(.+)");

  /** Reads a domain or an address as people type it. */
  public static Parsed<IdentityName> parse(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return switch (DomainName.parse(text)) {
        case Parsed.Ok<DomainName>(DomainName domain) ->
            new Parsed.Ok<>(new IdentityName(domain.value()));
        case Parsed.Malformed<DomainName>(String message) -> new Parsed.Malformed<>(message);
      };
    }
    String local = text.substring(0, at);
    if (local.isEmpty()) {
      return new Parsed.Malformed<>("The address has nothing before its '@'. Give local@domain.");
    }
    if (local.length() > MAX_LOCAL_PART) {
      return new Parsed.Malformed<>(
          "The part before '@' has %d characters; at most %d are allowed (RFC 5321)."
              .formatted(local.length(), MAX_LOCAL_PART));
    }
    if (!ATOMS.matcher(local).matches() && !QUOTED.matcher(local).matches()) {
      return new Parsed.Malformed<>(
          "The part before '@' is not a local part of RFC 5321: use ASCII letters, digits, single"
              + " dots and !#$%&'*+/=?^_`{|}~-, or put it in quotes.");
    }
    return switch (DomainName.parse(text.substring(at + 1))) {
      case Parsed.Ok<DomainName>(DomainName domain) ->
          new Parsed.Ok<>(new IdentityName(local + "@" + domain.value()));
      case Parsed.Malformed<DomainName>(String message) ->
          new Parsed.Malformed<>("After '@': " + message);
    };
  }

  /**
   * A name as SES lists it, under its exact text: some in daily use are no local part of RFC 5321.
   * Empty when it has no domain of which anything could be asked.
   */
  public static Optional<IdentityName> listed(String text) {
    int at = text.lastIndexOf('@');
    if (at == 0 || text.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    return DomainName.parse(text.substring(at + 1))
        .toOptional()
        .map(domain -> new IdentityName(text.substring(0, at + 1) + domain.value()));
  }

  /** A name as SES lists it, or the ARN of an identity, as events carry them; empty when none. */
  public static Optional<IdentityName> ofNameOrArn(String text) {
    var arn = ARN.matcher(text);
    return listed(arn.matches() ? arn.group(1) : text);
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

  @Override
  public int compareTo(IdentityName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
