package mailfrom.domain.desired;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mailfrom.domain.dns.Answer;
import mailfrom.domain.dns.DnsDepth;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.MxRecord;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import org.jspecify.annotations.Nullable;

/** The rules for a MAIL FROM domain: what SES demands, and what would break somebody's mail. */
public final class Rules {
  private final Facts facts;
  private final DomainName domain;
  private final List<Violation> violations = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private Rules(Facts facts, DomainName domain) {
    this.facts = facts;
    this.domain = domain;
  }

  /**
   * What the rules look at.
   *
   * @param live what SES says now; null when it could not be asked
   * @param managedBefore whether it was ever asked for
   * @param view the DNS of the MAIL FROM domain at {@link DnsDepth#RULES}; null when not looked at
   * @param forwardingAtOrBelow identities that are the MAIL FROM domain, an address at it, or below
   *     it, and whether feedback is forwarded for them (null: not known)
   * @param identitiesAt when the identities were listed last; null when they never were
   * @param receiptRecipients recipients of the enabled receipt rules, the empty text for a rule
   *     without recipients; null when not known
   * @param receiptRecipientsAt when they were read; null when not known
   */
  public record Facts(
      IdentityName identity,
      Desired desired,
      @Nullable Live live,
      boolean managedBefore,
      @Nullable DnsView view,
      Map<IdentityName, @Nullable Boolean> forwardingAtOrBelow,
      @Nullable Instant identitiesAt,
      @Nullable List<String> receiptRecipients,
      @Nullable Instant receiptRecipientsAt) {}

  /**
   * Checks all rules, and reports every one that is broken. Nothing is wanted: nothing to check.
   * What could not be asked is a warning, never a violation.
   */
  public static RuleCheck check(Facts facts) {
    DomainName domain = facts.desired().settings().mailFromDomain();
    if (domain == null) {
      return new RuleCheck(List.of(), List.of());
    }
    Rules rules = new Rules(facts, domain);
    rules.checkName();
    rules.checkDns();
    rules.checkReceiptRules();
    rules.checkIdentities();
    rules.checkLive();
    return new RuleCheck(rules.violations, rules.warnings);
  }

  private void checkName() {
    DomainName owner = facts.identity().domain();
    if (!domain.isBelow(owner)) {
      violate(ViolationCode.NOT_A_SUBDOMAIN, notASubdomain(owner));
    }
    if (domain.value().contains("_")) {
      violate(
          ViolationCode.MALFORMED_NAME,
          "The MAIL FROM domain %s has a '_', which a domain name in SMTP may not have. Use letters,"
                  .formatted(domain)
              + " digits and '-' only, such as bounce.%s."
                  .formatted(owner.value().contains("_") ? "example.com" : owner));
    }
  }

  private String notASubdomain(DomainName owner) {
    String what =
        "Provided MAIL-FROM domain %s is not subdomain of the domain of the identity %s."
            .formatted(domain, facts.identity());
    String why;
    if (domain.equals(owner)) {
      why = " It is that domain itself, which SES does not take.";
    } else if (owner.isBelow(domain)) {
      why = " It is above that domain.";
    } else if (domain.value().endsWith(owner.value())) {
      why =
          " It only ends in the same letters: %s is another domain, since there is no dot before %s."
              .formatted(domain, owner);
    } else {
      why = "";
    }
    String whose =
        facts.identity().isAddress()
            ? " For an address the domain after '@' counts: %s.".formatted(owner)
            : "";
    return what + why + whose + " Use a name below it, such as bounce.%s.".formatted(owner);
  }

