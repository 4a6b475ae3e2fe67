package mailfrom.domain.identity;

import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Healing;
import mailfrom.domain.desired.Plan;
import mailfrom.domain.desired.Planner;
import mailfrom.domain.desired.Policy;
import mailfrom.domain.desired.Wanted;
import mailfrom.domain.dns.DnsMemory;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxSight;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.effect.Standing;
import mailfrom.domain.effect.Verdict;
import mailfrom.domain.incident.Ill;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentDecision;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.incident.Telling;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleTable;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Sight;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept about one identity: one row of the table.
 *
 * @param rowVersion what a conditional write compares; 0 while it is not stored
 * @param wanted null when never asked
 */
public record IdentityState(
    IdentityKey key,
    long rowVersion,
    Sight sight,
    Standing standing,
    @Nullable Wanted wanted,
    DnsMemory dns,
    Telling telling,
    Healing healing) {

  /** An identity that was never read. */
  public static IdentityState unseen(IdentityKey key) {
    return new IdentityState(
        key,
        0,
        new Sight(null, Live.NONE, null, null, Instant.EPOCH, 0),
        new Standing(
            new Verdict(Effect.UNVERIFIED, null),
            null,
            Instant.EPOCH,
            false,
            null,
            false,
            null,
            null),
        null,
        DnsMemory.NOTHING,
        Telling.NOTHING,
        Healing.NOTHING);
  }

  /** Whether SES was read for it at least once. */
  public boolean wasSeen() {
    return sight.verified() != null;
  }

  /** Whether it was deleted at SES: missing in two complete listings, or told by an event. */
  public boolean isGone() {
    return sight.absences() >= Sight.GONE_AFTER;
  }

  /**
   * The same, or, once it was deleted, one that nothing is known of: it is another one now. What is
   * owed about the deleted one stays owed.
   */
  public IdentityState ifNotGone() {
    return isGone()
        ? unseen(key).withRowVersion(rowVersion).with(Telling.NOTHING.withOwed(telling.owed()))
        : this;
  }

  public @Nullable Desired desired() {
    return wanted == null ? null : wanted.desired();
  }

  public @Nullable Instant deadline() {
    return standing.deadline(sight.live());
  }

  /** The domain whose DNS matters now: the wanted one until it is reached, else the live one. */
  public Optional<DomainName> nameToLookAt() {
    if (wanted != null
        && wanted.isPending()
        && wanted.desired().settings().mailFromDomain() != null) {
      return Optional.ofNullable(wanted.desired().settings().mailFromDomain());
    }
    DomainName live = sight.live().mailFromDomain();
    return Optional.ofNullable(live != null ? live : standing.lastMailFrom());
  }

  /**
   * The trouble now; empty when there is none.
   *
   * @param look this run's look at the DNS; null: nobody looked, which confirms nothing
   */
  public Optional<Ill> ill(Instant now, @Nullable DnsView look) {
    return TroubleTable.decide(
        new TroubleTable.Facts(
            standing.verdict(), standing.phase(), sight.dkimSigns(), spfBroken(now, look)));
  }

  private boolean spfBroken(Instant now, @Nullable DnsView look) {
    DomainName live = sight.live().mailFromDomain();
    Instant since = dns.spfBrokenSince();
    Incident incident = telling.incident();
    if (incident != null && incident.ill().trouble() == Trouble.SPF_BROKEN) {
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
    Incident incident = telling.incident();
    return incident == null ? Optional.empty() : Optional.of(incident.ill().severity());
  }

  /** What is to be done for it now. */
  public Plan plan(Policy policy, boolean promotingStopped, Instant now) {
    return Planner.plan(
        new Planner.Facts(
            desired(),
            wanted != null && wanted.isPending(),
            wanted != null && wanted.isRefused(),
            sight.live(),
            standing.effect() == Effect.CUSTOM,
            mxOfThatName(),
            promotingStopped,
            policy.restart() && healing.restartAllowed(now),
            policy.repair() && healing.repairAllowed(now)));
  }

  /** What is known of one name says nothing of another. */
  private MxSight mxOfThatName() {
    return nameToLookAt().filter(name -> name.equals(dns.name())).isPresent()
        ? dns.mx()
        : MxSight.UNKNOWN;
  }

  /** The notices that a topic has not taken yet. */
  public List<Notice> owed(Topic topic) {
    return telling.owed().stream().filter(n -> !n.delivered().contains(topic)).toList();
  }

  /** The state after a topic took some notices; those that both took are forgotten. */
  public IdentityState delivered(Topic topic, List<String> noticeIds, Instant at) {
    List<Notice> left = new ArrayList<>();
    boolean told = false;
    for (Notice notice : telling.owed()) {
      boolean taken = noticeIds.contains(notice.id());
      told |= taken;
      Notice after = taken ? notice.deliveredTo(topic) : notice;
      if (after.isOwed()) {
        left.add(after);
      }
    }
    Incident incident = telling.incident();
    Telling after =
        new Telling(
            incident != null && told ? incident.toldAt(at) : incident,
            telling.recentStarts(),
            telling.flapping(),
            telling.lastChanceFor(),
            left);
    return with(after);
  }

  public IdentityState owing(Notice notice) {
    List<Notice> owed = new ArrayList<>(telling.owed());
    owed.add(notice);
    return with(telling.withOwed(owed));
  }

  public IdentityState with(Telling newTelling) {
    return new IdentityState(key, rowVersion, sight, standing, wanted, dns, newTelling, healing);
  }

  public IdentityState with(@Nullable Wanted newWanted) {
    return new IdentityState(key, rowVersion, sight, standing, newWanted, dns, telling, healing);
  }

  public IdentityState with(DnsMemory newDns) {
    return new IdentityState(key, rowVersion, sight, standing, wanted, newDns, telling, healing);
  }

  public IdentityState with(Healing newHealing) {
    return new IdentityState(key, rowVersion, sight, standing, wanted, dns, telling, newHealing);
  }

  public IdentityState with(Sight newSight) {
    return new IdentityState(key, rowVersion, newSight, standing, wanted, dns, telling, healing);
  }

  public IdentityState withRowVersion(long version) {
    return new IdentityState(key, version, sight, standing, wanted, dns, telling, healing);
  }
}
