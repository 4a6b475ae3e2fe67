package mailfrom.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mailfrom.app.tell.Command;
import mailfrom.app.tell.Links;
import mailfrom.domain.desired.Activation;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.DesiredState;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.findings.RecordToDo;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Trouble;
import mailfrom.domain.incident.TroubleKind;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.ses.BehaviorOnMxFailure;
import mailfrom.domain.ses.Settings;
import org.jspecify.annotations.Nullable;

/** What somebody has to do for an identity, the first thing first. */
final class Advice {
  private final IdentityState state;
  private final Links links;
  private final List<Step> steps = new ArrayList<>();

  private Advice(IdentityState state, Links links) {
    this.state = state;
    this.links = links;
  }

  /**
   * The steps; empty when nothing is to be done.
   *
   * @param ancestor the less granular identity that SES takes where this one is none
   */
  static List<Step> of(IdentityState state, Optional<IdentityState> ancestor, Links links) {
    Advice advice = new Advice(state, links);
    advice.collect(ancestor);
    return List.copyOf(advice.steps);
  }

  /** The first step in a few words; empty when nothing is to be done. */
  static String inShort(IdentityState state) {
    if (isUndone(state)) {
      return "Put back what was asked for";
    }
    Cause cause = state.effectState().cause();
    return switch (cause) {
      case VERIFICATION_LOST -> "Verify it again";
      case REMOVED -> "Set its MAIL FROM domain again";
      case NOT_COVERED -> "Give it a MAIL FROM domain of its own";
      case PENDING, FAILED, TEMPORARY_FAILURE -> publish(state);
      case null -> isSpfBroken(state) ? publish(state) : "";
    };
  }

  private static String publish(IdentityState state) {
    List<RecordToDo> toDo = toDo(state);
    if (toDo.isEmpty()) {
      return state.effectState().cause() == Cause.FAILED
          ? "Start SES again: the records are there"
          : "Wait: the records are there";
    }
    return "Publish";
  }

  /** What is to be published or removed, the first being what SES needs. */
  static List<RecordToDo> toDo(IdentityState state) {
    return records(state).stream()
        .filter(item -> item.state() != RecordToDo.State.PRESENT)
        .toList();
  }

  /** The records of the domain that matters now; empty when it was not looked at. */
  static List<RecordToDo> records(IdentityState state) {
    return state.nameToLookAt().filter(name -> name.equals(state.dnsState().name())).isPresent()
        ? state.dnsState().records()
        : List.of();
  }

  private static boolean isSpfBroken(IdentityState state) {
    return state.trouble().map(Trouble::kind).filter(TroubleKind.SPF_BROKEN::equals).isPresent();
  }

  /** Whether somebody else put something in the place of what was asked for. */
  private static boolean isUndone(IdentityState state) {
    return state.drift() != null && state.effectState().effect() != Effect.UNVERIFIED;
  }

  private void collect(Optional<IdentityState> ancestor) {
    DesiredState asked = state.desiredState();
    if (asked != null && asked.isRefused()) {
      steps.add(
          Step.of(
              "SES refused what was asked for: %s Ask for other settings."
                  .formatted(Optional.ofNullable(asked.progress().lastError()).orElse(""))));
    }
    Desired desired = state.desired();
    if (desired != null && isUndone(state)) {
      steps.add(
          new Step(
              "Somebody changed its settings. Put back what was asked for:",
              Command.put(state.key(), desired).lines(links)));
      steps.add(
          Step.of("Or, if the change is meant, ask for the new settings instead: they are below."));
      return;
    }
    switch (state.effectState().cause()) {
      case VERIFICATION_LOST -> verify();
      case REMOVED -> setAgain();
      case NOT_COVERED -> cover(ancestor);
      case PENDING, FAILED, TEMPORARY_FAILURE -> mx(state.effectState().cause());
      case null -> {
        if (isSpfBroken(state)) {
          steps.add(
              Step.of("Publish the SPF record below. It is over as soon as two runs find it."));
        }
      }
    }
  }

