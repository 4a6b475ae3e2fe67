package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import mailfrom.domain.dns.SpfCheck.Outcome;
import mailfrom.domain.dns.SpfCheck.Result;
import mailfrom.domain.dns.SpfCheck.Way;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * Whether mail from SES passes SPF at a MAIL FROM domain: for every address that amazonses.com
 * publishes now, judged as a receiver would (RFC 7208), and what to publish when it does not.
 *
 * <p>By hand: the libraries for SPF answer for one address. Here the question is asked for all of
 * them, and the answer has to say which word is wrong and how to mend it (the decision of
 * 2026-11-28 in {@code DECISIONS.md}).
 */
public final class Spf {
  /** What a MAIL FROM domain without an SPF record should publish. */
  public static final String RECORD = "v=spf1 include:amazonses.com ~all";

  static final String SES = "amazonses.com";
  private static final String INCLUDE = "include:" + SES;
  private static final Pattern INCLUDES_SES =
      Pattern.compile("[-+~?]?include:amazonses\\.com\\.?", Pattern.CASE_INSENSITIVE);

  /** A text of DNS is made of strings of this length. */
  private static final int LONGEST_STRING = 255;

  private static final int NETWORKS_NAMED = 4;
  private static final Pattern ALL = Pattern.compile("[-+~?]?all", Pattern.CASE_INSENSITIVE);
  private static final Pattern DECIDES =
      Pattern.compile("[-+~?]?all|redirect=.*", Pattern.CASE_INSENSITIVE);
  private static final Set<String> ONLY_ONCE = Set.of("redirect=", "exp=");
  private static final Comparator<Outcome> WORST =
      Comparator.comparing((Outcome outcome) -> verdict(outcome.result()))
          .thenComparing(outcome -> outcome.why() == null ? "" : outcome.why());

  /** Quotation marks of all kinds. */
  private static final String MARKS = "\"'`\u00AB\u00BB\u2018-\u201F\u2039\u203A";

  /** What is no space of RFC 7208, but looks like one, or like nothing. */
  private static final String BLANKS = "\\s\u00A0\u2000-\u200D\u202F\u2060\u3000\uFEFF";

