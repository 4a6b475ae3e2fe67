package mailfrom.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.ViolationCode;
import mailfrom.domain.dns.DnsState;
import mailfrom.domain.dns.Finding;
import mailfrom.domain.dns.FindingCode;
import mailfrom.domain.dns.FindingSeverity;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.dns.RecordToDo;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Every state reads as it was written. */
class StateJsonProperties {

  @Property
  void aStateReadsAsItWasWritten(@ForAll long seed) {
    IdentityState state = new States(new Random(seed)).state();
    assertEquals(state, StateJson.read(StateJson.write(state), IdentityState.class));
  }

  /** States drawn at random: each part, each absence. */
  private record States(Random random) {

    private boolean odds() {
      return random.nextBoolean();
    }

    private <T> T of(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    private <E extends Enum<E>> E of(Class<E> type) {
      return of(List.copyOf(EnumSet.allOf(type)));
    }

    private <E extends Enum<E>> Set<E> some(Class<E> type) {
      Set<E> some = EnumSet.noneOf(type);
      EnumSet.allOf(type).stream().filter(value -> odds()).forEach(some::add);
      return some;
    }

    private Instant instant() {
      return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
    }

    private List<Instant> instants() {
      return odds() ? List.of() : List.of(instant(), instant());
    }

    private String text() {
      return of(List.of("", "plain", "\"quoted\"", "a\nb", "zażółć ✓ 🎉", "\\", "{\"x\":1}"));
    }

    private DomainName domain() {
      return DomainName.of(of(List.of("bounce.example.com", "a.b.example.org", "xn--4ca.example")));
    }

    private Settings settings() {
      return odds() ? Settings.NONE : new Settings(domain(), of(BehaviorOnMxFailure.class));
    }

    private Trouble ill() {
      return new Trouble(
          of(TroubleKind.class), odds() ? null : of(Cause.class), of(Severity.class));
    }

    private Notice notice() {
      return new Notice(
          text(),
          of(Reason.class),
          of(Severity.class),
          of(Effect.class),
          odds() ? null : of(Cause.class),
          odds() ? null : of(Phase.class),
          instant(),
          odds() ? null : instant(),
          odds() ? null : text(),
          instant(),
          some(Topic.class));
    }

    private @Nullable DesiredState wanted() {
      if (odds()) {
        return null;
      }
      Map<String, String> labels = odds() ? Map.of() : new HashMap<>(Map.of("customer", text()));
      return new DesiredState(
          new Desired(settings(), of(Activation.class), some(ViolationCode.class), labels),
          random.nextLong(1, 1_000_000),
          random.nextLong(0, 1_000_000),
          odds(),
          new Progress(
              of(Progress.State.class),
              text(),
              instant(),
              random.nextInt(9),
              odds() ? null : text(),
              odds()),
          odds() ? null : settings());
    }

    private DnsState dns() {
      return odds()
          ? DnsState.NOTHING
          : new DnsState(
              domain(),
              List.of(
                  new Finding(
                      of(FindingCode.class),
                      of(FindingSeverity.class),
                      text(),
                      odds() ? null : text(),
                      odds() ? null : text())),
              List.of(
                  new RecordToDo(
                      domain(), "MX", odds() ? null : 10, text(), 300, of(RecordToDo.State.class))),
              of(MxCheck.class),
              odds() ? null : instant(),
              odds() ? null : instant(),
              odds() ? null : text(),
              odds() ? null : text());
    }

    private IncidentState telling() {
      return new IncidentState(
          odds()
              ? null
              : new Incident(
                  text(),
                  instant(),
                  ill(),
                  odds() ? null : ill(),
                  odds() ? List.of() : List.of(Reason.STARTED, of(Reason.class)),
                  instant(),
                  odds() ? null : instant()),
          instants(),
          odds(),
          odds() ? null : instant(),
          odds() ? List.of() : List.of(notice(), notice()));
    }

    IdentityState state() {
      Live live =
          odds()
              ? Live.NONE
              : new Live(domain(), of(BehaviorOnMxFailure.class), of(MailFromStatus.class));
      return new IdentityState(
          new IdentityKey(
              "123456789012",
              "eu-west-1",
              IdentityName.of(of(List.of("example.com", "Post+x@example.com", "\"a b\"@e.com")))),
          random.nextLong(0, 1_000_000),
          new SesView(
              odds() ? null : odds(),
              live,
              odds() ? null : odds(),
              odds() ? null : odds(),
              instant(),
              random.nextInt(3)),
          new EffectState(
              new Verdict(of(Effect.class), odds() ? null : of(Cause.class)),
              odds() ? null : of(Phase.class),
              instant(),
              odds(),
              odds() ? null : instant().plus(Duration.ofNanos(1)),
              odds(),
              odds() ? null : domain(),
              odds() ? null : domain()),
          wanted(),
          dns(),
          telling(),
          new HealingState(
              odds() ? null : instant(),
              instants(),
              instants(),
              random.nextInt(3),
              odds() ? null : settings()));
    }
  }
}
