package mailfrom.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import mailfrom.app.pace.CallResult;
import mailfrom.app.read.Dns;
import mailfrom.app.read.Ses;
import mailfrom.app.tell.Topics;
import mailfrom.domain.dns.DnsView;
import mailfrom.domain.dns.SpfVerdict;
import mailfrom.domain.dns.SpfView;
import mailfrom.domain.dns.Views;
import mailfrom.domain.name.DomainName;
import mailfrom.domain.name.IdentityName;
import mailfrom.domain.ses.Live;
import mailfrom.domain.ses.Settings;
import mailfrom.local.LocalClock;
import org.jspecify.annotations.Nullable;

/**
 * Faults drawn at random for each call to a port: it fails before or after it took effect, is
 * throttled, times out, or kills the process; SES answers without some of those that were asked
 * for, without any, with a word that nobody knows, lists only some, or refuses the Region. A
 * process that was killed makes no call any more, whatever its code still tries.
 */
final class Faults implements Ports {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Random random;
  private final LocalClock time;
  private final Set<IdentityName> answered = new HashSet<>();
  private final Set<IdentityName> verificationAnswered = new HashSet<>();
  private final Set<IdentityName> unknown = new HashSet<>();
  private final Set<IdentityName> dropped = new HashSet<>();
  private final List<TakenSet> sets = new ArrayList<>();
  private final Set<DomainName> mxAnswered = new HashSet<>();
  private final Set<DomainName> spfAnswered = new HashSet<>();
  private double rate;
  private double deadly;
  private double brokenRate;
  private boolean sesDown;
  private boolean refused;
  private boolean dead;
  private boolean listed;
  private Ses.@Nullable Page list;
  private final Map<IdentityName, Integer> lastListed = new HashMap<>();
  private int lists;
  private int drawn;

