package mailfrom.app.tell;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mailfrom.app.tell.Step.Kind;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.FindingCode;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.findings.RecordType;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityKey;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/// What a reader does about an identity, by what is told and why.
///
/// | told | steps |
/// | --- | --- |
/// | trouble, by somebody else's settings | put them back; records of the **wanted** domain |
/// | `PENDING`, `TEMPORARY_FAILURE` | publish; check; rejected: let mail flow |
/// | `FAILED` | the same, and start SES again |
/// | `REMOVED` | set it again, or say that nothing is wanted |
/// | `NOT_COVERED` | give it a MAIL FROM domain, or say that none is wanted |
/// | `VERIFICATION_LOST` | DKIM records of a domain; the mail to an address |
/// | SPF broken, `EARLY_WARNING` | publish; check |
/// | `DRIFT` | put it back; or ask for what is there now |
/// | `NOT_APPLIED` | look; ask again |
/// | `GONE` | verify it again, if that was not meant; then ask again |
/// | `RECOVERED` | nothing |
final class Steps {
  private final Told told;
  private final Notice notice;
  private final IdentityKey key;
  private final HealPolicy policy;
  private final List<Step> steps = new ArrayList<>();

  private Steps(Told told, HealPolicy policy) {
    this.told = told;
    this.notice = told.main();
    this.key = told.key();
    this.policy = policy;
  }

  static List<Step> of(Told told, HealPolicy policy) {
    return new Steps(told, policy).collected();
  }

  private List<Step> collected() {
    switch (notice.reason().kind()) {
      case TROUBLE -> {
        if (told.drift().isPresent() && notice.cause() != Cause.REMOVED) {
          putBack();
        } else {
          trouble();
        }
      }
      case WARNING -> publish(true);
      case SETTINGS -> settings();
      case END -> gone();
      case DONE, RUN -> {}
    }
    return steps;
  }

