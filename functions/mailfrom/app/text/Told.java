package mailfrom.app.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mailfrom.app.advice.Runbook;
import mailfrom.app.advice.Step;
import mailfrom.app.advice.Steps;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.desired.HealPolicy;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * What is told about one identity in one message.
 *
 * @param notices the newest last; at least one
 * @param above for NOT_COVERED the CUSTOM identity above; null: none, or not known
 */
record Told(IdentityState state, List<Notice> notices, @Nullable IdentityState above) {

  static Told of(List<IdentityNotice> several) {
    IdentityNotice last = several.getLast();
    return new Told(
        last.state(), several.stream().map(IdentityNotice::notice).toList(), last.above());
  }

  IdentityKey key() {
    return state.key();
  }

  String name() {
    return state.key().name().value();
  }

  /** What the reader has to act on: the trouble, else what else is not over, else the end. */
  Notice main() {
    return last(Reason.Kind.TROUBLE)
        .or(() -> last(Reason.Kind.SETTINGS, Reason.Kind.WARNING))
        .or(() -> notices.reversed().stream().filter(Told::isAnEnd).findFirst())
        .orElseGet(notices::getLast);
  }

  /** The last notice of some kinds whose end is not told with it. */
  private Optional<Notice> last(Reason.Kind... kinds) {
    return IntStream.range(0, notices.size())
        .map(place -> notices.size() - 1 - place)
        .filter(place -> List.of(kinds).contains(notices.get(place).reason().kind()))
        .filter(
            place ->
                notices.subList(place, notices.size()).stream()
                    .noneMatch(later -> later.reason().ends(notices.get(place).reason())))
        .mapToObj(notices::get)
        .findFirst();
  }

  private static boolean isAnEnd(Notice notice) {
    return notice.reason().kind() == Reason.Kind.END;
  }

  /** What is over, or heals, is no more than something to know. */
  Severity severity() {
    if (isHealing()) {
      return Severity.INFO;
    }
    return switch (main().reason().kind()) {
      case END, DONE, SETTINGS, WARNING, RUN -> main().severity();
      case TROUBLE -> notices.stream().map(Notice::severity).max(Severity::compareTo).orElseThrow();
    };
  }

  /** Whether its trouble is told of, and is not seen any more by now. */
  boolean isHealing() {
    return main().reason().kind() == Reason.Kind.TROUBLE && state.isRecovering();
  }

  /** Whether its records are to be looked at: what is over needs none. */
  boolean isToBeMended() {
    return switch (main().reason().kind()) {
      case TROUBLE, WARNING -> true;
      case SETTINGS, DONE, END, RUN -> false;
    };
  }

  boolean isManaged() {
    Desired desired = state.desired();
    return desired != null && !desired.wantsNothing();
  }

  /** Settings by somebody else's hand, as far as putting them back is what is to be done. */
  Optional<Drift> drift() {
    return switch (main().reason().kind()) {
      case TROUBLE, SETTINGS ->
          main().effect() == Effect.UNVERIFIED || main().reason() == Reason.NOT_APPLIED
              ? Optional.empty()
              : Optional.ofNullable(state.drift());
      case WARNING, END, DONE, RUN -> Optional.empty();
    };
  }

  /** What its reader does: about how it is now, unless what is told is that it is over. */
  List<Step> steps(HealPolicy policy) {
    List<Step> steps =
        switch (main().reason().kind()) {
          case TROUBLE, WARNING, SETTINGS -> Steps.of(state, above, policy);
          case END -> main().reason() == Reason.GONE ? Steps.of(state, above, policy) : List.of();
          case DONE, RUN -> List.of();
        };
    return steps.isEmpty() && main().reason() == Reason.DRIFT && state.desired() != null
        ? List.of(Step.say(Step.Kind.IT_IS_BACK))
        : steps;
  }

  /** The section of the runbook; empty when there is nothing to do about it. */
  Optional<Runbook> runbook() {
    return main().reason().kind() != Reason.Kind.TROUBLE
        ? Optional.ofNullable(ReasonText.of(main().reason()).runbook())
        : drift().isPresent()
            ? Optional.of(Runbook.DRIFT)
            : Optional.ofNullable(Runbook.of(main().effect(), main().cause()));
  }

  /** Its labels, as they are written in a line; empty when it has none. */
  String labels() {
    return labels(state.desired());
  }

  static String labels(@Nullable Desired desired) {
    return desired == null
        ? ""
        : desired.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", "));
  }
}
