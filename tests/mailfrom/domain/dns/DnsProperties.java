package mailfrom.domain.dns;

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
        Views.mx(Views.RIGHT + ", 20 mx.example.com"));
  }

  @Provide
  Arbitrary<Answer<String>> txt() {
    return Arbitraries.of(
        new Answer.CouldNotAsk<>("REFUSED"),
        new Answer.None<>(true),
        new Answer.Found<>(List.of(Spf.RECORD)),
        new Answer.Found<>(List.of("v=spf1 -all")),
        new Answer.Found<>(List.of("v=spf1 -all", Spf.RECORD)));
  }

  @Provide
  Arbitrary<Views> looks() {
    Arbitrary<Views> asked =
        Combinators.combine(mx(), txt())
            .as(
                (mx, txt) ->
                    Views.healthy()
                        .withMx(mx)
                        .withSpf(Spf.judge(txt, _ -> new Answer.None<>(false)), txt));
    return Combinators.combine(
            asked,
            Arbitraries.of(DnsView.Zone.values()),
            Arbitraries.of(DnsView.Source.values()),
            Arbitraries.of(true, false),
            mx())
        .as(
            (views, zone, source, disagree, doubled) ->
                views.withZone(zone).from(source, disagree, null).withDoubled(doubled));
  }

  @Property
  boolean whatCouldNotBeAskedIsNeverAnErrorNorWrong(
      @ForAll("looks") Views views, @ForAll boolean success) {
    DnsView view = views.view();
    List<Finding> findings = DnsFindings.of(view, "us-east-1", REGIONS, success);
    boolean mxError =
        findings.stream()
            .anyMatch(
                finding ->
                    finding.code().isAboutMx() && finding.severity() == FindingSeverity.ERROR);
    boolean anyError =
        findings.stream().anyMatch(finding -> finding.severity() == FindingSeverity.ERROR);
    boolean unknownMx = view.mx().couldNotAsk() || view.serversDisagree();
    return !(unknownMx && (mxError || DnsFindings.mxSight(view) != MxCheck.UNKNOWN))
        && !(unknownMx && view.txt().couldNotAsk() && anyError);
  }

  @Property
  boolean theMxIsRightExactlyWhenItWasAnsweredWithoutAnErrorAboutIt(@ForAll("looks") Views views) {
    DnsView view = views.view();
    boolean error =
        DnsFindings.of(view, "us-east-1", REGIONS, false).stream()
            .anyMatch(
                finding ->
                    finding.code().isAboutMx() && finding.severity() == FindingSeverity.ERROR);
    boolean answered = !view.mx().couldNotAsk() && !view.serversDisagree();
    return DnsFindings.mxSight(view).isRight() == (answered && !error);
  }

  @Property
  boolean followingTheRecordsLeavesOneMxAtMost(@ForAll("looks") Views views) {
    long left =
        RecordsToDo.of(views.view(), "us-east-1", REGIONS).stream()
            .filter(record -> record.type().equals("MX"))
            .filter(record -> record.state() != RecordToDo.State.REMOVE)
            .count();
    return left == (views.view().mx().couldNotAsk() ? 0 : 1);
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