  private void checkDns() {
    DnsView view = facts.view();
    if (view == null) {
      if (violations.isEmpty()) {
        warn(
            WarningCode.COULD_NOT_ASK,
            "The DNS of %s was not looked at: whether the name receives mail or is in use is not"
                    .formatted(domain)
                + " known. Make sure that nothing else uses it.");
      }
      return;
    }
    DnsView.Sibling sibling = view.others().sibling();
    Dns mx = dns(view.mx(), sibling == null ? null : sibling.mx());
    Answer<DomainName> aliases = view.others().cname();
    Answer<String> addresses = view.others().address();
    Dns cname = dns(aliases, sibling == null ? null : sibling.cname());
    Dns address = dns(addresses, sibling == null ? null : sibling.address());

    List<String> foreign =
        view.mx().records().stream().filter(Rules::isForeign).sorted().map(MxRecord::text).toList();
    List<String> unknown = new ArrayList<>();
    List<String> wildcards = new ArrayList<>();
    if (mx == Dns.NOT_ASKED || (mx == Dns.OWN_OR_WILDCARD && !foreign.isEmpty())) {
      unknown.add("MX");
    } else if (mx == Dns.WILDCARD && !foreign.isEmpty()) {
      wildcards.add("MX " + String.join(", ", foreign));
    } else if (mx == Dns.OWN && !foreign.isEmpty()) {
      violate(
          ViolationCode.RECEIVES_MAIL,
          "%s receives mail: its MX is %s. A MAIL FROM domain must not be used to receive mail, and"
                  .formatted(domain, String.join(", ", foreign))
              + " its MX has to be SES's feedback host alone. Choose another name below %s, or remove"
                  .formatted(facts.identity().domain())
              + " that MX.");
    }
    switch (cname) {
      case NONE -> {}
      case NOT_ASKED, OWN_OR_WILDCARD -> unknown.add("CNAME");
      case WILDCARD -> wildcards.add("CNAME " + targets(aliases));
      case OWN ->
          violate(
              ViolationCode.NAME_IN_USE,
              "%s is in use: it is an alias (CNAME) of %s, and a name with a CNAME can have no MX."
                      .formatted(domain, targets(aliases))
                  + " Choose another name below %s, or remove the CNAME."
                      .formatted(facts.identity().domain()));
    }
    switch (address) {
      case NONE -> {}
      case NOT_ASKED -> unknown.add("A and AAAA");
      case WILDCARD -> wildcards.add("addresses " + addresses(addresses));
      case OWN, OWN_OR_WILDCARD ->
          warn(
              WarningCode.ADDRESS_RECORDS,
              "%s has address records (%s): something else may use the name. They do not hide the MX"
                      .formatted(domain, addresses(addresses))
                  + " record; make sure that it is meant.");
    }
    Answer<String> txt = view.spf().txt();
    if (dns(txt, sibling == null ? null : sibling.txt()) == Dns.WILDCARD) {
      wildcards.add("TXT " + String.join(", ", txt.records()));
    }
    if (!wildcards.isEmpty()) {
      warn(
          WarningCode.WILDCARD,
          "A wildcard answers for %s (%s), as it does for any name beside it. The MX and TXT records"
                  .formatted(domain, String.join("; ", wildcards))
              + " published at the name itself hide it.");
    }
    if (!unknown.isEmpty()) {
      warn(
          WarningCode.COULD_NOT_ASK,
          "The DNS could not be asked for %s of %s or of a name beside it: whether the name receives"
                  .formatted(String.join(", ", unknown), domain)
              + " mail or is in use is not known. Make sure that nothing else uses it.");
    }
  }

  /** Whether records are at the name itself or come from a wildcard. */
  private enum Dns {
    NONE,
    OWN,
    /** A random sibling gives the same answer: nobody configured this name. */
    WILDCARD,
    /** There are records, and the sibling could not be asked. */
    OWN_OR_WILDCARD,
    NOT_ASKED
  }

  private static <T> Dns dns(@Nullable Answer<T> answer, @Nullable Answer<T> sibling) {
    return switch (answer) {
      case null -> Dns.NOT_ASKED;
      case Answer.CouldNotAsk<T> _ -> Dns.NOT_ASKED;
      case Answer.None<T> _ -> Dns.NONE;
      case Answer.Found<T>(List<T> records) ->
          switch (sibling) {
            case null -> Dns.OWN_OR_WILDCARD;
            case Answer.CouldNotAsk<T> _ -> Dns.OWN_OR_WILDCARD;
            case Answer.None<T> _ -> Dns.OWN;
            case Answer.Found<T>(List<T> others) ->
                Set.copyOf(records).equals(Set.copyOf(others)) ? Dns.WILDCARD : Dns.OWN;
          };
    };
  }

  /**
   * A mistyped feedback host receives no mail, and neither does the null MX of RFC 7505, nor a name
   * that can never exist (RFC 6761), by which some prove that a domain is theirs.
   */
  private static boolean isForeign(MxRecord record) {
    return !record.host().startsWith("feedback-smtp.")
        && !record.host().equals(".")
        && !record.host().endsWith(".invalid");
  }

  private static String targets(@Nullable Answer<DomainName> cname) {
    return cname == null
        ? ""
        : cname.records().stream().map(DomainName::value).collect(Collectors.joining(", "));
  }

  private static String addresses(@Nullable Answer<String> address) {
    return address == null ? "" : String.join(", ", address.records());
  }

