package mailfrom.app.advice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.advice.Step.Kind;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.identity.MailFromDns;
import mailfrom.domain.incident.Incident;
import mailfrom.domain.incident.IncidentState;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Topic;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/// What somebody does about an identity, the first thing first, by how it is now. Mail, chat and
/// the page say these steps, each in its own form; nobody else decides them.
///
/// | it is | steps |
/// | --- | --- |
/// | deleted | verify it again, if that was not meant; then ask again |
/// | refused by SES | look; ask again; and what else it needs |
/// | drifted | put it back; records of the **wanted** domain; or ask for what is there now |
/// | `PENDING`, `TEMPORARY_FAILURE` | publish; check; rejected: let mail flow |
/// | `FAILED` | the same, and start SES again |
/// | `REMOVED` | set it again, or say that nothing is wanted |
/// | `NOT_COVERED` | give it a MAIL FROM domain, or say that none is wanted |
/// | `VERIFICATION_LOST` | DKIM records of a domain; the mail to an address |
/// | of broken SPF, recovering, or about to break | publish; check |
/// | anything else | nothing |
public final class Steps {
  private final IdentityState state;
  private final IdentityKey key;
  private final @Nullable IdentityState above;
  private final HealPolicy policy;
  private final MailFromDns dns;
  private final List<Step> steps = new ArrayList<>();

  private Steps(IdentityState state, @Nullable IdentityState above, HealPolicy policy) {
    this.state = state;
    this.key = state.key();
    this.above = above;
    this.policy = policy;
    this.dns = MailFromDns.of(state);
  }

  /**
   * The steps; empty when nothing is to be done.
   *
   * @param above for NOT_COVERED the CUSTOM identity above; null: none, or not known
   * @param policy what heals without anybody
   */
  public static List<Step> of(
      IdentityState state, @Nullable IdentityState above, HealPolicy policy) {
    Steps steps = new Steps(state, above, policy);
    steps.collect();
    return List.copyOf(steps.steps);
  }

