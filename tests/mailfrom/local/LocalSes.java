package mailfrom.local;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Amazon SES for one account in every Region, as strict as the real one: its rules and error texts,
 * one call a second an operation, and states that are driven by DNS and the clock.
 *
 * <p>DNS is read again at every call and at every move of the clock, and whenever live state is
 * read through a Java method. What is not known about SES is a {@link Switch}. All methods may be
 * called from any thread.
 */
public final class LocalSes {
  /** How long SES looks for the MX record before it gives up for good. */
  public static final Duration LOOKS_FOR = Duration.ofDays(3);

  private static final int LARGEST_BATCH = 100;
  private static final int LARGEST_PAGE = 1000;
  private static final int CALLS_KEPT = 200_000;
  private static final String ALL_OPERATIONS = "*";
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern FROM =
      Pattern.compile("(?:[^<>]*<)?\\s*([^<>@\\s]+@[^<>@\\s]+?)\\s*>?\\s*");

  /** SES's word for a MAIL FROM domain that is set. */
  public enum Status {
    PENDING("Pending"),
    SUCCESS("Success"),
    FAILED("Failed"),
    TEMPORARY_FAILURE("TemporaryFailure");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** The word on the wire. */
    public String word() {
      return word;
    }
  }

  /** What SES does with mail while the MX record is not there. */
  public enum OnMxFailure {
    USE_DEFAULT_VALUE("UseDefaultValue"),
    REJECT_MESSAGE("RejectMessage");

    private final String word;

    OnMxFailure(String word) {
      this.word = word;
    }

    /** The word on the wire. */
    public String word() {
      return word;
    }

    static Optional<OnMxFailure> named(String word) {
      return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
  }

  /**
   * The MAIL FROM state of an identity; without a domain there is no status, and {@code since} is
   * null.
   */
  public record Live(
      @Nullable String mailFromDomain,
      OnMxFailure behavior,
      @Nullable Status status,
      @Nullable Instant since) {}

  /**
   * A message that was sent: {@code identity} is the one that won, {@code envelopeDomain} what SPF
   * will be checked for.
   */
  public record Sent(
      Instant at,
      String region,
      String from,
      String identity,
      String envelopeDomain,
      String messageId) {}

  /**
   * A call that came in: how many identities it names, the first of them, and {@code OK} or the
   * error code.
   */
  public record Call(
      Instant at,
      String region,
      String operation,
      int identities,
      @Nullable String identity,
      String outcome) {}

  private static final class Identity {
    final String name;
    boolean verified;
    boolean forwarding = true;
    @Nullable Boolean dkimEnabled;
    boolean dkimVerified;
    @Nullable String mailFrom;
    OnMxFailure behavior = OnMxFailure.USE_DEFAULT_VALUE;
    @Nullable Status status;
    @Nullable Instant since;

    Identity(String name) {
      this.name = name;
    }

    boolean isAddress() {
      return name.indexOf('@') >= 0;
    }

    String domain() {
      return name.substring(name.indexOf('@') + 1);
    }
  }

  private record ReceiptRule(String name, boolean enabled, List<String> recipients) {}

  private static final class Region {
    final String name;
    final NavigableMap<String, Identity> identities = new TreeMap<>();
    final Map<String, List<ReceiptRule>> ruleSets = new LinkedHashMap<>();
    final Map<String, Long> lastCalls = new HashMap<>();
    final Set<String> denied = new HashSet<>();
    final Map<String, Set<String>> leftOut = new HashMap<>();
    @Nullable String activeRuleSet;
    boolean enabled = true;

    Region(String name) {
      this.name = name;
    }

    boolean leavesOut(String operation, String name) {
      return leftOut.getOrDefault(operation, Set.of()).contains(name);
    }
  }

  private interface Operation {
    QueryAnswer answer(Region region, QueryParameters parameters);
  }

  private final InstantSource clock;
  private final MxLookup mx;
  private final FaultPlan faults;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Region> regions = new TreeMap<>();
  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<Switch, Boolean> switches = new EnumMap<>(Switch.class);
  private final Deque<Call> calls = new ArrayDeque<>();
  private final List<Sent> sent = new ArrayList<>();
  // Who is looked at: all but Failed. A Region may hold ten thousand, so they are looked at only
  // when DNS changed.
  private final Set<Identity> watched = new LinkedHashSet<>();
  private final Set<Identity> fresh = new LinkedHashSet<>();
  private final NavigableMap<Instant, Set<Identity>> deadlines = new TreeMap<>();
  private long seenVersion = Long.MIN_VALUE;
  private long callCount;
  private int paceFactor = 1;

