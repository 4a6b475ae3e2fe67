package mailfrom.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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

  static final String ALL_OPERATIONS = "*";

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

  interface Operation {
    QueryAnswer answer(SesRegion region, QueryParameters parameters);
  }

  private final InstantSource clock;
  private final MailFromStates states;
  private final SendOperations sending;
  private final FaultPlan faults;
  private final CallPace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, SesRegion> regions = new TreeMap<>();
  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<Switch, Boolean> switches = new EnumMap<>(Switch.class);
  private final CallLog calls = new CallLog();

  /** An SES without faults, at real pace, that follows the moves of the clock. */
  public LocalSes(LocalClock clock, MxLookup mx) {
    this(clock, mx, new FaultPlan(), System::nanoTime);
  }

  /** An SES that follows the moves of the clock, and whose pace is measured by {@code nanoTime}. */
  public LocalSes(LocalClock clock, MxLookup mx, FaultPlan faults, LongSupplier nanoTime) {
    this.clock = clock;
    this.states = new MailFromStates(mx);
    this.sending = new SendOperations(clock);
    this.faults = faults;
    this.pace = new CallPace(nanoTime);
    for (Switch one : Switch.values()) {
      switches.put(one, one.byDefault());
    }
    new IdentityOperations(clock, this::is, states).addTo(operations);
    new ReadOperations().addTo(operations);
    new ReceiptOperations().addTo(operations);
    sending.addTo(operations);
    clock.follow(now -> locked(() -> states.evaluate(now)));
  }

  // ---- the door

  /** Answers one call of the Query protocol. */
  public QueryAnswer call(String region, String operation, QueryParameters parameters) {
    return locked(
        () -> {
          Instant now = clock.instant();
          states.evaluate(now);
          QueryAnswer answer = answer(region(region), operation, parameters);
          calls.add(now, region, operation, parameters, answer.outcome());
          return answer;
        });
  }

  private QueryAnswer answer(SesRegion region, String operation, QueryParameters parameters) {
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
    if (!pace.allows(region, operation, is(Switch.SHARED_PACE))) {
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

  private static QueryAnswer throttled() {
    return QueryAnswer.refused("Throttling", "Rate exceeded");
  }

  private static QueryAnswer internalFailure() {
    return new QueryAnswer.Refused(500, "InternalFailure", "An internal failure occurred.");
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
    locked(() -> pace.speedUp(factor));
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
    locked(() -> region(region).create(name, verified).verified = verified);
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
          SesIdentity identity = region(region).create(name, true);
          identity.verified = true;
          identity.behavior = behavior;
          states.start(identity, mailFromDomain.toLowerCase(Locale.ROOT), status, since);
        });
  }

  /** Removes the MAIL FROM of an identity behind everybody's back. */
  public void clearMailFrom(String region, String name) {
    locked(() -> states.clear(known(region, name)));
  }

  /** Deletes an identity behind everybody's back. */
  public void delete(String region, String name) {
    locked(() -> states.drop(region(region), name));
  }

  /** Says whether DKIM signs for a domain: its keys are published and signing is on. */
  public void dkim(String region, String domain, boolean signs) {
    locked(
        () -> {
          SesIdentity identity = known(region, domain);
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
          SesRegion where = region(region);
          String active = where.activeRuleSet == null ? "local" : where.activeRuleSet;
          where.activeRuleSet = active;
          where
              .ruleSets
              .computeIfAbsent(active, _ -> new ArrayList<>())
              .add(new SesRegion.ReceiptRule(rule, enabled, List.of(recipients)));
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
            region(region)
                .leftOut
                .computeIfAbsent(operation, _ -> new HashSet<>())
                .add(SesRegion.key(name)));
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
          states.evaluate(clock.instant());
          return Optional.ofNullable(region(region).identity(name))
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
    return locked(sending::sent);
  }

  /** The last 200,000 calls, oldest first. */
  public List<Call> calls() {
    return locked(calls::all);
  }

  /** The calls of one operation, in every Region, oldest first. */
  public List<Call> calls(String operation) {
    return locked(() -> calls.of(operation));
  }

  /** How many calls there were since the start. */
  public long callCount() {
    return locked(calls::count);
  }

  /** Empties the log of calls. */
  public void forgetCalls() {
    locked(calls::forget);
  }

  // ---- small things

  private SesRegion region(String name) {
    return regions.computeIfAbsent(name, SesRegion::new);
  }

  private SesIdentity known(String region, String name) {
    SesIdentity identity = region(region).identity(name);
    if (identity == null) {
      throw new IllegalArgumentException(name + " is no identity in " + region + ": add it first");
    }
    return identity;
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
