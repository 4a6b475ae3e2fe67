package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import mailfrom.domain.name.DomainName;

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

  private static final Pattern ALL = Pattern.compile("[-+~?]?all", Pattern.CASE_INSENSITIVE);
  private static final Pattern DECIDES =
      Pattern.compile("[-+~?]?all|redirect=.*", Pattern.CASE_INSENSITIVE);
  private static final Set<String> ONLY_ONCE = Set.of("redirect=", "exp=");

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

  private final SpfJudge judge;

  private Spf(SpfJudge judge) {
    this.judge = judge;
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
            : new Spf(new SpfJudge(name, dns)).judge(matter);
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
    SpfJudge.Judged judged = judge.judged(records.getFirst());
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
      if (judge.judged(record).isFine()) {
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
    if (!judge.judged(record).isFine()) {
      record = withSes(kept, 0);
    }
    judge
        .notReached(record)
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
}