  /** An SES without faults, at real pace, that follows the moves of the clock. */
  public LocalSes(LocalClock clock, MxLookup mx) {
    this(clock, mx, new FaultPlan(), System::nanoTime);
  }

  /** An SES that follows the moves of the clock, and whose pace is measured by {@code nanoTime}. */
  public LocalSes(LocalClock clock, MxLookup mx, FaultPlan faults, LongSupplier nanoTime) {
    this.clock = clock;
    this.mx = mx;
    this.faults = faults;
    this.nanoTime = nanoTime;
    for (Switch one : Switch.values()) {
      switches.put(one, one.byDefault());
    }
    operations.put("ListIdentities", this::listIdentities);
    operations.put("VerifyDomainIdentity", this::verifyDomainIdentity);
    operations.put("VerifyEmailIdentity", this::verifyEmailIdentity);
    operations.put("VerifyDomainDkim", this::verifyDomainDkim);
    operations.put("DeleteIdentity", this::deleteIdentity);
    operations.put("GetIdentityMailFromDomainAttributes", this::mailFromAttributes);
    operations.put("GetIdentityVerificationAttributes", this::verificationAttributes);
    operations.put("GetIdentityNotificationAttributes", this::notificationAttributes);
    operations.put("GetIdentityDkimAttributes", this::dkimAttributes);
    operations.put("SetIdentityMailFromDomain", this::setMailFromDomain);
    operations.put("SetIdentityFeedbackForwardingEnabled", this::setFeedbackForwarding);
    operations.put("SetIdentityDkimEnabled", this::setDkimEnabled);
    operations.put("DescribeActiveReceiptRuleSet", this::describeActiveReceiptRuleSet);
    operations.put("CreateReceiptRuleSet", this::createReceiptRuleSet);
    operations.put("CreateReceiptRule", this::createReceiptRule);
    operations.put("SetActiveReceiptRuleSet", this::setActiveReceiptRuleSet);
    operations.put("SendEmail", this::sendEmail);
    clock.follow(now -> locked(() -> evaluate(now)));
  }

  // ---- the door

  /** Answers one call of the Query protocol. */
  public QueryAnswer call(String region, String operation, QueryParameters parameters) {
    return locked(
        () -> {
          Instant now = clock.instant();
          evaluate(now);
          QueryAnswer answer = answer(region(region), operation, parameters);
          callCount++;
          if (calls.size() == CALLS_KEPT) {
            calls.removeFirst();
          }
          List<String> named = named(parameters);
          calls.addLast(
              new Call(
                  now,
                  region,
                  operation,
                  named.size(),
                  named.isEmpty() ? null : named.getFirst(),
                  answer.outcome()));
          return answer;
        });
  }

  private static List<String> named(QueryParameters parameters) {
    List<String> many = parameters.members("Identities");
    return many.isEmpty()
        ? List.of("Identity", "Domain", "EmailAddress", "Source").stream()
            .flatMap(name -> Optional.ofNullable(parameters.text(name)).stream())
            .limit(1)
            .toList()
        : many;
  }

