package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An SPF record that was read by the grammar of RFC 7208, 12: its whole text is right, or there is
 * no record.
 *
 * @param redirect the domain of its redirect; null when it has none
 */
public record SpfRecord(List<Directive> directives, @Nullable SpfMacro redirect) {
  static final String VERSION = "v=spf1";

  private static final Pattern QUALIFIED = Pattern.compile("([-+~?]?)([A-Za-z0-9]+)(.*)");
  private static final Pattern MODIFIER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.*)");
  private static final Pattern PREFIXES =
      Pattern.compile("(.*?)(?:/(0|[1-9]\\d?))?(?://(0|[1-9]\\d{0,2}))?");
  private static final Pattern NETWORK = Pattern.compile("([^/]*)(?:/(0|[1-9]\\d{0,2}))?");
  private static final int MOST_KNOWN = 256;
  private static final Map<String, Read> KNOWN = new ConcurrentHashMap<>();
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  public SpfRecord {
    directives = List.copyOf(directives);
  }

  /** A mechanism with its qualifier. */
  sealed interface Directive {
    /** The word as it stands in the record. */
    String word();

    /** Whether it decides about all addresses, or all of a family. */
    default boolean isForAll() {
      return switch (this) {
        case All _ -> true;
        case Network network -> network.addresses().isAFamily();
        case Asking _ -> false;
      };
    }

    /** Whether what it matches passes. */
    default boolean passes() {
      char first = word().charAt(0);
      return first == '+' || "-~?".indexOf(first) < 0;
    }
  }

  record All(String word) implements Directive {}

  /** A mechanism that makes receivers ask the DNS: ten of them are allowed. */
  sealed interface Asking extends Directive {}

  record Include(String word, SpfMacro domain) implements Asking {}

  /** An {@code ip4} or {@code ip6}. */
  record Network(String word, AddressSet addresses) implements Directive {}

  /** The addresses of a name, or of the hosts of its MX records: {@code a} or {@code mx}. */
  record Hosts(String word, boolean mx, @Nullable SpfMacro domain, int v4Bits, int v6Bits)
      implements Asking {}

  record Exists(String word, SpfMacro domain) implements Asking {}

  record Ptr(String word) implements Asking {}

  /** What reading a text gave. */
  sealed interface Read {
    record Right(SpfRecord record) implements Read {}

    /**
     * A word is none of RFC 7208, and receivers answer permerror to the whole record.
     *
     * @param word as it stands in the record
     */
    record Wrong(String word) implements Read {}
  }

  /** A term of a record. */
  private sealed interface Term {
    record Mechanism(Directive directive) implements Term {}

    record Redirect(SpfMacro domain) implements Term {}

    record Explanation() implements Term {}

    /** Ignored, as RFC 7208, 6 wants. */
    record OtherModifier() implements Term {}
  }

  /** Whether a TXT record is an SPF record: other TXT records do not matter. */
  public static boolean isSpf(String txtRecord) {
    String lower = txtRecord.toLowerCase(Locale.ROOT);
    return lower.equals(VERSION) || lower.startsWith(VERSION + " ");
  }

  /** Whether what SPF records say can be known without asking for anything else. */
  static boolean areOfAddressesAlone(List<String> txtRecords) {
    return txtRecords.stream()
        .filter(SpfRecord::isSpf)
        .map(SpfRecord::read)
        .allMatch(read -> read instanceof Read.Right(SpfRecord record) && record.asks(Set.of()));
  }

  /** Whether a record asks for nothing but what other domains include. */
  boolean asks(Set<String> included) {
    return redirect == null
        && directives.stream()
            .allMatch(
                directive ->
                    switch (directive) {
                      case All _, Network _ -> true;
                      case Include(String _, SpfMacro domain) -> included.contains(domain.text());
                      case Hosts _, Exists _, Ptr _ -> false;
                    });
  }

  /** Reads the text of an SPF record. What a fleet publishes is mostly one text, and is kept. */
  public static Read read(String text) {
    Read known = KNOWN.get(text);
    if (known != null) {
      return known;
    }
    Read read = readAnew(text);
    if (KNOWN.size() >= MOST_KNOWN) {
      KNOWN.clear();
    }
    KNOWN.put(text, read);
    return read;
  }

  private static Read readAnew(String text) {
    List<Directive> directives = new ArrayList<>();
    SpfMacro redirect = null;
    boolean explained = false;
    for (String word : words(text)) {
      switch (term(word).orElse(null)) {
        case null -> {
          return new Read.Wrong(word);
        }
        case Term.Mechanism(Directive directive) -> directives.add(directive);
        case Term.Redirect(SpfMacro domain) -> {
          if (redirect != null) {
            return new Read.Wrong(word);
          }
          redirect = domain;
        }
        case Term.Explanation _ -> {
          if (explained) {
            return new Read.Wrong(word);
          }
          explained = true;
        }
        case Term.OtherModifier _ -> {}
      }
    }
    return new Read.Right(new SpfRecord(directives, redirect));
  }

  /** The words behind the version. Only spaces part them: a tab is a part of its word. */
  public static List<String> words(String text) {
    return List.of(text.substring(VERSION.length()).split(" +")).stream()
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Whether receivers understand a word on its own. */
  public static boolean isTerm(String word) {
    return term(word).isPresent();
  }

  private static Optional<Term> term(String word) {
    Matcher modifier = MODIFIER.matcher(word);
    if (modifier.matches()) {
      return modifier(modifier.group(1).toLowerCase(Locale.ROOT), modifier.group(2));
    }
    Matcher directive = QUALIFIED.matcher(word);
    return directive.matches()
        ? directive(word, directive.group(2).toLowerCase(Locale.ROOT), directive.group(3))
            .map(Term.Mechanism::new)
        : Optional.empty();
  }

  private static Optional<Term> modifier(String name, String value) {
    return switch (name) {
      case "redirect" -> SpfMacro.domain(value).map(Term.Redirect::new);
      case "exp" -> SpfMacro.domain(value).map(domain -> new Term.Explanation());
      default -> SpfMacro.isText(value) ? Optional.of(new Term.OtherModifier()) : Optional.empty();
    };
  }

  private static Optional<Directive> directive(String word, String name, String rest) {
    Optional<String> argument =
        rest.startsWith(":") ? Optional.of(rest.substring(1)) : Optional.empty();
    return switch (name) {
      case "all" -> rest.isEmpty() ? Optional.of(new All(word)) : Optional.empty();
      case "include" -> argument.flatMap(SpfMacro::domain).map(domain -> new Include(word, domain));
      case "exists" -> argument.flatMap(SpfMacro::domain).map(domain -> new Exists(word, domain));
      case "ip4", "ip6" ->
          argument
              .flatMap(text -> network(text, name.equals("ip6")))
              .map(addresses -> new Network(word, addresses));
      case "a", "mx" -> hosts(word, name.equals("mx"), rest);
      case "ptr" ->
          rest.isEmpty()
              ? Optional.of(new Ptr(word))
              : argument.flatMap(SpfMacro::domain).map(domain -> new Ptr(word));
      default -> Optional.empty();
    };
  }

  private static Optional<AddressSet> network(String text, boolean v6) {
    Matcher parts = NETWORK.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int most = v6 ? V6_BITS : V4_BITS;
    int bits = parts.group(2) == null ? most : Integer.parseInt(parts.group(2));
    Optional<byte[]> address = v6 ? AddressSet.v6(parts.group(1)) : AddressSet.v4(parts.group(1));
    return address.filter(bytes -> bits <= most).map(bytes -> AddressSet.networkOf(bytes, bits));
  }

  /** The domain of {@code a} and {@code mx} may be missing, and prefix lengths may follow. */
  private static Optional<Directive> hosts(String word, boolean mx, String rest) {
    Matcher parts = PREFIXES.matcher(rest);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int v4 = parts.group(2) == null ? V4_BITS : Integer.parseInt(parts.group(2));
    int v6 = parts.group(3) == null ? V6_BITS : Integer.parseInt(parts.group(3));
    if (v4 > V4_BITS || v6 > V6_BITS) {
      return Optional.empty();
    }
    String domain = parts.group(1);
    if (domain.isEmpty()) {
      return Optional.of(new Hosts(word, mx, null, v4, v6));
    }
    return domain.startsWith(":")
        ? SpfMacro.domain(domain.substring(1)).map(at -> new Hosts(word, mx, at, v4, v6))
        : Optional.empty();
  }
}