  /** A call whose failure nobody turns into a value: the table did not answer. */
  static final class TableFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    TableFailed(String why) {
      super(why);
    }
  }

  private enum Kind {
    FAIL_BEFORE,
    FAIL_AFTER,
    THROTTLED,
    TIMEOUT,
    KILL_BEFORE,
    KILL_AFTER
  }

  Faults(Random random, LocalClock time) {
    this.random = random;
    this.time = time;
  }

  /**
   * Sets how often calls fail.
   *
   * @param deadlyPart the part of the faults that kill the process
   */
  void rate(double newRate, double deadlyPart) {
    rate = newRate;
    deadly = deadlyPart;
  }

  /** Sets how often SES answers, and the answer is broken. */
  void broken(double newRate) {
    brokenRate = newRate;
  }

  /** Whether no read of SES is answered. */
  void sesDown(boolean on) {
    sesDown = on;
  }

  /** Whether SES refuses the Region to each read. */
  void refused(boolean on) {
    refused = on;
  }

  /** A new process, and a new step: nothing has been asked in it yet. */
  void begin() {
    dead = false;
    drawn = 0;
    listed = false;
    list = null;
    answered.clear();
    verificationAnswered.clear();
    unknown.clear();
    dropped.clear();
    sets.clear();
    mxAnswered.clear();
    spfAnswered.clear();
  }

  /** Settings that SES took from us. */
  record TakenSet(IdentityName name, Settings settings) {}

  /** What SES took in this step. */
  List<TakenSet> sets() {
    return sets;
  }

  /** The identities for which SES answered in this step. */
  Set<IdentityName> answered() {
    return answered;
  }

  /** The identities whose verification SES answered for in this step. */
  Set<IdentityName> verificationAnswered() {
    return verificationAnswered;
  }

  /** The identities that were asked for in this step, and that an answer about others lacked. */
  Set<IdentityName> unknown() {
    return unknown;
  }

  /** Those of them that SES does know: a fault took them out. */
  Set<IdentityName> dropped() {
    return dropped;
  }

  /** The names whose MX records were answered in this step. */
  Set<DomainName> mxAnswered() {
    return mxAnswered;
  }

  /** The names whose SPF was answered in this step. */
  Set<DomainName> spfAnswered() {
    return spfAnswered;
  }

  boolean listed() {
    return listed;
  }

  /** The list that was answered in this step, whatever it lacks; empty: none was. */
  Optional<Ses.Page> list() {
    return Optional.ofNullable(list);
  }

  /** The step went to its end: what its list had is known. A run that dies may know nothing. */
  void ended() {
    list().ifPresent(page -> page.names().forEach(name -> lastListed.put(name, lists)));
  }

  /** How many lists in a row lacked one. */
  int absences(IdentityName name) {
    boolean isListed = list().filter(page -> page.names().contains(name)).isPresent();
    return isListed ? 0 : lists - lastListed.getOrDefault(name, 0);
  }

  /** The faults drawn in this step. */
  int drawn() {
    return drawn;
  }

  /** The port with faults. */
  @Override
  public <T> T around(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            Faults.class.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> call(real, method, arguments)));
  }

  private @Nullable Object call(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    if (dead) {
      throw new Mortal.Killed();
    }
    if (method.getReturnType() == Dns.class) {
      return around(Dns.class, (Dns) Objects.requireNonNull(invoke(real, method, arguments)));
    }
    if (refused && real instanceof Ses && method.getReturnType() == CallResult.class) {
      drawn++;
      return new CallResult.NotAnswered<>(CallResult.Kind.REGION_DENIED, "explicit deny");
    }
    if (sesDown && real instanceof Ses) {
      drawn++;
      return failure(method, Kind.FAIL_BEFORE, arguments);
    }
    if (random.nextDouble() >= rate) {
      return really(real, method, arguments);
    }
    drawn++;
    Kind kind = draw();
    return switch (kind) {
      case FAIL_BEFORE, THROTTLED -> failure(method, kind, arguments);
      case FAIL_AFTER ->
          invoke(real, method, arguments) instanceof DnsView view
              ? remembered(withoutSpf(view))
              : failure(method, kind, arguments);
      case TIMEOUT -> {
        if (random.nextBoolean()) {
          invoke(real, method, arguments);
        }
        time.advance(TIMEOUT);
        yield failure(method, kind, arguments);
      }
      case KILL_BEFORE, KILL_AFTER -> {
        if (kind == Kind.KILL_AFTER) {
          invoke(real, method, arguments);
        }
        dead = true;
        throw new Mortal.Killed();
      }
    };
  }

  private Kind draw() {
    if (random.nextDouble() < deadly) {
      return random.nextBoolean() ? Kind.KILL_BEFORE : Kind.KILL_AFTER;
    }
    return List.of(Kind.FAIL_BEFORE, Kind.FAIL_AFTER, Kind.THROTTLED, Kind.TIMEOUT)
        .get(random.nextInt(4));
  }

  private @Nullable Object really(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    Object right = invoke(real, method, arguments);
    boolean breaks = real instanceof Ses && random.nextDouble() < brokenRate;
    if (breaks) {
      drawn++;
    }
    Object result = breaks && right instanceof CallResult.Answered<?>(var a) ? broken(a) : right;
    if (right instanceof Ses.SetAnswer.Done
        && arguments[2] instanceof IdentityName name
        && arguments[3] instanceof Settings settings) {
      sets.add(new TakenSet(name, settings));
    } else if (right instanceof CallResult.Answered<?>(Ses.MailFrom told)
        && result instanceof CallResult.Answered<?>(Ses.MailFrom answer)) {
      answered.addAll(answer.live().keySet());
      boolean ofSome = !answer.live().isEmpty() || !answer.unknownWords().isEmpty();
      if (ofSome && arguments[2] instanceof List<?> names) {
        names.stream()
            .map(IdentityName.class::cast)
            .filter(name -> !answer.hasAnswered(name))
            .forEach(
                name -> {
                  unknown.add(name);
                  if (told.hasAnswered(name)) {
                    dropped.add(name);
                  }
                });
      }
    } else if (result instanceof CallResult.Answered<?>(Map<?, ?> answer)
        && method.getName().equals("verified")) {
      answer.keySet().forEach(name -> verificationAnswered.add((IdentityName) name));
    } else if (result instanceof CallResult.Answered<?>(Ses.Page page)) {
      listed |= page.nextToken() == null && result.equals(right);
      list = page;
      lists++;
    } else if (result instanceof DnsView view) {
      remembered(view);
    }
    return result;
  }

  /** An answer as a bad day of SES or a proxy has it. */
  private CallResult<?> broken(@Nullable Object answer) {
    boolean all = random.nextInt(3) == 0;
    return new CallResult.Answered<>(
        switch (answer) {
          case Ses.Page page -> new Ses.Page(some(page.names(), all), page.cannotWatch(), null);
          case Ses.MailFrom told when !all && random.nextBoolean() -> wordless(told);
          case Ses.MailFrom told -> new Ses.MailFrom(some(told.live(), all), Map.of());
          case Map<?, ?> told -> some(told, all);
          case List<?> told -> some(told, all);
          case null, default -> throw new IllegalStateException("SES answers nothing else");
        });
  }

  /** Words that nobody knows in the place of some settings. */
  private Ses.MailFrom wordless(Ses.MailFrom told) {
    Map<IdentityName, Live> understood = some(told.live(), false);
    Map<IdentityName, String> words = new HashMap<>();
    told.live().keySet().stream()
        .filter(name -> !understood.containsKey(name))
        .forEach(name -> words.put(name, "bounce.example UseDefaultValue Paused"));
    return new Ses.MailFrom(understood, words);
  }

  private <T> List<T> some(List<T> all, boolean none) {
    return all.stream().filter(one -> !none && random.nextBoolean()).toList();
  }

  private <K, V> Map<K, V> some(Map<K, V> all, boolean none) {
    Map<K, V> left = new HashMap<>();
    // In one order: the same seed drops the same.
    all.entrySet().stream()
        .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
        .filter(_ -> !none && random.nextBoolean())
        .forEach(entry -> left.put(entry.getKey(), entry.getValue()));
    return left;
  }

  private DnsView remembered(DnsView view) {
    if (!view.mx().couldNotAsk()) {
      mxAnswered.add(view.name());
    }
    if (view.spf().verdict() != SpfVerdict.UNKNOWN) {
      spfAnswered.add(view.name());
    }
    return view;
  }

  /** A look in the middle of which the name servers fell silent. */
  private static DnsView withoutSpf(DnsView view) {
    return Views.with(view, SpfView.unavailable("SERVFAIL"));
  }

  private static @Nullable Object invoke(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static Object failure(Method method, Kind kind, @Nullable Object[] arguments) {
    boolean throttled = kind == Kind.THROTTLED;
    Class<?> type = method.getReturnType();
    if (type == CallResult.class) {
      return new CallResult.NotAnswered<>(
          throttled ? CallResult.Kind.THROTTLED : CallResult.Kind.FAILED, kind.name());
    }
    if (type == Ses.SetAnswer.class) {
      return throttled ? new Ses.SetAnswer.Throttled() : new Ses.SetAnswer.Unknown(kind.name());
    }
    if (type == DnsView.class) {
      DomainName name = (DomainName) Objects.requireNonNull(arguments[0]);
      return DnsView.unavailable(name, throttled ? "REFUSED" : kind.name());
    }
    if (type == Optional.class && method.getDeclaringClass().isAssignableFrom(Dns.class)) {
      return Optional.empty();
    }
    if (type == Topics.Published.class) {
      return new Topics.Published.Failed(kind.name());
    }
    throw new TableFailed(method.getName() + ": " + kind);
  }
}
