package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Whether an SPF record lets SES send (RFC 7208): whether {@code include:amazonses.com} is reached
 * before anything else decides, through includes and redirects too.
 *
 * <p>The addresses of SES are not known here. So {@code a}, {@code mx}, {@code ip4} and {@code ip6}
 * are taken not to match it, and {@code exists}, {@code ptr} and macros cannot be decided.
 */
public final class Spf {
  /** What a MAIL FROM domain without an SPF record should publish. */
  public static final String RECORD = "v=spf1 include:amazonses.com ~all";

  private static final String SES = "amazonses.com";
  private static final String INCLUDE = "include:" + SES;
  private static final String VERSION = "v=spf1";

  /** Receivers answer permerror to more (RFC 7208, 4.6.4). */
  private static final int MAX_LOOKUPS = 10;

  /** Who could not be asked twice will not be asked ten times: a look has an end. */
  private static final int MAX_NOT_ASKED = 2;

  private final Function<DomainName, Answer<String>> txt;
  private int lookups;
  private int notAsked;
  private boolean undecided;

  private Spf(Function<DomainName, Answer<String>> txt) {
    this.txt = txt;
  }

  /** What a record says of mail from SES. */
  private enum Match {
    PASS,
    /** Something matches, and the answer is not pass: the evaluation ends there. */
    OTHER,
    NONE,
    /** Receivers give up: the record is broken or needs too many look-ups. */
    BROKEN
  }

  /** A term of a record: a mechanism with its qualifier, or a modifier. */
  private record Term(char qualifier, String name, @Nullable String argument, boolean modifier) {
    boolean includesSes() {
      return !modifier && name.equals("include") && argument != null && isSes(argument);
    }

    private static boolean isSes(String domain) {
      return domain.equalsIgnoreCase(SES) || domain.equalsIgnoreCase(SES + ".");
    }
  }

  /** Whether a TXT record is an SPF record: other TXT records do not matter. */
  public static boolean isSpf(String txtRecord) {
    String lower = txtRecord.toLowerCase(Locale.ROOT);
    return lower.equals(VERSION) || lower.startsWith(VERSION + " ");
  }

  /**
   * Judges the SPF of a MAIL FROM domain.
   *
   * @param txt the TXT records of a name; those that are no SPF records are left out here
   */
  public static SpfVerdict judge(DomainName name, Function<DomainName, Answer<String>> txt) {
    return judge(txt.apply(name), txt);
  }

  /**
   * Judges the SPF of a MAIL FROM domain whose own TXT records are known.
   *
   * @param txt the TXT records of the names that are included
   */
  public static SpfVerdict judge(Answer<String> own, Function<DomainName, Answer<String>> txt) {
    if (own.couldNotAsk()) {
      return SpfVerdict.UNKNOWN;
    }
    List<String> records = spfOnly(own);
    if (records.isEmpty()) {
      return SpfVerdict.MISSING;
    }
    if (records.size() > 1) {
      return SpfVerdict.DUPLICATE;
    }
    Spf spf = new Spf(txt);
    return switch (spf.match(records.getFirst())) {
      case PASS -> SpfVerdict.COVERS_SES;
      case OTHER, NONE, BROKEN -> spf.undecided ? SpfVerdict.UNKNOWN : SpfVerdict.NOT_INCLUDED;
    };
  }

  /** Whether the record itself names SES, with a qualifier that lets it send. */
  static boolean includesSesItself(String record) {
    return terms(record).stream().anyMatch(term -> term.includesSes() && term.qualifier() == '+');
  }

  /**
   * The record with SES in it: the include stands before the term that decides about everybody
   * else, or first when it was there already and was not reached.
   */
  static String withSes(String record) {
    List<String> kept = new ArrayList<>(List.of(VERSION));
    boolean wasThere = false;
    int before = 1;
    boolean placed = false;
    for (String word : words(record)) {
      Optional<Term> term = term(word);
      if (term.isEmpty()) {
        // Nobody understands it, and it makes receivers refuse the whole record.
        continue;
      }
      if (term.get().includesSes()) {
        wasThere = true;
        continue;
      }
      boolean last = term.get().name().equals("all") || term.get().name().equals("redirect");
      if (last && !placed) {
        placed = true;
        before = kept.size();
      }
      kept.add(word);
    }
    if (!placed) {
      before = kept.size();
      kept.add("~all");
    }
    kept.add(wasThere ? 1 : before, INCLUDE);
    return String.join(" ", kept);
  }

