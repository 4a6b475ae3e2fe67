package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.dns.SpfRecord.Directive;
import org.jspecify.annotations.Nullable;

/**
 * The check that a receiver makes (RFC 7208, {@code check_host()}), made for many addresses at
 * once: those that take the same way through the records stay together, and those of which only a
 * part is matched are parted.
 *
 * <p>What only a receiver knows is not guessed: where a macro or {@code ptr} decides, both ways are
 * gone, and an address then has two outcomes. What could not be asked ends the way as {@link
 * Result#UNKNOWN}, since the answer might be an error that refuses the whole record.
 *
 * <p>Void look-ups are counted and break nothing here: the limit of two is a recommendation of RFC
 * 7208, 4.6.4, and the caller warns of it.
 */
final class SpfCheck {
  /** Receivers answer permerror to more (RFC 7208, 4.6.4). */
  static final int MAX_LOOKUPS = 10;

  static final int MAX_VOID_LOOKUPS = 2;
  private static final int MAX_MX_HOSTS = 10;

  private final String sender;
  private final DnsLookup dns;

  /**
   * A check of mail from a domain.
   *
   * @param sender the domain of the envelope sender
   */
  SpfCheck(String sender, DnsLookup dns) {
    this.sender = sender;
    this.dns = dns;
  }

  /** What a receiver answers; fail, softfail and neutral are one: no pass. */
  enum Result {
    PASS,
    NO_PASS,
    /** There is no SPF record. */
    NONE,
    /** Permerror: a record that nobody can evaluate. */
    ERROR,
    /** Permerror: more look-ups than receivers make. */
    TOO_MANY,
    /** Somebody could not be asked; without words, only a receiver can know it. */
    UNKNOWN
  }

  /**
   * Addresses that came the same way.
   *
   * @param lookups the terms so far that made receivers ask the DNS
   * @param voids those questions so far that found nothing
   */
  record Way(SpfClients clients, int lookups, int voids) {
    Way with(SpfClients others) {
      return new Way(others, lookups, voids);
    }

    Way afterLookup() {
      return new Way(clients, lookups + 1, voids);
    }

    Way afterVoid() {
      return new Way(clients, lookups, voids + 1);
    }
  }

  /**
   * What some addresses get.
   *
   * @param why the words for an error, or for what could not be asked; null otherwise
   * @param silent what could not be asked
   * @param byAll whether what passed them passes every address there is
   */
  record Outcome(
      Way way, Result result, @Nullable String why, @Nullable Question silent, boolean byAll) {
    static Outcome of(Way way, Result result) {
      return new Outcome(way, result, null, null, false);
    }

    static Outcome of(Way way, Result result, String why) {
      return new Outcome(way, result, why, null, false);
    }

    static Outcome unknown(Way way, Question silent, String why) {
      String words = "%s: %s".formatted(silent.name(), why);
      return new Outcome(way, Result.UNKNOWN, words, silent, false);
    }

    boolean passesAll() {
      return result == Result.PASS && byAll;
    }

    boolean hasTooManyVoids() {
      return way.voids() > MAX_VOID_LOOKUPS;
    }
  }

  /** What one term does to the addresses that reach it. */
  private static final class Step {
    private final Result ofMatched;
    private final List<Outcome> ends = new ArrayList<>();
    private final List<Way> unmatched = new ArrayList<>();

    Step(Directive directive) {
      this.ofMatched = directive.passes() ? Result.PASS : Result.NO_PASS;
    }

    void matched(Way way, boolean byAll) {
      ends.add(new Outcome(way, ofMatched, null, null, byAll));
    }

    void unmatched(Way way) {
      unmatched.add(way);
    }

    void maybe(Way way) {
      matched(way, false);
      unmatched(way);
    }

    void end(Outcome outcome) {
      ends.add(outcome);
    }

    void part(Way way, AddressSet networks) {
      way.clients().in(networks).ifPresent(in -> matched(way.with(in), networks.isAFamily()));
      way.clients().outside(networks).ifPresent(outside -> unmatched(way.with(outside)));
    }
  }