  private void verify() {
    steps.add(
        state.key().name().isAddress()
            ? new Step(
                "Have SES send its mail again, and open the link in it:",
                ses("verify-email-identity", "--email-address"))
            : new Step(
                "Publish the three CNAME records of its DKIM tokens again; this shows them:",
                ses("verify-domain-dkim", "--domain")));
  }

  private void setAgain() {
    Desired desired = state.desired();
    DomainName last = state.effectState().lastMailFrom();
    Settings wanted =
        desired != null && !desired.wantsNothing()
            ? desired.settings()
            : new Settings(last, BehaviorOnMxFailure.USE_DEFAULT_VALUE);
    steps.add(new Step("Set it again:", put(wanted, desired)));
    steps.add(
        new Step(
            "Or, if it is meant, say that nothing is wanted:",
            Command.delete(state.key()).lines(links)));
  }

  private void cover(Optional<IdentityState> ancestor) {
    DomainName domain = ancestor.map(above -> above.sesView().live().mailFromDomain()).orElse(null);
    String why =
        ancestor
            .map(
                above ->
                    "%s has one, but SES takes the most granular verified identity, and that is this one."
                        .formatted(above.key().name()))
            .orElse("");
    steps.add(
        new Step(
            "Give it one of its own. %s".formatted(why).strip(),
            put(
                new Settings(
                    domain != null ? domain : suggested(state),
                    BehaviorOnMxFailure.USE_DEFAULT_VALUE),
                state.desired())));
  }

  /** A MAIL FROM domain that nobody has named yet. */
  static DomainName suggested(IdentityState state) {
    DomainName domain = state.key().name().domain();
    return DomainName.parse("bounce." + domain).toOptional().orElse(domain);
  }

  private void mx(Cause cause) {
    boolean rejects = state.effectState().effect() == Effect.REJECTED;
    List<RecordToDo> toDo = toDo(state);
    boolean known = !records(state).isEmpty();
    if (!known) {
      steps.add(
          Step.of("The DNS was not asked yet, or did not answer: publish the MX record below."));
    } else if (!toDo.isEmpty()) {
      steps.add(Step.of("Publish what the table below says."));
    } else {
      steps.add(Step.of("The records are there now: nothing is to be published."));
    }
    if (rejects) {
      steps.add(
          new Step(
              "To let mail flow meanwhile, from amazonses.com:",
              isManaged()
                  ? put(safe(), state.desired())
                  : Command.setAtSes(state.key(), safe()).lines(links)));
    }
    if (cause == Cause.FAILED) {
      steps.add(
          isManaged()
              ? new Step(
                  "SES stopped looking. Once the MX record is right, this system starts it again; at once with:",
                  Command.check(state.key()).lines(links))
              : new Step(
                  "SES stopped looking. Once the MX record is right, start it again:",
                  Command.setAtSes(state.key(), safe()).lines(links)));
    } else if (isManaged()) {
      steps.add(
          new Step(
              "Then look again, without waiting for the next run:",
              Command.check(state.key()).lines(links)));
    }
  }

  private Settings safe() {
    return state.sesView().live().settings().with(BehaviorOnMxFailure.USE_DEFAULT_VALUE);
  }

  private boolean isManaged() {
    Desired desired = state.desired();
    return desired != null && !desired.wantsNothing();
  }

  private String put(Settings settings, @Nullable Desired before) {
    return Command.put(state.key(), like(before, settings)).lines(links);
  }

  private String ses(String operation, String option) {
    return Command.ses(state.key().region(), operation, option, state.key().name().value())
        .lines(links);
  }

  /** Settings, asked for as others were asked for before. */
  static Desired like(@Nullable Desired before, Settings settings) {
    return before == null
        ? new Desired(settings, Activation.STAGED, Set.of(), Map.of())
        : new Desired(settings, before.activation(), before.accept(), before.labels());
  }
}