  private void trouble() {
    Cause cause = notice.cause();
    if (notice.effect() == Effect.CUSTOM) {
      publish(false);
      return;
    }
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
      case null -> {}
    }
  }

  // ---- records

  private void publish(boolean isAboutMx) {
    DomainName domain = told.domain();
    if (domain == null) {
      return;
    }
    List<RecordToDo> known = known(domain);
    if (told.isLookedAt(domain)
        && told.state().dnsState().findings().stream()
            .anyMatch(finding -> finding.code() == FindingCode.ZONE_MISSING)) {
      steps.add(Step.say(Kind.RENEW_THE_ZONE));
    }
    List<RecordToDo> toDo =
        known.stream().filter(item -> item.state() != RecordToDo.State.PRESENT).toList();
    if (!toDo.isEmpty()) {
      steps.add(Step.publish(Kind.PUBLISH, toDo));
    }
    boolean mxIsUnknown =
        isAboutMx && known.stream().noneMatch(item -> item.type() == RecordType.MX);
    if (mxIsUnknown) {
      steps.add(Step.publish(Kind.PUBLISH_IF_MISSING, List.of(mx(domain))));
    } else if (toDo.isEmpty() && !known.isEmpty()) {
      steps.add(Step.say(Kind.NOTHING_TO_PUBLISH));
    }
    Set<RecordType> types = EnumSet.of(isAboutMx ? RecordType.MX : RecordType.TXT);
    toDo.forEach(item -> types.add(item.type()));
    run(Kind.CHECK, types.stream().map(type -> Command.dig(type, domain)).toArray(Command[]::new));
  }

  private List<RecordToDo> known(@Nullable DomainName domain) {
    return told.isLookedAt(domain) ? told.state().dnsState().records() : List.of();
  }

  /** Both records of a domain of which nobody knows what is there. */
  private void publishIfMissing(DomainName domain) {
    List<RecordToDo> known = known(domain);
    List<RecordToDo> toDo =
        known.stream().filter(item -> item.state() != RecordToDo.State.PRESENT).toList();
    if (!toDo.isEmpty()) {
      steps.add(Step.publish(Kind.PUBLISH, toDo));
    } else if (known.isEmpty()) {
      steps.add(
          Step.publish(
              Kind.PUBLISH_IF_MISSING, List.of(mx(domain), RecordToDo.spf(domain, zone(domain)))));
    }
  }

  private RecordToDo mx(DomainName domain) {
    return RecordToDo.mx(domain, zone(domain), key.region());
  }

  private @Nullable DomainName zone(DomainName domain) {
    return told.isLookedAt(domain) ? told.state().dnsState().zone() : null;
  }

  // ---- settings

  private Settings live() {
    return told.state().sesView().live().settings();
  }

  private void letMailFlow(Kind kind) {
    if (notice.effect() != Effect.REJECTED) {
      return;
    }
    Settings safe = live().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    Command set = Command.setAtSes(key, safe);
    Desired desired = told.state().desired();
    // Who was asked for something is asked again: else it would be somebody else's change.
    run(
        kind,
        desired == null || !told.isManaged()
            ? set
            : new Command.OrElse(Command.put(key, with(desired, safe)), set));
  }

  private void gaveUp() {
    if (told.isManaged()) {
      letMailFlow(Kind.LET_MAIL_FLOW);
      run(
          policy.restart() ? Kind.START_AGAIN_NOW : Kind.START_AGAIN,
          new Command.OrElse(Command.check(key), Command.setAtSes(key, live())));
    } else if (notice.effect() == Effect.REJECTED) {
      letMailFlow(Kind.LET_MAIL_FLOW_AND_START_AGAIN);
    } else {
      run(Kind.START_AGAIN, Command.setAtSes(key, live()));
    }
  }

  private void removed() {
    Desired desired = told.state().desired();
    DomainName domain = told.domain();
    run(
        Kind.SET_AGAIN,
        desired != null && told.isManaged()
            ? putOrSet(desired)
            : Command.setAtSes(key, new Settings(domain, BehaviorOnMxFailure.USE_DEFAULT_VALUE)));
    if (domain != null) {
      publishIfMissing(domain);
    }
    run(Kind.WANT_NOTHING, Command.delete(key));
    check();
  }

  private void notCovered() {
    told.likeAbove()
        .ifPresent(
            domain ->
                run(
                    Kind.GIVE_IT_ONE,
                    putOrSet(
                        new Desired(
                            new Settings(domain, BehaviorOnMxFailure.USE_DEFAULT_VALUE),
                            Activation.STAGED,
                            Set.of(),
                            Map.of()))));
    run(Kind.WANT_NOTHING, Command.delete(key));
    check();
  }

  private void settings() {
    Desired desired = told.state().desired();
    if (desired == null) {
      check();
    } else if (notice.reason() == Reason.NOT_APPLIED) {
      check();
      run(Kind.ASK_AGAIN, Command.put(key, desired));
    } else if (told.drift().isPresent()) {
      putBack();
      run(Kind.KEEP_IT, Command.put(key, with(desired, live())));
    } else {
      steps.add(Step.say(Kind.IT_IS_BACK));
    }
  }

  private void putBack() {
    Desired desired = told.state().desired();
    if (desired == null) {
      return;
    }
    run(Kind.PUT_BACK, putOrSet(desired));
    DomainName wanted = desired.settings().mailFromDomain();
    if (wanted != null) {
      publishIfMissing(wanted);
    }
    check();
  }

  /** Through the API; where it is not known, at SES, with what never makes mail worse. */
  private Command putOrSet(Desired desired) {
    Settings first =
        desired.activation() == Activation.STAGED
            ? desired.settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE)
            : desired.settings();
    return new Command.OrElse(Command.put(key, desired), Command.setAtSes(key, first));
  }

  private static Desired with(Desired desired, Settings settings) {
    return new Desired(settings, desired.activation(), desired.accept(), desired.labels());
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
    if (notice.reason() != Reason.GONE) {
      return;
    }
    run(Kind.VERIFY_IF_NOT_MEANT, verify());
    Desired desired = told.state().desired();
    if (desired != null && told.isManaged()) {
      run(Kind.THEN_ASK, putOrSet(desired));
    }
  }
}
