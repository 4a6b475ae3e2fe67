package mailfrom.domain.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.desired.Rules;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.DnsView.Others;
import mailfrom.domain.dns.DnsView.Source;
import mailfrom.domain.dns.DnsView.Zone;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.dns.Spf;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every look and every name. */
class DnsProperties {
  private static final SortedSet<String> REGIONS = new TreeSet<>(List.of("us-east-1"));

  @Provide
  Arbitrary<Answer<MxRecord>> mx() {
    return Arbitraries.of(
        new Answer.CouldNotAsk<>("SERVFAIL"),
        new Answer.CouldNotAsk<>("timeout"),
        new Answer.None<>(true),
        new Answer.None<>(false),
        Views.mx(Views.RIGHT),
        Views.mx("10 mx.example.com"),
        Views.mx("10 feedback-smtp.new-region-1.amazonses.com"),
        Views.mx(Views.RIGHT + ", 20 mx.example.com"));
  }

  @Provide
  Arbitrary<SpfView> spf() {
    return Arbitraries.of(
        SpfView.unavailable("REFUSED"),
        Views.spf(),
        Views.spf(Spf.RECORD),
        Views.spf("v=spf1 -all"),
        Views.spf("v=spf1 -all", Spf.RECORD));
  }

  @Provide
  Arbitrary<DnsView> looks() {
    Arbitrary<Zone> zones =
        Arbitraries.of(Zone.MISSING, Zone.NOT_ASKED, Zone.of(DomainName.of("example.com")));
    Arbitrary<Source> sources =
        Arbitraries.of(
            Views.resolver(null, false),
            Views.ofOwnServers(Views.RIGHT).source(),
            Views.ofOwnServers("", Views.RIGHT).source());
    Arbitrary<Answer<String>> hosts =
        Arbitraries.of(
            new Answer.CouldNotAsk<>("SERVFAIL"),
            new Answer.None<>(false),
            new Answer.Found<>(List.of("192.0.2.1")));
    return Combinators.combine(mx(), spf(), zones, sources, mx(), hosts)
        .as(
            (mx, spf, zone, source, doubled, host) ->
                new DnsView(
                    Views.NAME,
                    mx,
                    spf,
                    new Others(new Answer.None<>(true), null, doubled, host, Views.sibling()),
                    zone,
                    source,
                    Views.relaxed()));
  }

  private static NameUse use(boolean success) {
    return new NameUse("us-east-1", REGIONS, success, null);
  }

  private static boolean isMxError(Finding finding) {
    return finding.code().isAboutMx() && finding.severity() == FindingSeverity.ERROR;
  }

  @Property
  boolean whatCouldNotBeAskedIsNeverAnErrorNorWrong(
      @ForAll("looks") DnsView view, @ForAll boolean success) {
    List<Finding> findings = DnsFindings.of(view, use(success));
    boolean mxError = findings.stream().anyMatch(DnsProperties::isMxError);
    boolean anyError =
        findings.stream().anyMatch(finding -> finding.severity() == FindingSeverity.ERROR);
    boolean unknownMx = view.mx().couldNotAsk() || view.serversDisagree();
    return !(unknownMx && (mxError || DnsFindings.mxCheck(view).isKnown()))
        && !(unknownMx && view.spf().txt().couldNotAsk() && anyError);
  }

  @Property
  boolean theMxIsRightExactlyWhenItWasAnsweredWithoutAnErrorAboutIt(@ForAll("looks") DnsView view) {
    boolean error = DnsFindings.of(view, use(false)).stream().anyMatch(DnsProperties::isMxError);
    MxCheck check = DnsFindings.mxCheck(view);
    return check.isRight() == (check.isKnown() && !error);
  }

  @Property
  boolean followingTheRecordsLeavesOneMxAtMost(@ForAll("looks") DnsView view) {
    long left =
        RecordsToDo.of(view, use(false)).stream()
            .filter(record -> record.type() == RecordType.MX)
            .filter(record -> record.state() != RecordToDo.State.REMOVE)
            .count();
    return left == (view.mx().couldNotAsk() ? 0 : 1);
  }

  @Property
  void theOrderOfRecordsMeansNothing(@ForAll("looks") DnsView view) {
    if (view.mx() instanceof Answer.Found<MxRecord>(List<MxRecord> records)) {
      DnsView other = Views.with(view, new Answer.Found<>(records.reversed()));
      assertEquals(DnsFindings.of(view, use(false)), DnsFindings.of(other, use(false)));
      assertEquals(RecordsToDo.of(view, use(false)), RecordsToDo.of(other, use(false)));
    }
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> label =
        Arbitraries.of(
            "example", "com", "evilexample", "bounce", "mail", "a", "xn--bcher-kva", "co");
    return label.list().ofMinSize(1).ofMaxSize(5).map(labels -> String.join(".", labels) + ".com");
  }

  @Provide
  Arbitrary<String> traps() {
    return names()
        .flatMap(
            name ->
                Arbitraries.of(
                    name, "evil" + name, "evil-" + name, "a." + name, name + ".evil.com"));
  }

  @Property
  boolean noNameOutsideTheIdentityIsEverAccepted(
      @ForAll("names") String identity,
      @ForAll("traps") String mailFrom,
      @ForAll boolean address,
      @ForAll boolean related) {
    String target = related ? trap(identity, mailFrom) : mailFrom;
    List<String> owner = Arrays.asList(identity.split("\\.", -1));
    List<String> labels = Arrays.asList(target.split("\\.", -1));
    boolean below =
        labels.size() > owner.size()
            && labels.subList(labels.size() - owner.size(), labels.size()).equals(owner);
    RuleCheck check =
        Rules.check(
            new Rules.Facts(
                IdentityName.of(address ? "joe@" + identity : identity),
                new Desired(
                    new Settings(DomainName.of(target), BehaviorOnMxFailure.USE_DEFAULT_VALUE),
                    Activation.IMMEDIATE,
                    Set.of(ViolationCode.values()),
                    Map.of()),
                Live.NONE,
                true,
                null,
                Map.of(),
                null,
                List.of(),
                null));
    return below == check.violations().isEmpty();
  }

  private static String trap(String identity, String seed) {
    return switch (Math.floorMod(seed.hashCode(), 5)) {
      case 0 -> identity;
      case 1 -> "evil" + identity;
      case 2 -> "bounce.evil" + identity;
      case 3 -> identity + ".evil.com";
      default -> "bounce." + identity;
    };
  }
}