  /** Checks the record that a domain publishes. */
  List<Outcome> published(String domain, Way way) {
    return switch (dns.txt(domain)) {
      case Answer.CouldNotAsk<String>(String why) ->
          List.of(Outcome.unknown(way, new Question("TXT", domain), why));
      case Answer.None<String> _ -> List.of(Outcome.of(way.afterVoid(), Result.NONE));
      case Answer.Found<String>(List<String> texts) -> {
        List<String> records = texts.stream().filter(SpfRecord::isSpf).toList();
        yield switch (records.size()) {
          case 0 -> List.of(Outcome.of(way, Result.NONE));
          case 1 -> record(records.getFirst(), domain, way);
          default ->
              List.of(
                  Outcome.of(
                      way,
                      Result.ERROR,
                      "%s has %d SPF records".formatted(domain, records.size())));
        };
      }
    };
  }

  /** Checks a record as if the domain published it. */
  List<Outcome> record(String text, String domain, Way way) {
    return switch (SpfRecord.read(text)) {
      case SpfRecord.Read.Wrong(String word) ->
          List.of(
              Outcome.of(
                  way,
                  Result.ERROR,
                  "no receiver understands \"%s\" in the record of %s".formatted(word, domain)));
      case SpfRecord.Read.Right(SpfRecord record) -> evaluate(record, domain, way);
    };
  }

