package mailfrom.domain.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.desired.HealingState;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Planner;
import mailfrom.domain.dns.DnsState;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxCheck;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.EffectState;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Notice;
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

  /** An identity that was never read. */
  public static IdentityState unseen(IdentityKey key) {
    return new IdentityState(
        key,
        0,
        new SesView(null, Live.NONE, null, null, Instant.EPOCH, 0),
        new EffectState(
            new Verdict(Effect.UNVERIFIED, null),
            null,
            Instant.EPOCH,
            false,
            null,
            false,
            null,
            null),
        null,
        DnsState.NOTHING,
        IncidentState.NOTHING,
        HealingState.NOTHING);
  }

  /** Whether SES was read for it at least once. */
  public boolean wasSeen() {
    return sesView.verified() != null;
  }

  /** Whether it was deleted at SES: missing in two complete listings, or told by an event. */
  public boolean isGone() {
    return sesView.absences() >= SesView.GONE_AFTER;
  }

  /**
   * The same, or, once it was deleted, one that nothing is known of: it is another one now. What is
   * owed about the deleted one stays owed.
   */
  public IdentityState ifNotGone() {
    return isGone()
        ? unseen(key)
            .withRowVersion(rowVersion)
            .with(IncidentState.NOTHING.withOwed(incidentState.owed()))
        : this;
  }

  public @Nullable Desired desired() {
    return desiredState == null ? null : desiredState.desired();
  }

  public @Nullable Instant deadline() {
    return effectState.deadline(sesView.live());
  }

  /** The domain whose DNS matters now: the wanted one until it is reached, else the live one. */
  public Optional<DomainName> nameToLookAt() {
    if (desiredState != null
        && desiredState.isPending()
        && desiredState.desired().settings().mailFromDomain() != null) {
      return Optional.ofNullable(desiredState.desired().settings().mailFromDomain());
    }
    DomainName live = sesView.live().mailFromDomain();
    return Optional.ofNullable(live != null ? live : effectState.lastMailFrom());
  }

  /**
   * The trouble now; empty when there is none.
   *
   * @param look this run's look at the DNS; null: nobody looked, which confirms nothing
   */
  public Optional<Trouble> trouble(Instant now, @Nullable DnsView look) {
    return TroubleTable.decide(
        new TroubleTable.Facts(
            effectState.verdict(), effectState.phase(), sesView.dkimSigns(), spfBroken(now, look)));
  }

  private boolean spfBroken(Instant now, @Nullable DnsView look) {
    DomainName live = sesView.live().mailFromDomain();
    Instant since = dnsState.spfBrokenSince();
    Incident incident = incidentState.incident();
    if (incident != null && incident.trouble().kind() == TroubleKind.SPF_BROKEN) {
      return since != null;
    }
    return look != null
        && look.name().equals(live)
        && look.spf().isBroken()
        && since != null
        && !now.isBefore(since.plus(IncidentDecision.RECOVERED_AFTER));
  }

  /** The severity of its open incident; empty when it has none. */
  public Optional<Severity> severity() {
    Incident incident = incidentState.incident();
    return incident == null ? Optional.empty() : Optional.of(incident.trouble().severity());
  }

  /** What is to be done for it now. */
  public Plan plan(HealPolicy policy, boolean promotingStopped, Instant now) {
    return Planner.plan(
        new Planner.Facts(
            desired(),
            desiredState != null && desiredState.isPending(),
            desiredState != null && desiredState.isRefused(),
            sesView.live(),
            effectState.effect() == Effect.CUSTOM,
            mxOfThatName(),
            promotingStopped,
            policy.restart() && healingState.restartAllowed(now),
            policy.repair() && healingState.repairAllowed(now)));
  }

  /** What is known of one name says nothing of another. */
  private MxCheck mxOfThatName() {
    return nameToLookAt().filter(name -> name.equals(dnsState.name())).isPresent()
        ? dnsState.mx()
        : MxCheck.UNKNOWN;
  }

  /** The notices that a topic has not taken yet. */
  public List<Notice> owed(Topic topic) {
    return incidentState.owed().stream().filter(n -> !n.delivered().contains(topic)).toList();
  }

  /** The state after a topic took some notices; those that both took are forgotten. */
  public IdentityState delivered(Topic topic, List<String> noticeIds, Instant at) {
    List<Notice> left = new ArrayList<>();
    boolean told = false;
    for (Notice notice : incidentState.owed()) {
      boolean taken = noticeIds.contains(notice.id());
      told |= taken;
      Notice after = taken ? notice.deliveredTo(topic) : notice;
      if (after.isOwed()) {
        left.add(after);
      }
    }
    Incident incident = incidentState.incident();
    IncidentState after =
        new IncidentState(
            incident != null && told ? incident.toldAt(at) : incident,
            incidentState.recentStarts(),
            incidentState.flapping(),
            incidentState.lastChanceFor(),
            left);
    return with(after);
  }

  public IdentityState owing(Notice notice) {
    List<Notice> owed = new ArrayList<>(incidentState.owed());
    owed.add(notice);
    return with(incidentState.withOwed(owed));
  }

  public IdentityState with(IncidentState newTelling) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, dnsState, newTelling, healingState);
  }

  public IdentityState with(@Nullable DesiredState newWanted) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, newWanted, dnsState, incidentState, healingState);
  }

  public IdentityState with(DnsState newDns) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, newDns, incidentState, healingState);
  }

  public IdentityState with(HealingState newHealing) {
    return new IdentityState(
        key, rowVersion, sesView, effectState, desiredState, dnsState, incidentState, newHealing);
  }

  public IdentityState with(SesView newSight) {
    return new IdentityState(
        key,
        rowVersion,
        newSight,
        effectState,
        desiredState,
        dnsState,
        incidentState,
        healingState);
  }

  public IdentityState withRowVersion(long version) {
    return new IdentityState(
        key, version, sesView, effectState, desiredState, dnsState, incidentState, healingState);
  }
}