  private static final Pattern NEARLY =
      Pattern.compile(
          "[%1$s%2$s]*v[%2$s]*=[%2$s]*spf1([^0-9].*)?".formatted(MARKS, BLANKS),
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern NEARLY_VERSION =
      Pattern.compile("v[%1$s]*=[%1$s]*spf1".formatted(BLANKS), Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_BLANK_BEHIND =
      Pattern.compile("v=spf1[^%s].*".formatted(BLANKS), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern ALL_MARKS = Pattern.compile("[" + MARKS + "]");
  private static final Pattern ALL_BLANKS = Pattern.compile("[" + BLANKS + "]+");

  /** Each name of a fleet is held against the same addresses. */
  private static volatile @Nullable Published lastPublished;

  /** What SES's record says, and what that makes of the record that most of a fleet publish. */
  private static final class Published {
    private final Answer<String> answer;

    /** Empty when nobody could be asked for them. */
    private final Optional<AddressSet> addresses;

    private volatile @Nullable Known last;

    /** A record that asks nobody but SES is the same at each name. */
    private record Known(String record, Judged judged) {}

    Published(Answer<String> answer, Optional<AddressSet> addresses) {
      this.answer = answer;
      this.addresses = addresses;
    }

    Judged judged(String record, Function<String, Judged> judge) {
      Known known = last;
      if (known != null && known.record().equals(record)) {
        return known.judged();
      }
      Judged judged = judge.apply(record);
      if (SpfRecord.read(record) instanceof SpfRecord.Read.Right(SpfRecord right)
          && right.asks(Set.of(SES))) {
        last = new Known(record, judged);
      }
      return judged;
    }
  }

  private final String domain;
  private final SpfCheck check;
  private final Published ofSes;

  private Spf(DomainName name, DnsLookup dns) {
    this.domain = name.value();
    this.check = new SpfCheck(domain, dns);
    this.ofSes = published(dns.txt(SES), check);
  }

  /** What a record gets, before it is said what to publish instead. */
  private record Judged(
      SpfVerdict verdict,
      Set<SpfView.Remark> remarks,
      @Nullable String why,
      @Nullable Question silent) {
    static Judged covers(boolean voids) {
      return new Judged(
          SpfVerdict.COVERS_SES,
          voids ? EnumSet.of(SpfView.Remark.VOID_LOOKUPS) : EnumSet.noneOf(SpfView.Remark.class),
          null,
          null);
    }

    static Judged of(Outcome outcome, @Nullable String otherwise) {
      return new Judged(
          Spf.verdict(outcome.result()),
          Set.of(),
          outcome.why() == null ? otherwise : outcome.why(),
          outcome.silent());
    }

    static Judged unknown(@Nullable String why, @Nullable Question silent) {
      return new Judged(SpfVerdict.UNKNOWN, Set.of(), why, silent);
    }

    boolean isFine() {
      return verdict == SpfVerdict.COVERS_SES && !remarks.contains(SpfView.Remark.VOID_LOOKUPS);
    }
  }

  /** Whether a TXT record is an SPF record, or nearly one: others do not matter here. */
  public static boolean matters(String txtRecord) {
    return SpfRecord.isSpf(txtRecord) || NEARLY.matcher(txtRecord).matches();
  }

  /**
   * Judges the SPF of a MAIL FROM domain.
   *
   * @param own the TXT records at the name
   * @param dns for the names that they refer to
   */
  public static SpfView judge(DomainName name, Answer<String> own, DnsLookup dns) {
    return switch (own) {
      case Answer.CouldNotAsk<String>(String why) -> SpfView.unavailable(why);
      case Answer.None<String> none -> missing(none);
      case Answer.Found<String>(List<String> texts) -> {
        // The order of a DNS answer means nothing.
        List<String> matter = texts.stream().filter(Spf::matters).sorted().toList();
        yield matter.isEmpty()
            ? missing(new Answer.None<>(true))
            : new Spf(name, dns).judge(matter);
      }
    };
  }

  private static SpfView missing(Answer<String> none) {
    return new SpfView(none, SpfVerdict.MISSING, Set.of(), null, null, null);
  }

  private SpfView judge(List<String> texts) {
    Answer<String> there = new Answer.Found<>(texts);
    List<String> records = texts.stream().filter(SpfRecord::isSpf).toList();
    if (records.isEmpty()) {
      return new SpfView(
          there,
          SpfVerdict.NEARLY,
          Set.of(),
          flaw(texts.getFirst()),
          null,
          propose(texts.getFirst(), 0));
    }
    if (records.size() > 1) {
      return new SpfView(there, SpfVerdict.DUPLICATE, Set.of(), null, null, oneOf(texts, records));
    }
    Judged judged = judged(records.getFirst());
    return new SpfView(
        there,
        judged.verdict(),
        judged.remarks(),
        judged.why(),
        judged.silent(),
        judged.verdict().isBroken()
            ? propose(records.getFirst(), texts.indexOf(records.getFirst()))
            : null);
  }

  // ---- judging

  private static Published published(Answer<String> answer, SpfCheck check) {
    Published known = lastPublished;
    if (known != null && known.answer.equals(answer)) {
      return known;
    }
    Published published = new Published(answer, addresses(check));
    if (answer instanceof Answer.Found<String>(List<String> texts)
        && SpfRecord.areOfAddressesAlone(texts)) {
      lastPublished = published;
    }
    return published;
  }

  /** The addresses that SES sends from, whatever only a receiver knows. */
  private static Optional<AddressSet> addresses(SpfCheck check) {
    List<Outcome> outcomes = new ArrayList<>();
    for (SpfClients everybody : SpfClients.families(AddressSet.ALL_V4.plus(AddressSet.ALL_V6))) {
      outcomes.addAll(check.published(SES, new Way(everybody, 0, 0)));
    }
    boolean wereAsked = EnumSet.of(Result.PASS, Result.NO_PASS).containsAll(results(outcomes));
    AddressSet surely = addressesOf(outcomes, true).minus(addressesOf(outcomes, false));
    return wereAsked && !surely.isEmpty() ? Optional.of(surely) : Optional.empty();
  }

  private Judged judged(String record) {
    return ofSes.judged(record, this::judgedAnew);
  }

  private Judged judgedAnew(String record) {
    Judged judged =
        ofSes
            .addresses
            .map(addresses -> ofKnown(record, addresses))
            .orElseGet(() -> ofUnknown(record));
    if (judged.verdict() == SpfVerdict.COVERS_SES) {
      List<Outcome> ofNew = outcomes(record, SpfClients.symbol(SpfClients.Kind.NEW_OF_SES, false));
      if (!results(ofNew).equals(Set.of(Result.PASS))) {
        judged.remarks().add(SpfView.Remark.FLATTENED);
      }
      if (ofNew.stream().anyMatch(Outcome::passesAll) || passesAll(record)) {
        judged.remarks().add(SpfView.Remark.ALLOWS_ALL);
      }
    }
    return judged;
  }

  private List<Outcome> outcomes(String record, SpfClients clients) {
    return check.record(record, domain, new Way(clients, 0, 0));
  }

  /** Whether a term lets everybody send, at least everybody of one family of addresses. */
  private static boolean passesAll(String record) {
    return SpfRecord.read(record) instanceof SpfRecord.Read.Right(SpfRecord right)
        && right.directives().stream()
            .filter(SpfRecord.Directive::isForAll)
            .findFirst()
            .map(SpfRecord.Directive::passes)
            .orElse(false);
  }

  private Judged ofKnown(String record, AddressSet addresses) {
    List<Outcome> outcomes = new ArrayList<>();
    for (SpfClients family : SpfClients.families(addresses)) {
      outcomes.addAll(outcomes(record, family));
    }
    Optional<Outcome> unknown =
        outcomes.stream().filter(outcome -> outcome.result() == Result.UNKNOWN).min(WORST);
    if (unknown.isPresent()) {
      return Judged.of(unknown.get(), null);
    }
    AddressSet refused = addressesOf(outcomes, false);
    if (refused.isEmpty()) {
      boolean voids = outcomes.stream().anyMatch(Outcome::hasTooManyVoids);
      return Judged.covers(voids);
    }
    // Who passes one way and not another depends on what only a receiver knows.
    AddressSet surely = refused.minus(addressesOf(outcomes, true));
    return outcomes.stream()
        .filter(outcome -> outcome.result() != Result.PASS)
        .filter(outcome -> !outcome.way().clients().known().and(surely).isEmpty())
        .min(WORST)
        .map(worst -> Judged.of(worst, part(addresses, surely)))
        .orElseGet(() -> Judged.unknown(null, null));
  }

  private static @Nullable String part(AddressSet addresses, AddressSet refused) {
    return refused.containsAll(addresses)
        ? null
        : "of SES's addresses these do not pass: " + refused.text(NETWORKS_NAMED);
  }

  private static AddressSet addressesOf(List<Outcome> outcomes, boolean passing) {
    AddressSet all = AddressSet.NONE;
    for (Outcome outcome : outcomes) {
      if ((outcome.result() == Result.PASS) == passing) {
        all = all.plus(outcome.way().clients().known());
      }
    }
    return all;
  }

  /** Its addresses may be any: only what holds for each is known. */
  private Judged ofUnknown(String record) {
    List<Outcome> v4 = outcomes(record, SpfClients.symbol(SpfClients.Kind.UNKNOWN_OF_SES, false));
    List<Outcome> v6 = outcomes(record, SpfClients.symbol(SpfClients.Kind.UNKNOWN_OF_SES, true));
    Set<Result> results = results(v4);
    if (results.equals(Set.of(Result.PASS)) && results(v6).equals(results)) {
      return Judged.covers(v4.stream().allMatch(Outcome::hasTooManyVoids));
    }
    boolean isSure = results.size() == 1 && !results.contains(Result.PASS);
    return isSure
        ? Judged.of(v4.stream().min(WORST).orElseThrow(), null)
        : Judged.unknown(
            "the addresses of %s could not be asked for".formatted(SES), new Question("TXT", SES));
  }

  private static Set<Result> results(List<Outcome> outcomes) {
    Set<Result> results = EnumSet.noneOf(Result.class);
    outcomes.forEach(outcome -> results.add(outcome.result()));
    return results;
  }

  private static SpfVerdict verdict(Result result) {
    return switch (result) {
      case PASS -> SpfVerdict.COVERS_SES;
      case NO_PASS -> SpfVerdict.NOT_INCLUDED;
      case NONE -> SpfVerdict.MISSING;
      case ERROR -> SpfVerdict.SYNTAX;
      case TOO_MANY -> SpfVerdict.TOO_MANY_LOOKUPS;
      case UNKNOWN -> SpfVerdict.UNKNOWN;
    };
  }

  // ---- what to publish instead

  /** What stands in the way of a text that is nearly a record. */
  private static String flaw(String text) {
    if (ALL_MARKS.matcher(text).find()) {
      return "its text has quotation marks in it";
    }
    if (NO_BLANK_BEHIND.matcher(text).matches()) {
      return "no space stands behind v=spf1";
    }
    return text.charAt(0) == 'v' || text.charAt(0) == 'V'
        ? "its words are parted by something that is no plain space"
        : "its text has a blank in front";
  }

  /** Exactly one of several records is left: one that covers SES as it is, if there is one. */
  private SpfView.Proposal oneOf(List<String> texts, List<String> records) {
    for (String record : records) {
      if (judged(record).isFine()) {
        return new SpfView.Proposal(texts.indexOf(record), record, others(records, record));
      }
    }
    String first = records.getFirst();
    SpfView.Proposal mended = propose(first, texts.indexOf(first));
    List<String> notes = new ArrayList<>(others(records, first));
    notes.addAll(mended.notes());
    return new SpfView.Proposal(mended.instead(), mended.record(), notes);
  }

  private static List<String> others(List<String> records, String kept) {
    Set<String> lost = new LinkedHashSet<>();
    for (String record : records) {
      if (!record.equals(kept)) {
        SpfRecord.words(record).stream().filter(Spf::letsOthersSend).forEach(lost::add);
      }
    }
    SpfRecord.words(kept).forEach(lost::remove);
    return lost.isEmpty()
        ? List.of()
        : List.of(
            "What only the removed records allow is left out: %s. Add these words to the one that is"
                    .formatted(String.join(" ", lost))
                + " kept if somebody sends by them.");
  }

  private static boolean letsOthersSend(String word) {
    return !INCLUDES_SES.matcher(word).matches() && !ALL.matcher(word).matches();
  }

  /**
   * A record that covers SES and keeps what others may send: the include stands before the term
   * that decides about everybody else when that is enough, and first when it is not.
   */
  private SpfView.Proposal propose(String text, int instead) {
    String clean = cleaned(text);
    List<String> notes = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    Set<String> once = new HashSet<>();
    for (String word : SpfRecord.words(clean)) {
      String name = word.toLowerCase(Locale.ROOT).replaceAll("=.*", "=");
      if (!SpfRecord.isTerm(word)) {
        notes.add("\"%s\" is left out: no receiver understands it.".formatted(word));
      } else if (ONLY_ONCE.contains(name) && !once.add(name)) {
        notes.add("\"%s\" is left out: there may be one only.".formatted(word));
      } else if (!INCLUDES_SES.matcher(word).matches()) {
        kept.add(word);
      }
    }
    int last = 0;
    while (last < kept.size() && !DECIDES.matcher(kept.get(last)).matches()) {
      last++;
    }
    if (last == kept.size()) {
      kept.add("~all");
    }
    String record = withSes(kept, last);
    if (!judged(record).isFine()) {
      record = withSes(kept, 0);
    }
    notReached(record)
        .ifPresent(
            word ->
                notes.add(
                    "Receivers make ten look-ups: they do not reach \"%s\". Take out a look-up that"
                            .formatted(word)
                        + " nobody needs."));
    if (record.length() > LONGEST_STRING) {
      notes.add(
          "It is longer than 255 characters: where the DNS console does not part it by itself, enter"
              + " it as several strings of one record, each in quotation marks of its own.");
    }
    return new SpfView.Proposal(instead, record, notes);
  }

  private static String cleaned(String text) {
    if (SpfRecord.isSpf(text)) {
      return text;
    }
    String plain = ALL_BLANKS.matcher(ALL_MARKS.matcher(text).replaceAll("")).replaceAll(" ");
    return NEARLY_VERSION.matcher(plain.strip()).replaceFirst(SpfRecord.VERSION);
  }

  private static String withSes(List<String> words, int at) {
    List<String> record = new ArrayList<>(words);
    record.add(at, INCLUDE);
    return SpfRecord.VERSION + " " + String.join(" ", record);
  }

  /** The first word that somebody who is not SES does not get to. */
  private Optional<String> notReached(String record) {
    return outcomes(record, SpfClients.of(AddressSet.ALL_V4, false)).stream()
        .filter(outcome -> outcome.result() == Result.TOO_MANY)
        .map(Outcome::why)
        .filter(Objects::nonNull)
        .sorted()
        .findFirst();
  }
}