  private List<Outcome> evaluate(SpfRecord record, String domain, Way start) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Way> open = List.of(start);
    for (Directive directive : record.directives()) {
      Step step = new Step(directive);
      open.forEach(way -> take(directive, domain, way, step));
      outcomes.addAll(step.ends);
      open = merged(step.unmatched);
    }
    for (Way way : open) {
      outcomes.addAll(
          record.redirect() == null
              ? List.of(Outcome.of(way, Result.NO_PASS))
              : redirected(record.redirect(), domain, way.afterLookup()));
    }
    return outcomes;
  }

  /** Ways that have cost the same are one again: their number stays small. */
  private static List<Way> merged(List<Way> ways) {
    List<Way> merged = new ArrayList<>();
    for (Way way : ways) {
      int same = 0;
      while (same < merged.size()
          && !merged.get(same).with(way.clients()).equals(way.with(way.clients()))) {
        same++;
      }
      if (same == merged.size()) {
        merged.add(way);
      } else {
        merged.set(same, way.with(merged.get(same).clients().plus(way.clients())));
      }
    }
    return merged;
  }

  private List<Outcome> redirected(SpfMacro target, String domain, Way way) {
    if (way.lookups() > MAX_LOOKUPS) {
      return List.of(Outcome.of(way, Result.TOO_MANY, "redirect=" + target.text()));
    }
    Optional<String> name = target.expand(domain, sender, way.clients().isV6());
    if (name.isEmpty()) {
      return List.of(Outcome.of(way, Result.UNKNOWN));
    }
    return elsewhere(name.get(), way).stream()
        .map(
            outcome ->
                outcome.result() == Result.NONE ? nobody(name.get(), outcome.way()) : outcome)
        .toList();
  }

  private void take(Directive directive, String domain, Way way, Step step) {
    switch (directive) {
      case SpfRecord.All _ -> step.matched(way, true);
      case SpfRecord.Network network -> step.part(way, network.addresses());
      case SpfRecord.Asking asking -> ask(asking, domain, way.afterLookup(), step);
    }
  }

  private void ask(SpfRecord.Asking directive, String domain, Way way, Step step) {
    if (way.lookups() > MAX_LOOKUPS) {
      step.end(Outcome.of(way, Result.TOO_MANY, directive.word()));
      return;
    }
    switch (directive) {
      case SpfRecord.Include include -> include(include, domain, way, step);
      case SpfRecord.Hosts hosts -> hosts(hosts, domain, way, step);
      case SpfRecord.Exists exists -> exists(exists, domain, way, step);
      case SpfRecord.Ptr _ -> step.maybe(way);
    }
  }

  private void include(SpfRecord.Include include, String domain, Way way, Step step) {
    Optional<String> name = include.domain().expand(domain, sender, way.clients().isV6());
    if (name.isEmpty()) {
      step.end(Outcome.of(way, Result.UNKNOWN));
      return;
    }
    for (Outcome outcome : elsewhere(name.get(), way)) {
      switch (outcome.result()) {
        case PASS -> step.matched(outcome.way(), outcome.byAll());
        case NO_PASS -> step.unmatched(outcome.way());
        case NONE -> step.end(nobody(name.get(), outcome.way()));
        case ERROR, TOO_MANY, UNKNOWN -> step.end(outcome);
      }
    }
  }

  /** SES's own record passes whoever belongs to SES by definition, also one that is new. */
  private List<Outcome> elsewhere(String name, Way way) {
    return name.equals(Spf.SES) && way.clients().isOfSes()
        ? List.of(Outcome.of(way, Result.PASS))
        : published(name, way);
  }

  private void hosts(SpfRecord.Hosts hosts, String domain, Way way, Step step) {
    boolean v6 = way.clients().isV6();
    Optional<String> name =
        hosts.domain() == null ? Optional.of(domain) : hosts.domain().expand(domain, sender, v6);
    if (name.isEmpty()) {
      step.maybe(way);
      return;
    }
    int bits = v6 ? hosts.v6Bits() : hosts.v4Bits();
    if (!hosts.mx()) {
      networks(List.of(name.get()), bits, way, step);
      return;
    }
    switch (dns.mx(name.get())) {
      case Answer.CouldNotAsk<MxRecord>(String why) ->
          step.end(Outcome.unknown(way, new Question("MX", name.get()), why));
      case Answer.None<MxRecord> _ -> step.unmatched(way.afterVoid());
      case Answer.Found<MxRecord>(List<MxRecord> records) -> {
        if (records.size() > MAX_MX_HOSTS) {
          String why = "\"%s\" names more than ten mail servers".formatted(hosts.word());
          step.end(Outcome.of(way, Result.ERROR, why));
        } else {
          networks(records.stream().map(MxRecord::host).sorted().toList(), bits, way, step);
        }
      }
    }
  }

  private void networks(List<String> names, int bits, Way start, Step step) {
    AddressSet networks = AddressSet.NONE;
    Way way = start;
    for (String name : names) {
      boolean v6 = way.clients().isV6();
      switch (v6 ? dns.aaaa(name) : dns.a(name)) {
        case Answer.CouldNotAsk<String>(String why) -> {
          step.end(Outcome.unknown(start, new Question(v6 ? "AAAA" : "A", name), why));
          return;
        }
        case Answer.None<String> _ -> way = way.afterVoid();
        case Answer.Found<String>(List<String> addresses) -> {
          for (String address : addresses) {
            networks = networks.plus(network(address, bits));
          }
        }
      }
    }
    step.part(way, networks);
  }

  private static AddressSet network(String address, int bits) {
    return AddressSet.v4(address)
        .or(() -> AddressSet.v6(address))
        .map(bytes -> AddressSet.networkOf(bytes, bits))
        .orElse(AddressSet.NONE);
  }

  private void exists(SpfRecord.Exists exists, String domain, Way way, Step step) {
    Optional<String> name = exists.domain().expand(domain, sender, way.clients().isV6());
    if (name.isEmpty()) {
      step.maybe(way);
      return;
    }
    // IPv4 addresses, whatever the client has (RFC 7208, 5.7).
    switch (dns.a(name.get())) {
      case Answer.CouldNotAsk<String>(String why) ->
          step.end(Outcome.unknown(way, new Question("A", name.get()), why));
      case Answer.None<String> _ -> step.unmatched(way.afterVoid());
      case Answer.Found<String> _ -> step.matched(way, true);
    }
  }

  private static Outcome nobody(String name, Way way) {
    return Outcome.of(way, Result.ERROR, name + " has no SPF record");
  }
}
