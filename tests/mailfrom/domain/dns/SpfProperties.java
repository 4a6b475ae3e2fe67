package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import mailfrom.domain.dns.SpfCheck.Clients;
import mailfrom.domain.dns.SpfCheck.Outcome;
import mailfrom.domain.dns.SpfCheck.Result;
import mailfrom.domain.dns.SpfCheck.Way;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every SPF record in every DNS. */
class SpfProperties {
  private static final String NAME = Views.NAME.value();
  private static final List<String> OTHERS =
      List.of("s0.example.net", "s1.example.net", "s2.example.net");

  /** A DNS in which some names have SPF records, and some cannot be asked. */
  record World(List<String> own, List<String> others, List<String> silent) {
    DnsByHand dns(boolean answers) {
      DnsByHand dns = new DnsByHand();
      for (int i = 0; i < others.size(); i++) {
        dns.txt(OTHERS.get(i), others.get(i));
      }
      dns.a("web.example.net", "192.0.2.77").a(NAME, "203.0.113.9");
      dns.mx("web.example.net", "10 mx.example.net").a("mx.example.net", "198.51.100.3");
      if (!answers) {
        silent.forEach(dns::silence);
      }
      return dns;
    }

    SpfView judged(boolean answers) {
      return judge(own, dns(answers));
    }
  }

  private static SpfView judge(List<String> texts, DnsLookup dns) {
    Answer<String> own = texts.isEmpty() ? new Answer.None<>(true) : new Answer.Found<>(texts);
    return Spf.judge(Views.NAME, own, dns);
  }

  @Provide
  Arbitrary<World> worlds() {
    Arbitrary<String> silent =
        Arbitraries.of(
            "s0.example.net",
            "s1.example.net",
            "s2.example.net",
            "amazonses.com",
            "web.example.net",
            "mx.example.net",
            NAME);
    return Combinators.combine(
            records().list().ofMinSize(1).ofMaxSize(3),
            records().list().ofMaxSize(3),
            silent.list().uniqueElements().ofMaxSize(3))
        .as(World::new);
  }

  private static Arbitrary<String> records() {
    Arbitrary<String> words =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                6,
                Arbitraries.of(
                    "include:amazonses.com",
                    "-include:amazonses.com",
                    "include:s0.example.net",
                    "include:s1.example.net",
                    "?include:s2.example.net",
                    "include:gone.example.net",
                    "redirect=s0.example.net",
                    "redirect=s1.example.net",
                    "ip4:192.0.2.0/24",
                    "ip4:192.0.2.0/26",
                    "-ip4:192.0.2.64/26",
                    "ip4:198.51.100.0/24",
                    "ip6:2001:db8::/32",
                    "ip4:0.0.0.0/0",
                    "a",
                    "a:web.example.net/25",
                    "-a:web.example.net",
                    "mx:web.example.net",
                    "a:gone.example.net",
                    "exists:%{i}.example.net",
                    "-exists:%{l}.example.net",
                    "exists:web.example.net",
                    "include:%{d}.example.net",
                    "ptr",
                    "~all",
                    "-all",
                    "?all",
                    "+all",
                    "exp=why.example.net",
                    "some=thing")),
            net.jqwik.api.Tuple.of(
                1,
                Arbitraries.of(
                    "ipv4:192.0.2.1",
                    "~all;",
                    "\u2013all",
                    "ip4:",
                    "include:",
                    "a:museum",
                    "all/8",
                    "=",
                    "include:amazonses.com\t-all")));
    Arbitrary<String> version =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(9, "v=spf1"),
            net.jqwik.api.Tuple.of(1, "V=SPF1"),
            net.jqwik.api.Tuple.of(1, "\"v=spf1"),
            net.jqwik.api.Tuple.of(1, " v=spf1\t"));
    return Combinators.combine(version, words.list().ofMaxSize(14))
        .as((first, rest) -> first + " " + String.join(" ", rest));
  }

  @Property
  void whatIsProposedIsJudgedToCoverSes(@ForAll("worlds") World world) {
    DnsByHand dns = world.dns(true);
    SpfView view = judge(world.own(), dns);
    SpfView.Proposal proposal = view.proposal();
    if (!view.verdict().isBroken()) {
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
    SpfView all = world.judged(true);
    SpfView some = world.judged(false);
    if (some.verdict() != SpfVerdict.UNKNOWN) {
      assertEquals(all.verdict(), some.verdict());
      assertTrue(all.remarks().containsAll(some.remarks()));
    }
  }

  @Property
  void theOrderOfTextsMeansNothing(@ForAll("worlds") World world, @ForAll Random random) {
    List<String> other = new ArrayList<>(world.own());
    other.add("google-site-verification=1");
    Collections.shuffle(other, random);
    assertEquals(world.judged(true), judge(other, world.dns(true)));
  }

  /** A note says what is lost; without one nobody loses anything. */
  @Property
  void whoMaySendByOneRecordMaySendByTheOneInItsPlace(@ForAll("worlds") World world) {
    DnsByHand dns = world.dns(true);
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
    for (Clients all : Clients.families(AddressSet.ALL_V4.plus(AddressSet.ALL_V6))) {
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