  private Match match(String record) {
    Term redirect = null;
    for (String word : words(record)) {
      Optional<Term> parsed = term(word);
      if (parsed.isEmpty()) {
        return Match.BROKEN;
      }
      Term term = parsed.get();
      if (term.modifier()) {
        if (term.name().equals("redirect")) {
          redirect = term;
        }
        continue;
      }
      switch (term.name()) {
        case "all" -> {
          // It lets SES send when it is +all, but nobody who writes that has meant SES.
          return Match.OTHER;
        }
        case "include" -> {
          Match included = included(term);
          if (included == Match.PASS) {
            return term.qualifier() == '+' ? Match.PASS : Match.OTHER;
          }
          if (included == Match.BROKEN) {
            return Match.BROKEN;
          }
        }
        case "exists", "ptr" -> {
          undecided = true;
          if (!mayLookUp()) {
            return Match.BROKEN;
          }
        }
        case "a", "mx" -> {
          undecided |= hasMacro(term);
          if (!mayLookUp()) {
            return Match.BROKEN;
          }
        }
        default -> {
          // ip4, ip6: the addresses of others.
        }
      }
    }
    if (redirect == null) {
      return Match.NONE;
    }
    if (!mayLookUp()) {
      return Match.BROKEN;
    }
    return elsewhere(redirect);
  }

  private Match included(Term term) {
    if (!mayLookUp()) {
      return Match.BROKEN;
    }
    return term.includesSes() ? Match.PASS : elsewhere(term);
  }

  /** What the one SPF record of another name says; a name without one breaks who refers to it. */
  private Match elsewhere(Term term) {
    String argument = term.argument();
    if (argument == null) {
      return Match.BROKEN;
    }
    if (hasMacro(term)) {
      undecided = true;
      return Match.NONE;
    }
    Optional<DomainName> name = DomainName.parse(argument).toOptional();
    if (name.isEmpty()) {
      return Match.BROKEN;
    }
    if (notAsked >= MAX_NOT_ASKED) {
      undecided = true;
      return Match.NONE;
    }
    Answer<String> answer = txt.apply(name.get());
    if (answer.couldNotAsk()) {
      notAsked++;
      undecided = true;
      return Match.NONE;
    }
    List<String> records = spfOnly(answer);
    return records.size() == 1 ? match(records.getFirst()) : Match.BROKEN;
  }

  private boolean mayLookUp() {
    lookups++;
    return lookups <= MAX_LOOKUPS;
  }

  private static boolean hasMacro(Term term) {
    return term.argument() != null && term.argument().indexOf('%') >= 0;
  }

  private static List<String> spfOnly(Answer<String> answer) {
    return answer.records().stream().filter(Spf::isSpf).toList();
  }

  private static List<Term> terms(String record) {
    return words(record).stream().flatMap(word -> term(word).stream()).toList();
  }

  private static List<String> words(String record) {
    String[] words = record.strip().split(" +", -1);
    return List.of(words).subList(1, words.length);
  }

  /** Reads a term; empty when RFC 7208 has no such term. */
  private static Optional<Term> term(String word) {
    char first = word.charAt(0);
    boolean qualified = "+-~?".indexOf(first) >= 0;
    String text = qualified ? word.substring(1) : word;
    int end = 0;
    while (end < text.length() && ":/=".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String name = text.substring(0, end).toLowerCase(Locale.ROOT);
    if (end < text.length() && text.charAt(end) == '=') {
      // Modifiers that are not known are ignored (RFC 7208, 6).
      return qualified || name.isEmpty()
          ? Optional.empty()
          : Optional.of(new Term('+', name, text.substring(end + 1), true));
    }
    String argument =
        end < text.length() && text.charAt(end) == ':' ? text.substring(end + 1) : null;
    boolean wellFormed =
        switch (name) {
          case "all", "ptr", "a", "mx" -> true;
          case "include", "exists", "ip4", "ip6" -> argument != null && !argument.isEmpty();
          default -> false;
        };
    return wellFormed
        ? Optional.of(new Term(qualified ? first : '+', name, argument, false))
        : Optional.empty();
  }
}