  private void checkReceiptRules() {
    List<String> recipients = facts.receiptRecipients();
    if (recipients == null) {
      warn(
          WarningCode.COULD_NOT_ASK,
          "The receipt rules of SES are not known: whether one receives mail for %s was not checked."
              .formatted(domain));
      return;
    }
    List<String> exact = new ArrayList<>();
    List<String> wide = new ArrayList<>();
    for (String recipient : recipients) {
      String host = recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
      if (recipient.isEmpty()) {
        wide.add("one without recipients, which takes the mail of every verified domain");
      } else if (host.equals(domain.value())) {
        exact.add(recipient);
      } else if (host.startsWith(".") && domain.value().endsWith(host)) {
        wide.add(recipient);
      }
    }
    if (!exact.isEmpty()) {
      violate(
          ViolationCode.RECEIVES_MAIL,
          "An enabled receipt rule of SES receives mail for %s (%s). A MAIL FROM domain must not be"
                  .formatted(domain, String.join(", ", exact))
              + " used to receive mail. Choose another name below %s, or take it out of the rule."
                  .formatted(facts.identity().domain())
              + readAt(facts.receiptRecipientsAt()));
    }
    if (!wide.isEmpty()) {
      warn(
          WarningCode.RECEIPT_RULE,
          "Enabled receipt rules of SES cover %s too (%s). With SES's feedback host as its only MX no"
                  .formatted(domain, String.join("; ", wide))
              + " mail arrives there; make sure that nobody relies on it."
              + readAt(facts.receiptRecipientsAt()));
    }
  }

  private void checkIdentities() {
    if (facts.identitiesAt() == null) {
      warn(
          WarningCode.COULD_NOT_ASK,
          "The identities of this Region were not listed yet: whether %s is one, with feedback forwarding on, was not"
                  .formatted(domain)
              + " checked.");
    }
    List<String> below = new ArrayList<>();
    new TreeMap<>(facts.forwardingAtOrBelow())
        .forEach(
            (name, forwarding) -> {
              if (!name.value().equals(domain.value())) {
                if (name.domain().equals(domain) || name.domain().isBelow(domain)) {
                  below.add(name.value());
                }
              } else if (forwarding == null) {
                warn(
                    WarningCode.COULD_NOT_ASK,
                    "%s is an identity of SES itself, and whether feedback is forwarded for it is not"
                            .formatted(domain)
                        + " known. A MAIL FROM domain must not be a From domain with feedback"
                        + " forwarding: make sure that it is off.");
              } else if (forwarding) {
                violate(
                    ViolationCode.FEEDBACK_DESTINATION,
                    "%s is an identity of SES itself, with feedback forwarding on. A MAIL FROM domain"
                            .formatted(domain)
                        + " that is the destination of feedback must not be used in From addresses."
                        + " Choose another name below %s, or turn feedback forwarding off for %s."
                            .formatted(facts.identity().domain(), domain)
                        + readAt(facts.identitiesAt()));
              }
            });
    if (!below.isEmpty()) {
      warn(
          WarningCode.IDENTITY_BELOW,
          "Identities of SES lie at or below %s (%s). Do not send from them while the name takes"
                  .formatted(domain, shortened(below))
              + " feedback."
              + readAt(facts.identitiesAt()));
    }
  }

  /** How old it is. */
  private static String readAt(@Nullable Instant at) {
    return at == null ? "" : " (As of %s.)".formatted(at.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String shortened(List<String> names) {
    int shown = 5;
    return names.size() <= shown
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, shown))
            + " and %d more".formatted(names.size() - shown);
  }

  private void checkLive() {
    if (facts.managedBefore()) {
      return;
    }
    Live live = facts.live();
    if (live == null) {
      warn(
          WarningCode.COULD_NOT_ASK,
          "SES could not be asked what %s has now: another MAIL FROM domain may be overwritten."
              .formatted(facts.identity()));
      return;
    }
    DomainName other = live.mailFromDomain();
    if (other != null && !other.equals(domain)) {
      violate(
          ViolationCode.ALREADY_SET,
          "%s already has the MAIL FROM domain %s, which this system did not set. Ask for that one,"
                  .formatted(facts.identity(), other)
              + " or accept ALREADY_SET to replace it.");
    }
  }

  private void violate(ViolationCode code, String message) {
    if (code.overridable() && facts.desired().accept().contains(code)) {
      warn(code, "Accepted: " + message);
    } else {
      violations.add(
          new Violation(
              code,
              code.overridable() && code != ViolationCode.ALREADY_SET
                  ? message + " If it is meant, name %s in \"accept\".".formatted(code)
                  : message));
    }
  }

  private void warn(Problem.Code code, String message) {
    warnings.add(Problem.of(code, message));
  }
}
