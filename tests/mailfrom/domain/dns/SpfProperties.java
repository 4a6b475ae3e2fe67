package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import mailfrom.domain.dns.SpfCheck.Outcome;
import mailfrom.domain.dns.SpfCheck.Result;
import mailfrom.domain.dns.SpfCheck.Way;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for every SPF record in every DNS. */
class SpfProperties {
  private static final String NAME = Views.NAME.value();
  private static final List<String> OTHERS =
      List.of(
          "s0.example.net",
          "s1.example.net",
          "s2.example.net",
          "bounce.example.com.example.net",
          "com.example.net",
          "in-addr.example.net",
          "ip6.example.net");

  /** What amazonses.com may publish. */
  private static final List<String> OF_SES =
      List.of(
          DnsByHand.OF_SES,
          "v=spf1 ip4:192.0.2.0/25 ip6:2001:db8::/32 -all",
          "v=spf1 include:_spf.amazonses.com ip4:192.0.2.0/25 ~all",
          "v=spf1 a:web.example.net/25 -all");

  /**
   * A DNS in which some names have SPF records, and some questions cannot be asked.
   *
   * @param own the texts at the MAIL FROM domain
   * @param others those of the names that they refer to; a name may have several, or none
   * @param silent decides which questions are not answered
   */
  record World(List<String> own, List<List<String>> others, String ofSes, int silent) {
    DnsByHand dns() {
      DnsByHand dns = new DnsByHand();
      for (int i = 0; i < others.size(); i++) {
        if (!others.get(i).isEmpty()) {
          dns.txt(OTHERS.get(i), others.get(i).toArray(String[]::new));
        }
      }
      return dns.txt("amazonses.com", ofSes)
          .txt("_spf.amazonses.com", "v=spf1 ptr ip4:198.51.100.0/24 -all")
          .a("web.example.net", "192.0.2.77", "203.0.113.7")
          .aaaa("web.example.net", "2001:db8::77")
          .a(NAME, "203.0.113.9")
          .mx("web.example.net", "10 mx.example.net, 10 web.example.net, 20 gone.example.net")
          .a("mx.example.net", "198.51.100.3");
    }

    /** Of every few questions one is not answered. */
    boolean isSilent(String question) {
      return Math.floorMod(question.hashCode() * 31 + silent, 2 + Math.floorMod(silent, 9)) == 0;
    }
  }

  /** The same DNS, of which a part does not answer, or answers in another order. */
  private record Other(DnsLookup dns, Predicate<String> isSilent, Random order)
      implements DnsLookup {
    @Override
    public Answer<String> txt(String name) {
      return of("TXT " + name, dns.txt(name));
    }

    @Override
    public Answer<MxRecord> mx(String name) {
      return of("MX " + name, dns.mx(name));
    }

    @Override
    public Answer<String> a(String name) {
      return of("A " + name, dns.a(name));
    }

    @Override
    public Answer<String> aaaa(String name) {
      return of("AAAA " + name, dns.aaaa(name));
    }

    private <T> Answer<T> of(String question, Answer<T> answer) {
      if (isSilent.test(question)) {
        return new Answer.CouldNotAsk<>("SERVFAIL");
      }
      if (!(answer instanceof Answer.Found<T>(List<T> records))) {
        return answer;
      }
      List<T> shuffled = new ArrayList<>(records);
      Collections.shuffle(shuffled, order);
      return new Answer.Found<>(shuffled);
    }
  }

  private static SpfView judge(List<String> texts, DnsLookup dns) {
    Answer<String> own = texts.isEmpty() ? new Answer.None<>(true) : new Answer.Found<>(texts);
    return Spf.judge(Views.NAME, own, dns);
  }