  private QueryAnswer answer(Region region, String operation, QueryParameters parameters) {
    if (!region.enabled) {
      return new QueryAnswer.Refused(
          403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }
    Operation known = operations.get(operation);
    if (known == null) {
      return QueryAnswer.refused(
          "InvalidAction", "Could not find operation " + operation + " for version 2010-12-01");
    }
    if (region.denied.contains(operation) || region.denied.contains(ALL_OPERATIONS)) {
      return new QueryAnswer.Refused(
          403, "AccessDenied", "User is not authorized to perform: ses:" + operation);
    }
    if (!slotTaken(region, operation)) {
      return throttled();
    }
    Optional<FaultPlan.Kind> fault = faults.take(FaultPlan.Service.SES, operation);
    if (fault.isEmpty()) {
      return known.answer(region, parameters);
    }
    return switch (fault.get()) {
      case THROTTLING -> throttled();
      case FAIL_BEFORE -> internalFailure();
      case FAIL_AFTER -> {
        known.answer(region, parameters);
        yield internalFailure();
      }
      case TIMEOUT -> new QueryAnswer.Silence();
      case EMPTY_BODY -> new QueryAnswer.Broken("text/xml", "");
      case PROXY_PAGE ->
          new QueryAnswer.Broken("text/html", "<html><body>Please log in.</body></html>");
      case EMPTY_ANSWER -> new QueryAnswer.Done("");
    };
  }

  /** One call a second: only a call that got through counts. */
  private boolean slotTaken(Region region, String operation) {
    long now = nanoTime.getAsLong();
    String budget = is(Switch.SHARED_PACE) ? ALL_OPERATIONS : operation;
    Long last = region.lastCalls.get(budget);
    if (last != null && now - last < Duration.ofSeconds(1).toNanos() / paceFactor) {
      return false;
    }
    region.lastCalls.put(ALL_OPERATIONS, now);
    region.lastCalls.put(operation, now);
    return true;
  }

  private static QueryAnswer throttled() {
    return QueryAnswer.refused("Throttling", "Rate exceeded");
  }

  private static QueryAnswer internalFailure() {
    return new QueryAnswer.Refused(500, "InternalFailure", "An internal failure occurred.");
  }

  // ---- the states

  private void evaluate(Instant now) {
    while (!deadlines.isEmpty() && !deadlines.firstKey().isAfter(now)) {
      Map.Entry<Instant, Set<Identity>> due = deadlines.firstEntry();
      List.copyOf(due.getValue())
          .forEach(identity -> become(identity, Status.FAILED, due.getKey()));
    }
    long version = mx.version();
    Collection<Identity> toLook = version == seenVersion ? fresh : watched;
    List.copyOf(toLook).forEach(identity -> look(identity, now));
    seenVersion = version;
    fresh.clear();
  }

  private void look(Identity identity, Instant now) {
    if (identity.mailFrom == null || identity.status == null || !watched.contains(identity)) {
      return;
    }
    MxLookup.Seen seen = mx.look(identity.mailFrom);
    switch (identity.status) {
      case PENDING, TEMPORARY_FAILURE -> {
        if (seen == MxLookup.Seen.RIGHT) {
          become(identity, Status.SUCCESS, now);
        }
      }
      case SUCCESS -> {
        if (seen == MxLookup.Seen.WRONG) {
          become(identity, Status.TEMPORARY_FAILURE, now);
        }
      }
      case FAILED -> {
        // SES no longer looks.
      }
    }
  }

  private void become(Identity identity, @Nullable Status status, @Nullable Instant since) {
    forgetDeadline(identity);
    identity.status = status;
    identity.since = since;
    if (status == null || status == Status.FAILED) {
      watched.remove(identity);
      fresh.remove(identity);
    } else {
      watched.add(identity);
    }
    if (since != null && (status == Status.PENDING || status == Status.TEMPORARY_FAILURE)) {
      deadlines.computeIfAbsent(since.plus(LOOKS_FOR), _ -> new LinkedHashSet<>()).add(identity);
    }
  }

  private void forgetDeadline(Identity identity) {
    if (identity.since != null) {
      Instant deadline = identity.since.plus(LOOKS_FOR);
      Set<Identity> due = deadlines.get(deadline);
      if (due != null && due.remove(identity) && due.isEmpty()) {
        deadlines.remove(deadline);
      }
    }
  }

  private void start(Identity identity, String mailFromDomain, Status status, Instant since) {
    identity.mailFrom = mailFromDomain;
    become(identity, status, since);
    if (status != Status.FAILED) {
      fresh.add(identity);
    }
  }

  private void clear(Identity identity) {
    identity.mailFrom = null;
    identity.behavior = OnMxFailure.USE_DEFAULT_VALUE;
    become(identity, null, null);
  }

  // ---- SetIdentityMailFromDomain

  private QueryAnswer setMailFromDomain(Region region, QueryParameters parameters) {
    String name = parameters.text("Identity");
    if (name == null) {
      return missing("identity");
    }
    String word = parameters.text("BehaviorOnMXFailure");
    Optional<OnMxFailure> behavior = Optional.ofNullable(word).flatMap(OnMxFailure::named);
    if (word != null && behavior.isEmpty()) {
      return notInEnum("behaviorOnMXFailure", "RejectMessage, UseDefaultValue");
    }
    Identity identity = region.identities.get(key(name));
    if (identity == null) {
      return invalid("Identity " + name + " does not exist.");
    }
    String asked = parameters.text("MailFromDomain");
    if (asked == null && is(Switch.CLEAR_NEEDS_EMPTY_STRING)) {
      return invalid("Provided MAIL-FROM domain null is not valid.");
    }
    if (asked == null || asked.isEmpty()) {
      clear(identity);
      return new QueryAnswer.Done("");
    }
    String domain = asked.toLowerCase(Locale.ROOT);
    if (!domain.endsWith("." + identity.domain())) {
      return invalid(
          "Provided MAIL-FROM domain "
              + asked
              + " is not subdomain of the domain of the identity "
              + name
              + ".");
    }
    if (!DOMAIN.matcher(domain).matches()) {
      return invalid("Provided MAIL-FROM domain " + asked + " is not valid.");
    }
    if (is(Switch.VERIFIED_REQUIRED) && !identity.verified) {
      return invalid(
          "Provided MAIL-FROM domain "
              + asked
              + " or its parents are not verified for identity "
              + name
              + ".");
    }
    identity.behavior =
        behavior.orElse(
            is(Switch.BEHAVIOR_KEPT_WHEN_LEFT_OUT)
                ? identity.behavior
                : OnMxFailure.USE_DEFAULT_VALUE);
    if (startsAnew(identity, domain)) {
      start(identity, domain, Status.PENDING, clock.instant());
    }
    return new QueryAnswer.Done("");
  }

  private boolean startsAnew(Identity identity, String domain) {
    if (identity.status == null || !domain.equals(identity.mailFrom)) {
      return true;
    }
    return switch (identity.status) {
      case PENDING, TEMPORARY_FAILURE -> false;
      case SUCCESS -> is(Switch.SET_RESETS_SUCCESS);
      case FAILED -> is(Switch.SET_RESTARTS_FAILED);
    };
  }

  // ---- reading

  private QueryAnswer listIdentities(Region region, QueryParameters parameters) {
    String type = parameters.textOrEmpty("IdentityType");
    if (parameters.text("IdentityType") != null
        && !type.equals("Domain")
        && !type.equals("EmailAddress")) {
      return notInEnum("identityType", "Domain, EmailAddress");
    }
    String text = parameters.text("MaxItems");
    int most = LARGEST_BATCH;
    if (text != null) {
      try {
        most = Integer.parseInt(text);
      } catch (NumberFormatException _) {
        return QueryAnswer.refused("MalformedInput", "MaxItems is not a number");
      }
      if (most < 1 || most > LARGEST_PAGE) {
        String bound =
            most < 1 ? "greater than or equal to 1" : "less than or equal to " + LARGEST_PAGE;
        return QueryAnswer.refused(
            "ValidationError",
            "1 validation error detected: Value '"
                + most
                + "' at 'maxItems' failed to satisfy constraint: Member must have value "
                + bound);
      }
    }
    NavigableMap<String, Identity> rest = region.identities;
    String token = parameters.text("NextToken");
    if (token != null) {
      try {
        String last = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        rest = region.identities.tailMap(last, false);
      } catch (IllegalArgumentException _) {
        return invalid("Invalid NextToken.");
      }
    }
    List<String> page =
        rest.values().stream()
            .filter(
                identity -> type.isEmpty() || identity.isAddress() == type.equals("EmailAddress"))
            .map(identity -> identity.name)
            .filter(name -> !region.leavesOut("ListIdentities", name))
            .limit(most + 1L)
            .toList();
    List<String> shown = page.subList(0, Math.min(most, page.size()));
    String next =
        page.size() > most
            ? Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(shown.getLast().getBytes(StandardCharsets.UTF_8))
            : null;
    return new QueryAnswer.Done(
        Xml.list("Identities", shown.stream().map(Xml::escaped).toList())
            + Xml.maybe("NextToken", next));
  }

  private QueryAnswer mailFromAttributes(Region region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "MailFromDomainAttributes",
        identity ->
            Xml.maybe("MailFromDomain", identity.mailFrom)
                + Xml.maybe(
                    "MailFromDomainStatus", identity.status == null ? null : identity.status.word())
                + Xml.text("BehaviorOnMXFailure", identity.behavior.word()));
  }