  /** The step that a list has room for: the first that changes something, if there is one. */
  public static Optional<Step> first(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.kind() != Kind.NOTHING_TO_PUBLISH && step.kind() != Kind.CHECK)
        .findFirst()
        .or(() -> steps.stream().findFirst());
  }

  /** What can be done about an identity at any time. */
  public static List<Step> atAnyTime(IdentityState state, Instant now) {
    IdentityKey key = state.key();
    Desired desired = state.desired();
    Settings live = state.sesView().live().settings();
    Settings settings =
        desired != null && !desired.wantsNothing()
            ? desired.settings()
            : live.mailFromDomain() != null ? live : safe(suggested(key).orElse(null));
    List<Step> all = new ArrayList<>();
    all.add(Step.run(Kind.SET, Command.put(key, like(desired, settings))));
    all.add(Step.run(Kind.LOOK_NOW, Command.check(key)));
    all.add(
        Step.run(
            Kind.SILENCE,
            Command.silence(key, now.plus(Duration.ofDays(1)), "known, and being worked on")));
    if (desired != null) {
      all.add(Step.run(Kind.STOP_MANAGING, Command.stopManaging(key)));
    }
    return all;
  }

  private void collect() {
    if (state.isGone()) {
      gone();
      return;
    }
    DesiredState asked = state.desiredState();
    Desired desired = state.desired();
    if (desired != null && asked != null && asked.isRefused()) {
      check();
      run(Kind.ASK_AGAIN, Command.put(key, desired));
    }
    Cause cause = state.effectState().cause();
    Incident incident = state.incidentState().incident();
    if (desired != null
        && state.drift() != null
        && cause != Cause.REMOVED
        && effect() != Effect.UNVERIFIED) {
      putBack(desired);
      run(Kind.KEEP_IT, Command.put(key, like(desired, live())));
    } else if (cause != null) {
      mend(cause);
    } else if (incident != null) {
      publish(incident.trouble().kind() != TroubleKind.SPF_BROKEN);
    } else if (isAboutToBreak()) {
      publish(true);
    }
  }

  private void mend(Cause cause) {
    switch (cause) {
      case PENDING, TEMPORARY_FAILURE -> {
        publish(true);
        letMailFlow(Kind.LET_MAIL_FLOW);
      }
      case FAILED -> {
        publish(true);
        gaveUp();
      }
      case REMOVED -> removed();
      case NOT_COVERED -> notCovered();
      case VERIFICATION_LOST -> verifyAgain();
    }
  }

  private Effect effect() {
    return state.effectState().effect();
  }

  private boolean isManaged() {
    Desired desired = state.desired();
    return desired != null && !desired.wantsNothing();
  }

  /** Whether it is told, or to be told, that its MX answer became a worse one, and it still is. */
  private boolean isAboutToBreak() {
    IncidentState.LastTold last = state.incidentState().last();
    boolean isOwed =
        state.owed(Topic.ALERTS).stream()
            .anyMatch(notice -> notice.reason() == Reason.EARLY_WARNING);
    return effect() == Effect.CUSTOM
        && !state.dnsState().mx().isRight()
        && (isOwed || (last != null && last.reason() == Reason.EARLY_WARNING));
  }

  // ---- records

  private void publish(boolean isAboutMx) {
    DomainName domain = dns.domain();
    if (domain == null) {
      return;
    }
    List<RecordToDo> known = dns.isKnown() ? dns.records() : List.of();
    List<RecordToDo> toDo = dns.isKnown() ? dns.toDo() : List.of();
    if (dns.findings().stream().anyMatch(finding -> finding.code() == FindingCode.ZONE_MISSING)) {
      steps.add(Step.say(Kind.RENEW_THE_ZONE));
    }
    if (!toDo.isEmpty()) {
      steps.add(Step.publish(Kind.PUBLISH, toDo));
    }
    boolean mxIsUnknown =
        isAboutMx && known.stream().noneMatch(item -> item.type() == RecordType.MX);
    if (mxIsUnknown) {
      steps.add(
          Step.publish(
              Kind.PUBLISH_IF_MISSING, List.of(RecordToDo.mx(domain, dns.zone(), key.region()))));
    } else if (toDo.isEmpty() && !known.isEmpty()) {
      steps.add(Step.say(Kind.NOTHING_TO_PUBLISH));
    }
    Set<RecordType> types = EnumSet.of(isAboutMx ? RecordType.MX : RecordType.TXT);
    toDo.forEach(item -> types.add(item.type()));
    run(Kind.CHECK, types.stream().map(type -> Command.dig(type, domain)).toArray(Command[]::new));
  }

  /** Both records of a domain of which perhaps nobody knows what is there. */
  private void publishIfMissing() {
    DomainName domain = dns.domain();
    if (dns.isKnown() && !dns.toDo().isEmpty()) {
      steps.add(Step.publish(Kind.PUBLISH, dns.toDo()));
    } else if (domain != null && (!dns.isKnown() || dns.records().isEmpty())) {
      steps.add(
          Step.publish(
              Kind.PUBLISH_IF_MISSING,
              List.of(
                  RecordToDo.mx(domain, dns.zone(), key.region()),
                  RecordToDo.spf(domain, dns.zone()))));
    }
  }

  // ---- settings

  private Settings live() {
    return state.sesView().live().settings();
  }

  /** With what never makes mail worse. */
  private static Settings safe(@Nullable DomainName domain) {
    return new Settings(domain, BehaviorOnMxFailure.USE_DEFAULT_VALUE);
  }

  private void letMailFlow(Kind kind) {
    if (effect() != Effect.REJECTED) {
      return;
    }
    Settings safe = safe(live().mailFromDomain());
    Command set = Command.setAtSes(key, safe);
    // Who was asked for something is asked again: else it would be somebody else's change.
    run(
        kind,
        isManaged() ? new Command.OrElse(Command.put(key, like(state.desired(), safe)), set) : set);
  }

  private void gaveUp() {
    if (isManaged()) {
      letMailFlow(Kind.LET_MAIL_FLOW);
      run(
          policy.restart() ? Kind.START_AGAIN_NOW : Kind.START_AGAIN,
          new Command.OrElse(Command.check(key), Command.setAtSes(key, live())));
    } else if (effect() == Effect.REJECTED) {
      letMailFlow(Kind.LET_MAIL_FLOW_AND_START_AGAIN);
    } else {
      run(Kind.START_AGAIN, Command.setAtSes(key, live()));
    }
  }

  private void removed() {
    Desired desired = state.desired();
    run(
        Kind.SET_AGAIN,
        desired != null && isManaged()
            ? putOrSet(desired)
            : Command.setAtSes(key, safe(dns.domain())));
    publishIfMissing();
    run(Kind.WANT_NOTHING, Command.delete(key));
    check();
  }

  private void notCovered() {
    likeAbove()
        .or(() -> suggested(key))
        .ifPresent(domain -> run(Kind.GIVE_IT_ONE, putOrSet(like(state.desired(), safe(domain)))));
    run(Kind.WANT_NOTHING, Command.delete(key));
    check();
  }

  /** The MAIL FROM domain that it would get if it were given one like that of the one above. */
  private Optional<DomainName> likeAbove() {
    DomainName ofAbove = above == null ? null : above.sesView().live().mailFromDomain();
    if (above == null || ofAbove == null) {
      return Optional.empty();
    }
    DomainName own = key.name().domain();
    DomainName zone = above.key().name().domain();
    if (ofAbove.isBelow(own) || !ofAbove.isBelow(zone)) {
      return Optional.of(ofAbove).filter(domain -> domain.isBelow(own));
    }
    String label =
        ofAbove.value().substring(0, ofAbove.value().length() - zone.value().length() - 1);
    return DomainName.parse(label + "." + own.value()).toOptional();
  }

  /** A MAIL FROM domain that nobody has named yet. */
  private static Optional<DomainName> suggested(IdentityKey key) {
    return DomainName.parse("bounce." + key.name().domain()).toOptional();
  }

  private void putBack(Desired desired) {
    run(Kind.PUT_BACK, putOrSet(desired));
    publishIfMissing();
    check();
  }

  /** Through the API; where it is not known, at SES, with what never makes mail worse. */
  private Command putOrSet(Desired desired) {
    Settings first =
        desired.activation() == Activation.STAGED
            ? safe(desired.settings().mailFromDomain())
            : desired.settings();
    return new Command.OrElse(Command.put(key, desired), Command.setAtSes(key, first));
  }

  /** Settings, asked for as others were asked for before. */
  private static Desired like(@Nullable Desired before, Settings settings) {
    return before == null
        ? new Desired(settings, Activation.STAGED, Set.of(), Map.of())
        : new Desired(settings, before.activation(), before.accept(), before.labels());
  }

  private void check() {
    run(Kind.CHECK, ses("get-identity-mail-from-domain-attributes", "--identities"));
  }

  private Command ses(String operation, String option) {
    return Command.ses(key.region(), operation, option, key.name().value());
  }

  private void run(Kind kind, Command... commands) {
    steps.add(Step.run(kind, commands));
  }

  // ---- verification

  private void verifyAgain() {
    if (key.name().isAddress()) {
      run(Kind.CONFIRM, verify());
    } else {
      run(Kind.PUBLISH_DKIM, ses("get-identity-dkim-attributes", "--identities"));
      run(Kind.VERIFY_AGAIN, verify());
    }
    run(Kind.CHECK, ses("get-identity-verification-attributes", "--identities"));
  }

  private Command verify() {
    return key.name().isAddress()
        ? ses("verify-email-identity", "--email-address")
        : ses("verify-domain-dkim", "--domain");
  }

  private void gone() {
    run(Kind.VERIFY_IF_NOT_MEANT, verify());
    Desired desired = state.desired();
    if (desired != null && isManaged()) {
      run(Kind.THEN_ASK, putOrSet(desired));
    }
  }
}
