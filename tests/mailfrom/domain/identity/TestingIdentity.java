package mailfrom.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Phase;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.Finding;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.SesView;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** Builds the stored state of an identity, from a healthy start, part by part. */
public final class TestingIdentity {
  public static final String ACCOUNT = "123456789012";
  public static final String REGION = "us-east-1";
  private static final String MIA = "arn:aws:iam::123456789012:user/mia";
  public static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");

  private IdentityState state;

  private TestingIdentity(IdentityState state) {
    this.state = state;
  }

  public static IdentityKey key(String name) {
    return new IdentityKey(ACCOUNT, REGION, IdentityName.of(name));
  }

  public static Live live(@Nullable String domain, String behavior, @Nullable String status) {
    return new Live(
        domain == null ? null : DomainName.of(domain),
        BehaviorOnMxFailure.ofWord(behavior).orElseThrow(),
        status == null ? null : MailFromStatus.ofWord(status).orElseThrow());
  }

  public static Settings settings(@Nullable String domain, String behavior) {
    return new Settings(
        domain == null ? null : DomainName.of(domain),
        BehaviorOnMxFailure.ofWord(behavior).orElseThrow());
  }

  /** Asked for with the usual activation and no labels. */
  public static Desired staged(@Nullable String domain, String behavior) {
    return new Desired(settings(domain, behavior), Activation.STAGED, Set.of(), Map.of());
  }

  public static EvaluationContext around() {
    return new EvaluationContext(
        Ancestor.NONE, new TreeSet<>(List.of(REGION)), true, null, List.of());
  }

  /** A silence over thirty days from T0. */
  public static Silence silence(Silence.Match match) {
    return new Silence("s1", match, T0, T0.plus(Silence.LONGEST), "DNS move", MIA);
  }

  /** Verified, nothing configured, never asked. */
  public static TestingIdentity named(String name) {
    IdentityState unseen = IdentityState.unseen(key(name));
    return new TestingIdentity(unseen)
        .sight(true, Live.NONE, null)
        .standing(Effect.DEFAULT, null, null);
  }

  public TestingIdentity sight(@Nullable Boolean verified, Live live, @Nullable Boolean dkimSigns) {
    state = state.withSesView(new SesView(verified, live, dkimSigns, null, T0, 0, false));
    return this;
  }

  /** Since T0, known exactly. */
  public TestingIdentity standing(Effect effect, @Nullable Cause cause, @Nullable Phase phase) {
    return standing(effect, cause, phase, true);
  }

  public TestingIdentity standing(
      Effect effect, @Nullable Cause cause, @Nullable Phase phase, boolean exact) {
    DomainName live = state.sesView().live().mailFromDomain();
    return standing(
        new EffectState(
            new Verdict(effect, cause),
            phase,
            T0,
            exact ? T0 : null,
            state.sesView().live().status() == null ? null : T0,
            exact ? T0 : null,
            phase == Phase.LIVE ? live : null,
            live));
  }

  public TestingIdentity standing(EffectState effectState) {
    state = state.withEffect(effectState);
    return this;
  }

  /** The MAIL FROM domain it had, when SES has none any more. */
  public TestingIdentity had(String mailFrom) {
    EffectState s = state.effectState();
    return standing(
        new EffectState(
            s.verdict(),
            s.phase(),
            s.since(),
            s.notBefore(),
            s.statusSince(),
            s.statusNotBefore(),
            DomainName.of(mailFrom),
            DomainName.of(mailFrom)));
  }

  /** Asked for at T0, and applied by one call. */
  public static DesiredState applied(Desired desired) {
    DesiredState asked = DesiredState.asked(null, desired, MIA, T0);
    return asked
        .with(asked.progress().attempted(Progress.State.QUEUED, null))
        .reached(Progress.State.APPLIED);
  }

  /** Asked for, and applied. */
  public TestingIdentity wanted(Settings settings) {
    return wanted(settings, Activation.STAGED, Map.of());
  }

  public TestingIdentity wanted(
      Settings settings, Activation activation, Map<String, String> labels) {
    state = state.withDesired(applied(new Desired(settings, activation, Set.of(), labels)));
    return this;
  }

  public TestingIdentity dns(String name, List<Finding> findings, List<RecordToDo> records) {
    state = state.withDns(DnsState.of(DomainName.of(name)).with(findings, records));
    return this;
  }

  public IdentityState build() {
    return state;
  }

  /** What another state says, of an identity with this key. */
  public static IdentityState of(IdentityKey key, long rowVersion, IdentityState kind) {
    return new IdentityState(
        key,
        rowVersion,
        kind.sesView(),
        kind.effectState(),
        kind.desiredState(),
        kind.dnsState(),
        kind.incidentState(),
        kind.healingState());
  }

  /** A notice about a state, as the evaluation makes it. */
  public static Notice notice(
      IdentityState state, Reason reason, Severity severity, @Nullable String detail, Instant at) {
    return state.notice(reason, severity, detail, T0, 0, at);
  }
}
