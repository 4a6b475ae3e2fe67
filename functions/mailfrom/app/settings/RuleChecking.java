package mailfrom.app.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.store.ContextReader;
import mailfrom.app.store.IdentityStore;
import mailfrom.app.store.Receipts;
import mailfrom.app.store.RegionState;
import mailfrom.app.store.RegionStore;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.Planner;
import mailfrom.domain.desired.Progress;
import mailfrom.domain.desired.RuleCheck;
import mailfrom.domain.desired.Rules;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.identity.Caller;
import mailfrom.domain.identity.Evaluation;
import mailfrom.domain.identity.EvaluationContext;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.Observation;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.MailFromStatus;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What asking for settings means for one identity: whether the rules allow them, and its state when
 * they are wanted. The same for one request and for an item of a batch.
 */
public final class RuleChecking {
  private final IdentityStore identities;
  private final RegionStore regions;
  private final ContextReader contexts;

  public RuleChecking(IdentityStore identities, RegionStore regions, ContextReader contexts) {
    this.identities = identities;
    this.regions = regions;
    this.contexts = contexts;
  }

  /**
   * What the table has of a wanted domain.
   *
   * @param forwarding whether feedback is forwarded for the identities at or below it
   */
  record Around(Map<IdentityName, @Nullable Boolean> forwarding, Optional<Receipts> receipts) {
    static final Around NOTHING = new Around(Map.of(), Optional.empty());
  }

  Around around(String region, DomainName domain) {
    Map<IdentityName, @Nullable Boolean> forwarding = new HashMap<>();
    for (IdentityState other : identities.atOrBelow(region, domain)) {
      forwarding.put(other.key().name(), other.sesView().forwarding());
    }
    return new Around(forwarding, regions.receipts(region, domain));
  }

  /**
   * Checks all rules.
   *
   * @param seen what was just read; null when SES could not be asked
   * @param view the DNS of the wanted domain; null when none is wanted
   */
  public RuleCheck check(
      IdentityState stored, @Nullable Observation seen, Desired desired, @Nullable DnsView view) {
    DomainName domain = desired.settings().mailFromDomain();
    Around around = domain == null ? Around.NOTHING : around(stored.key().region(), domain);
    return check(stored, seen, desired, view, around);
  }

  /** The same, when what the table has was read already. */
  RuleCheck check(
      IdentityState stored,
      @Nullable Observation seen,
      Desired desired,
      @Nullable DnsView view,
      Around around) {
    Live live = knownLive(stored, seen);
    DesiredState before = stored.desiredState();
    RegionState ofRegion = regions.find(stored.key().region());
    return Rules.check(
        new Rules.Facts(
            stored.key().name(),
            desired,
            live,
            before != null && !before.progress().isCheckDue(),
            view,
            around.forwarding(),
            ofRegion.reading().lastCompleteAt(),
            around.receipts().map(Receipts::recipients).orElse(null),
            around.receipts().map(Receipts::at).orElse(null)));
  }

  private static @Nullable Live knownLive(IdentityState stored, @Nullable Observation seen) {
    return seen != null ? seen.live() : stored.wasSeen() ? stored.live() : null;
  }

  /**
   * The state with the newest desired settings and what was just read. While nothing was ever read,
   * the rules are to be checked again.
   */
  public IdentityState asked(
      IdentityState before,
      @Nullable Observation seen,
      Desired desired,
      @Nullable DnsView view,
      Caller caller) {
    Live known = knownLive(before, seen);
    IdentityState wanting =
        wanting(before, desired, known == null ? before.live() : known, caller)
            .withProgress(
                progress -> known == null ? progress.withCheckDue() : progress.checked(List.of()));
    return evaluated(wanting, seen, Optional.ofNullable(desired.settings().mailFromDomain()), view);
  }

  /**
   * The state in which what was just read is desired: it is applied already, and not set again.
   *
   * @param labels null: those that it has
   */
  public IdentityState adopted(
      IdentityState before, Observation seen, @Nullable Map<String, String> labels, Caller caller) {
    Desired live = live(before, seen);
    Desired desired =
        labels == null
            ? live
            : new Desired(live.settings(), live.activation(), live.accept(), labels);
    DesiredState old = before.desiredState();
    if (old != null
        && old.desired().settings().equals(desired.settings())
        && !old.isPending()
        && !old.isRefused()) {
      return desired.equals(old.desired()) ? before : before.withDesired(old.annotated(desired));
    }
    DesiredState adopted =
        DesiredState.asked(old, desired, caller.arn(), caller.at()).reached(Progress.State.APPLIED);
    return evaluated(before.withDesired(adopted), seen, Optional.empty(), null);
  }

  private static Desired live(IdentityState before, Observation seen) {
    Live live = seen.live();
    Settings settings = live == null ? Settings.NONE : live.settings();
    Desired old = before.desired();
    return old != null && old.settings().sameAs(settings)
        ? old
        : new Desired(settings, Activation.STAGED, Set.of(), old == null ? Map.of() : old.labels());
  }

  private IdentityState evaluated(
      IdentityState wanting,
      @Nullable Observation seen,
      Optional<DomainName> domain,
      @Nullable DnsView view) {
    if (seen == null) {
      return wanting;
    }
    EvaluationContext around = contexts.of(wanting, domain);
    return Evaluation.evaluate(
        wanting,
        new Observation(
            seen.at(),
            seen.begunAt(),
            seen.verified(),
            seen.live(),
            seen.dkim(),
            seen.forwarding(),
            view),
        around);
  }

  /** The state that wants it: what was repaired before says nothing of newer settings. */
  public static IdentityState wanting(
      IdentityState before, Desired desired, Live live, Caller caller) {
    DesiredState desiredState = wanted(before.desiredState(), desired, live, caller);
    return desiredState.equals(before.desiredState())
        ? before
        : before.withDesired(desiredState).withHealing(before.healingState().withoutRepairs());
  }

  /**
   * A new version, unless the same is already wanted. Asking again for what SES refused or gave up
   * on, or what somebody else put something in the place of, is a new version too: the caller wants
   * it set. What is no setting of SES, such as labels, is none.
   */
  private static DesiredState wanted(
      @Nullable DesiredState before, Desired desired, Live live, Caller caller) {
    boolean known =
        before != null
            && before.desired().settings().sameAs(desired.settings())
            && before.desired().activation() == desired.activation()
            && !before.isRefused()
            && live.status() != MailFromStatus.FAILED
            && (before.isPending() || Planner.isSet(live, desired));
    return before != null && known
        ? before.annotated(desired)
        : DesiredState.asked(before, desired, caller.arn(), caller.at());
  }
}
