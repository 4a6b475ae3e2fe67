package mailfrom.app.tell;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import mailfrom.domain.desired.Desired;
import mailfrom.domain.desired.Drift;
import mailfrom.domain.effect.Cause;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;
import mailfrom.domain.incident.Notice;
import mailfrom.domain.incident.Reason;
import mailfrom.domain.incident.Severity;
import mailfrom.domain.name.DomainName;
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

  /** What the reader has to act on: the end, else the trouble, else what was told last. */
  Notice main() {
    Notice last = notices.getLast();
    return last.reason().kind() == Reason.Kind.END
        ? last
        : notices.reversed().stream()
            .filter(notice -> notice.reason().kind() == Reason.Kind.TROUBLE)
            .findFirst()
            .orElse(last);
  }

  /** What is over, or heals, is no more than something to know. */
  Severity severity() {
    Notice last = notices.getLast();
    if (isHealing()) {
      return Severity.INFO;
    }
    return last.reason().kind() == Reason.Kind.END
        ? last.severity()
        : notices.stream().map(Notice::severity).max(Severity::compareTo).orElseThrow();
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

  /** The MAIL FROM domain that SES has, or had, or was to get. */
  @Nullable DomainName domain() {
    DomainName live = state.sesView().live().mailFromDomain();
    if (live != null) {
      return live;
    }
    DomainName last = state.effectState().lastMailFrom();
    Desired desired = state.desired();
    return last != null || desired == null ? last : desired.settings().mailFromDomain();
  }

  /** Whether what is known of the DNS is about a domain. */
  boolean isLookedAt(@Nullable DomainName domain) {
    return domain != null && Objects.equals(domain, state.dnsState().name());
  }

  /** The MAIL FROM domain that it would get if it were given one like that of the one above. */
  Optional<DomainName> likeAbove() {
    DomainName ofAbove = above == null ? null : above.sesView().live().mailFromDomain();
    if (main().cause() != Cause.NOT_COVERED || above == null || ofAbove == null) {
      return Optional.empty();
    }
    DomainName own = key().name().domain();
    DomainName zone = above.key().name().domain();
    if (ofAbove.isBelow(own) || !ofAbove.isBelow(zone)) {
      return Optional.of(ofAbove).filter(domain -> domain.isBelow(own));
    }
    String label =
        ofAbove.value().substring(0, ofAbove.value().length() - zone.value().length() - 1);
    return DomainName.parse(label + "." + own.value()).toOptional();
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
