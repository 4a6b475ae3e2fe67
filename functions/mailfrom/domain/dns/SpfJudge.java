package mailfrom.domain.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mailfrom.domain.dns.SpfCheck.Outcome;
import mailfrom.domain.dns.SpfCheck.Result;
import mailfrom.domain.dns.SpfCheck.Way;
import mailfrom.domain.name.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What receivers say of a record at a name (RFC 7208), for every address that amazonses.com
 * publishes now. A record that asks nobody but SES gets the same at each name of a fleet.
 */
final class SpfJudge {
  private static final int NETWORKS_NAMED = 4;
  private static final Comparator<Outcome> WORST =
      Comparator.comparing((Outcome outcome) -> verdict(outcome.result()))
          .thenComparing(outcome -> outcome.why() == null ? "" : outcome.why());

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
          && right.asks(Set.of(Spf.SES))) {
        last = new Known(record, judged);
      }
      return judged;
    }
  }

  private final String domain;
  private final SpfCheck check;
  private final Published ofSes;

  SpfJudge(DomainName name, DnsLookup dns) {
    this.domain = name.value();
    this.check = new SpfCheck(domain, dns);
    this.ofSes = published(dns.txt(Spf.SES), check);
  }

  /** What a record gets, before it is said what to publish instead. */
  record Judged(
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
          SpfJudge.verdict(outcome.result()),
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
      outcomes.addAll(check.published(Spf.SES, new Way(everybody, 0, 0)));
    }
    boolean wereAsked = EnumSet.of(Result.PASS, Result.NO_PASS).containsAll(results(outcomes));
    AddressSet surely = addressesOf(outcomes, true).minus(addressesOf(outcomes, false));
    return wereAsked && !surely.isEmpty() ? Optional.of(surely) : Optional.empty();
  }

  /** What a record would get if it stood at the name. */
  Judged judged(String record) {
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
      if (Collections.disjoint(results(ofNew), EnumSet.of(Result.PASS, Result.UNKNOWN))) {
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
    Outcome worst = v4.stream().min(WORST).orElseThrow();
    boolean isSure = results.size() == 1 && !results.contains(Result.PASS);
    return isSure && (worst.result() == Result.UNKNOWN || cannotBeWorse(results(v6), worst))
        ? Judged.of(worst, null)
        : Judged.unknown(
            "the addresses of %s could not be asked for".formatted(Spf.SES),
            new Question("TXT", Spf.SES));
  }

  /** SES sends from IPv4 addresses; whether from others too is not known without its record. */
  private static boolean cannotBeWorse(Set<Result> ofV6, Outcome ofV4) {
    return !ofV6.contains(Result.UNKNOWN)
        && ofV6.stream()
            .filter(result -> result != Result.PASS)
            .allMatch(result -> verdict(result).compareTo(verdict(ofV4.result())) >= 0);
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

  /** The first word that somebody who is not SES does not get to. */
  Optional<String> notReached(String record) {
    return outcomes(record, SpfClients.of(AddressSet.ALL_V4, false)).stream()
        .filter(outcome -> outcome.result() == Result.TOO_MANY)
        .map(Outcome::why)
        .filter(Objects::nonNull)
        .sorted()
        .findFirst();
  }
}
