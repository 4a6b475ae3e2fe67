package mailfrom.local;

import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import mailfrom.local.LocalSes.OnMxFailure;
import mailfrom.local.LocalSes.Status;

/** The operations of SES that make, change and delete identities. */
final class IdentityOperations {
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final InstantSource clock;
  private final Predicate<Switch> switches;
  private final MailFromStates states;

  IdentityOperations(InstantSource clock, Predicate<Switch> switches, MailFromStates states) {
    this.clock = clock;
    this.switches = switches;
    this.states = states;
  }

  void addTo(Map<String, LocalSes.Operation> operations) {
    operations.put("VerifyDomainIdentity", this::verifyDomainIdentity);
    operations.put("VerifyEmailIdentity", this::verifyEmailIdentity);
    operations.put("VerifyDomainDkim", this::verifyDomainDkim);
    operations.put("DeleteIdentity", this::deleteIdentity);
    operations.put("SetIdentityMailFromDomain", this::setMailFromDomain);
    operations.put("SetIdentityFeedbackForwardingEnabled", this::setFeedbackForwarding);
    operations.put("SetIdentityDkimEnabled", this::setDkimEnabled);
  }

  private QueryAnswer verifyDomainIdentity(SesRegion region, QueryParameters parameters) {
    String domain = parameters.text("Domain");
    if (domain == null) {
      return SesErrors.missing("domain");
    }
    if (!DOMAIN.matcher(SesRegion.key(domain)).matches()) {
      return SesErrors.invalid("Invalid domain name " + domain + ".");
    }
    SesIdentity identity = region.create(domain, switches.test(Switch.VERIFY_AT_ONCE));
    return new QueryAnswer.Done(Xml.text("VerificationToken", identity.token()));
  }

  private QueryAnswer verifyEmailIdentity(SesRegion region, QueryParameters parameters) {
    String address = parameters.text("EmailAddress");
    if (address == null) {
      return SesErrors.missing("emailAddress");
    }
    int at = address.indexOf('@');
    if (at < 1 || !DOMAIN.matcher(SesRegion.key(address.substring(at + 1))).matches()) {
      return SesErrors.invalid("Invalid email address<" + address + ">.");
    }
    region.create(address, switches.test(Switch.VERIFY_AT_ONCE));
    return new QueryAnswer.Done("");
  }

  private QueryAnswer verifyDomainDkim(SesRegion region, QueryParameters parameters) {
    String domain = parameters.text("Domain");
    if (domain == null) {
      return SesErrors.missing("domain");
    }
    if (!DOMAIN.matcher(SesRegion.key(domain)).matches()) {
      return SesErrors.invalid("Invalid domain name " + domain + ".");
    }
    SesIdentity identity = region.create(domain, switches.test(Switch.VERIFY_AT_ONCE));
    identity.dkimVerified = switches.test(Switch.VERIFY_AT_ONCE) || identity.dkimVerified;
    return new QueryAnswer.Done(Xml.list("DkimTokens", identity.dkimTokens()));
  }

  private QueryAnswer deleteIdentity(SesRegion region, QueryParameters parameters) {
    String name = parameters.text("Identity");
    if (name == null) {
      return SesErrors.missing("identity");
    }
    states.drop(region, name);
    return new QueryAnswer.Done("");
  }

  private QueryAnswer setFeedbackForwarding(SesRegion region, QueryParameters parameters) {
    return withFlag(
        region, parameters, "ForwardingEnabled", (identity, on) -> identity.forwarding = on);
  }

  private QueryAnswer setDkimEnabled(SesRegion region, QueryParameters parameters) {
    return withFlag(region, parameters, "DkimEnabled", (identity, on) -> identity.dkimEnabled = on);
  }

  private interface Flag {
    void set(SesIdentity identity, boolean on);
  }

  private static QueryAnswer withFlag(
      SesRegion region, QueryParameters parameters, String parameter, Flag flag) {
    String name = parameters.text("Identity");
    String value = parameters.text(parameter);
    if (name == null) {
      return SesErrors.missing("identity");
    }
    if (value == null) {
      return SesErrors.missing(
          parameter.substring(0, 1).toLowerCase(Locale.ROOT) + parameter.substring(1));
    }
    SesIdentity identity = region.identity(name);
    if (identity == null) {
      return SesErrors.invalid("Identity " + name + " does not exist.");
    }
    flag.set(identity, Boolean.parseBoolean(value));
    return new QueryAnswer.Done("");
  }

  private QueryAnswer setMailFromDomain(SesRegion region, QueryParameters parameters) {
    String name = parameters.text("Identity");
    if (name == null) {
      return SesErrors.missing("identity");
    }
    String word = parameters.text("BehaviorOnMXFailure");
    Optional<OnMxFailure> behavior = Optional.ofNullable(word).flatMap(OnMxFailure::named);
    if (word != null && behavior.isEmpty()) {
      return SesErrors.notInEnum("behaviorOnMXFailure", "RejectMessage, UseDefaultValue");
    }
    SesIdentity identity = region.identity(name);
    if (identity == null) {
      return SesErrors.invalid("Identity " + name + " does not exist.");
    }
    String asked = parameters.text("MailFromDomain");
    if (asked == null && switches.test(Switch.CLEAR_NEEDS_EMPTY_STRING)) {
      return SesErrors.invalid("Provided MAIL-FROM domain null is not valid.");
    }
    if (asked == null || asked.isEmpty()) {
      states.clear(identity);
      return new QueryAnswer.Done("");
    }
    String domain = asked.toLowerCase(Locale.ROOT);
    if (!domain.endsWith("." + identity.domain())) {
      return SesErrors.invalid(
          "Provided MAIL-FROM domain "
              + asked
              + " is not subdomain of the domain of the identity "
              + name
              + ".");
    }
    if (!DOMAIN.matcher(domain).matches()) {
      return SesErrors.invalid("Provided MAIL-FROM domain " + asked + " is not valid.");
    }
    if (switches.test(Switch.VERIFIED_REQUIRED) && !identity.verified) {
      return SesErrors.invalid(
          "Provided MAIL-FROM domain "
              + asked
              + " or its parents are not verified for identity "
              + name
              + ".");
    }
    identity.behavior =
        behavior.orElse(
            switches.test(Switch.BEHAVIOR_KEPT_WHEN_LEFT_OUT)
                ? identity.behavior
                : OnMxFailure.USE_DEFAULT_VALUE);
    if (startsAnew(identity, domain)) {
      states.start(identity, domain, Status.PENDING, clock.instant());
    }
    return new QueryAnswer.Done("");
  }

  private boolean startsAnew(SesIdentity identity, String domain) {
    if (identity.status == null || !domain.equals(identity.mailFrom)) {
      return true;
    }
    return switch (identity.status) {
      case PENDING, TEMPORARY_FAILURE -> false;
      case SUCCESS -> switches.test(Switch.SET_RESETS_SUCCESS);
      case FAILED -> switches.test(Switch.SET_RESTARTS_FAILED);
    };
  }
}
