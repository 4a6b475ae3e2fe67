package mailfrom.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.PlanAction;
import mailfrom.domain.desired.Planner;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.findings.DnsState;
import mailfrom.domain.findings.MxCheck;
import mailfrom.domain.incident.Decision;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.incident.TroubleTable;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.SesView;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept about one identity: one row of the table.
 *
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 * @param desiredState null when never asked
 */
public record IdentityState(
    IdentityKey key,
    long rowVersion,
    SesView sesView,
    EffectState effectState,
    @Nullable DesiredState desiredState,
    DnsState dnsState,
    IncidentState incidentState,
    HealingState healingState) {

  /** By hand: a run compares two states of each identity, and a record's own is slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdentityState state
        && rowVersion == state.rowVersion
        && key.equals(state.key)
        && sesView.equals(state.sesView)
        && effectState.equals(state.effectState)
        && Objects.equals(desiredState, state.desiredState)
        && dnsState.equals(state.dnsState)
        && incidentState.equals(state.incidentState)
        && healingState.equals(state.healingState);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, rowVersion);
  }

  /** An identity that was never read. */
  public static IdentityState unseen(IdentityKey key) {
    return new IdentityState(
        key,
        0,
        SesView.UNREAD,
        EffectState.UNKNOWN,
        null,
        DnsState.NOTHING,
        IncidentState.NOTHING,
        HealingState.NOTHING);
  }

  /** Whether SES was read for it at least once. */
  public boolean wasSeen() {
    return sesView.wasRead();
  }

  /** Whether it was deleted at SES. */
  public boolean isGone() {
    return sesView.isGone();
  }

  /**
   * This state; or, if the identity was deleted, a fresh one: whoever verifies the name again gets
   * none of the old settings. What is owed about the deleted one stays owed.
   */
  public IdentityState ifNotGone() {
    return isGone()
        ? unseen(key)
            .withRowVersion(rowVersion)
            .withIncidents(IncidentState.NOTHING.withOwed(incidentState.owed()))
        : this;
  }

  public @Nullable Desired desired() {
    return desiredState == null ? null : desiredState.desired();
  }

  /** What somebody else put in the place of what was asked for; null: nothing. */
  public @Nullable Drift drift() {
    return desiredState == null ? null : desiredState.drift();
  }

  /** What it is in trouble for; empty when it is in none, or recovers from it. */
  public Optional<Trouble> trouble() {
    return Optional.ofNullable(incidentState.incident())
        .filter(incident -> !incident.isRecovering())
        .map(Incident::trouble);
  }

  /** Whether its trouble is not seen just now, and its incident is not over yet. */
  public boolean isRecovering() {
    Incident incident = incidentState.incident();
    return incident != null && incident.isRecovering();
  }

  public @Nullable Instant deadline() {
    return effectState.deadline(sesView.live());
  }

  /** The domain whose DNS matters now: the wanted one until it is reached, else the live one. */
  public Optional<DomainName> nameToLookAt() {
    DomainName wanted =
        desiredState != null && desiredState.isPending()
            ? desiredState.desired().settings().mailFromDomain()
            : null;
    if (wanted != null) {
      return Optional.of(wanted);
    }
    DomainName live = sesView.live().mailFromDomain();
    return Optional.ofNullable(live != null ? live : effectState.lastMailFrom());
  }

  /** Its MAIL FROM domains: the live one, and the one that is asked for. */
  public Stream<DomainName> mailFromDomains() {
    return Stream.of(
            Optional.ofNullable(sesView.live().mailFromDomain()),
            Optional.ofNullable(desiredState)
                .map(asked -> asked.desired().settings().mailFromDomain()))
        .flatMap(Optional::stream);
  }

  /**
   * How it is now; empty when its incident is about SPF and this look did not see that of its live
   * domain: then the incident neither goes on nor ends.
   *
   * @param look this run's look at the DNS; null: nobody looked, which confirms nothing
   */
  Optional<IncidentDecision.Situation> situation(Instant now, @Nullable DnsView look) {
    Incident incident = incidentState.incident();
    boolean isAboutSpf = incident != null && incident.trouble().kind() == TroubleKind.SPF_BROKEN;
    SpfVerdict spf =
        look != null && look.name().equals(sesView.live().mailFromDomain())
            ? look.spf().verdict()
            : SpfVerdict.UNKNOWN;
    if (isAboutSpf && spf == SpfVerdict.UNKNOWN && effectState.effect() == Effect.CUSTOM) {
      return Optional.empty();
    }
    Optional<Trouble> trouble =
        TroubleTable.decide(
            new TroubleTable.Facts(
                effectState.verdict(),
                effectState.phase(),
                drift() != null,
                sesView.dkimSigns(),
                spf.isBroken() && (isAboutSpf || dnsState.isSpfBrokenTwice(now))));
    if (trouble.isPresent()) {
      return trouble.map(IncidentDecision.InTrouble::new);
    }
    if (effectState.isSettingUp()) {
      return Optional.of(IncidentDecision.Calm.SETTING_UP);
    }
    return Optional.of(
        isClearedAsAsked() ? IncidentDecision.Calm.NOTHING_WANTED : IncidentDecision.Calm.HEALTHY);
  }

  /** Whether it has no MAIL FROM domain because none is wanted any more. */
  boolean isClearedAsAsked() {
    return desiredState != null
        && desiredState.desired().wantsNothing()
        && effectState.effect() == Effect.DEFAULT;
  }

  /** The severity of its open incident; empty when it has none. */
  public Optional<Severity> severity() {
    return Optional.ofNullable(incidentState.incident())
        .map(incident -> incident.trouble().severity());
  }

  /** What is to be done for it now. */
  public Plan plan(HealPolicy policy, boolean promotingStopped, Instant now) {
    return plan(policy.allowed(healingState, promotingStopped, now));
  }

  /** What SES has by all that is known: as it was read last, or as it took from us since. */
  public Live live() {
    Live expected = healingState.expected();
    return expected == null ? sesView.live() : expected;
  }

  private Plan plan(Set<PlanAction> allowed) {
    return Planner.plan(
        new Planner.Facts(
            desiredState, live(), effectState.effect() == Effect.CUSTOM, mxOfThatName(), allowed));
  }

  /** What is to be done for it when nothing may be healed: what was asked for, or drift. */
  Plan planAsAsked() {
    return plan(HealPolicy.NOTHING, false, sesView.asOf());
  }

  /** What is known of one name says nothing of another. */
  MxCheck mxOfThatName() {
    return nameToLookAt().filter(name -> name.equals(dnsState.name())).isPresent()
        ? dnsState.mx()
        : MxCheck.UNKNOWN;
  }

  /** Nothing is told of it, and why. */
  IdentityState quietFor(Decision.Quiet why) {
    return withIncidents(incidentState.quiet(why));
  }

  /** The notices that a topic has not taken yet. */
  public List<Notice> owed(Topic topic) {
    return incidentState.owed(topic);
  }

  /** The state after a topic took some notices; those that both took are forgotten. */
  public IdentityState delivered(Topic topic, List<String> noticeIds, Instant at) {
    return withIncidents(incidentState.delivered(topic, noticeIds, at));
  }

  public IdentityState owing(Notice notice) {
    return withIncidents(incidentState.owing(notice));
  }

  /** Owes a warning that belongs to no incident, and later the end of it. */
  IdentityState warning(Reason reason, String detail, Instant at) {
    return withIncidents(incidentState.warned(reason, at))
        .owing(notice(reason, Severity.WARNING, detail, at, 0, at));
  }

  /**
   * A notice about it as it is now, and about no incident.
   *
   * @param start when what is told began: of an incident, its start
   * @param count how often the same was told of that before
   */
  public Notice notice(
      Reason reason,
      Severity severity,
      @Nullable String detail,
      Instant start,
      int count,
      Instant at) {
    return new Notice(
        Notice.idOf(key, start, reason, count),
        reason,
        severity,
        effectState.effect(),
        effectState.cause(),
        effectState.phase(),
        effectState.since(),
        effectState.notBefore(),
        deadline(),
        detail,
        null,
        at,
        Set.of());
  }

  /** The state in which nothing was ever asked for. */
  public IdentityState neverAsked() {
    return new IdentityState(
        key, rowVersion, sesView, effectState, null, dnsState, incidentState, healingState);
  }

  public IdentityState withDesired(DesiredState asked) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, asked, dnsState, incidentState, healingState);
  }

  /** With a step of its desired settings; never asked: this state. */
  public IdentityState ifAsked(UnaryOperator<DesiredState> step) {
    return desiredState == null ? this : withDesired(step.apply(desiredState));
  }

  /** With a step of their progress alone; never asked: this state. */
  public IdentityState withProgress(UnaryOperator<Progress> step) {
    return ifAsked(asked -> asked.with(step.apply(asked.progress())));
  }

  public IdentityState withSesView(SesView seen) {
    return new IdentityState(
        key, rowVersion, seen, effectState, desiredState, dnsState, incidentState, healingState);
  }

  public IdentityState withEffect(EffectState effect) {
    return new IdentityState(
        key, rowVersion, sesView, effect, desiredState, dnsState, incidentState, healingState);
  }

  public IdentityState withDns(DnsState dns) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, dns, incidentState, healingState);
  }

  public IdentityState withIncidents(IncidentState incidents) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, dnsState, incidents, healingState);
  }

  public IdentityState withHealing(HealingState healing) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, dnsState, incidentState, healing);
  }

  public IdentityState withRowVersion(long version) {
    return new IdentityState(
        key, version, sesView, effectState, desiredState, dnsState, incidentState, healingState);
  }
}