  private QueryAnswer verificationAttributes(Region region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "VerificationAttributes",
        identity ->
            Xml.text("VerificationStatus", identity.verified ? "Success" : "Pending")
                + (identity.isAddress()
                    ? ""
                    : Xml.text("VerificationToken", token(identity.name))));
  }

  private QueryAnswer notificationAttributes(Region region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "NotificationAttributes",
        identity ->
            Xml.text("ForwardingEnabled", Boolean.toString(identity.forwarding))
                + Xml.text("HeadersInBounceNotificationsEnabled", "false")
                + Xml.text("HeadersInComplaintNotificationsEnabled", "false")
                + Xml.text("HeadersInDeliveryNotificationsEnabled", "false"));
  }

  private QueryAnswer dkimAttributes(Region region, QueryParameters parameters) {
    return attributes(
        region,
        parameters,
        "DkimAttributes",
        identity -> {
          // An address signs with the keys of its domain.
          Identity keys =
              identity.isAddress() ? region.identities.get(identity.domain()) : identity;
          boolean verified = keys != null && keys.dkimVerified;
          boolean byDefault = keys != null && Boolean.TRUE.equals(keys.dkimEnabled);
          boolean enabled = identity.dkimEnabled == null ? byDefault : identity.dkimEnabled;
          return Xml.text("DkimEnabled", Boolean.toString(enabled))
              + Xml.text("DkimVerificationStatus", verified ? "Success" : "NotStarted")
              + (keys != null && verified ? Xml.list("DkimTokens", dkimTokens(keys.name)) : "");
        });
  }

  private static QueryAnswer attributes(
      Region region, QueryParameters parameters, String element, Function<Identity, String> xml) {
    if (!parameters.has("Identities")) {
      return missing("identities");
    }
    List<String> names = parameters.members("Identities");
    if (names.size() > LARGEST_BATCH) {
      return QueryAnswer.refused(
          "ValidationError",
          "1 validation error detected: Value '["
              + String.join(", ", names)
              + "]' at 'identities' failed to satisfy constraint: Member must have length less than or equal to "
              + LARGEST_BATCH);
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String name : names) {
      Identity identity = region.identities.get(key(name));
      // The operations are named for their elements.
      if (identity != null && !region.leavesOut("GetIdentity" + element, identity.name)) {
        entries.put(name, xml.apply(identity));
      }
    }
    return new QueryAnswer.Done(Xml.map(element, entries));
  }

  // ---- identities

  private QueryAnswer verifyDomainIdentity(Region region, QueryParameters parameters) {
    String domain = parameters.text("Domain");
    if (domain == null) {
      return missing("domain");
    }
    if (!DOMAIN.matcher(key(domain)).matches()) {
      return invalid("Invalid domain name " + domain + ".");
    }
    Identity identity = create(region, domain);
    return new QueryAnswer.Done(Xml.text("VerificationToken", token(identity.name)));
  }

  private QueryAnswer verifyEmailIdentity(Region region, QueryParameters parameters) {
    String address = parameters.text("EmailAddress");
    if (address == null) {
      return missing("emailAddress");
    }
    int at = address.indexOf('@');
    if (at < 1 || !DOMAIN.matcher(key(address.substring(at + 1))).matches()) {
      return invalid("Invalid email address<" + address + ">.");
    }
    create(region, address);
    return new QueryAnswer.Done("");
  }

  private Identity create(Region region, String name) {
    return region.identities.computeIfAbsent(
        key(name),
        key -> {
          Identity identity = new Identity(key);
          identity.verified = is(Switch.VERIFY_AT_ONCE);
          return identity;
        });
  }

  private QueryAnswer verifyDomainDkim(Region region, QueryParameters parameters) {
    String domain = parameters.text("Domain");
    if (domain == null) {
      return missing("domain");
    }
    if (!DOMAIN.matcher(key(domain)).matches()) {
      return invalid("Invalid domain name " + domain + ".");
    }
    Identity identity = create(region, domain);
    identity.dkimVerified = is(Switch.VERIFY_AT_ONCE) || identity.dkimVerified;
    return new QueryAnswer.Done(Xml.list("DkimTokens", dkimTokens(identity.name)));
  }

  private QueryAnswer deleteIdentity(Region region, QueryParameters parameters) {
    String name = parameters.text("Identity");
    if (name == null) {
      return missing("identity");
    }
    drop(region, name);
    return new QueryAnswer.Done("");
  }

  private void drop(Region region, String name) {
    Identity gone = region.identities.remove(key(name));
    if (gone != null) {
      clear(gone);
    }
  }

  private QueryAnswer setFeedbackForwarding(Region region, QueryParameters parameters) {
    return withFlag(
        region, parameters, "ForwardingEnabled", (identity, on) -> identity.forwarding = on);
  }

  private QueryAnswer setDkimEnabled(Region region, QueryParameters parameters) {
    return withFlag(region, parameters, "DkimEnabled", (identity, on) -> identity.dkimEnabled = on);
  }

  private interface Flag {
    void set(Identity identity, boolean on);
  }

  private static QueryAnswer withFlag(
      Region region, QueryParameters parameters, String parameter, Flag flag) {
    String name = parameters.text("Identity");
    String value = parameters.text(parameter);
    if (name == null) {
      return missing("identity");
    }
    if (value == null) {
      return missing(parameter.substring(0, 1).toLowerCase(Locale.ROOT) + parameter.substring(1));
    }
    Identity identity = region.identities.get(key(name));
    if (identity == null) {
      return invalid("Identity " + name + " does not exist.");
    }
    flag.set(identity, Boolean.parseBoolean(value));
    return new QueryAnswer.Done("");
  }

  // ---- receiving

  private QueryAnswer describeActiveReceiptRuleSet(Region region, QueryParameters parameters) {
    String active = region.activeRuleSet;
    if (active == null) {
      return new QueryAnswer.Done("");
    }
    List<String> rules =
        region.ruleSets.getOrDefault(active, List.of()).stream()
            .map(
                rule ->
                    Xml.text("Name", rule.name())
                        + Xml.text("Enabled", Boolean.toString(rule.enabled()))
                        + Xml.text("TlsPolicy", "Optional")
                        + Xml.list(
                            "Recipients", rule.recipients().stream().map(Xml::escaped).toList())
                        + Xml.list("Actions", List.of())
                        + Xml.text("ScanEnabled", "false"))
            .toList();
    String metadata =
        Xml.text("Name", active) + Xml.text("CreatedTimestamp", "2026-01-01T00:00:00.000Z");
    return new QueryAnswer.Done(Xml.element("Metadata", metadata) + Xml.list("Rules", rules));
  }

  private QueryAnswer createReceiptRuleSet(Region region, QueryParameters parameters) {
    String name = parameters.text("RuleSetName");
    if (name == null) {
      return missing("ruleSetName");
    }
    return region.ruleSets.putIfAbsent(name, new ArrayList<>()) == null
        ? new QueryAnswer.Done("")
        : QueryAnswer.refused("AlreadyExists", "Rule set already exists: " + name);
  }

  private QueryAnswer createReceiptRule(Region region, QueryParameters parameters) {
    String set = parameters.text("RuleSetName");
    QueryParameters rule = parameters.below("Rule");
    String name = rule.text("Name");
    if (set == null || name == null) {
      return missing(set == null ? "ruleSetName" : "rule.name");
    }
    List<ReceiptRule> rules = region.ruleSets.get(set);
    if (rules == null) {
      return QueryAnswer.refused("RuleSetDoesNotExist", "Rule set does not exist: " + set);
    }
    if (rules.stream().anyMatch(other -> other.name().equals(name))) {
      return QueryAnswer.refused("AlreadyExists", "Rule already exists: " + name);
    }
    rules.add(
        new ReceiptRule(
            name, Boolean.parseBoolean(rule.text("Enabled")), rule.members("Recipients")));
    return new QueryAnswer.Done("");
  }

  private QueryAnswer setActiveReceiptRuleSet(Region region, QueryParameters parameters) {
    String name = parameters.text("RuleSetName");
    if (name != null && !region.ruleSets.containsKey(name)) {
      return QueryAnswer.refused("RuleSetDoesNotExist", "Rule set does not exist: " + name);
    }
    region.activeRuleSet = name;
    return new QueryAnswer.Done("");
  }

  // ---- sending

  private QueryAnswer sendEmail(Region region, QueryParameters parameters) {
    String source = parameters.text("Source");
    if (source == null) {
      return missing("source");
    }
    if (!parameters.has("Destination")) {
      return missing("destination");
    }
    if (!parameters.has("Message")) {
      return missing("message");
    }
    QueryParameters to = parameters.below("Destination");
    if (to.members("ToAddresses").isEmpty()
        && to.members("CcAddresses").isEmpty()
        && to.members("BccAddresses").isEmpty()) {
      return invalid("Missing required header 'To'.");
    }
    Matcher from = FROM.matcher(source);
    if (!from.matches()) {
      return invalid("Missing final '@domain'");
    }
    String address = from.group(1);
    Optional<Identity> winner = winner(region, address);
    if (winner.isEmpty()) {
      return QueryAnswer.refused(
          "MessageRejected",
          "Email address is not verified. The following identities failed the check in region "
              + region.name.toUpperCase(Locale.ROOT)
              + ": "
              + address);
    }
    Identity identity = winner.get();
    String envelope =
        region.name.equals("us-east-1") ? "amazonses.com" : region.name + ".amazonses.com";
    if (identity.mailFrom != null && identity.status == Status.SUCCESS) {
      envelope = identity.mailFrom;
    } else if (identity.mailFrom != null && identity.behavior == OnMxFailure.REJECT_MESSAGE) {
      return QueryAnswer.refused(
          "MailFromDomainNotVerifiedException",
          "Custom MAIL FROM domain "
              + identity.mailFrom
              + " is not verified for "
              + identity.name
              + ".");
    }
    // The part after the @ is what a receiver would see; the real message id has none.
    String id = "0100%012x-local@%s".formatted(sent.size() + 1, envelope);
    sent.add(new Sent(clock.instant(), region.name, address, identity.name, envelope, id));
    return new QueryAnswer.Done(
        Xml.text("MessageId", id), Map.of("x-local-envelope-sender", envelope));
  }

  /** The most granular verified identity: the address, its domain, then the domains above. */
  private static Optional<Identity> winner(Region region, String address) {
    List<String> candidates = new ArrayList<>(List.of(key(address)));
    String domain = key(address.substring(address.indexOf('@') + 1));
    for (String above = domain;
        above.indexOf('.') >= 0;
        above = above.substring(above.indexOf('.') + 1)) {
      candidates.add(above);
    }
    return candidates.stream()
        .flatMap(name -> Optional.ofNullable(region.identities.get(name)).stream())
        .filter(identity -> identity.verified)
        .findFirst();
  }

  // ---- by hand

  /** Turns a switch. */
  public void set(Switch one, boolean on) {
    locked(() -> switches.put(one, on));
  }

  /** How a switch stands. */
  public boolean is(Switch one) {
    return locked(() -> Boolean.TRUE.equals(switches.get(one)));
  }

  /** Makes the pace faster: 100 allows a hundred calls a second an operation. */
  public void paceFactor(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("the pace is divided by 1 or more, not by " + factor);
    }
    locked(() -> paceFactor = factor);
  }

  /** Adds a domain identity, or changes whether it is verified. */
  public void addDomain(String region, String domain, boolean verified) {
    add(region, domain, verified);
  }

  /** Adds an address identity, or changes whether it is verified. */
  public void addAddress(String region, String address, boolean verified) {
    add(region, address, verified);
  }

  private void add(String region, String name, boolean verified) {
    locked(() -> create(region(region), name).verified = verified);
  }

  /**
   * Adds a verified identity whose MAIL FROM has stood so since then. It goes on from there as DNS
   * and clock say.
   */
  public void put(
      String region,
      String name,
      String mailFromDomain,
      OnMxFailure behavior,
      Status status,
      Instant since) {
    locked(
        () -> {
          Identity identity = create(region(region), name);
          identity.verified = true;
          identity.behavior = behavior;
          start(identity, mailFromDomain.toLowerCase(Locale.ROOT), status, since);
        });
  }

  /** Removes the MAIL FROM of an identity behind everybody's back. */
  public void clearMailFrom(String region, String name) {
    locked(() -> clear(known(region, name)));
  }

  /** Deletes an identity behind everybody's back. */
  public void delete(String region, String name) {
    locked(() -> drop(region(region), name));
  }

  /** Says whether DKIM signs for a domain: its keys are published and signing is on. */
  public void dkim(String region, String domain, boolean signs) {
    locked(
        () -> {
          Identity identity = known(region, domain);
          identity.dkimVerified = signs;
          identity.dkimEnabled = signs;
        });
  }

  /** Says whether bounces and complaints are forwarded by mail. */
  public void feedbackForwarding(String region, String name, boolean forwarding) {
    locked(() -> known(region, name).forwarding = forwarding);
  }

  /** Adds a rule to the active receipt rule set, which is made when there is none. */
  public void receiptRule(String region, String rule, boolean enabled, String... recipients) {
    locked(
        () -> {
          Region where = region(region);
          String active = where.activeRuleSet == null ? "local" : where.activeRuleSet;
          where.activeRuleSet = active;
          where
              .ruleSets
              .computeIfAbsent(active, _ -> new ArrayList<>())
              .add(new ReceiptRule(rule, enabled, List.of(recipients)));
        });
  }

  /** Says whether the Region is enabled for the account; one that is not refuses every call. */
  public void enabled(String region, boolean enabled) {
    locked(() -> region(region).enabled = enabled);
  }

  /** Denies an operation, or all with {@code *}, as a missing permission does. */
  public void deny(String region, String operation) {
    locked(() -> region(region).denied.add(operation));
  }

  /** Lets the answers to an operation lack an identity, as SES's have done. */
  public void leaveOut(String region, String operation, String name) {
    locked(
        () ->
            region(region).leftOut.computeIfAbsent(operation, _ -> new HashSet<>()).add(key(name)));
  }

  /** Takes {@link #leaveOut} back, for all of a Region. */
  public void leaveOutNothing(String region) {
    locked(() -> region(region).leftOut.clear());
  }

  /** Takes {@link #deny} back. */
  public void allow(String region, String operation) {
    locked(() -> region(region).denied.remove(operation));
  }

  /** The MAIL FROM state of an identity now, or empty when SES does not know it. */
  public Optional<Live> live(String region, String name) {
    return locked(
        () -> {
          evaluate(clock.instant());
          return Optional.ofNullable(region(region).identities.get(key(name)))
              .map(
                  identity ->
                      new Live(
                          identity.mailFrom, identity.behavior, identity.status, identity.since));
        });
  }

  /** The names of all identities of a Region. */
  public List<String> identities(String region) {
    return locked(() -> List.copyOf(region(region).identities.keySet()));
  }

  /** Every message that was sent, oldest first. */
  public List<Sent> sent() {
    return locked(() -> List.copyOf(sent));
  }

  /** The last 200,000 calls, oldest first. */
  public List<Call> calls() {
    return locked(() -> List.copyOf(calls));
  }

  /** The calls of one operation, in every Region, oldest first. */
  public List<Call> calls(String operation) {
    return locked(() -> calls.stream().filter(call -> call.operation().equals(operation)).toList());
  }

  /** How many calls there were since the start. */
  public long callCount() {
    return locked(() -> callCount);
  }

  /** Empties the log of calls. */
  public void forgetCalls() {
    locked(calls::clear);
  }

  // ---- small things

  private Region region(String name) {
    return regions.computeIfAbsent(name, Region::new);
  }

  private Identity known(String region, String name) {
    Identity identity = region(region).identities.get(key(name));
    if (identity == null) {
      throw new IllegalArgumentException(name + " is no identity in " + region + ": add it first");
    }
    return identity;
  }

  /** Domains are not case-sensitive, the local part of an address is. */
  private static String key(String name) {
    int at = name.lastIndexOf('@');
    return name.substring(0, at + 1) + name.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  private static String token(String name) {
    return Base64.getEncoder()
        .encodeToString(("token of " + name).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> dkimTokens(String name) {
    String hash = Integer.toHexString(name.hashCode());
    return List.of("a" + hash, "b" + hash, "c" + hash);
  }

  private static QueryAnswer invalid(String message) {
    return QueryAnswer.refused("InvalidParameterValue", message);
  }

  private static QueryAnswer missing(String parameter) {
    return QueryAnswer.refused(
        "ValidationError",
        "1 validation error detected: Value null at '"
            + parameter
            + "' failed to satisfy constraint: Member must not be null");
  }

  private static QueryAnswer notInEnum(String parameter, String values) {
    return QueryAnswer.refused(
        "ValidationError",
        "1 validation error detected: Value at '"
            + parameter
            + "' failed to satisfy constraint: Member must satisfy enum value set: ["
            + values
            + "]");
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