  @Provide
  Arbitrary<World> worlds() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(4, records(14).list().ofSize(1)),
                Tuple.of(1, records(14).list().ofMinSize(1).ofMaxSize(3))),
            Arbitraries.frequencyOf(
                    Tuple.of(8, records(5).list().ofSize(1)),
                    Tuple.of(1, records(5).list().ofMaxSize(2)))
                .list()
                .ofMaxSize(OTHERS.size()),
            Arbitraries.of(OF_SES),
            Arbitraries.integers().between(0, 10_000))
        .as(World::new);
  }

  /** Names, with and without macros. */
  private static Arbitrary<String> domains() {
    Arbitrary<String> macros =
        Combinators.combine(
                Arbitraries.of("d", "D", "o", "v", "i", "s", "l", "h", "p"),
                Arbitraries.of("", "", "1", "2", "02", "128"),
                Arbitraries.of("", "", "r", "R"),
                Arbitraries.of("", "", ".", "-", "+,/_="))
            .as((letter, digits, reversed, parting) -> "%{" + letter + digits + reversed + parting);
    return Arbitraries.frequencyOf(
        Tuple.of(
            9,
            Arbitraries.of(
                "s0.example.net",
                "s1.example.net",
                "S2.Example.NET.",
                "web.example.net",
                "mx.example.net",
                "gone.example.net",
                "amazonses.com")),
        Tuple.of(1, macros.map(macro -> macro + "}.example.net")));
  }

  private static Arbitrary<String> words() {
    Arbitrary<String> qualifiers = Arbitraries.of("", "", "", "+", "-", "~", "?");
    Arbitrary<String> asking =
        Combinators.combine(
                qualifiers,
                Arbitraries.of("include:", "include:", "include:", "a:", "mx:", "exists:", "ptr:"),
                domains(),
                Arbitraries.of("", "", "", "/24", "/32", "/0", "//64", "/24//0"))
            .as(
                (qualifier, mechanism, domain, prefix) ->
                    qualifier + mechanism + domain + (mechanism.length() < 4 ? prefix : ""));
    Arbitrary<String> networks =
        Combinators.combine(
                qualifiers,
                Arbitraries.of(
                    "ip4:192.0.2.0",
                    "ip4:192.0.2.64",
                    "ip4:198.51.100.0",
                    "ip4:0.0.0.0",
                    "ip6:2001:db8::",
                    "ip6:2001:DB8:4000::",
                    "ip6:::",
                    "ip6:::ffff:192.0.2.0"),
                Arbitraries.of("", "/0", "/1", "/24", "/25", "/26", "/32"))
            .as((qualifier, address, prefix) -> qualifier + address + prefix);
    return Arbitraries.frequencyOf(
        Tuple.of(8, asking),
        Tuple.of(3, networks),
        Tuple.of(2, qualifiers.map(qualifier -> qualifier + "include:amazonses.com")),
        Tuple.of(
            2,
            qualifiers
                .flatMap(
                    qualifier -> Arbitraries.of("exists:", "a:", "mx:").map(it -> qualifier + it))
                .map(mechanism -> mechanism + "web.example.net")),
        Tuple.of(1, qualifiers.map(qualifier -> qualifier + "all")),
        Tuple.of(1, domains().flatMap(to -> Arbitraries.of("redirect=" + to, "exp=" + to))),
        Tuple.of(1, Arbitraries.of("a", "mx", "ptr", "A/24", "MX", "some=thing", "some=other")));
  }

  /** Words for which receivers refuse a record. */
  private static Arbitrary<String> mistakes() {
    return Arbitraries.of(
        "ipv4:192.0.2.1",
        "~all;",
        "\u2013all",
        "ip4:",
        "ip4:192.0.2.0/33",
        "ip4:192.0.2.256",
        "ip6:1::2::3",
        "a:web.example.net/33",
        "a//129",
        "include:",
        "include:museum",
        "include:%{z}.example.net",
        "exists:%{d0}.example.net",
        "a:example.123",
        "all/8",
        "=",
        "include:amazonses.com\t-all");
  }

  private static Arbitrary<String> records(int most) {
    Arbitrary<String> version =
        Arbitraries.frequency(
            Tuple.of(30, "v=spf1 "),
            Tuple.of(3, "V=SPF1  "),
            Tuple.of(1, "\"v=spf1 "),
            Tuple.of(1, "v=spf1,"),
            Tuple.of(1, " v=spf1\t"));
    Arbitrary<List<String>> right =
        Arbitraries.frequencyOf(
            Tuple.of(4, words().list().ofMaxSize(4)), Tuple.of(1, words().list().ofMaxSize(most)));
    Arbitrary<List<String>> wrong =
        Arbitraries.frequencyOf(Tuple.of(3, words()), Tuple.of(1, mistakes())).list().ofMaxSize(5);
    return Combinators.combine(
            version, Arbitraries.frequencyOf(Tuple.of(6, right), Tuple.of(1, wrong)))
        .as((first, rest) -> first + String.join(" ", rest));
  }

  @Property
  void whatIsProposedIsJudgedToCoverSes(@ForAll("worlds") World world) {
    DnsByHand dns = world.dns();
    SpfView view = judge(world.own(), dns);
    SpfView.Proposal proposal = view.proposal();
    if (!view.verdict().isBroken() || view.verdict() == SpfVerdict.MISSING) {
      assertNull(proposal);
      return;
    }
    assertNotNull(proposal);
    SpfView mended = judge(List.of(proposal.record()), dns);
    assertEquals(SpfVerdict.COVERS_SES, mended.verdict(), proposal.record());
    assertTrue(!mended.remarks().contains(SpfView.Remark.VOID_LOOKUPS), proposal.record());
  }

  @Property
  void whatCouldNotBeAskedChangesNoVerdictButToUnknown(@ForAll("worlds") World world) {
    SpfView all = judge(world.own(), world.dns());
    SpfView some =
        judge(world.own(), new Other(world.dns(), world::isSilent, new Random(world.silent())));
    if (some.verdict() != SpfVerdict.UNKNOWN) {
      assertEquals(all.verdict(), some.verdict());
      assertTrue(all.remarks().containsAll(some.remarks()));
    }
  }

  @Property
  void theOrderOfRecordsMeansNothing(@ForAll("worlds") World world, @ForAll Random random) {
    List<String> other = new ArrayList<>(world.own());
    other.add("google-site-verification=1");
    Collections.shuffle(other, random);
    assertEquals(
        judge(world.own(), world.dns()), judge(other, new Other(world.dns(), _ -> false, random)));
  }

  /** A note says what is lost; without one nobody loses anything. */
  @Property
  void whoMaySendByOneRecordMaySendByTheOneInItsPlace(@ForAll("worlds") World world) {
    DnsByHand dns = world.dns();
    SpfView view = judge(world.own(), dns);
    SpfView.Proposal proposal = view.proposal();
    if (view.verdict() == SpfVerdict.DUPLICATE
        || view.verdict() == SpfVerdict.NEARLY
        || proposal == null
        || !proposal.notes().isEmpty()) {
      return;
    }
    String before = world.own().stream().filter(SpfRecord::isSpf).findFirst().orElseThrow();
    AddressSet lost = passing(before, dns).minus(passing(proposal.record(), dns));
    assertEquals(AddressSet.NONE, lost, before + " -> " + proposal.record());
  }

  /** Those that pass whatever only a receiver knows. */
  private static AddressSet passing(String record, DnsLookup dns) {
    AddressSet pass = AddressSet.NONE;
    AddressSet other = AddressSet.NONE;
    for (SpfClients all : SpfClients.families(AddressSet.ALL_V4.plus(AddressSet.ALL_V6))) {
      for (Outcome outcome : new SpfCheck(NAME, dns).record(record, NAME, new Way(all, 0, 0))) {
        if (outcome.result() == Result.PASS) {
          pass = pass.plus(outcome.way().clients().known());
        } else {
          other = other.plus(outcome.way().clients().known());
        }
      }
    }
    return pass.minus(other);
  }
}
